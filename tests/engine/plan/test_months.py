"""The months of a plan: the first is Compare's, flat terms are flat lines, contracts hold, owners keep machines."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.engine.economics.terms import at_price
from components.engine.outcome.compute import charge, resized
from components.engine.plan import LookUps, case_of
from components.engine.plan.cash_flow import npv_usd, payback_month, peak_funding_usd, present_value
from components.engine.plan.months import World, base_world, run
from components.engine.scenario import PlanTerms
from tests.engine.plan.cases import AT_ONCE, FLAT, SCENARIOS, looked_up, plan


@pytest.mark.parametrize("key", SCENARIOS)
def test_the_first_month_is_the_bill_of_compare(key: str) -> None:
    result = looked_up(key)[0]
    found = plan(key, months=1, **AT_ONCE)
    assert len(found.paths) >= 1
    for path in found.paths:
        usd = result.answers[path.index].cost_usd_per_month.base
        assert path.running_usd[0] == pytest.approx(usd, abs=0.005), path.name
        assert path.cost_usd.sum() == pytest.approx(usd, abs=0.005), path.name


@pytest.mark.parametrize("key", SCENARIOS)
def test_nothing_that_grows_and_nothing_that_drifts_is_a_flat_line(key: str) -> None:
    for path in plan(key, months=60, **FLAT).paths:
        assert np.ptp(path.running_usd) <= 1e-9 * path.running_usd[0], path.name


def test_rented_and_paid_by_the_token_follow_demand_and_prices() -> None:
    found = plan(months=25, growth=2.0, chips=-0.5, tokens=0.25)
    tokens = next(p for p in found.paths if p.name == "platform") if len(found.paths) == 5 else None
    assert tokens is None or tokens.running_usd[12] == pytest.approx(tokens.running_usd[0] * 2 * 1.25)
    rented = found.paths[0]
    flat = plan(months=25, growth=2.0, chips=0.0).paths[0]
    assert rented.running_usd[0] == flat.running_usd[0]
    assert (rented.running_usd[1:] < flat.running_usd[1:]).all()


@pytest.mark.parametrize("name", ["rented", "owned", "reserved", "hourly"])
def test_the_table_is_the_engine_at_any_load(name: str) -> None:
    """Within one and a half percent everywhere, and exact at most loads where a fleet is fixed at its peak."""
    looked = looked_up("owned")[1]
    index = looked.names.index(name)
    table, outcome = looked.tables[index], looked.outcomes[index]
    assert table is not None
    (fleet,) = outcome.fleets
    rows = np.flatnonzero(np.isin(np.arange(len(fleet.computed.feasible)), fleet.rows) & fleet.computed.feasible)
    loads = np.exp(np.random.default_rng(3).uniform(np.log(0.02), np.log(50), 300))
    many = np.repeat(rows, len(loads))
    batch = fleet.batch.take(many).at_volume(np.tile(loads, len(rows)))
    paid = charge(batch, resized(fleet.computed.service.take(many), batch.demand, np.ones(len(many))))
    engine = paid.cost.total.reshape(len(rows), -1).min(axis=0)
    places = table.at(loads)
    payment = outcome_payment(looked, index)
    parts = {
        part: places.of(table.part(part))
        for part in ("rent", "overhead", "order", "upkeep", "space", "power", "people")
    }
    told = sum(parts.values()) - parts["order"] + parts["order"] * payment
    off = np.abs(told / engine - 1)
    assert np.median(off) < (1e-9 if name != "hourly" else 1e-3)
    assert off.max() < 0.015


def outcome_payment(looked: LookUps, index: int) -> float:
    way = next((w for w in case_of(looked, PlanTerms()).ways if w.index == index), None)
    if way is None or not way.owned:
        return 0.0
    rate = (1 + way.cost_of_capital) ** (1 / 12) - 1
    return float(-npf.pmt(rate, 12 * way.years, 1, -way.residual_share))


@pytest.mark.parametrize("speed", [0.7, 1.3])
def test_faster_machines_read_the_same_table(speed: float) -> None:
    """A fleet of faster replicas costs what the load over its speed costs: the law that one table stands on."""
    looked = looked_up("owned")[1]
    for index in (0, 1, 2):
        (fleet,) = looked.outcomes[index].fleets
        row = np.array([fleet.chosen])
        demand = fleet.batch.demand.take(row)
        quick = charge(fleet.batch.take(row), resized(fleet.computed.service.take(row), demand, np.array([speed])))
        less = fleet.batch.take(row).at_volume(np.array([1 / speed]))
        light = charge(less, resized(fleet.computed.service.take(row), less.demand, np.ones(1)))
        assert quick.cost.total[0] == pytest.approx(light.cost.total[0], rel=1e-9)
        assert at_price(fleet.batch.main.take(row), np.ones(1)).chips[0] == fleet.batch.main.chips[fleet.chosen]


def test_a_reservation_is_paid_when_its_machines_are_not_needed() -> None:
    found = plan(months=12, **FLAT, season=0.5, busiest=1)
    by_name = {p.name: p for p in found.paths}
    assert by_name["rented"].running_usd[6] < by_name["rented"].running_usd[0] * 0.9
    assert by_name["reserved"].running_usd[6] > by_name["reserved"].running_usd[0] * 0.97


def test_what_is_added_to_a_contract_comes_at_the_price_of_its_month() -> None:
    case = case_of(looked_up("owned")[1], PlanTerms(months=24))
    way = next(w for w in case.ways if w.name == "reserved")
    volume = np.repeat([1.0, 3.0], 12)[:, None]
    price = np.where(np.arange(24) < 6, 1.0, 2.0)[:, None]
    cheap = run(way, World(np.where(np.arange(24)[:, None] < 3, 1.0, 3.0), price, np.ones((24, 1))), case.terms)
    dear = run(way, World(np.where(np.arange(24)[:, None] < 9, 1.0, 3.0), price, np.ones((24, 1))), case.terms)
    assert cheap.cost[8, 0] < dear.cost[10, 0]
    assert cheap.cost[13, 0] == pytest.approx(dear.cost[13, 0])
    late = run(way, World(volume, np.ones((24, 1)), np.ones((24, 1))), case.terms)
    assert late.cost[12, 0] == pytest.approx(
        run(way, World(volume[::-1], np.ones((24, 1)), np.ones((24, 1))), case.terms).cost[0, 0]
    )


def test_buying_and_level_payments_are_worth_the_same_at_the_cost_of_capital() -> None:
    """Whatever is added and whenever the plan ends: what is left is what is not yet paid off."""
    case = case_of(looked_up("owned")[1], PlanTerms(months=31, growth=2.0, lead=0))
    way = next(w for w in case.ways if w.name == "owned")
    ran = run(way, base_world(case.terms), case.terms)
    cash = np.zeros((32, 1))
    cash[:-1] += ran.orders - ran.resale
    cash[-1] -= ran.left[-1]
    level = np.concatenate([np.zeros((1, 1)), ran.payments])
    rate = way.cost_of_capital
    assert present_value(cash, rate)[0] == pytest.approx(present_value(level, rate)[0], rel=1e-9)


def test_own_machines_are_replaced_at_the_end_of_their_life() -> None:
    case = case_of(looked_up("owned")[1], PlanTerms(months=60, refresh=24, **FLAT))
    way = next(w for w in case.ways if w.name == "owned")
    ran = run(way, base_world(case.terms), case.terms)
    assert np.flatnonzero(ran.orders[:, 0]).tolist() == [0, 24, 48]
    assert ran.resale[24, 0] == ran.left[23, 0]
    assert ran.resale[24, 0] > ran.orders[0, 0] * way.residual_share
    assert np.ptp(ran.cost) <= 1e-9 * ran.cost[0, 0]


def test_at_the_end_of_their_life_own_machines_are_worth_what_is_published() -> None:
    case = case_of(looked_up("owned")[1], PlanTerms(months=60, **FLAT))
    way = next(w for w in case.ways if w.name == "owned")
    ran = run(way, base_world(case.terms), case.terms)
    life = case.terms.life
    assert ran.resale[life, 0] == pytest.approx(ran.orders[0, 0] * way.residual_share)
    assert (np.diff(ran.left[:life, 0]) < 0).all()


def test_new_chips_do_more_work_in_what_is_taken_after_they_come() -> None:
    found = {p.name: p for p in plan(months=24, **FLAT, arrival=7, gain=2.0, refresh=12).paths}
    assert found["rented"].running_usd[6] < found["rented"].running_usd[5] * 0.8
    assert found["reserved"].running_usd[11] == pytest.approx(found["reserved"].running_usd[5])
    assert found["reserved"].running_usd[12] < found["reserved"].running_usd[5] * 0.8
    assert found["owned"].running_usd[12] < found["owned"].running_usd[11] * 0.8


def test_a_move_pays_both_until_it_is_done_and_the_contract_ends() -> None:
    found = plan(months=12, **FLAT, move=1000.0, both=2, contract=5, lead=0)
    today, then = found.paths[0], next(p for p in found.paths if p.name == "hourly")
    one = then.running_usd[0]
    assert then.cost_usd[0] == pytest.approx(today.running_usd[0] + one + 1000)
    assert then.cost_usd[4] == pytest.approx(today.running_usd[0] + one)
    assert then.cost_usd[5] == pytest.approx(one)
    assert then.cash_usd[0] == pytest.approx(1000)
    owned = next(p for p in plan(months=12, **FLAT, move=0.0, both=1, lead=4).paths if p.name == "owned")
    assert owned.first_month == 5
    assert owned.cash_usd[0] > 0
    assert owned.cost_usd[3] == pytest.approx(today.running_usd[0])


def test_a_strategy_that_comes_too_late_is_left_out_and_says_why() -> None:
    found = plan(months=6, lead=5, both=1)
    assert dict(found.left_out)["owned"] == "it would answer alone after 6 months only, and the plan ends with month 6"


def test_present_value_by_hand_and_by_numpy_financial() -> None:
    """1,000 now, 500 after one and 700 after two years at 10 %: 1000 + 454.545 + 578.512."""
    cash = np.zeros(25)
    cash[[0, 12, 24]] = 1000, 500, 700
    assert npv_usd(cash, 0.1) == pytest.approx(2033.058, abs=5e-4)
    assert present_value(cash[:, None], 0.1)[0] == pytest.approx(npv_usd(cash, 0.1), rel=1e-12)


@settings(max_examples=50)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=61),
    st.floats(0, 1),
)
def test_present_value_is_numpy_financials(flow: list[float], rate: float) -> None:
    cash = np.array(flow)
    monthly = (1 + rate) ** (1 / 12) - 1
    assert present_value(cash[:, None], rate)[0] == pytest.approx(float(npf.npv(monthly, cash)), rel=1e-9, abs=1e-6)


def test_payback_and_peak_funding_by_hand() -> None:
    today, then = np.array([0.0, 100, 100, 100, 100]), np.array([150.0, 40, 40, 40, 40])
    assert peak_funding_usd(today, then) == 150
    assert payback_month(today, then) == 3
    assert payback_month(today, today) == 0
    assert payback_month(today, then + 100) is None
