"""Futures: shapes keep their ends, draws repeat, odds add up, and a future is what the engine says of it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.facts.book import Book, book_of
from components.engine.outcome.evaluation import evaluate
from components.engine.plan import DrawModel, Futures, base_plan, draw_futures, model_of
from components.engine.plan.futures import present_values, quantiles, values_at
from components.engine.plan.terms import discounted
from components.engine.plan.uncertain import Unknown
from components.engine.scenario import Prices
from tests.engine.plan.cases import AT_ONCE, CATALOG, OWNED, case, model

COUNT = 2_000


def one(shape: str, low: float, base: float, high: float, key: str = "x") -> Unknown:
    return Unknown(key, key, low, base, high, shape, "share", "", "", "low")  # type: ignore[arg-type]


def drawn(of: DrawModel, count: int = COUNT) -> Futures:
    return draw_futures(of, base_plan(of.case), count)


@pytest.mark.parametrize("shape", ["triangular", "log-triangular"])
def test_a_triangle_keeps_between_its_ends_and_has_its_top_at_the_base(shape: str) -> None:
    unknown = one(shape, 1.0, 2.0, 8.0)
    ends = unknown.at(np.array([1e-12, 1 - 1e-12]))
    assert ends == pytest.approx([1, 8], rel=1e-4)
    at = unknown.at(np.linspace(0.01, 0.99, 99))
    densest = at[np.argmin(np.diff(np.log(at) if shape == "log-triangular" else at))]
    assert densest == pytest.approx(2, rel=0.15)


def test_the_ends_of_a_log_normal_leave_out_what_they_say() -> None:
    for shape, tail in (("lognormal-80", 0.1), ("lognormal-90", 0.05)):
        assert one(shape, 0.5, 1.0, 3.0).at(np.array([tail, 0.5, 1 - tail])) == pytest.approx([0.5, 1.0, 3.0])


@given(
    st.sampled_from(["triangular", "log-triangular", "lognormal-80", "lognormal-90"]),
    st.tuples(st.floats(0.01, 1), st.floats(0, 3), st.floats(0.01, 3)),
)
def test_every_shape_rises_with_its_quantile(shape: str, ends: tuple[float, float, float]) -> None:
    low, more, most = ends
    at = one(shape, low, low + more, low + more + most).at(np.linspace(1e-9, 1 - 1e-9, 101))
    assert np.isfinite(at).all()
    assert (np.diff(at) >= -1e-12).all()


def test_one_draw_lies_in_each_part_and_one_more_input_changes_no_other() -> None:
    few = (one("triangular", 0, 1, 2, "a"), one("triangular", 0, 1, 2, "b"))
    first = quantiles(few, 7, 500)
    assert (np.sort(np.floor(first * 500), axis=1) == np.arange(500)).all()
    more = quantiles((few[0], one("triangular", 0, 1, 2, "c"), few[1]), 7, 500)
    assert (more[[0, 2]] == first).all()


def test_the_same_seed_is_the_same_fan_to_the_last_digit() -> None:
    one_time, again = drawn(model()), drawn(model())
    assert (one_time.present_usd == again.present_usd).all()
    for place, fan in one_time.fans.items():
        assert all((a == b).all() for a, b in zip(fan, again.fans[place], strict=True))
    other = model_of(case(months=24, seed=2))
    assert (drawn(other).present_usd != one_time.present_usd).any()


def test_odds_add_up_shares_too_and_regret_is_never_negative() -> None:
    found = drawn(model())
    for a in range(len(found.standings)):
        for b in range(len(found.standings)):
            odds = found.odds(a, b)
            assert odds.less + odds.same + odds.more == pytest.approx(1, abs=1e-12)
            assert odds.less == found.odds(b, a).more
        assert found.odds(a, a).same == 1
    assert sum(s.cheapest_share for s in found.standings) == pytest.approx(1)
    for s in found.standings:
        assert 0 <= s.expected_regret_usd <= s.worst_regret_usd
        assert s.low_usd <= s.middle_usd <= s.high_usd
    assert min(s.expected_regret_usd for s in found.standings) < min(s.expected_usd for s in found.standings)


def test_a_fan_holds_its_middle_and_eight_of_ten_futures() -> None:
    of = model()
    found, base = drawn(of), base_plan(of.case)
    assert set(found.fans) == {0, base.best, base.paths.index(base.rival)} if base.rival else True
    for fan in found.fans.values():
        assert (fan.low <= fan.middle).all()
        assert (fan.middle <= fan.high).all()
    undiscounted = found.fans[0].middle[-1]
    assert undiscounted > found.standings[0].middle_usd


def test_futures_at_the_base_are_the_plan() -> None:
    of = model()
    base = base_plan(of.case)
    at_base = {one.key: np.array([one.base]) for one in of.unknowns}
    assert present_values(of, at_base)[:, 0] == pytest.approx([p.present_usd for p in base.paths], rel=1e-9)
    assert present_values(of, {})[:, 0] == pytest.approx([p.present_usd for p in base.paths], rel=1e-12)


def test_a_future_is_what_the_engine_says_of_it() -> None:
    """One month under random volume, salary, overhead, chip price and cache hits: within 1 % of the engine run so."""
    of = model_of(case(months=1, **AT_ONCE))
    keys = {"volume", "salary", "overhead", "price h100-sxm on-demand", "hit", "upkeep"}
    quantile = quantiles(of.unknowns, 3, 12)
    values = {key: v for key, v in values_at(of.unknowns, quantile).items() if key in keys}
    assert {"volume", "salary", "overhead", "hit"} <= set(values)
    told = present_values(of, values) / discounted(of.case.terms.discount, 1)[1]
    rented = [i for i, way in enumerate(of.case.ways) if way.name in {"rented", "hourly"}]
    assert rented
    for draw in range(12):
        at = {key: float(v[draw]) for key, v in values.items()}
        price = of.case.looked_up.outcomes[0].fleets[0].purchase.usd_per_chip_hour * at["price h100-sxm on-demand"]
        own = Prices(salary=at["salary"], overhead=at["overhead"], chip_hours=(("h100-sxm", price),))
        book = book_of(CATALOG, of.case.looked_up.book.parameters, own)
        lever = book.tables.levers["prefix_hit_local"].model_copy(update={"value": at["hit"]})
        tables = replace(book.tables, levers=MappingProxyType({**book.tables.levers, "prefix_hit_local": lever}))
        workload = OWNED.workload.model_copy(update={"requests_per_day": 3e6 * at["volume"]})
        strategies = [OWNED.strategies[of.case.ways[i].index] for i in rented]
        engine = evaluate(strategies, workload, Book(CATALOG, book.parameters, tables, own))
        for place, outcome in zip(rented, engine, strict=True):
            assert told[place, draw] == pytest.approx(outcome.cost_usd_per_month, rel=0.01), (draw, place)


def test_draws_can_be_stopped_and_tell_how_far_they_are() -> None:
    class StopError(Exception):
        pass

    seen: list[float] = []

    def progress(share: float) -> None:
        seen.append(share)
        if share > 0.3:
            raise StopError

    of = model()
    with pytest.raises(StopError):
        draw_futures(of, base_plan(of.case), 10_000, progress)
    assert seen == [0.0, 0.25, 0.5]
