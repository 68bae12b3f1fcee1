"""The answer in one sentence, said of computed numbers only."""

from __future__ import annotations

from collections.abc import Sequence

from components.engine.answer.records import Answer
from components.engine.comparison.saving_spread import saving_range
from components.wording import numbers
from components.wording.money import DOLLARS, Money


def cheapest(answers: Sequence[Answer]) -> int | None:
    """Index of the cheapest strategy that is feasible and misses no target; None where all fail."""
    fit = [i for i, a in enumerate(answers) if a.feasible and a.meets_ttft is not False and a.meets_tpot is not False]
    return min(fit, key=lambda i: answers[i].cost_usd_per_month.base, default=None)


def headline(answers: Sequence[Answer], money: Money = DOLLARS) -> str:
    """What we pay, what we would pay, and how sure that is.

    Args:
        answers: Baseline first.
        money: Currency and locale shown.
    """
    best, today, say = cheapest(answers), answers[0], money.compact
    if best is None:
        return "No strategy shown meets the targets: each one says below what to change."
    winner = answers[best]
    cost, now = winner.cost_usd_per_month, today.cost_usd_per_month
    if best == 0:
        others = [a for a in answers[1:] if a.feasible]
        if not others:
            return f"{today.name} costs {say(now.base)} a month; add a strategy to compare it with."
        return f"{today.name} at {say(now.base)} a month is the cheapest shown that meets the targets."
    if not today.feasible and now.base <= 0:
        return f"{winner.name} costs {say(cost.base)} a month; {today.name} cannot be priced for this workload."
    saving = now.base - cost.base
    if saving <= 0:
        return (
            f"{winner.name} is the cheapest that meets the targets: {say(cost.base)} a month against "
            f"{say(now.base)} for {today.name}, which misses them."
        )
    verdict = "" if saving_range(today, winner).low > 0 else ", though the ranges overlap"
    late = "" if _meets(today) else f"; {today.name} also misses its targets"
    return (
        f"{winner.name} would cost {say(cost.base)} a month instead of {say(now.base)}: "
        f"{numbers.percent(saving / now.base)} less{verdict}{late}."
    )


def _meets(answer: Answer) -> bool:
    return answer.feasible and answer.meets_ttft is not False and answer.meets_tpot is not False
