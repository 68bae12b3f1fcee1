"""Ranges of the reader's own for what a plan does not know, taken for the published ones, or why they cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from components.engine.plan.terms import LARGEST_GROWTH, MONTHS_PER_YEAR, Terms
from components.engine.plan.uncertain import SHARES, Unknown, published_inputs, said
from components.wording.money import DOLLARS

if TYPE_CHECKING:
    from components.engine.plan.paths import Case

LARGEST_FACTOR = 100.0
"""Most that an input may be over its base, and least under it: far beyond any that was ever seen. [1]"""


class InputRange(NamedTuple):
    """One uncertain input with its published range and the one in use."""

    published: Unknown
    used: Unknown
    """The reader's own where it is given and can be."""
    fault: str
    """Why the reader's own range cannot be, as a sentence that says what to change; else empty."""

    @property
    def open(self) -> bool:
        """Whether it is uncertain at all."""
        return self.used.low < self.used.high


def input_ranges(case: Case) -> tuple[InputRange, ...]:
    """Every input that may be uncertain, with the range in use."""
    stated = case.terms.stated
    lows, highs = dict(stated.lows), dict(stated.highs)
    return tuple(own_range(one, lows.get(one.name), highs.get(one.name), case.terms) for one in published_inputs(case))


def unknowns(case: Case) -> tuple[Unknown, ...]:
    """Every input that is uncertain; one whose ends are its base is none."""
    return tuple(found.used for found in input_ranges(case) if found.open)


def own_range(published: Unknown, low: float | None, high: float | None, terms: Terms) -> InputRange:
    """An input with the reader's own ends, the published where they are None; unchanged where that cannot be."""
    if low is None and high is None:
        return InputRange(published, published, "")
    used = replace(
        published, low=published.low if low is None else low, high=published.high if high is None else high, own=True
    )
    fault = _fault(used, terms)
    return InputRange(published, published if fault else used, fault)


def _fault(one: Unknown, terms: Terms) -> str:
    least, most = _limits(one, terms)

    def show(value: float) -> str:
        return said(one, value, DOLLARS)

    if one.low > one.high:
        return f"The low end, {show(one.low)}, lies above the high end, {show(one.high)}: swap them or change one."
    if one.low < least or one.high > most:
        return f"Both ends must lie between {show(least)} and {show(most)}."
    if not one.low <= one.base <= one.high:
        return (
            f"The plan has {show(one.base)}, which must lie between the ends, {show(one.low)} and {show(one.high)}: "
            "widen them or change what the plan has."
        )
    return ""


def _limits(one: Unknown, terms: Terms) -> tuple[float, float]:
    """Within what both ends must lie."""
    if one.kind == "growth":
        widest = LARGEST_GROWTH ** (MONTHS_PER_YEAR / terms.months)
        return max(1 / widest, 0.01), min(widest, 100.0)
    if one.said == "change":
        return -0.95, 5.0
    least = 0.0 if one.shape == "triangular" else one.base / LARGEST_FACTOR
    if one.kind in SHARES:
        return least, 1.0
    return one.base / LARGEST_FACTOR if one.kind in CARRIED else least, one.base * LARGEST_FACTOR


CARRIED = frozenset({"volume", "use"})
"""Inputs that a load is multiplied with or divided by."""
