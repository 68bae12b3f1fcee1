"""How large a saving may be: what both strategies rest on moves both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from components.engine.facts.trust import Range

if TYPE_CHECKING:
    from components.engine.answer.records import Answer


def saving_range(baseline: Answer, other: Answer) -> Range:
    """Share of the baseline's cost that another strategy saves, with its range; negative where it is dearer. [1]

    1 - other / baseline at the base, and at either end of each unknown alone; the changes add as squares. An unknown
    that both share (the price of the same chip, salaries) moves both bills at once, so it widens the range little;
    one that only one of them has moves that bill alone.

    Args:
        baseline: What is paid today.
        other: What would be paid.
    Raises: ValueError where the baseline costs nothing.
    """
    today, then = baseline.cost_usd_per_month.base, other.cost_usd_per_month.base
    if today <= 0:
        raise ValueError("a saving needs a baseline that costs something")
    base = 1 - then / today
    low = high = 0.0
    for ours, theirs in _unknowns(baseline, other):
        changes = [_saving(today + a, then + b) - base for a, b in zip(ours, theirs, strict=True)]
        low, high = math.hypot(low, min(*changes, 0.0)), math.hypot(high, max(*changes, 0.0))
    return Range(base - low, base, min(base + high, 1.0))


def _saving(today: float, then: float) -> float:
    return 1 - then / today if today > 0 else 0.0


Ends = tuple[float, float]
NO_CHANGE: Ends = (0.0, 0.0)


def _unknowns(baseline: Answer, other: Answer) -> list[tuple[Ends, Ends]]:
    """What each unknown changes of both bills at its two ends. [USD/month]"""
    found: dict[str, list[Ends]] = {}
    for place, answer in enumerate((baseline, other)):
        for spread in answer.spreads:
            cause = spread.cause if spread.shared else f"{spread.cause} of {place}"
            found.setdefault(cause, [NO_CHANGE, NO_CHANGE])[place] = (spread.low_usd, spread.high_usd)
    return [(ours, theirs) for ours, theirs in found.values()]
