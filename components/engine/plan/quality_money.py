"""Quality in money: what an accepted answer costs, and the price of an error at which a lossy saving vanishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.plan.terms import discounted

if TYPE_CHECKING:
    from components.engine.plan.paths import BasePlan, Case, Path


@dataclass(frozen=True, slots=True)
class AnswerCost:
    """One strategy's answers over the plan; None where its quality is not known. [USD]"""

    name: str
    extra_errors_per_1000: float | None
    """Beyond those of today's model as published, at most."""
    usd_per_answer: float
    """Whatever its quality, wrong answers not paid for."""
    usd_per_accepted: float | None
    """With what wrong answers cost, over the answers that are not wrong for this reason."""
    errors: float | None
    """Extra wrong answers over the plan. [1]"""
    vanishes_usd: float | None
    """Cost of one wrong answer at which its saving is gone; None where it saves nothing or adds no error."""


def answer_costs(case: Case, plan: BasePlan) -> tuple[AnswerCost, ...]:
    """Every path's answers; worth today of money and of errors alike, so that a dear error later counts less.

    Accepted: (payments + price of an error x errors) / (answers - errors). Saving gone at: saving / further errors.
    Source: docs/engine.md#plan.
    """
    extra = [case.looked_up.outcomes[path.index].resolved.extra_errors_per_1000 for path in plan.paths]
    return tuple(_answers(case, plan, place, extra) for place in range(len(plan.paths)))


def _answers(case: Case, plan: BasePlan, place: int, extra: list[float | None]) -> AnswerCost:
    path, worth = plan.paths[place], discounted(case.terms.discount, case.terms.months)[1:]
    answers = case.looked_up.requests_per_day * DAYS_PER_MONTH * path.volume * worth
    errors, todays = _errors(path, extra[0], extra[place], answers), _errors(plan.today, extra[0], extra[0], answers)
    wrong = case.terms.wrong_usd or 0.0
    bare = path.present_usd - path.wrong_usd
    saving = plan.today.present_usd - plan.today.wrong_usd - bare
    known = errors is not None and errors < answers.sum()
    further = errors - todays if errors is not None and todays is not None else 0.0
    return AnswerCost(
        name=path.name,
        extra_errors_per_1000=extra[place],
        usd_per_answer=bare / float(answers.sum()),
        usd_per_accepted=(bare + wrong * errors) / (float(answers.sum()) - errors)
        if known and errors is not None
        else None,
        errors=errors,
        vanishes_usd=saving / further if further > 0 and saving > 0 else None,
    )


def _errors(
    path: Path, before: float | None, then: float | None, answers: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float | None:
    """Extra wrong answers, worth today's: of today's strategy until the other answers. [1]"""
    if before is None or then is None:
        return None
    moved = np.arange(1, len(answers) + 1) >= path.first_month
    return float((answers * np.where(moved, then, before)).sum() / 1000)
