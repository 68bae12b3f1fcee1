"""Ranges of the reader's own: used by every draw, never worth more than knowing all, refused in a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.engine.plan import (
    DrawModel,
    base_plan,
    draw_futures,
    explained,
    find_flips,
    input_ranges,
    model_of,
    swings_of,
    why_plan,
    worth_of_knowing,
)
from components.engine.scenario import PlanTerms
from components.share import link
from components.wording.money import DOLLARS
from tests.engine.plan.cases import case, model

KEY, DRAWS = "eu-bank", 600
PRICE = "price.h200-sxm.on-demand"


def of_ranges(**ends: tuple[float, float]) -> DrawModel:
    """The plan with own ranges of some inputs, by kind."""
    lows = tuple((name, low) for name, (low, _) in ends.items())
    highs = tuple((name, high) for name, (_, high) in ends.items())
    return model_of(case(KEY, months=24, lows=lows, highs=highs))


def known(of: DrawModel) -> dict[str, float]:
    found = worth_of_knowing(draw_futures(of, base_plan(of.case), DRAWS), of.unknowns, 1)
    assert all(0 <= row.usd <= found.all_usd * (1 + 1e-9) for row in found.worth)
    return {row.key: row.usd for row in found.worth} | {"all": found.all_usd}


def test_an_own_range_is_in_the_link_and_comes_back() -> None:
    plan = PlanTerms(lows=(("growth", 1.2), ("chips", -0.05)), highs=(("growth", 1.8), (PRICE, 1.5)))
    code = link.plan_code(plan)
    assert code == "lows.growth_1.2_chips_-0.05~highs.growth_1.8_price.h200-sxm.on-demand_1.5"
    assert link.read_plan(code) == (plan, [])
    other, notices = link.read_plan("lows.growth_1.2_weather_3")
    assert other == PlanTerms(lows=(("growth", 1.2),))
    assert notices == ["Plan: a range is of no input that the plan knows and was ignored."]


def test_an_own_range_is_that_of_draws_swings_and_whys_and_of_no_other_input() -> None:
    free, own = model(KEY, 24), of_ranges(growth=(1.45, 1.6))
    by_key = {one.key: one for one in own.unknowns}
    assert (by_key["growth"].low, by_key["growth"].high, by_key["growth"].own) == (1.45, 1.6, True)
    assert [one for one in own.unknowns if one.key != "growth"] == [one for one in free.unknowns if one.key != "growth"]
    swung, usual = (swings_of(of, base_plan(of.case)) for of in (own, free))
    assert swung is not None and usual is not None
    width = [next(s.width_usd for s in found.swings if s.key == "growth") for found in (swung, usual)]
    assert width[0] < width[1]
    step = next(s for s in why_plan(own, base_plan(own.case), DOLLARS) if s.name == "growth of requests")
    assert "(low, base, high, yours)" in step.formula
    assert step.sources[0] == "own-figure"
    assert base_plan(own.case).chosen.present_usd == base_plan(free.case).chosen.present_usd


@settings(max_examples=5)
@given(st.floats(0.02, 0.98), st.floats(1.02, 4.0))
def test_law_no_own_range_makes_an_input_worth_more_than_knowing_all(low: float, high: float) -> None:
    assert known(of_ranges(volume=(low, high)))["volume"] >= 0


def test_a_range_without_width_is_worth_nothing_and_explains_nothing() -> None:
    free = known(model(KEY, 24))
    widest = max((key for key in free if key != "all"), key=lambda key: free[key])
    one = next(u for u in model(KEY, 24).unknowns if u.key == widest)
    of = of_ranges(**{one.name: (one.base, one.base)})
    assert widest not in known(of)
    assert widest not in {row.key for row in explained(of, base_plan(of.case), samples=32)}
    assert widest not in {flip.key for flip in find_flips(of, base_plan(of.case))}
    assert widest in {found.used.key for found in input_ranges(of.case)}


def test_everything_known_leaves_one_future() -> None:
    fixed = {one.name: (one.base, one.base) for one in model(KEY, 24).unknowns}
    of = of_ranges(**fixed)
    base = base_plan(of.case)
    found = draw_futures(of, base, 50)
    assert of.unknowns == ()
    assert np.allclose(found.present_usd, [[path.present_usd] for path in base.paths])
    assert known(of) == {"all": 0.0}
    assert swings_of(of, base) is None


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"growth": (1.8, 1.2)}, "The low end, 1.8 times a year, lies above the high end, 1.2 times a year: swap them"),
        ({"volume": (1.1, 1.4)}, "The plan has 100 %, which must lie between the ends, 110 % and 140 %: widen them"),
        ({"chips": (-0.99, 0.1)}, "Both ends must lie between -95 % and +500 %."),
        ({"hit": (0.1, 1.5)}, "Both ends must lie between 0 % and 100 %."),
        ({"growth": (0.0, 2.0)}, "Both ends must lie between "),
        ({"salary": (-1.0, 3e5)}, "Both ends must lie between $0 a year and "),
    ],
)
def test_a_range_that_cannot_be_is_one_sentence_and_the_published_one_is_used(
    ends: dict[str, tuple[float, float]], said: str
) -> None:
    of = of_ranges(**ends)
    found = {one.published.name: one for one in input_ranges(of.case)}
    (name,) = ends
    assert found[name].fault.startswith(said)
    assert found[name].used == found[name].published
    assert of.unknowns == model(KEY, 24).unknowns
