"""Every way to buy against volume agrees with the engine one by one, and the bill of owning with Compare."""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from components.catalog.load import load_catalog
from components.engine.comparison import compare
from components.engine.economics.hours import week_profile
from components.engine.economics.monthly_bill import annuity_usd_per_month
from components.engine.facts import effective_workload
from components.engine.outcome import Book, evaluate, open_book, scenario_book
from components.engine.plan import BreakEven, base_words, bill_of_owning, break_even, headline, today_words, trigger
from components.engine.plan.base_and_burst import _load, _tried, mixed_points, pairs_of
from components.engine.plan.cost_points import cost_points
from components.engine.plan.ways_to_buy import HALL, MACHINES, MIX, Way, ways
from components.engine.scenario import Prices, Scenario, Strategy, Workload
from components.share.presets import first_screen, presets
from components.share.starting_points import starts

CATALOG = load_catalog()
STARTS = {key: start.scenario for key, start in starts().items()}
FIRST = first_screen()
TUNED = 1
"""Of the first screen: on machines."""


@cache
def found(start: str = "support-chat", index: int = TUNED) -> BreakEven:
    return break_even(STARTS[start], index, CATALOG)


def way_of(key: str, of: BreakEven) -> Way:
    return next(way for way in of.ways if way.key == key)


@pytest.mark.parametrize("start", sorted(STARTS))
def test_every_way_costs_today_what_the_engine_says_of_it(start: str) -> None:
    scenario = STARTS[start]
    for index, strategy in enumerate(scenario.strategies):
        of = found(start, index)
        book = scenario_book(scenario, CATALOG)
        again = evaluate([way.strategy for way in of.ways], scenario.workload, book)
        usd = {way.key: each.cost_usd_per_month for way, each in zip(of.ways, again, strict=True)}
        for line in of.lines:
            if line.key in usd:
                assert line.today_usd_per_month == pytest.approx(usd[line.key], rel=1e-9), (strategy.name, line.label)


@pytest.mark.parametrize("start", sorted(STARTS))
def test_the_strategy_as_it_is_bought_costs_what_compare_says(start: str) -> None:
    scenario = STARTS[start]
    answers = compare(scenario, CATALOG).answers
    compared = 0
    for index, answer in enumerate(answers):
        of = found(start, index)
        if of.chosen is not None:
            compared += 1
            assert of.lines[of.chosen].today_usd_per_month == pytest.approx(answer.cost_usd_per_month.base, rel=1e-9)
    assert compared


def test_every_current_tier_of_a_seller_is_an_offer() -> None:
    """The standard tier of this seller is an old price that nobody confirms; Compare buys the current one."""
    way = way_of("api", found())
    rows = CATALOG.api_prices
    current = {(r.provider, r.tier) for r in rows if r.model_id == "llama-3.3-70b" and r.status == "current"}
    assert (way.seller, way.strategy.tier) == ("DeepInfra", "turbo")
    assert current > {("DeepInfra", "turbo")}
    assert way.words.label == "Per token, DeepInfra (turbo)"


@given(
    key=st.sampled_from(sorted(presets())), volume=st.floats(3, 9).map(lambda e: 10.0**e),
    load=st.sampled_from(["support_chat", "rag_assistant", "coding_agent", "doc_summary_batch"]),
)  # fmt: skip
@settings(max_examples=40)
def test_law_a_point_of_a_line_is_the_engine_at_that_volume(key: str, volume: float, load: str) -> None:
    workload = Workload(preset=load, requests_per_day=250_000)
    scenario = Scenario(workload=workload, strategies=(presets()[key].strategy,))
    book = scenario_book(scenario, CATALOG)
    known = [way for way in ways(scenario.strategies[0], scenario, book) if way.outcome.works and way.outcome.priced]
    which, factor = np.arange(len(known)), np.full(len(known), volume / 250_000)
    points = cost_points([way.outcome for way in known], which, factor, book.parameters)
    there = workload.model_copy(update={"requests_per_day": volume})
    for way, usd in zip(known, points.usd_per_month, strict=True):
        (alone,) = evaluate([way.strategy], there, book, scenario.reference_model)
        if alone.works:
            assert usd == pytest.approx(alone.cost_usd_per_month, rel=1e-9), way.key
        else:
            assert math.isnan(usd) or way.strategy.fleet == 0


@pytest.mark.parametrize("start", sorted(STARTS))
def test_law_more_requests_never_cost_less_and_idle_is_part_of_the_cost(start: str) -> None:
    for index in range(len(STARTS[start].strategies)):
        for line in found(start, index).lines:
            usd = line.usd_per_month[np.isfinite(line.usd_per_month)]
            idle = line.idle_usd_per_month[np.isfinite(line.usd_per_month)]
            assert (idle <= usd * (1 + 1e-9)).all()
            if line.key != MIX:
                assert (np.diff(usd) >= -1e-6 * usd[:-1]).all(), line.label


@pytest.mark.parametrize("start", sorted(STARTS))
def test_law_both_cost_the_same_at_a_crossover_or_a_server_more_turns_it(start: str) -> None:
    for index in range(len(STARTS[start].strategies)):
        of = found(start, index)
        lines = {of.lines[i].key for flip in of.crossovers for i in (flip.below, flip.above)}
        assert lines <= {line.key for line in of.lines if line.may_win}
        volumes = [flip.requests_per_day for flip in of.crossovers]
        assert volumes == sorted(volumes)


def costs(pair: list[Strategy], scenario: Scenario, book: Book, volume: float) -> list[float]:
    there = scenario.workload.model_copy(update={"requests_per_day": volume})
    return [o.cost_usd_per_month for o in evaluate(pair, there, book)]


def test_crossovers_hold_when_each_way_is_computed_alone() -> None:
    """Both ways at the volume of the crossover, and just beyond it, as two strategies of their own."""
    compared = 0
    for start, index in product(STARTS, range(3)):
        of, scenario = found(start, index), STARTS[start]
        book = scenario_book(scenario, CATALOG)
        for flip in of.crossovers[:6]:
            keys = [of.lines[i].key for i in (flip.below, flip.above)]
            if {MIX, HALL} & set(keys):
                continue
            pair = [way_of(key, of).strategy for key in keys]

            below, above = costs(pair, scenario, book, flip.requests_per_day)
            compared += 1
            if flip.equal:
                assert below == pytest.approx(above, rel=1e-6)
            else:
                assert below <= above * (1 + 1e-9)
                after = costs(pair, scenario, book, flip.requests_per_day * (1 + 1e-9))
                assert after[0] >= after[1] * (1 - 1e-9)
    assert compared >= 2


@pytest.mark.parametrize("start", sorted(STARTS))
def test_the_bill_of_owning_sums_to_compares_cost_to_the_cent(start: str) -> None:
    scenario = STARTS[start]
    owned = 0
    for index, strategy in enumerate(scenario.strategies):
        bill = found(start, index).ownership
        as_owned = strategy if strategy.buy == "owned" else way_of("owned", found(start, index)).strategy
        answer = compare(scenario.model_copy(update={"strategies": (scenario.strategies[0], as_owned)}), CATALOG)
        if not bill.lines:
            assert bill.reasons
            continue
        owned += 1
        assert bill.usd_per_month == pytest.approx(answer.answers[1].cost_usd_per_month.base, abs=0.005), strategy.name
        assert dict(bill.by_life)[bill.years] == pytest.approx(bill.usd_per_month)
    assert owned


def test_the_bill_sums_for_every_preset_whatever_its_pools_and_racks() -> None:
    book, work = open_book(CATALOG), Workload(preset="rag_assistant", requests_per_day=500_000)
    owned = [preset.strategy.model_copy(update={"buy": "owned", "price": 30_000.0}) for preset in presets().values()]
    summed = 0
    for outcome in evaluate(owned, work, book):
        bill = bill_of_owning(outcome, book)
        assert bool(bill.lines) is outcome.priced
        if bill.lines:
            summed += 1
            assert bill.usd_per_month == pytest.approx(outcome.cost_usd_per_month, abs=0.005), outcome.resolved.strategy
            assert all(line.usd_per_month >= 0 for line in bill.lines if "Value left" not in line.name)
    assert summed > 15


@pytest.mark.parametrize("years", [1.0, 2.5, 6.0])
def test_the_bill_follows_the_readers_own_figures(years: float) -> None:
    own = Prices(life=years, interest=0.0, pue=1.2, power=0.05, salary=100_000.0, upkeep=0.02)
    scenario = FIRST.model_copy(update={"prices": own})
    of = break_even(scenario, TUNED, CATALOG)
    as_owned = way_of("owned", of).strategy
    (answer,) = compare(scenario.model_copy(update={"strategies": (as_owned,)}), CATALOG).answers
    assert of.ownership.usd_per_month == pytest.approx(answer.cost_usd_per_month.base, abs=0.005)
    assert of.ownership.years == years
    lines = {line.name: line for line in of.ownership.lines}
    assert lines["Cost of capital"].usd_per_month == pytest.approx(0, abs=1e-6)
    assert lines["Cost of capital"].sources == ("own-figure",)
    assert of.ownership.by_life != found().ownership.by_life


def test_every_line_of_the_bill_says_where_it_comes_from() -> None:
    for line in found().ownership.lines:
        assert line.sources, line.name
        assert set(line.sources) <= set(CATALOG.sources), line.name


def test_a_hybrid_with_a_platform_is_the_engine_of_both_parts() -> None:
    """Owned servers for the base on a workload of their own, and the platform on the requests beyond them."""
    scenario = STARTS["nightly-documents"]
    of = found("nightly-documents", 3)
    book, t = scenario_book(scenario, CATALOG), effective_workload(scenario.workload, CATALOG)
    known = [way for way in of.ways if way.key in {"owned", "api"}]
    pairs = pairs_of(known)
    assert not pairs.missing
    week = week_profile(t.peak, t.hours)
    for factor in (3.0, 20.0):
        _, mixed = mixed_points(pairs, np.array([factor]), book.parameters)
        alone = cost_points([way_of("owned", of).outcome], np.array([0]), np.array([factor]), book.parameters)
        fleet = way_of("owned", of).outcome.fleets[0]
        replica = fleet.found[int(alone.row[0]) - fleet.rows.start]
        share, asked = float(mixed.base_share[0]), t.requests_per_day * factor
        top = brentq(lambda level, week=week, share=share: np.minimum(week, level).mean() - share, 0, week.max())
        base = scenario.workload.model_copy(update={"requests_per_day": asked * share, "peak": top / share})
        held = {"fleet": int(mixed.replicas[0]), "chips": replica.layout.chips}
        (owned,) = evaluate([way_of("owned", of).strategy.model_copy(update=held)], base, book)
        rest = scenario.workload.model_copy(update={"requests_per_day": asked * (1 - share)})
        (beyond,) = evaluate([way_of("api", of).strategy], rest, book)
        assert 0 < share < 1
        assert float(mixed.usd[0]) == pytest.approx(owned.cost_usd_per_month + beyond.cost_usd_per_month, rel=1e-6)


def test_a_hybrid_is_the_best_of_every_size_of_its_base() -> None:
    """Small fleets: all sizes tried one by one never cost less; large ones: within two thousandths."""
    of, book = found(), scenario_book(FIRST, CATALOG)
    pairs = pairs_of(of.ways)
    for factor, slack in ((1.0, 1e-12), (4.0, 1e-12), (100.0, 2e-3)):
        points, mixed = mixed_points(pairs, np.array([factor]), book.parameters)
        pair = pairs.pairs[int(mixed.pair[0])]
        alone = cost_points([pair.base.outcome], np.array([0]), np.array([factor]), book.parameters)
        rows = alone.row.astype(np.intp)
        load = _load(pair.base, rows, np.array([factor]))
        every = [
            float(_tried(load, np.array([[float(size)]]), [(0, pair)], rows, pair.base).usd[0])
            for size in range(1, int(load.active[0]))
        ]
        assert float(mixed.usd[0]) <= min(every) * (1 + slack)
        assert float(points.usd_per_month[0]) >= float(mixed.usd[0])


def test_a_hybrid_holds_a_part_of_the_fleet() -> None:
    of = found()
    assert of.base is not None
    mix = next(line for line in of.lines if line.key == MIX)
    assert 0 < of.base.share < 1
    parts = (of.base.held_usd_per_month, of.base.burst_usd_per_month, of.base.staff_usd_per_month,
             of.base.beside_usd_per_month)  # fmt: skip
    assert sum(parts) == pytest.approx(mix.today_usd_per_month)
    assert len(base_words(of)) == 5
    assert 1 <= of.base.replicas < mix.replicas[np.searchsorted(of.requests_per_day, of.today_requests_per_day)]


def test_own_halls_begin_at_a_megawatt_and_replace_the_rent() -> None:
    of, book = found(), scenario_book(FIRST, CATALOG)
    hall, owned = (next(line for line in of.lines if line.key == key) for key in (HALL, "owned"))
    known = np.isfinite(hall.usd_per_month)
    assert not known[0]
    assert known[-1]
    rent = book.value("colo_us_primary")
    payment = float(annuity_usd_per_month(*(np.array([v]) for v in (
        book.value("facility_build") / 1e3, book.value("facility_life_years"), book.value("cost_of_capital"), 0.0,
    )))[0])  # fmt: skip
    last = cost_points([way_of("owned", of).outcome], np.array([0]),
                       np.array([of.requests_per_day[-1] / of.today_requests_per_day]), book.parameters)  # fmt: skip
    kw = last.facility_usd_per_month[0] / rent
    assert kw >= 1e3
    assert hall.usd_per_month[-1] == pytest.approx(owned.usd_per_month[-1] - kw * (rent - payment))


def test_nothing_that_misses_a_target_or_is_unknown_wins() -> None:
    for start, scenario in STARTS.items():
        for index in range(len(scenario.strategies)):
            of = found(start, index)
            assert of.winner is None or of.lines[of.winner].may_win
            assert all(line.doubt for line in of.lines if not line.may_win)
            assert all(reason for _, reason in of.left_out)
            names = {line.key for line in of.lines} | {name for name, _ in of.left_out}
            assert len(names) == len(of.lines) + len(of.left_out)


def test_every_way_is_shown_or_left_out() -> None:
    of = found()
    assert len(of.lines) + len(of.left_out) == 1 + 3 + len(MACHINES) + 3, "the strategy is one of them"


def test_the_sentence_names_the_winner_the_volume_and_how_busy() -> None:
    words = headline(found())
    assert "wins above" in words
    assert "you are at 3M" in words
    assert "busy" in words
    assert "a month" in today_words(found())
    assert "60 to 70 %" in trigger(found())


@pytest.mark.parametrize("volume", [0.0, 1.0, 1e10])
def test_any_volume_has_an_answer(volume: float) -> None:
    workload = FIRST.workload.model_copy(update={"requests_per_day": volume})
    of = break_even(FIRST.model_copy(update={"workload": workload}), TUNED, CATALOG)
    assert headline(of)
    assert of.lines
    assert (of.winner is None) is (volume == 0)
