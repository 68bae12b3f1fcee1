"""Why each figure of the draws is what it is: percentiles, odds, regret, flips and the worth of knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.records import WhyStep
from components.engine.answer.why_step import calculated
from components.engine.facts.formula import Formula, Symbol
from components.engine.plan.flips import HALVINGS, POINTS, values_of_one
from components.engine.plan.futures import HIGH, LOW, MIDDLE, present_values
from components.engine.plan.information import PARTS
from components.engine.plan.uncertain import said
from components.engine.plan.why_figures import PLACE, FigureWhy

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.plan.flips import Flip
    from components.engine.plan.futures import DrawModel, Futures
    from components.engine.plan.information import Information, Worth
    from components.engine.plan.paths import BasePlan
    from components.wording.money import Money

BETWEEN = Formula(
    "below + share * (above - below)",
    "USD",
    (Symbol("below", "USD"), Symbol("share", "", "of the way between two futures"), Symbol("above", "USD")),
    PLACE,
)
SHARE = Formula(
    "futures / drawn * 100",
    "%",
    (Symbol("futures", ""), Symbol("drawn", "")),
    PLACE,
)
REGRET = Formula(
    "its cost - least cost",
    "USD",
    (Symbol("its cost", "USD"), Symbol("least cost", "USD", "of the cheapest in the same future")),
    PLACE,
)
KNOWING_ALL = Formula(
    "decided - known",
    "USD",
    (
        Symbol("decided", "USD", "mean cost of what is cheapest on average"),
        Symbol("known", "USD", "mean cost of what is cheapest in each future"),
    ),
    PLACE,
)
KNOWING_ONE = Formula(
    "max(decided - told - chance, 0)",
    "USD",
    (
        Symbol("decided", "USD", "mean cost of what is cheapest on average"),
        Symbol("told", "USD", f"mean cost of what is cheapest in each of {PARTS} parts of the futures by this input"),
        Symbol("chance", "USD", "what an input that says nothing would seem to be worth"),
    ),
    PLACE,
)
TURN = Formula(
    "other - best",
    "USD",
    (Symbol("other", "USD", "worth today"), Symbol("best", "USD", "worth today")),
    PLACE,
)


def _percentile(name: str, values: Vec, quantile: float) -> WhyStep:
    """A quantile of the draws, linear between the two next to it. [USD]"""
    order = np.sort(values)
    at = quantile * (len(order) - 1)
    left = min(int(at), len(order) - 2)
    return calculated(
        "cost", name, value=float(np.quantile(values, quantile)), formula=BETWEEN,
        inputs={"below": float(order[left]), "share": at - left, "above": float(order[left + 1])},
        also=(("place in rising order", f"{left + 1:,} and {left + 2:,} of {len(order):,}"),),
    )  # fmt: skip


def percentiles(values: Vec) -> tuple[WhyStep, ...]:
    """P10, P50 and P90 of the draws.    Args: values, of each draw, shape (draws,). [USD]"""
    ends = (
        ("one in ten lies below (P10)", LOW),
        ("the middle one (P50)", MIDDLE),
        ("one in ten lies above (P90)", HIGH),
    )
    return tuple(_percentile(name, values, quantile) for name, quantile in ends)


def why_saving_range(plan: BasePlan, found: Futures) -> tuple[WhyStep, ...]:
    """Ends of what is saved over all futures."""
    return percentiles(found.present_usd[plan.against] - found.present_usd[plan.best])


def why_odds(plan: BasePlan, found: Futures, one: int, other: int) -> FigureWhy:
    """How often one strategy costs less than another."""
    less = int((found.present_usd[one] < found.present_usd[other]).sum())
    name = f"futures in which {plan.paths[one].name} costs less than {plan.paths[other].name}"
    return FigureWhy("Cheaper in", (_share(name, less, found.draws),))


def _share(name: str, count: float, drawn: int) -> WhyStep:
    return calculated("cost", name, value=100 * count / drawn, formula=SHARE,
                      inputs={"futures": count, "drawn": drawn})  # fmt: skip


def why_worst_regret(plan: BasePlan, found: Futures, place: int) -> FigureWhy:
    """The draw in which a strategy costs most beyond the cheapest."""
    least = found.present_usd.min(axis=0)
    worst = int((found.present_usd[place] - least).argmax())
    cheapest = plan.paths[int(found.present_usd[:, worst].argmin())].name
    step = calculated(
        "cost", f"in future {worst + 1:,}, where {cheapest} is the cheapest",
        value=found.standings[place].worst_regret_usd, formula=REGRET,
        inputs={"its cost": float(found.present_usd[place, worst]), "least cost": float(least[worst])},
    )  # fmt: skip
    return FigureWhy("Worst regret", (step,))


def why_standing(plan: BasePlan, found: Futures, place: int) -> tuple[FigureWhy, ...]:
    """Every figure of a strategy that the draws give."""
    values, standing = found.present_usd[place], found.standings[place]
    mean, least = float(values.mean()), float(found.present_usd.min(axis=0).mean())
    cheapest = _share("futures in which none costs less, ties shared", standing.cheapest_share * found.draws,
                      found.draws)  # fmt: skip
    regret = calculated("cost", "mean over all futures", value=standing.expected_regret_usd, formula=REGRET,
                        inputs={"its cost": mean, "least cost": least})  # fmt: skip
    return (
        FigureWhy("Cheapest in", (cheapest,)),
        FigureWhy("Cheap tenth, middle and dear tenth", percentiles(values)),
        FigureWhy("Mean regret", (regret,)),
        why_worst_regret(plan, found, place),
    )


def why_flip(model: DrawModel, plan: BasePlan, flip: Flip, money: Money) -> FigureWhy:
    """Both strategies where the decision turns, and as planned."""
    one = next(one for one in model.unknowns if one.key == flip.key)
    other = next(i for i, path in enumerate(plan.paths) if path.name == flip.instead)
    usd = present_values(model, values_of_one(model, flip.key, np.array([flip.base, flip.value])))
    steps = tuple(
        calculated(
            "cost", f"{flip.instead} less {plan.chosen.name} {where} {said(one, value, money)}",
            value=float(usd[other, i] - usd[plan.best, i]), formula=TURN,
            inputs={"other": float(usd[other, i]), "best": float(usd[plan.best, i])},
        )
        for i, (where, value) in enumerate((("as planned, at", flip.base), ("at", flip.value)))
    )  # fmt: skip
    found = WhyStep(
        topic="cost", name=flip.words, value=None, unit="", found="search",
        formula=f"{POINTS} values up to twice the range on either side, then halved {HALVINGS} times; all other inputs "
        f"are as planned, and at {said(one, flip.value, money)} {plan.chosen.name} has just ceased to be the cheapest",
    )  # fmt: skip
    return FigureWhy(flip.words, (found, *steps))


def why_all_known(found: Information) -> FigureWhy:
    """What knowing every input before deciding is worth."""
    step = calculated("cost", "everything known", value=found.all_usd, formula=KNOWING_ALL,
                      inputs={"decided": found.decided_usd, "known": found.known_usd})  # fmt: skip
    return FigureWhy("Everything", (step,))


def why_known(found: Information, one: Worth) -> FigureWhy:
    """What knowing one input before deciding is worth."""
    given = {"decided": found.decided_usd, "told": one.told_usd, "chance": found.chance_usd}
    step = calculated("cost", one.words, value=one.usd, formula=KNOWING_ONE, inputs=given)
    return FigureWhy(one.words, (step,))
