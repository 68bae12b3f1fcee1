"""Power available: own machines are out from the month in which it needs more, and nobody else is."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from components.engine.comparison import compare
from components.engine.facts.arrays import Vec
from components.engine.plan import (
    Case,
    against_rival,
    base_plan,
    bets,
    case_of,
    draw_futures,
    look_ups,
    model_of,
    switch_plan,
)
from components.engine.plan.months import base_world, power_kw, run
from components.engine.scenario import PlanTerms
from tests.engine.plan.cases import AT_ONCE, CATALOG, FLAT, OWNED, case, looked_up, plan

GROWING: dict[str, Any] = {"months": 36, "growth": 3.0, "lead": 0, "both": 0}


def needed(of: Case, name: str) -> Vec:
    way = next(way for way in (*of.ways, *of.for_a_time) if way.name == name)
    return np.asarray(power_kw(way, run(way, base_world(of.terms), of.terms))[:, 0])


def test_power_is_that_of_the_machines_at_full_load_and_of_own_ones_alone() -> None:
    of = case(**FLAT, **AT_ONCE)
    (fleet,) = looked_up("owned")[1].outcomes[1].fleets
    t = fleet.purchase
    assert needed(of, "owned")[0] == pytest.approx(fleet.accelerators * t.kw_per_chip * t.pue)
    assert needed(of, "owned")[0] >= (looked_up("owned")[0].answers[1].power_kw or 0) > 0
    assert not needed(of, "rented").any()
    assert not needed(of, "reserved").any()


def of_two(first: int, second: int, **terms: Any) -> Case:
    """A plan of two strategies of the scenario, the first being today's."""
    scenario = OWNED.model_copy(update={"strategies": (OWNED.strategies[first], OWNED.strategies[second])})
    return case_of(look_ups(scenario, compare(scenario, CATALOG), CATALOG), PlanTerms(**terms))


def test_own_machines_are_out_from_the_month_in_which_they_need_more_than_there_is() -> None:
    free = of_two(0, 1, **GROWING)
    assert base_plan(free).chosen.name == "owned"
    kw = needed(free, "owned")
    limit = float(kw[0] + kw[-1]) / 2
    month = int(np.flatnonzero(kw > limit)[0]) + 1
    found = of_two(0, 1, power_kw=limit, **GROWING)
    said = f"it needs {kw[month - 1]:,.4g} kW at full load from month {month} on, and {limit:,.4g} kW are available"
    assert found.left_out == (("owned", said),)
    assert base_plan(found).chosen.name == "rented"
    assert switch_plan(free).words == "owned from month 1 to 36"
    assert switch_plan(found).words == f"owned from month 1 to {month - 1}, then rented from month {month} to 36"


def test_a_limit_that_is_never_reached_changes_nothing() -> None:
    free, found = plan(**GROWING), plan(power_kw=1e6, **GROWING)
    assert [p.present_usd for p in free.paths] == [p.present_usd for p in found.paths]
    assert switch_plan(case(power_kw=1e6, **GROWING)).words == switch_plan(case(**GROWING)).words


def test_todays_own_machines_stay_and_the_bet_on_their_power_is_said() -> None:
    found = of_two(1, 0, power_kw=1)
    assert found.ways[0].name == "owned"
    assert "today's strategy can stay although it needs " in bets(base_plan(found))
    assert switch_plan(found).stays[0].name == "owned"


def test_the_share_of_futures_that_need_more_power_is_said() -> None:
    kw = needed(case(months=24), "owned")
    of = model_of(case(months=24, power_kw=float(kw.max()) * 1.01))
    base = base_plan(of.case)
    found = draw_futures(of, base, 400)
    place = next(i for i, path in enumerate(base.paths) if path.name == "owned")
    assert set(found.outgrown) == {place}
    assert 0.05 < found.outgrown[place] < 0.95
    said = against_rival(base, found)
    assert (re.search(r"in \d+ % its machines need more than the [\d,.]+ kW there are", said) is not None) == (
        base.best == place
    )
