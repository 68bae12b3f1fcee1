"""Rent, own or API as records: ways over volumes, crossovers, the hybrid and the whole answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from components.engine.answer.records import Answer
    from components.engine.facts.arrays import Vec
    from components.engine.plan.ownership import Ownership
    from components.engine.plan.ways_to_buy import Family, Way
    from components.engine.scenario import Buy


@dataclass(frozen=True, slots=True)
class Drawn:
    """One way over the volumes of the picture; arrays of shape (k,)."""

    key: str
    label: str
    doing: str
    family: Family
    buy: Buy | None
    """How its machines or tokens are bought; None for two ways together and for users' devices."""
    may_win: bool
    doubt: str
    """Why it may not be called the cheapest; empty where it may."""
    estimated: bool
    """Whether its price is estimated or its machine announced."""
    usd_per_month: Vec
    """NaN where it does not work. [USD/month]"""
    idle_usd_per_month: Vec
    busy_share: Vec
    """NaN where no hours are paid. [1]"""
    replicas: Vec
    today_usd_per_month: float
    """NaN where nobody asks today, or it does not work. [USD/month]"""
    today_busy_share: float
    answer: Answer | None = None
    """At today's volume; None for what follows from other ways."""


@dataclass(frozen=True, slots=True)
class BreakEvenPoint:
    """Where the cheapest way changes."""

    requests_per_day: float
    below: int
    """Position in the lines."""
    above: int
    usd_per_month: float
    """Of the way below, at this volume; both are the same where `equal`."""
    busy_share: float
    """Of the machines of the way above, of the one below where it has none; NaN where neither has. [1]"""
    equal: bool
    """Whether both cost the same there; else one more replica turns the order at this volume."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a hybrid holds at today's volume."""

    base: Buy
    """How what carries it is bought."""
    burst: Buy
    replicas: int
    """Held, without the spare. [1]"""
    share: float
    """Of the work. [1]"""
    held_usd_per_month: float
    """Without people, as are the next. [USD/month]"""
    burst_usd_per_month: float
    staff_usd_per_month: float
    """For both together. [USD/month]"""
    beside_usd_per_month: float
    """What runs beside the model. [USD/month]"""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The answer of the page."""

    strategy: str
    chosen: int | None
    """The line that is bought as the strategy is."""
    requests_per_day: Vec
    lines: tuple[Drawn, ...]
    """Those that have a cost somewhere."""
    left_out: tuple[tuple[str, str], ...]
    """Ways without a cost, each with its reason."""
    crossovers: tuple[BreakEvenPoint, ...]
    today_requests_per_day: float
    winner: int | None
    """The cheapest that may win at today's volume."""
    wins_from: BreakEvenPoint | None
    """Where the winner's reign begins, small changes within `SAME_COST` passed over; None at the left end."""
    wins_to: BreakEvenPoint | None
    base: Base | None
    """The hybrid at today's volume."""
    threshold: tuple[float, float]
    """Rent over the cost of owning from which advisers say to study owning. [1]"""
    data_date: str
    ownership: Ownership
    """The bill of owning at today's volume, in a rented hall."""
    ways: tuple[Way, ...] = field(repr=False)
