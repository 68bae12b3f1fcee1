"""The whole answer, quality in money, and the reasons of its figures."""

from __future__ import annotations

import re

import pytest

from components.engine.comparison import compare
from components.engine.plan import PlanAnswer, answer_costs, base_plan, plan_answer, why_plan
from components.engine.scenario import PlanTerms, Scenario, Strategy, Workload
from components.wording.money import DOLLARS
from tests.engine.answer.printed import evaluate
from tests.engine.plan.cases import CATALOG, FLAT, OWNED, SCENARIOS, case, model

UNIT = re.compile(r" (USD|%|requests/day)$")


def answered(key: str, **terms: object) -> PlanAnswer:
    scenario = SCENARIOS[key].model_copy(update={"plan": PlanTerms.model_validate(terms)})
    return plan_answer(scenario, compare(scenario, CATALOG), CATALOG, draws=1_000)


def test_the_answer_says_the_decision_first_and_what_would_change_it_last() -> None:
    found = answered("eu-bank")
    said = found.sentences(DOLLARS)
    assert said[0].startswith("Move to H200, Nebius, Finland: $")
    assert "over 3 years, cheaper in " in said[0]
    assert said[0].endswith(" of 1,000 futures.")
    assert "is cheaper than" in said[1]
    assert said[2].startswith("The plan bets that requests grow 1.5 times a year")
    assert said[3].startswith(
        "Best order: H100, Scaleway, France in month 1, then H200, Nebius, Finland from month 1 to 36"
    )
    assert said[4] == "What moves it most: growth of requests."
    assert said[5].startswith("Check first: ")
    assert len(said) == 6 + len(found.flips)
    assert all(sentence.endswith(".") for sentence in said)


def test_one_strategy_alone_has_a_plan_without_a_choice() -> None:
    scenario = Scenario(workload=OWNED.workload, strategies=OWNED.strategies[:1])
    found = plan_answer(scenario, compare(scenario, CATALOG), CATALOG, draws=500)
    assert found.base.rival is None
    assert found.sensitivity is None
    assert found.flips == ()
    assert found.information.all_usd == 0
    assert "only strategy" in found.sentences(DOLLARS)[0]


def test_a_baseline_without_a_price_cannot_be_planned_with() -> None:
    nobody = Strategy(name="nobody sells it", hardware="groq-3-lpu")
    scenario = Scenario(workload=Workload(), strategies=(nobody, OWNED.strategies[0]))
    with pytest.raises(ValueError, match="nobody sells it has no price"):
        plan_answer(scenario, compare(scenario, CATALOG), CATALOG, draws=10)


def test_where_staying_is_best_the_next_best_is_said() -> None:
    scenario = SCENARIOS["eu-bank"]
    best = scenario.strategies[3]
    turned = scenario.model_copy(update={"strategies": (best, *scenario.strategies[:3])})
    found = plan_answer(turned, compare(turned, CATALOG), CATALOG, draws=500)
    assert found.base.best == 0
    assert found.sentences(DOLLARS)[0].startswith("Stay with H200, Nebius, Finland: ")
    assert found.base.chosen.peak_funding_usd == 0


def test_the_saving_of_a_lossy_strategy_is_gone_at_the_price_of_an_error_that_is_said() -> None:
    """Cost plus errors at that price equal those of staying."""
    of = case(months=24, **FLAT)
    base = base_plan(of)
    costs = answer_costs(of, base)
    extra = [cost.extra_errors_per_1000 for cost in costs]
    assert costs[0].vanishes_usd is None
    assert any(extra)
    lossy = SCENARIOS["support-chat"]
    found = case("support-chat", months=24)
    plan = base_plan(found)
    rows = answer_costs(found, plan)
    gone = [(cost, path) for cost, path in zip(rows, plan.paths, strict=True) if cost.vanishes_usd is not None]
    assert gone, [s.name for s in lossy.strategies]
    for cost, path in gone:
        assert cost.errors is not None
        assert rows[0].errors is not None
        assert cost.vanishes_usd is not None
        price = cost.vanishes_usd
        staying, moving = plan.today.present_usd + price * rows[0].errors, path.present_usd + price * cost.errors
        assert moving == pytest.approx(staying, rel=1e-9)
    dear = answer_costs(case("support-chat", months=24, wrong=1.0), plan)
    for free, paid in zip(rows, dear, strict=True):
        if free.errors:
            assert free.usd_per_accepted is not None
            assert paid.usd_per_accepted is not None
            assert free.usd_per_answer < free.usd_per_accepted < paid.usd_per_accepted


def test_every_printed_formula_gives_its_printed_value() -> None:
    for key in ("owned", "eu-bank"):
        of = model(key, 36)
        steps = why_plan(of, base_plan(of.case), DOLLARS)
        told = [step for step in steps if step.found == "formula"]
        assert len(told) >= 2
        for step in told:
            inputs = {name: UNIT.sub("", value).replace(",", "") for name, value in step.inputs}
            scaled = {n: str(float(v) / 100) if n == "discount" else v for n, v in inputs.items()}
            assert step.value is not None
            assert evaluate(step.formula, scaled).holds(step.value, 1e-6 * abs(step.value)), step.name
        assert {one.words for one in of.unknowns} <= {step.name for step in steps}
        assert all(source in CATALOG.sources or source == "own-figure" for step in steps for source in step.sources)
