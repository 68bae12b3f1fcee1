"""Which strategies may be called the best, and what is cheaper than the best and may not."""

from __future__ import annotations

from collections.abc import Sequence

from components.engine.answer.records import Answer
from components.engine.answer.targets import risky, spared
from components.engine.scenario import Floor, Grade
from components.engine.strategy.quality import GRADES

BAND: Grade = "B"
"""Worst grade of the best band: at most a point lost, which is within what two runs of one evaluation differ by."""


def meets_targets(answer: Answer) -> bool:
    """Whether a strategy works and every target that is set is kept, by a published or modelled time."""
    late = answer.meets_ttft is False or answer.meets_tpot is False
    return answer.feasible and not late and not answer.unproven


def worst_grade(baseline: Answer, floor: Floor) -> Grade:
    """The worst grade that the best may have.

    Without a floor of the user's it is the baseline's own, or the end of the best band where the baseline is in it
    or of unknown quality.
    """
    if floor == "any":
        return "?"
    if floor:
        return floor
    return BAND if baseline.grade == "?" else max(baseline.grade, BAND, key=GRADES.index)


def keeps_quality(answer: Answer, baseline: Answer, floor: Floor = "") -> bool:
    """Whether a strategy is no worse than the floor; the baseline itself always is where no floor was set."""
    if answer is baseline and not floor:
        return True
    return GRADES.index(answer.grade) <= GRADES.index(worst_grade(baseline, floor))


def suitable(answers: Sequence[Answer], floor: Floor = "") -> tuple[int, ...]:
    """Indices of the strategies that meet every target and keep the quality, cheapest first.

    Args:
        answers: baseline first.
        floor: worst grade of the workload's question.
    """
    fit = [i for i, a in enumerate(answers) if meets_targets(a) and keeps_quality(a, answers[0], floor)]
    return tuple(sorted(fit, key=lambda i: answers[i].cost_usd_per_month.base))


def eligible(answers: Sequence[Answer], floor: Floor = "") -> tuple[int, ...]:
    """Those suitable without the risky ones, as long as one is left, cheapest first; the baseline's risk is known.

    Args: as `suitable`.
    """
    return spared(suitable(answers, floor), lambda i: i > 0 and risky(answers[i]))


def cheapest(answers: Sequence[Answer], floor: Floor = "") -> int | None:
    """Index of the cheapest strategy that meets every target and keeps the quality; None where none does."""
    return next(iter(eligible(answers, floor)), None)


def passed_over(answers: Sequence[Answer], floor: Floor = "") -> tuple[int, ...]:
    """Indices of the strategies that work, cost less than the best and may not be it, cheapest first."""
    best = cheapest(answers, floor)
    limit = answers[best].cost_usd_per_month.base if best is not None else float("inf")
    cheaper = [i for i, a in enumerate(answers) if i != best and a.feasible and a.cost_usd_per_month.base < limit]
    return tuple(sorted(cheaper, key=lambda i: answers[i].cost_usd_per_month.base))
