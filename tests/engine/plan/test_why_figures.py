"""Every figure of a plan opens its own why, whose formula gives it, and no formula of the room goes unprinted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components.engine.plan import (
    BasePlan,
    DrawModel,
    FigureWhy,
    Futures,
    base_plan,
    draw_futures,
    find_flips,
    model_of,
    why_all_known,
    why_flip,
    why_funding,
    why_known,
    why_odds,
    why_path,
    why_payback,
    why_plan,
    why_saved,
    why_saving_range,
    why_standing,
    worth_of_knowing,
)
from components.engine.plan.why import WORTH
from components.wording.money import DOLLARS
from tests.engine.answer import printed
from tests.engine.answer.test_why import declared
from tests.engine.plan.cases import case

KEY, DRAWS = "eu-bank", 400


@pytest.fixture(scope="module")
def answered() -> tuple[DrawModel, BasePlan, Futures]:
    of = model_of(case(KEY, months=30, wrong=0.01))
    base = base_plan(of.case)
    return of, base, draw_futures(of, base, DRAWS)


def _every(of: DrawModel, base: BasePlan, found: Futures) -> Iterator[FigureWhy]:
    yield why_saved(base)
    yield why_odds(base, found, base.best, 0)
    yield FigureWhy("range", why_saving_range(base, found))
    for place in range(len(base.paths)):
        yield from why_path(of.case, base, place)
        yield from why_standing(base, found, place)
    for flip in find_flips(of, base):
        yield why_flip(of, base, flip, DOLLARS)
    worth = worth_of_knowing(found, of.unknowns, 1)
    yield why_all_known(worth)
    for one in worth.worth:
        yield why_known(worth, one)


def test_every_printed_formula_gives_the_printed_figure(answered: tuple[DrawModel, BasePlan, Futures]) -> None:
    texts = []
    for why in _every(*answered):
        assert why.steps, why.name
        for step in why.steps:
            texts.append(step.formula)
            if step.found != "formula":
                continue
            assert step.value is not None
            given = printed.evaluate(step.formula, dict(step.inputs))
            where = f"{why.name}, {step.name}: {step.formula} = {given}, not {step.value}, with {step.inputs}"
            assert given.holds(step.value, 1e-9 * abs(step.value) + 1e-6), where
    of, base, _ = answered
    texts += [step.formula for step in why_plan(of, base, DOLLARS)]
    ours = {name: f.printed for name, f in declared().items() if name.startswith("plan.")}
    ours = {name: text for name, text in ours.items() if "why_turns" not in name}  # test_why_turns.py
    assert WORTH.printed in ours.values()
    assert {name for name, text in ours.items() if not any(text in told for told in texts)} == set()


def test_the_whys_are_of_the_figures_on_screen(answered: tuple[DrawModel, BasePlan, Futures]) -> None:
    _, base, found = answered
    best = base.chosen
    assert why_saved(base).steps[0].value == pytest.approx(best.saving_usd)
    assert why_funding(base, best).steps[0].value == pytest.approx(best.peak_funding_usd)
    before, after = (step.value for step in why_payback(base, best).steps)
    assert before is not None and after is not None
    assert before < 0 <= after + 1e-6
    assert why_odds(base, found, base.best, 0).steps[0].value == pytest.approx(100 * found.odds(base.best, 0).less)
    ends = [step.value for why in why_standing(base, found, base.best) for step in why.steps if "P" in step.name]
    one = found.standings[base.best]
    assert ends == pytest.approx([one.low_usd, one.middle_usd, one.high_usd])
