"""An own measurement: known factors are found again, one figure alone is enough, and what cannot be is said."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.catalog.parameters import load_accuracy, load_own_accuracy, load_parameters
from components.engine.answer.latency import error
from components.engine.answer.records import Answer
from components.engine.comparison.compare_strategies import compare, evaluate_one
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.replica.decode import decode_step
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.scenario import OWN, Layer, Scenario, Strategy, Workload, same_deployment, unmeasured
from components.engine.strategy.own_fit import HIGHEST, LOWEST, MeasuredReplica, fit, modelled, with_factors
from components.engine.strategy.own_measurement import AS_MODELLED, Check, Factors, Measurement, NotUsed, Own
from tests.engine.replicas import one_replica

CATALOG, G = load_catalog(), load_parameters()
BOOK = open_book(CATALOG)


def machine(model: str = "llama-3.3-70b", chip: str = "h100-sxm", **more: Any) -> MeasuredReplica:
    usual = {
        "weights": "fp8",
        "kv": "bf16",
        "chips": 8,
        "isl": 1024,
        "new_isl": 1024,
        "osl": 512,
    }
    given_: dict[str, Any] = usual | more
    row = one_replica(model=CATALOG.models[model], chip=CATALOG.accelerators[chip], g=G, **given_)
    return MeasuredReplica(row)


def figures(one: MeasuredReplica, concurrency: float, factors: Factors) -> tuple[float, float, float]:
    """TPOT, TTFT and tokens/s per chip as the engine says them."""
    got = modelled(one, concurrency, factors, G)
    return float(got.tpot_s[0]), float(got.ttft_s[0]), float(got.output_tokens_per_s_per_chip[0])


def found(one: MeasuredReplica, measurement: Measurement) -> Own:
    got = fit(one, measurement, G)
    assert isinstance(got, Own), got
    return got


PAIRS = [Factors(1.3, 0.8), Factors(0.8, 1.3), Factors(1.3, 1.3), Factors(0.8, 0.8)]
MACHINES = {
    "dense": machine(),
    "experts, drafts chosen by the engine": machine("gpt-oss-120b", "h200-sxm", draft_tokens=-1),
    "long prompts": machine("deepseek-r1", "b200", isl=8000, new_isl=2000, osl=400),
    "weights in SRAM": machine("llama-3.1-8b", "groq-lpu-v1", weights="int8", chips=72),
    "two pools": MeasuredReplica(machine(disaggregated=True).physics, machine(chip="h200-sxm", chips=4).physics, 0.02),
}


@pytest.mark.parametrize("factors", PAIRS)
@pytest.mark.parametrize(
    ("kind", "concurrency"),
    [(kind, n) for kind in MACHINES for n in (1, 16, 64) if n == 1 or kind != "weights in SRAM"],
)
def test_known_factors_are_found_again(kind: str, concurrency: float, factors: Factors) -> None:
    """With few chips that keep weights in SRAM, more than one request waits, and a queue hides the prefill."""
    one = MACHINES[kind]
    tpot, ttft, tokens = figures(one, concurrency, factors)
    got = found(one, Measurement(tpot, ttft, None, concurrency))
    assert got.factors == pytest.approx(factors, rel=1e-3)
    assert [check.error_after for check in got.checks] == pytest.approx([0, 0], abs=1e-4)
    assert found(one, Measurement(None, ttft, tokens, concurrency)).factors == pytest.approx(factors, rel=5e-3)


@pytest.mark.parametrize("factor", [0.8, 1.3])
@pytest.mark.parametrize("kind", MACHINES)
def test_one_figure_alone_sets_its_own_factor_and_no_other(kind: str, factor: float) -> None:
    one = MACHINES[kind]
    tpot, _, tokens = figures(one, 32, Factors(factor, 1.0))
    ttft = figures(one, 32, Factors(1.0, factor))[1]
    assert found(one, Measurement(tpot, None, None, 32)).factors == pytest.approx((factor, 1.0), rel=1e-3)
    assert found(one, Measurement(None, None, tokens, 32)).factors == pytest.approx((factor, 1.0), rel=1e-3)
    assert found(one, Measurement(None, ttft, None, 32)).factors == pytest.approx((1.0, factor), rel=1e-3)


def test_what_the_model_says_anyway_changes_nothing() -> None:
    one = MACHINES["dense"]
    tpot, ttft, tokens = figures(one, 32, AS_MODELLED)
    got = found(one, Measurement(tpot, ttft, tokens, 32))
    assert got.factors == AS_MODELLED
    assert got.warnings == ()
    assert [check.used for check in got.checks] == [True, True, False]
    assert got.sentences[2].endswith("0 % after, compared only")


@settings(max_examples=20)
@given(tpot=st.floats(0.5, 3), slower=st.floats(1.01, 2), concurrency=st.sampled_from([1, 30, 300]))
def test_law_a_slower_measurement_never_gives_a_faster_machine(tpot: float, slower: float, concurrency: int) -> None:
    one = MACHINES["dense"]
    now = figures(one, concurrency, AS_MODELLED)[0]
    quick, slow = (fit(one, Measurement(now * f, None, None, concurrency), G) for f in (tpot, tpot * slower))
    assume(isinstance(quick, Own) and isinstance(slow, Own))
    assert isinstance(quick, Own) and isinstance(slow, Own)
    assert slow.factors.step > quick.factors.step


def test_the_factors_scale_the_step_and_the_prefill_and_nothing_else() -> None:
    p = MACHINES["dense"].physics
    slow, batch = with_factors(p, Factors(1.5, 2.0)), np.array([16.0])
    assert decode_step(slow, batch, G).total_s == pytest.approx(1.5 * decode_step(p, batch, G).total_s)
    assert prefill_occupancy_s(slow, G) == pytest.approx(2 * prefill_occupancy_s(p, G))
    assert prefill_alone_s(slow, G) == pytest.approx(2 * prefill_alone_s(p, G))
    assert slow.server_path_s == pytest.approx(2 * p.server_path_s)


def test_the_sentence_gives_the_error_before_and_after() -> None:
    check = Check("tpot", 0.038, 0.041, 0.038)
    assert check.sentence == (
        "time per output token: model said 41 ms, you measured 38 ms: error +7.9 % before, 0 % after"
    )


@pytest.mark.parametrize(
    "measurement",
    [
        Measurement(1e-5, None, None, 32),
        Measurement(50.0, None, None, 1),
        Measurement(None, 1e-4, None, 32),
        Measurement(None, None, 1e6, 32),
    ],
)
def test_an_impossible_measurement_is_refused_in_a_sentence(measurement: Measurement) -> None:
    got = fit(MACHINES["dense"], measurement, G)
    assert isinstance(got, str)
    assert got.startswith("own measurement not used: nothing between")
    assert "the model says" in got


def test_a_time_to_first_token_that_nothing_explains_is_left_out_when_the_rest_can_be_used() -> None:
    tpot = figures(MACHINES["dense"], 32, Factors(1.3, 1.0))[0]
    got = found(MACHINES["dense"], Measurement(tpot, 1e-4, None, 32))
    assert got.factors == pytest.approx((1.3, 1.0), rel=1e-3)
    assert any("stays as modelled" in warning for warning in got.warnings)
    assert [check.used for check in got.checks] == [True, False]
    assert got.informs("tpot")
    assert not got.informs("ttft")


def test_faster_than_the_chips_allow_is_refused_in_a_sentence() -> None:
    one = MACHINES["dense"]
    tpot = figures(one, 1, Factors(0.2, 1.0))[0]
    got = fit(one, Measurement(tpot, None, None, 1), G)
    assert isinstance(got, NotUsed)
    assert "faster than the memory and arithmetic of the chips allow" in got
    ttft = figures(one, 1, Factors(1.0, 0.2))[1]
    alone = fit(one, Measurement(None, ttft, None, 1), G)
    assert isinstance(alone, NotUsed)
    assert "faster than the arithmetic of the chips allows" in alone


def test_a_first_token_faster_than_arithmetic_is_left_out_when_the_rest_can_be_used() -> None:
    one = MACHINES["dense"]
    tpot, ttft, _ = figures(one, 1, Factors(1.3, 0.2))
    got = found(one, Measurement(tpot, ttft, None, 1))
    assert got.factors == pytest.approx((1.3, 1.0), rel=1e-2)
    assert any("arithmetic" in warning and "stays as modelled" in warning for warning in got.warnings)


def test_a_throughput_that_prompts_bound_scales_both() -> None:
    """With long prompts no faster step gives 1.3 times the tokens, since prefill fills the machine."""
    one = machine(isl=8000, new_isl=8000, osl=60)
    tokens = 1.3 * figures(one, 64, AS_MODELLED)[2]
    got = found(one, Measurement(None, None, tokens, 64))
    assert got.factors.step == got.factors.prefill
    assert 0.7 < got.factors.prefill < 0.85
    assert figures(one, 64, got.factors)[2] == pytest.approx(tokens, rel=1e-3)


def test_a_throughput_beyond_the_arithmetic_of_prompts_says_so() -> None:
    one = machine(isl=8000, new_isl=8000, osl=60)
    got = fit(one, Measurement(None, None, 2.7 * figures(one, 64, AS_MODELLED)[2], 64), G)
    assert isinstance(got, NotUsed)
    assert "arithmetic of the chips" in got
    assert "twentieth" not in got


def test_a_queue_tells_nothing_of_the_prefill() -> None:
    """70 GB of weights on two 80 GB chips leave room for few sequences; the others wait."""
    one = machine(chips=2, osl=2000)
    tpot, ttft, _ = figures(one, 2000, Factors(1.3, 0.9))
    got = found(one, Measurement(tpot, ttft, None, 2000))
    assert not got.informs("ttft")
    assert any("waits for a place" in warning for warning in got.warnings)


def test_a_request_that_does_not_fit_is_refused() -> None:
    got = fit(machine(chips=1, isl=100_000, new_isl=100_000), Measurement(0.02, None, None, 1), G)
    assert isinstance(got, str)
    assert "does not fit" in got


TODAY = Strategy(name="Today", hardware="h100-sxm", weights="fp8")
WORK = Workload(requests_per_day=1_000_000)


def answered(strategy: Strategy, workload: Workload = WORK) -> Answer:
    return evaluate_one(strategy, workload, CATALOG)


def measured(strategy: Strategy = TODAY, **own: Any) -> Strategy:
    return strategy.model_copy(
        update={"own_tpot_ms": 30.0, "own_ttft_ms": 400.0, "own_concurrency": 32, "own_chips": 4} | own
    )


def test_a_slower_measurement_slows_the_strategy_and_is_told() -> None:
    plain, own = answered(TODAY.model_copy(update={"chips": 4})), answered(measured().model_copy(update={"chips": 4}))
    assert own.own is not None
    assert own.own.factors.step > 1
    assert own.tpot_p50_s is not None and plain.tpot_p50_s is not None
    assert own.tpot_p50_s > plain.tpot_p50_s
    assert own.cost_usd_per_month.base >= plain.cost_usd_per_month.base
    assert own.known_how.startswith("calibrated to your measurement, ")
    assert "calibrated" not in plain.known_how
    steps = {step.name: step for step in own.ledger if step.name.startswith("own measurement")}
    assert len(steps) == 4
    assert steps["own measurement, factor on the time of a decode step"].value == own.own.factors.step
    assert steps["own measurement, factor on the time of a prefill"].value == own.own.factors.prefill
    assert "% before, 0 % after" in steps["own measurement, time per output token"].formula
    assert all(source in CATALOG.sources for step in steps.values() for source in step.sources)


def test_the_ranges_narrow_where_there_is_evidence_only() -> None:
    own = answered(measured()).own
    assert own is not None
    for key in ("h100-sxm", "mi300x"):
        assert error(CATALOG.accelerators[key], "throughput", own) < error(CATALOG.accelerators[key], "throughput")
        for metric in ("tpot", "ttft"):
            assert error(CATALOG.accelerators[key], metric, own) <= error(CATALOG.accelerators[key], metric)
    apple = CATALOG.accelerators["apple-m4-max"]
    assert error(apple, "tpot", own) == error(apple, "tpot")
    only_ttft = replace(own, checks=own.checks[1:])
    assert error(CATALOG.accelerators["h100-sxm"], "tpot", only_ttft) == load_accuracy()["server", "tpot"].p90_error
    assert {key[0] for key in load_own_accuracy()} == {"server", "amd"}


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        (measured(own_chips=0), "say on how many chips per server it was taken"),
        (measured(own_chips=3), "it was taken on 3 chips per server, this strategy can use"),
        (measured(batching="static", chips=4), "it needs continuous batching"),
        (measured(buy="api"), "already shown at its measured speed"),
        (measured(own_tpot_ms=0.01, own_ttft_ms=None), "nothing between a twentieth"),
    ],
)
def test_a_measurement_that_cannot_be_used_is_said_and_leaves_the_answer_alone(strategy: Strategy, words: str) -> None:
    got, plain = answered(strategy), answered(unmeasured(strategy))
    assert got.own is None
    kept = pickle.loads(pickle.dumps(got.warnings))  # as the page's cache keeps them
    assert [w for w in kept if isinstance(w, NotUsed)] == [w for w in got.warnings if w.startswith("own measurement")]
    assert any(isinstance(w, NotUsed) and words in w for w in kept)
    assert got.cost_usd_per_month == plain.cost_usd_per_month
    assert got.tpot_p95_s == plain.tpot_p95_s


def test_the_operating_point_is_part_of_the_measurement() -> None:
    """The same times with 100 times the load, longer prompts or no cached prompt mean a faster machine."""
    base = answered(measured()).own
    assert base is not None
    busy, long, cold = (answered(measured().model_copy(update={f: v})).own for f, v in (
        ("own_concurrency", 100), ("own_isl", 4000.0), ("own_hit", 0.0)))  # fmt: skip
    assert busy is not None and long is not None and cold is not None
    assert busy.factors.step < base.factors.step
    assert long.factors.prefill < base.factors.prefill
    assert cold.factors.prefill < base.factors.prefill


def test_a_routed_share_keeps_its_own_speed() -> None:
    strategy = measured(route=0.5)
    (got,) = evaluate([strategy], WORK, BOOK)
    rows = {fleet.deployment.role: fleet.candidate.physics for fleet in got.fleets}
    assert rows["main"].step_factor[0] > 1
    assert rows["routed"].step_factor[0] == 1
    assert rows["routed"].prefill_factor[0] == 1


def attributions(*strategies: Strategy) -> dict[Layer, float]:
    (got,) = compare(Scenario(workload=WORK, strategies=strategies), CATALOG).attributions
    assert sum(step.shapley for step in got.steps) == pytest.approx(got.saving_usd_per_month)
    return {layer: step.shapley for step in got.steps for layer in step.layers}


def test_a_measured_speed_is_credited_to_the_serving_stack_alone() -> None:
    """The same strategy measured slow and fast: nothing but the measured speed differs."""
    slow, fast = measured(own_tpot_ms=60.0, chips=4), measured(own_tpot_ms=20.0, chips=4)
    saved = attributions(slow, fast)
    assert saved["stack"] > 0
    assert [saved[layer] for layer in ("model", "hardware", "workload")] == pytest.approx([0, 0, 0], abs=1e-6)


def test_equal_measured_factors_change_no_layer_and_say_nothing() -> None:
    other = measured(cache=0.3)
    got = compare(Scenario(workload=WORK, strategies=(measured(), other)), CATALOG).attributions[0]
    (workload,) = (step for step in got.steps if step.layers == ("workload",))
    assert workload.shapley == pytest.approx(got.saving_usd_per_month)
    assert not any("measurement" in note for note in got.notes)


def test_a_platform_changes_no_other_layer_than_what_is_bought_beside_a_measured_baseline() -> None:
    """Its mixtures carry the baseline's measured speed, so that a smaller share of requests is priced on it too."""
    base = measured(own_tpot_ms=60.0)
    platform = Strategy(name="API", buy="api", provider="DeepInfra", cache=0.2)
    cached = attributions(base, base.model_copy(update={"cache": 0.2}))["workload"]
    (told,) = compare(Scenario(workload=WORK, strategies=(base, platform)), CATALOG).attributions
    assert [step.waterfall for step in told.steps if step.layers == ("workload",)] == pytest.approx([cached])


def test_a_measurement_speaks_for_the_same_model_machine_and_software_only() -> None:
    base = measured()
    assert all(getattr(unmeasured(base), name) == Strategy.model_fields[name].default for name in OWN)
    assert unmeasured(base) == TODAY
    for same in ({"price": 2.0}, {"buy": "spot"}, {"place": "deu"}, {"cache": 0.3}, {"chips": 8}):
        assert same_deployment(base, base.model_copy(update=same)), same
    for other in ({"hardware": "b200"}, {"weights": "fp4"}, {"stack": "sglang"}, {"spec": "eagle"}, {"model": "x"}):
        assert not same_deployment(base, base.model_copy(update=other)), other


def test_bounds_of_the_search_hold_the_factors() -> None:
    assert LOWEST < min(f for pair in PAIRS for f in pair) < max(f for pair in PAIRS for f in pair) < HIGHEST
