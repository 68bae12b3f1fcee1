"""Serving: hand-computed queues, laws of sizing, every way of serving, and rows that do not know one another."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.parameters import read_parameters
from components.engine.economics.hours import (
    Autoscale,
    Scaling,
    prefill_hours_per_month,
    replica_hours_per_month,
    week_profile,
)
from components.engine.facts.arrays import Vec
from components.engine.facts.normal import Z95
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.replica.decode import StepModel
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.serving.decode_table import best_draft_tokens, token_time_s
from components.engine.serving.demand import Demand
from components.engine.serving.peak import Binding, Service, serve
from components.engine.serving.queues import (
    batch_mean_of_quantile,
    batch_quantile,
    longest_of,
    rho_for_wait_p95,
    servers_for_wait,
    wait_quantile_s,
)
from components.engine.serving.sizing import Sizing

G = read_parameters()
INF = math.inf
MODEL_70B = {
    "kind": 0.0, "params_total": 70e9, "params_rest_read": 69e9, "params_expert": 0.0, "active_rest": 69e9,
    "active_expert": 0.0, "layers": 80.0, "moe_layers": 0.0, "hidden": 8192.0, "heads": 64.0, "head_dim": 128.0,
    "kv_heads": 8.0, "full_layers": 80.0, "window_layers": 0.0, "window_tokens": 1.0, "mla_rank": 0.0,
    "mla_rope": 0.0, "experts": 1.0, "experts_per_token": 1.0, "kv_elems_full": 163840.0, "kv_elems_window": 0.0,
    "sparse_tokens": INF, "index_bytes_per_token": 0.0, "fixed_bytes_per_seq": 0.0, "bytes_rest": 1.0,
    "bytes_expert": 1.0, "bytes_kv": 2.0, "weight_bytes_factor": 1.0, "linear_flop_factor": 1.0,
    "weight_mbu_factor": 1.0, "attention_flop_factor": 1.0, "expert_tile_factor": 1.0,
}  # fmt: skip
EIGHT_CHIPS = {
    "memory_bytes": 80e9, "memory_bytes_per_s": 3.35e12, "flop_16_per_s": 989e12, "flop_rest_per_s": 1722e12,
    "flop_expert_per_s": 1722e12, "link_bytes_per_s": 450e9, "nic_bytes_per_s": 50e9, "domain_chips": 8.0,
    "mbu": 0.75, "mfu_prefill": 0.9, "mfu_decode": 0.54, "chips": 8.0, "tp": 8.0, "dp": 1.0, "ep": 1.0, "pp": 1.0,
    "layer_split": 0.0, "step_overhead_s": 3e-4, "layer_overhead_s": 1.1e-5, "sequence_overhead_s": 1e-5,
    "prefill_layer_overhead_s": 1.9e-4, "server_path_s": 0.038, "prefill_stall": 0.96, "burst": 0.0,
    "immaturity": 0.0, "overlap": 0.0, "expert_tile_tokens": 32.0, "draft_tokens": 0.0, "acceptance": 0.73,
    "draft_cost": 0.1,
    "layer_time_s": 0.0, "speed_gain": 1.0, "sram_chips": 0.0, "sram_bytes_per_s": 1.0, "sram_mbu": 1.0,
    "sram_hop_s": 0.0, "isl": 1000.0, "new_isl": 1000.0, "osl": 300.0, "step_factor": 1.0,
    "prefill_factor": 1.0,
}  # fmt: skip
CHAT = {
    "peak_requests_per_s": 50.0, "dispersion": 1.0, "isl_cv": 1.0, "osl_cv": 1.0, "ttft_limit_s": 1.0,
    "tpot_limit_s": 0.05, "headroom": 0.1, "spare_replicas": 1.0, "fleet": 0.0, "static_batch": 0.0,
    "single_stream": 0.0, "chunked_prefill": 1.0, "admission_steps": 1.0, "cold_start_s": 0.0,
    "transfer_bytes_per_s": INF, "transfer_bytes": 0.0, "reload_s": 0.0,
}  # fmt: skip
BASE = MODEL_70B | EIGHT_CHIPS


def vec(*values: float) -> Vec:
    return np.array(values, dtype=np.float64)


def machine(**edits: float) -> Physics:
    return Physics.of([BASE | edits])


def demand(**edits: float) -> Demand:
    return Demand.of([CHAT | edits])


def columns(got: Service) -> list[tuple[str, Vec]]:
    """Every array of a service, those of its sizing included."""
    names = [field.name for field in fields(Service) if field.name != "sizing"]
    sized = [(field.name, getattr(got.sizing, field.name)) for field in fields(Sizing)]
    return [*sized, *((name, getattr(got, name)) for name in names)]


def answer(p: dict[str, float] | None = None, **d: float) -> Service:
    return serve(machine(**(p or {})), demand(**d), G)


def test_golden_the_wait_of_one_server_at_half_load() -> None:
    """M/M/1, S = 1 s, rho 0.5: P(W > t) = 0.5 exp(-0.5 t), so the p95 wait is ln(0.5 / 0.05) / 0.5 = 4.605 s."""
    wait = wait_quantile_s(0.95, vec(0.5), vec(1.0), vec(2.0), vec(1.0))
    assert wait == pytest.approx(math.log(10) / 0.5)
    assert wait_quantile_s(0.95, vec(0.04), vec(1.0), vec(2.0), vec(1.0)) == 0


def test_golden_two_servers_wait_less_than_erlang_c_by_under_a_tenth() -> None:
    """M/M/2 at rho 0.75: Erlang C = 0.6429; p95 = ln(0.6429 / 0.05) / (2 x 0.25) = 5.108 s."""
    wait = wait_quantile_s(0.95, vec(0.75), vec(1.0), vec(2.0), vec(2.0))
    assert wait == pytest.approx(math.log(0.642857 / 0.05) / 0.5, rel=0.1)


@given(st.floats(0.06, 0.95), st.floats(1e-4, 10), st.floats(0.1, 20))
def test_law_the_load_for_a_wait_inverts_the_wait(rho: float, service: float, spread: float) -> None:
    wait = wait_quantile_s(0.95, vec(rho), vec(service), vec(spread), vec(1.0))
    assert rho_for_wait_p95(wait, vec(service), vec(spread)) == pytest.approx(rho, rel=1e-3)


@given(st.floats(0.06, 4000), st.floats(0.5, 5))
def test_law_the_mean_batch_inverts_its_quantile(mean: float, dispersion: float) -> None:
    high = batch_quantile(vec(mean), vec(dispersion), Z95, 0.95)
    assert batch_mean_of_quantile(high, vec(dispersion), Z95, 0.95) == pytest.approx(mean, rel=1e-9)


def test_golden_the_longest_of_many_answers() -> None:
    """One draw is the mean; of two log-normals with sigma s, E[max] = 2 mean Phi(s / sqrt 2)."""
    sigma = math.sqrt(math.log(2))
    two = 2 * 300 * 0.5 * (1 + math.erf(sigma / 2))
    assert longest_of(vec(1, 2, 8), vec(300, 300, 300), vec(1, 1, 0)) == pytest.approx([300, two, 300], rel=2e-3)


def test_servers_keep_load_and_wait() -> None:
    count = servers_for_wait(vec(10.0, 10.0), vec(1.0, 1.0), vec(2.0, 2.0), vec(0.85, 0.85), vec(INF, 0.05))
    assert count[0] == 12
    assert count[1] > 12
    assert wait_quantile_s(0.95, 10 / count, vec(1, 1), vec(2, 2), count)[1] <= 0.05


@given(
    st.lists(
        st.tuples(
            st.floats(1e-3, 1e4), st.floats(1e-3, 50), st.floats(0.2, 20), st.floats(0.05, 0.999),
            st.one_of(st.just(0.0), st.just(INF), st.floats(1e-6, 100)),
        ),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_law_the_servers_for_a_wait_are_the_fewest_that_hold(loads: list[tuple[float, ...]]) -> None:
    """Load and wait hold at the count, one server fewer breaks one of them; some count holds at any target."""
    rate, service, spread, rho_max, wait_s = (vec(*column) for column in zip(*loads, strict=True))
    count = servers_for_wait(rate, service, spread, rho_max, wait_s)

    def waits(servers: Vec) -> Vec:
        rho = np.minimum(rate * service / np.maximum(servers, 1), 1 - 1e-9)
        return wait_quantile_s(0.95, rho, service, spread, np.maximum(servers, 1))

    assert (rate * service / count <= rho_max * (1 + 1e-9)).all()
    assert (waits(count) <= wait_s).all()
    overloaded = rate * service / np.maximum(count - 1, 1e-9) > rho_max * (1 - 1e-9)
    assert ((count == 1) | overloaded | (waits(count - 1) > wait_s)).all()


@given(st.floats(1e-3, 1e4), st.floats(1e-3, 50), st.floats(0.2, 20), st.floats(1e-6, 10))
def test_law_more_requests_never_need_fewer_servers(rate: float, service: float, spread: float, wait_s: float) -> None:
    rates = rate * np.geomspace(1, 2, 60)
    one = np.ones_like(rates)
    count = servers_for_wait(rates, service * one, spread * one, 0.85 * one, wait_s * one)
    assert (np.diff(count) >= 0).all()


def test_golden_a_lone_request_pays_path_prefill_and_one_step() -> None:
    p = machine()
    got = answer(peak_requests_per_s=1e-3)
    step = token_time_s(StepModel.from_physics(p, G), vec(1.0))
    assert got.sizing.ttft_p95_s == pytest.approx(p.server_path_s + prefill_alone_s(p, G) + step)
    assert got.sizing.tpot_p95_s == pytest.approx(step)
    assert got.sizing.ttft_alone_s == pytest.approx(got.sizing.ttft_p95_s)
    assert got.e2e_p50_s == pytest.approx(got.sizing.ttft_p50_s + 299 * got.sizing.tpot_p50_s)
    assert got.replicas == 2


def test_the_operating_point_solves_its_equation() -> None:
    got = answer()
    rate = 50 / got.sizing.replicas_active
    tpot = (
        token_time_s(StepModel.from_physics(machine(), G), got.sizing.batch_mean)
        + 0.96 * prefill_occupancy_s(machine(), G) * got.sizing.batch_mean / 300
    )
    assert got.sizing.batch_mean == pytest.approx(rate * 300 * tpot, rel=1e-4)
    assert got.sizing.rho == pytest.approx(rate * prefill_occupancy_s(machine(), G))


@pytest.mark.parametrize("tpot", [0.015, 0.02, 0.03])
def test_at_full_load_the_binding_percentile_is_at_its_target(tpot: float) -> None:
    one = answer(tpot_limit_s=tpot)
    full = answer(tpot_limit_s=tpot, headroom=0.0, peak_requests_per_s=float(one.sizing.rate_max_per_replica[0]))
    assert full.sizing.replicas_active == 1
    assert full.load == pytest.approx(1)
    assert full.sizing.tpot_p95_s == pytest.approx(tpot, rel=5e-3)
    assert full.meets_tpot == 1


@pytest.mark.parametrize("osl", [2.0, 20.0, 300.0, 1000.0])
@pytest.mark.parametrize("slack_s", [0.02, 0.1, 0.4])
def test_at_full_load_the_ttft_percentile_is_at_its_target(osl: float, slack_s: float) -> None:
    prompts = {"isl": 4000.0, "new_isl": 4000.0, "osl": osl}
    limit = float(answer(prompts).sizing.ttft_alone_s[0]) + slack_s
    goals = {"tpot_limit_s": INF, "ttft_limit_s": limit}
    one = answer(prompts, **goals)
    full = answer(prompts, **goals, headroom=0.0, peak_requests_per_s=float(one.sizing.rate_max_per_replica[0]))
    assert full.sizing.replicas_active == 1
    assert full.sizing.ttft_p95_s <= limit * 1.01
    memory = full.sizing.batch_mean[0] + 2 * math.sqrt(full.sizing.batch_mean[0]) > 0.99 * full.batch_capacity
    assert memory or full.sizing.ttft_p95_s == pytest.approx(limit, rel=0.01)


@settings(max_examples=60)
@given(st.floats(0.05, 5), st.floats(0.01, 0.2), st.floats(1.0, 3.0), st.floats(1.0, 3.0), st.floats(50, 20_000))
def test_law_a_stricter_target_never_needs_fewer_replicas(
    ttft: float, tpot: float, ease_ttft: float, ease_tpot: float, isl: float
) -> None:
    p = {"isl": isl, "new_isl": isl}
    strict = answer(p, ttft_limit_s=ttft, tpot_limit_s=tpot, peak_requests_per_s=500.0)
    loose = answer(p, ttft_limit_s=ttft * ease_ttft, tpot_limit_s=tpot * ease_tpot, peak_requests_per_s=500.0)
    assume(strict.binding == Binding.OK)
    assert loose.binding == Binding.OK
    assert loose.sizing.rate_max_per_replica >= strict.sizing.rate_max_per_replica * (1 - 1e-4)
    assert loose.replicas <= strict.replicas + (strict.replicas > 1000)


@settings(max_examples=60)
@given(st.floats(0.01, 2000), st.floats(1, 3), st.floats(0.02, 0.2))
def test_law_a_feasible_row_meets_its_targets_and_percentiles_are_ordered(peak: float, v: float, tpot: float) -> None:
    got = answer(peak_requests_per_s=peak, dispersion=v, tpot_limit_s=tpot)
    assert got.binding == Binding.OK
    assert got.meets_ttft * got.meets_tpot == 1
    assert got.load <= 1
    assert got.sizing.rho <= 0.85
    assert got.sizing.ttft_p50_s <= got.sizing.ttft_p95_s <= got.sizing.ttft_p99_s
    assert got.sizing.tpot_p50_s <= got.sizing.tpot_p95_s <= got.sizing.tpot_p99_s
    assert got.sizing.batch_mean + 2 * math.sqrt(v * got.sizing.batch_mean[0]) <= got.batch_capacity * (1 + 1e-3)


@pytest.mark.parametrize(
    ("p", "d", "binding"),
    [
        ({"chips": 1.0, "tp": 1.0, "memory_bytes": 60e9}, {}, Binding.WEIGHTS),
        ({"isl": 3e6}, {}, Binding.SEQUENCE),
        ({}, {"ttft_limit_s": 0.02}, Binding.TTFT),
        ({}, {"tpot_limit_s": 0.001}, Binding.TPOT),
        ({}, {"ttft_limit_s": 0.02, "tpot_limit_s": 0.001}, Binding.TTFT),
        ({}, {}, Binding.OK),
    ],
)
def test_an_impossible_row_says_why_and_keeps_numbers(
    p: dict[str, float], d: dict[str, float], binding: Binding
) -> None:
    got = answer(p, **d)
    assert got.binding == binding
    for name, values in columns(got):
        assert np.isfinite(values).all(), name
    assert (got.meets_ttft * got.meets_tpot == 1) or binding in {Binding.TTFT, Binding.TPOT, Binding.SEQUENCE}


def test_work_without_targets_fills_memory() -> None:
    chat, batch = answer(), answer(ttft_limit_s=INF, tpot_limit_s=INF)
    assert batch.sizing.rate_max_per_replica > chat.sizing.rate_max_per_replica
    assert batch.meets_ttft == 1


def test_the_bound_on_sequences_is_of_each_engine_rank_and_not_of_the_replica() -> None:
    """A small cache lets memory hold more than 4,096 sequences a rank, so work without targets meets that bound."""
    small = {"chips": 16.0, "kv_elems_full": 64.0, "domain_chips": 16.0, "new_isl": 1.0, "prefill_stall": 0.0}
    free = {"ttft_limit_s": INF, "tpot_limit_s": INF, "peak_requests_per_s": 1e6, "headroom": 0.0}
    one = answer(small | {"tp": 16.0, "dp": 1.0}, **free)
    ranks = answer(small | {"tp": 1.0, "dp": 16.0}, **free)
    assert one.sizing.batch_mean[0] == pytest.approx(4096, rel=0.02)
    assert ranks.sizing.batch_mean[0] > 10 * 4096


def test_a_prompt_that_is_not_chunked_jolts_the_percentiles_only() -> None:
    whole, cut = answer(chunked_prefill=0.0, peak_requests_per_s=5.0), answer(peak_requests_per_s=5.0)
    occupancy = prefill_occupancy_s(machine(), G)
    assert whole.sizing.tpot_p95_s - cut.sizing.tpot_p95_s == pytest.approx(occupancy)
    assert whole.sizing.tpot_p50_s == pytest.approx(cut.sizing.tpot_p50_s)


def test_a_request_that_waits_for_its_place_waits_so_many_steps() -> None:
    free = {"ttft_limit_s": INF, "peak_requests_per_s": 5.0, "fleet": 4.0}
    soon, later, late = (answer(None, **(free | {"admission_steps": steps})).sizing for steps in (1.0, 5.0, 35.0))
    step = (later.ttft_p95_s - soon.ttft_p95_s) / 4
    assert (late.ttft_p95_s - soon.ttft_p95_s) / 34 == pytest.approx(step)
    assert soon.tpot_alone_s < step < soon.tpot_p95_s
    assert late.tpot_p95_s == pytest.approx(soon.tpot_p95_s)


def test_law_a_longer_wait_for_a_place_never_needs_fewer_replicas() -> None:
    found = [answer(admission_steps=steps, ttft_limit_s=0.3).replicas[0] for steps in (1.0, 2.0, 5.0, 10.0, 20.0)]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_embeddings_are_prompts_only() -> None:
    got = answer({"osl": 0.0}, ttft_limit_s=INF, tpot_limit_s=INF)
    assert got.sizing.rate_max_per_replica == pytest.approx(0.995 / prefill_occupancy_s(machine(), G))
    assert got.sizing.tpot_p95_s == 0
    assert got.e2e_p95_s == pytest.approx(got.sizing.ttft_p95_s)


def test_devices_are_counted_by_service_time() -> None:
    """X = S_1 + o t(1); at a loose TTFT the count is ceil(lambda X / (0.85 x 0.9))."""
    p = machine()
    service = prefill_alone_s(p, G) + 300 * token_time_s(StepModel.from_physics(p, G), vec(1.0))
    got = answer(single_stream=1.0)
    assert got.sizing.replicas_active == math.ceil(50 * service[0] / (0.85 * 0.9))
    assert got.sizing.batch_mean == pytest.approx(50 * service / got.sizing.replicas_active)


def test_a_static_batch_waits_for_its_longest_answer() -> None:
    p = machine()
    got = answer(static_batch=8.0, ttft_limit_s=INF)
    longest = longest_of(vec(8.0), vec(300.0), vec(1.0))
    cycle = 8 * prefill_occupancy_s(p, G) + longest * token_time_s(StepModel.from_physics(p, G), vec(8.0))
    assert got.sizing.rate_max_per_replica == pytest.approx(0.85 * 8 / cycle)
    assert got.sizing.rate_max_per_replica < answer().sizing.rate_max_per_replica
    late = answer(static_batch=8.0, ttft_limit_s=1.0)
    assert late.binding == Binding.TTFT
    assert late.meets_ttft == 0
    easy = answer(static_batch=8.0, ttft_limit_s=12.0)
    assert easy.binding == Binding.OK
    assert easy.sizing.rate_max_per_replica < got.sizing.rate_max_per_replica
    assert easy.sizing.ttft_p95_s <= 12


def test_a_prefill_pool_is_sized_on_its_own() -> None:
    got = serve(machine(), demand(), G, machine())
    assert got.sizing.prefill_active >= 50 * prefill_occupancy_s(machine(), G)[0] / (0.85 * 0.9)
    assert got.prefill_replicas == got.sizing.prefill_active + 1
    assert got.sizing.rate_max_per_replica > answer().sizing.rate_max_per_replica
    moved = serve(machine(), demand(transfer_bytes=1e9, transfer_bytes_per_s=1e10, reload_s=0.05), G, machine())
    assert moved.sizing.ttft_alone_s - got.sizing.ttft_alone_s == pytest.approx(0.15)


@given(st.floats(1, 1000))
@settings(max_examples=30)
def test_law_the_chosen_draft_is_never_slower_than_any_depth(batch: float) -> None:
    p = machine(draft_tokens=-1.0)
    chosen = token_time_s(StepModel.from_physics(p, G), vec(batch))
    fixed = [token_time_s(StepModel.from_physics(machine(draft_tokens=m), G), vec(batch)) for m in (0.0, 1.0, 2.0, 3.0)]
    assert chosen == pytest.approx(min(float(t[0]) for t in fixed))
    depth = float(best_draft_tokens(StepModel.from_physics(p, G), vec(batch))[0])
    assert chosen == pytest.approx(token_time_s(StepModel.from_physics(machine(draft_tokens=depth), G), vec(batch)))
    assert best_draft_tokens(StepModel.from_physics(machine(draft_tokens=2.0), G), vec(batch)) == 2


def test_speculation_left_to_the_engine_never_loses_capacity() -> None:
    chosen = answer({"draft_tokens": -1.0})
    assert float(chosen.draft_tokens[0]) in {0.0, 1.0, 2.0, 3.0}
    for depth in (0.0, 1.0, 2.0, 3.0):
        fixed = answer({"draft_tokens": depth})
        assert chosen.sizing.rate_max_per_replica >= fixed.sizing.rate_max_per_replica * (1 - 5e-3)


def test_a_served_demand_has_hours_for_both_pools() -> None:
    d, week = demand(peak_requests_per_s=200.0), week_profile(3.0)
    got = serve(machine(), d, G, machine())
    hourly = Scaling(vec(Autoscale.HOURLY), vec(1.0), vec(0.0), vec(0.25))
    main, prompts = (f(got, d, week, hourly) for f in (replica_hours_per_month, prefill_hours_per_month))
    assert 0 < main.busy_share < 1
    assert main.paid <= got.replicas * HOURS_PER_MONTH
    assert prompts.busy == pytest.approx(got.sizing.rho * got.sizing.prefill_active * HOURS_PER_MONTH / 3)


def test_no_traffic_still_has_one_replica_and_its_spare() -> None:
    got = answer(peak_requests_per_s=0.0)
    assert got.replicas == 2
    assert got.load == 0
    assert got.sizing.batch_mean == 0


def test_a_start_from_zero_delays_the_first_requests() -> None:
    cold, warm = answer(cold_start_s=30.0), answer()
    assert cold.sizing.ttft_p99_s - warm.sizing.ttft_p99_s == pytest.approx(30)
    assert cold.sizing.ttft_p95_s == warm.sizing.ttft_p95_s


def many(count: int) -> tuple[Physics, Demand]:
    """Rows of every way of serving, feasible or not."""
    rng = np.random.default_rng(7)
    p, d = Physics.stack([machine()] * count), Demand.stack([demand()] * count)
    isl = rng.uniform(50, 30_000, count)
    p = replace(
        p,
        isl=isl,
        new_isl=isl * rng.uniform(0.1, 1, count),
        osl=np.where(rng.random(count) < 0.1, 0, rng.uniform(1, 2000, count)),
        draft_tokens=rng.choice([-1.0, 0.0, 2.0], count),
    )
    d = replace(
        d,
        peak_requests_per_s=rng.uniform(0, 300, count),
        ttft_limit_s=rng.choice([0.05, 0.5, 3.0, np.inf], count),
        tpot_limit_s=rng.choice([0.001, 0.02, 0.1, np.inf], count),
        static_batch=rng.choice([0.0, 0.0, 8.0], count),
        single_stream=rng.choice([0.0, 0.0, 1.0], count),
        chunked_prefill=rng.choice([0.0, 1.0], count),
        admission_steps=rng.choice([1.0, 1.0, 20.0], count),
    )
    return p, d


def test_law_rows_do_not_know_one_another() -> None:
    count = 10_000
    p, d = many(count)
    together = serve(p, d, G)
    for row in range(0, count, 53):
        one = serve(p.take(slice(row, row + 1)), d.take(slice(row, row + 1)), G)
        for (name, alone), (_, among) in zip(columns(one), columns(together), strict=True):
            assert alone[0] == pytest.approx(among[row], rel=1e-12, abs=0), (name, row)


def test_law_every_number_of_every_row_is_finite() -> None:
    got = serve(*many(2000), G)
    for name, values in columns(got):
        assert np.isfinite(values).all(), name
    assert (got.load <= 1 + 1e-9).all()
