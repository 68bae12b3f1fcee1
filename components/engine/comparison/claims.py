"""The factor the engine reaches in the scenario behind a claim: the first strategy against the second."""

from __future__ import annotations

import math
from collections.abc import Mapping

from components.catalog.evidence import FactorKind
from components.engine.answer.records import Answer
from components.engine.comparison.records import Comparison
from components.wording.money import DOLLARS
from components.wording.numbers import factor as ratio_words
from components.wording.numbers import percent

ALMOST = 0.99
"""A share above is said with a decimal: 99.6 % is not all."""


def _cost(answer: Answer) -> float | None:
    """USD a month, None where there is no price."""
    return answer.cost_usd_per_month.base if answer.cost_parts_usd_per_month else None


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def _less(first: float | None, second: float | None) -> float | None:
    return first - second if first is not None and second is not None else None


def reached(result: Comparison, kind: FactorKind) -> float | None:
    """The claim's factor in this comparison; None where a figure behind it is not published.

    Args:
        result: The first answer is what the claim compares with, the second what it praises.
        kind: What is compared; amounts in USD a month, the others ratios or shares. [USD/month or 1]
    """
    first, second = result.answers[0], result.answers[min(1, len(result.answers) - 1)]
    before, after = _cost(first), _cost(second)
    saved = _less(before, after)
    values: dict[FactorKind, float | None] = {
        "cost": _ratio(before, after),
        "saving": _ratio(saved, before),
        "share": _ratio(before, after),
        "usd_month": before,
        "saved_usd_month": saved,
        "speed": _ratio(second.output_tokens_per_s_per_user, first.output_tokens_per_s_per_user),
        "per_power": _ratio(first.energy_kwh_per_month, second.energy_kwh_per_month),
    }
    return values[kind]


def closest(found: Mapping[str, tuple[Comparison, float | None]], target: float | None) -> str:
    """The key of the comparison whose factor comes closest to a claim's, as a ratio.

    Args:
        found: Comparison and factor by the value tried; those in which fewer strategies are out go first.
        target: The claimed factor; without one the first is taken. [1]
    """

    def distance(key: str) -> tuple[int, float]:
        result, value = found[key]
        out = sum(not answer.feasible for answer in result.answers[:2])
        return out, abs(math.log(value / target)) if value and target and value > 0 else math.inf

    return min(found, key=distance)


def remarks(result: Comparison) -> tuple[str, ...]:
    """Which of the two strategies behind a claim's factor is out in its scenario, and why."""
    return tuple(f"{a.name} does not qualify: {'; '.join(a.reasons)}" for a in result.answers[:2] if not a.feasible)


def words(value: float | None, kind: FactorKind) -> str:
    """The factor as people say it."""
    if kind in {"usd_month", "saved_usd_month"}:
        return DOLLARS.compact(value)
    if kind not in {"saving", "share"}:
        return ratio_words(value)
    if value is not None and ALMOST < value < 1:
        return f"{value * 100:.1f} %"
    return percent(value)
