"""Why each figure of a plan is what it is: one block per figure, named as it is on screen, its formula with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.answer.why_step import calculated
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.plan.months import WRONG
from components.engine.plan.terms import MONTHS_PER_YEAR, discounted
from components.engine.plan.why import SAVING
from components.wording import numbers

if TYPE_CHECKING:
    from components.engine.answer.records import WhyStep
    from components.engine.facts.arrays import Vec
    from components.engine.plan.paths import BasePlan, Case, Path

PLACE = "docs/engine.md#plan"
YEARS = ("first year", "second year", "third year", "fourth year", "fifth year")
AHEAD = Formula(
    "paid by staying - paid by moving",
    "USD",
    (Symbol("paid by staying", "USD", "by then"), Symbol("paid by moving", "USD", "by then, no machine sold")),
    PLACE,
)
OUT = Formula(
    "max(paid by moving - paid by staying, 0)",
    "USD",
    (Symbol("paid by moving", "USD", "by then, no machine sold"), Symbol("paid by staying", "USD", "by then")),
    PLACE,
)


class FigureWhy(NamedTuple):
    """One figure with the steps behind it."""

    name: str
    """As it is on screen."""
    steps: tuple[WhyStep, ...]


def why_saved(plan: BasePlan) -> FigureWhy:
    """Present value saved against staying, or against the next best where it is to stay."""
    best, other = plan.chosen, plan.paths[plan.against]
    saved = calculated(
        "cost", f"{other.name} less {best.name}", value=other.present_usd - best.present_usd, formula=SAVING,
        inputs={"staying": other.present_usd, "moving": best.present_usd},
    )  # fmt: skip
    return FigureWhy("Saved", (saved, present(plan, other), present(plan, best)))


def present(plan: BasePlan, path: Path) -> WhyStep:
    """Present value as the sum of its years."""
    paid = path.cash_usd * discounted(plan.terms.discount, plan.terms.months)
    years = [float(paid[0]), *_by_year(paid[1:])]
    names = ["start", *YEARS[: len(years) - 1]]
    symbols = tuple(Symbol(name, "USD", "worth today") for name in names)
    return calculated(
        "cost", f"worth today of all payments of {path.name}", value=path.present_usd,
        formula=Formula(" + ".join(names), "USD", symbols, PLACE), inputs=dict(zip(names, years, strict=True)),
        also=(("discount", f"{numbers.percent(plan.terms.discount)} a year, each payment by its month"),),
    )  # fmt: skip


def _by_year(monthly: Vec) -> list[float]:
    return [float(monthly[i : i + MONTHS_PER_YEAR].sum()) for i in range(0, len(monthly), MONTHS_PER_YEAR)]


def _paid(path: Path) -> Vec:
    """Paid by the end of each month, sales of machines at the end of the plan left out, the start first. [USD]"""
    cash = path.cash_usd.copy()
    cash[-1] += path.resale_usd
    return np.cumsum(cash)


def _paid_by(plan: BasePlan, path: Path, month: int) -> dict[str, float]:
    staying = float(np.cumsum(plan.today.cash_usd)[month])
    return {"paid by staying": staying, "paid by moving": float(_paid(path)[month])}


def why_payback(plan: BasePlan, path: Path) -> FigureWhy:
    """The month from whose end on a move has paid less in all, and the one before."""
    month, last = path.payback_month, plan.terms.months
    shown = [last] if month is None else [month - 1, month] if month else [0]
    steps = []
    for at in shown:
        given = _paid_by(plan, path, at)
        steps.append(
            calculated("cost", f"ahead by the end of month {at}" if at else "ahead at the start",
                       value=given["paid by staying"] - given["paid by moving"], formula=AHEAD, inputs=given)
        )  # fmt: skip
    return FigureWhy("Paid back", tuple(steps))


def why_funding(plan: BasePlan, path: Path) -> FigureWhy:
    """The month in which most is out."""
    month = int(np.argmax(_paid(path) - np.cumsum(plan.today.cash_usd)))
    step = calculated(
        "cost", f"out by the end of month {month}" if month else "out at the start", value=path.peak_funding_usd,
        formula=OUT, inputs=_paid_by(plan, path, month),
    )  # fmt: skip
    return FigureWhy("Most money out", (step,))


def why_wrong(case: Case, path: Path) -> FigureWhy:
    """What wrong answers cost in a month at today's volume."""
    way = next(way for way in case.ways if way.index == path.index)
    errors = case.looked_up.outcomes[path.index].resolved.extra_errors_per_1000 or 0.0
    step = calculated(
        "quality", "wrong answers of a month like today", value=way.wrong_usd, formula=WRONG,
        inputs={"requests": case.looked_up.requests_per_day, "days": DAYS_PER_MONTH, "errors": errors,
                "price": case.terms.wrong_usd or 0.0},
    )  # fmt: skip
    return FigureWhy("Of it wrong answers", (step,))


def why_path(case: Case, plan: BasePlan, place: int) -> tuple[FigureWhy, ...]:
    """Every figure of a strategy that needs no draws."""
    path = plan.paths[place]
    worth = FigureWhy("Worth today", (present(plan, path),))
    errors = (why_wrong(case, path),) if case.terms.wrong_usd else ()
    if not place:
        return (worth, *errors)
    saved = calculated(
        "cost", "less than staying", value=path.saving_usd, formula=SAVING,
        inputs={"staying": plan.today.present_usd, "moving": path.present_usd},
    )  # fmt: skip
    moved = FigureWhy("Saved against today", (saved,)), why_payback(plan, path), why_funding(plan, path)
    return (worth, *errors, *moved)
