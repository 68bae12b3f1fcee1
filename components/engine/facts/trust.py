"""How a number is known and how sure it is: basis, confidence, range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from components.catalog.records import Confidence


CONFIDENCE: tuple[Confidence, ...] = ("high", "medium", "low")


Basis = Literal["measured", "modelled", "announced", "estimated"]
"""How a number is known, from the surest to the least; the weakest input decides."""


BASES: tuple[Basis, ...] = ("measured", "modelled", "announced", "estimated")


SAME_COST = 1.05
"""Costs closer than this, one over the other, are the same for a decision. [1]"""


@dataclass(frozen=True, slots=True)
class Range:
    """Base estimate with the bounds of what is not known about it."""

    low: float
    base: float
    high: float
