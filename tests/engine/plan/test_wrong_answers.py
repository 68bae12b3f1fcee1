"""Wrong answers in the decision: each one costs what it costs, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.engine.plan import (
    LookUps,
    answer_costs,
    base_plan,
    bets,
    case_of,
    draw_futures,
    model_of,
    plan_headline,
    switch_plan,
)
from components.engine.scenario import PlanTerms
from components.wording.money import DOLLARS
from tests.engine.plan.cases import case, looked_up, plan

KEY = "support-chat"


def test_nothing_typed_and_nothing_paid_are_the_same_plan_to_the_digit() -> None:
    free, zero = plan(KEY, months=24), plan(KEY, months=24, wrong=0.0)
    for one, other in zip(free.paths, zero.paths, strict=True):
        assert (one.cash_usd == other.cash_usd).all()
        assert (one.wrong_usd, other.wrong_usd) == (0.0, 0.0)
    assert switch_plan(case(KEY, months=24)) == switch_plan(case(KEY, months=24, wrong=0.0))
    assert "wrong answers" not in plan_headline(zero, DOLLARS)


def test_law_a_plan_costs_so_much_more_as_its_wrong_answers_times_their_price() -> None:
    free, paid = plan(KEY, months=24), plan(KEY, months=24, wrong=0.02)
    costs = answer_costs(case(KEY, months=24), free)
    assert any(cost.errors for cost in costs)
    for cost, one, other in zip(costs, free.paths, paid.paths, strict=True):
        assert cost.errors is not None
        assert other.wrong_usd == pytest.approx(0.02 * cost.errors)
        assert other.present_usd == pytest.approx(one.present_usd + 0.02 * cost.errors)
    assert "wrong answers included" in plan_headline(paid, DOLLARS)
    again = answer_costs(case(KEY, months=24, wrong=0.02), paid)
    assert [c.vanishes_usd for c in again] == pytest.approx([c.vanishes_usd for c in costs])
    assert [c.usd_per_answer for c in again] == pytest.approx([c.usd_per_answer for c in costs])


def test_the_best_turns_at_the_price_that_is_said_and_so_do_moves_and_draws() -> None:
    free = plan(KEY, months=24)
    costs = answer_costs(case(KEY, months=24), free)
    gone = max(cost.vanishes_usd for cost in costs if cost.vanishes_usd is not None)
    dear = case(KEY, months=24, wrong=gone * 1.01)
    base = base_plan(dear)
    lossy = {cost.name for cost in costs if cost.vanishes_usd is not None}
    assert base.chosen.name not in lossy
    best = switch_plan(dear)
    assert best.present_usd <= base.chosen.present_usd * (1 + 1e-9)
    found = draw_futures(model_of(dear), base, 200)
    without = draw_futures(model_of(case(KEY, months=24)), free, 200)
    more = found.present_usd - without.present_usd
    assert (more[[path.wrong_usd > 0 for path in base.paths]] > 0).all()


def _errors_unknown(key: str, index: int) -> LookUps:
    found = looked_up(key)[1]
    outcome = found.outcomes[index]
    unknown = replace(outcome, resolved=replace(outcome.resolved, extra_errors_per_1000=None))
    return replace(found, outcomes=(*found.outcomes[:index], unknown, *found.outcomes[index + 1 :]))


def test_a_strategy_whose_errors_are_not_known_is_left_out_once_they_cost_money() -> None:
    found = _errors_unknown(KEY, 1)
    name = found.names[1]
    assert name in [way.name for way in case_of(found, PlanTerms()).ways]
    priced = case_of(found, PlanTerms(wrong=1.0))
    assert name not in [way.name for way in priced.ways]
    assert "it is not known how many wrong answers it adds" in dict(priced.left_out)[name]
    today = case_of(_errors_unknown(KEY, 0), PlanTerms(wrong=1.0))
    assert "today's strategy adds no wrong answers, for how many is not known" in bets(base_plan(today))
