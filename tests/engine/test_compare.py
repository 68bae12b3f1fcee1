"""Laws of the comparison: what adds up, what may never rise, what changes nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from components.catalog.load import load_catalog
from components.engine.comparison.compare_strategies import compare, evaluate_one, rate_of
from components.engine.comparison.headline_sentence import headline
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book
from components.engine.outcome.variants import evaluate_variants
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.presets import first_screen, presets

CATALOG = load_catalog()
BOOK = open_book(CATALOG)
PRESETS = {key: preset.strategy for key, preset in presets().items()}
MACHINES = sorted(k for k, s in PRESETS.items() if s.buy != "api" and not s.route and not s.edge)
PRICED = sorted({*PRESETS} - {"tpu-ironwood"})
"""No price of that chip is published."""
SLOW = settings(max_examples=25)
WORKLOADS = sorted(CATALOG.workloads)


def cost(strategy: Strategy, workload: Workload) -> float:
    return evaluate([strategy], workload, BOOK)[0].cost_usd_per_month


@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("key", sorted(PRESETS))
def test_every_preset_answers_every_workload(key: str, workload: str) -> None:
    got = evaluate_one(PRESETS[key], Workload(preset=workload), CATALOG)
    assert got.feasible != bool(got.reasons)
    if not got.cost_parts_usd_per_month:
        assert not got.feasible
        return
    total = got.cost_usd_per_month
    assert sum(got.cost_parts_usd_per_month.values()) == pytest.approx(total.base)
    assert all(usd >= 0 for usd in got.cost_parts_usd_per_month.values())
    assert total.low <= total.base <= total.high
    traffic = effective_workload(Workload(preset=workload), CATALOG)
    requests = traffic.requests_per_day * DAYS_PER_MONTH
    tokens = ((got.usd_per_mtok_input, traffic.isl), (got.usd_per_mtok_output, traffic.osl))
    assert sum((usd or 0) * requests * n / 1e6 for usd, n in tokens) == pytest.approx(total.base)
    assert (got.usd_per_request or 0) * requests == pytest.approx(total.base)
    assert got.utilisation is None or 0 <= got.utilisation <= 1
    assert got.ledger[-1].topic == "cost"
    assert all(source in CATALOG.sources or "genai" in source or "price" in source.lower()
               for step in got.ledger for source in step.sources)  # fmt: skip
    for value in (got.ttft_p50_s, got.tpot_p50_s, got.e2e_p50_s, got.power_kw):
        assert value is None or (math.isfinite(value) and value >= 0)


@SLOW
@given(key=st.sampled_from(MACHINES), price=st.floats(0.1, 50), dearer=st.floats(1, 5))
def test_law_a_higher_price_is_never_cheaper(key: str, price: float, dearer: float) -> None:
    low, high = (PRESETS[key].model_copy(update={"price": p}) for p in (price, price * dearer))
    workload = Workload(requests_per_day=2e6)
    assert cost(high, workload) >= cost(low, workload) * (1 - 1e-12)


@SLOW
@given(key=st.sampled_from(MACHINES), ttft=st.floats(300, 5000), tpot=st.floats(15, 200), loose=st.floats(1, 4))
def test_law_a_stricter_target_that_is_met_never_costs_less(key: str, ttft: float, tpot: float, loose: float) -> None:
    strict, wide = (
        evaluate([PRESETS[key]], Workload(requests_per_day=3e6, ttft_ms=a, tpot_ms=b), BOOK)[0]
        for a, b in ((ttft, tpot), (ttft * loose, tpot * loose))
    )
    assume(strict.works)
    assert wide.works
    assert strict.cost_usd_per_month >= wide.cost_usd_per_month * (1 - 1e-9)


@SLOW
@given(key=st.sampled_from(PRICED), volume=st.floats(1e3, 1e8), more=st.floats(1, 10))
def test_law_more_requests_never_cost_less(key: str, volume: float, more: float) -> None:
    few, many = (cost(PRESETS[key], Workload(requests_per_day=v)) for v in (volume, volume * more))
    assert many >= few * (1 - 1e-9)


def test_law_nothing_asked_costs_what_is_provisioned() -> None:
    idle = evaluate_one(PRESETS["h100-default"], Workload(requests_per_day=0), CATALOG)
    assert idle.cost_parts_usd_per_month["compute_busy"] == 0
    assert idle.cost_parts_usd_per_month["compute_idle"] > 0
    assert idle.usd_per_mtok_output is None
    assert evaluate_one(PRESETS["platform"], Workload(requests_per_day=0), CATALOG).cost_usd_per_month.base == 0


def test_law_the_order_of_strategies_changes_nothing_but_the_order() -> None:
    scenario = first_screen()
    turned = scenario.model_copy(update={"strategies": (scenario.strategies[0], *reversed(scenario.strategies[1:]))})
    one, two = compare(scenario, CATALOG), compare(turned, CATALOG)
    by_name = {a.name: a for a in two.answers}
    for answer in one.answers:
        assert answer.cost_usd_per_month == by_name[answer.name].cost_usd_per_month
        assert answer.ttft_p95_s == by_name[answer.name].ttft_p95_s
    shares = {a.strategy: [step.shapley for step in a.steps] for a in two.attributions}
    for told in one.attributions:
        assert [step.shapley for step in told.steps] == pytest.approx(shares[told.strategy])


def test_the_currency_changes_the_sentence_and_no_figure() -> None:
    dollars, yen = (compare(first_screen().model_copy(update={"currency": c}), CATALOG) for c in ("USD", "JPY"))
    assert dollars.answers == yen.answers
    assert "$" in dollars.headline
    assert "¥" in yen.headline


@pytest.mark.parametrize("workload", ["support_chat", "doc_summary_batch", "embeddings", "coding_agent"])
def test_savings_add_up_and_the_curve_meets_the_answer(workload: str) -> None:
    result = compare(first_screen().model_copy(update={"workload": Workload(preset=workload)}), CATALOG)
    for told in result.attributions:
        saving = told.baseline_usd_per_month - told.strategy_usd_per_month
        assert sum(step.waterfall for step in told.steps) == pytest.approx(saving)
        assert sum(step.shapley for step in told.steps) == pytest.approx(saving)
    today = int(np.argmin(np.abs(np.log(result.curves.requests_per_day / result.requests_per_day))))
    assert result.curves.requests_per_day[today] == pytest.approx(result.requests_per_day)
    for answer, curve in zip(result.answers, result.curves.cost_usd_per_month[:, today], strict=True):
        if math.isfinite(curve):
            assert curve == pytest.approx(answer.cost_usd_per_month.base, rel=1e-9)
    meets = {a.name for a in result.answers if a.feasible}
    for flip in result.curves.crossovers:
        assert flip.cheaper_below != flip.cheaper_above
        assert {flip.cheaper_below, flip.cheaper_above} <= meets


DAILY = effective_workload(Workload(), CATALOG).requests_per_day


@pytest.mark.parametrize("key", ["h100-default", "h100-tuned", "h200-owned", "gb200-fp4"])
def test_many_variants_in_one_call_equal_one_by_one(key: str) -> None:
    guessing = {"spec": "eagle", "disagg": key == "gb200-fp4"}
    strategy, draw = PRESETS[key].model_copy(update=guessing), np.random.default_rng(7)
    volume, price, longer = (draw.uniform(0.3, 3, 10_000) for _ in range(3))
    many = evaluate_variants(strategy, Workload(), BOOK, volume_factor=volume, price_factor=price)
    shaped = evaluate_variants(strategy, Workload(), BOOK, volume_factor=volume, isl_factor=longer)
    plain = evaluate_variants(strategy, Workload(), BOOK, volume_factor=volume)
    for i in range(0, 10_000, 997):
        one = slice(i, i + 1)
        alone = evaluate_variants(strategy, Workload(), BOOK, volume_factor=volume[one], price_factor=price[one])
        assert many.cost_usd_per_month[i] == pytest.approx(alone.cost_usd_per_month[0], rel=1e-12)
        alone = evaluate_variants(strategy, Workload(), BOOK, volume_factor=volume[one], isl_factor=longer[one])
        assert shaped.cost_usd_per_month[i] == pytest.approx(alone.cost_usd_per_month[0], rel=1e-12)
        got = evaluate([strategy], Workload(requests_per_day=DAILY * volume[i]), BOOK)[0]
        assert plain.cost_usd_per_month[i] == pytest.approx(got.cost_usd_per_month, rel=1e-9)


def test_variants_of_a_bill_per_token_are_refused() -> None:
    with pytest.raises(ValueError, match="one fleet of machines"):
        evaluate_variants(PRESETS["platform"], Workload(), BOOK, volume_factor=np.ones(2))


def test_the_headline_says_only_what_was_computed() -> None:
    result = compare(first_screen(), CATALOG)
    answers = result.answers
    assert answers[result.best or 0].name in result.headline
    assert "cheapest shown" in headline((answers[3], answers[0]))
    late = compare(Scenario(strategies=(PRESETS["naive"], PRESETS["h100-tuned"])), CATALOG)
    assert "also misses its targets" in late.headline
    assert "No strategy shown meets" in compare(Scenario(strategies=(PRESETS["naive"],)), CATALOG).headline
    assert "add a strategy" in compare(Scenario(strategies=(PRESETS["platform"],)), CATALOG).headline
    unpriced = compare(Scenario(strategies=(PRESETS["tpu-ironwood"], PRESETS["platform"])), CATALOG)
    assert "cannot be priced" in unpriced.headline


def test_what_is_not_feasible_says_why() -> None:
    """Also where a lone request misses the target by less than the tolerance of the percentiles."""
    limit = Workload(requests_per_day=1000, tpot_ms=17.0, ttft_ms=0)
    for key in MACHINES:
        for factor in np.linspace(0.2, 3, 15):
            got = evaluate_one(PRESETS[key], limit.model_copy(update={"tpot_ms": 17.0 * factor}), CATALOG)
            assert got.feasible or got.reasons


@pytest.mark.parametrize("rows", ["without the row", "with an empty row"])
def test_a_currency_without_a_rate_is_an_error_that_says_what_to_change(rows: str) -> None:
    economics = dict(CATALOG.economics)
    row = economics.pop("fx_usd_eur")
    if rows == "with an empty row":
        economics["fx_usd_eur"] = row.model_copy(update={"base": None})
    unrated = replace(CATALOG, economics=MappingProxyType(economics))
    scenario = Scenario(strategies=(PRESETS["naive"],), currency="EUR")
    with pytest.raises(ValueError, match="no exchange rate of EUR is published: choose USD"):
        compare(scenario, unrated)
    assert rate_of(unrated, "USD") == 1
    assert rate_of(CATALOG, "EUR") == row.base
    assert compare(scenario.model_copy(update={"currency": "USD"}), unrated).headline
