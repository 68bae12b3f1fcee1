"""What a limit is: the figure it bounds, its direction, how it relaxes, and how it is said and asked.

A limit is declared once, beside the field of `Requirements` that holds its value; `limits_of` reads it from there.
The targets of latency live in the workload and are listed here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from components.engine.serving.peak import Binding

if TYPE_CHECKING:
    from pydantic import BaseModel

    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Buy, Workload


FigureName = Literal[
    "cost_usd_per_month", "ttft_p95_s", "tpot_p95_s", "slow_s", "throughput_tokens_per_s", "accelerators", "power_kw",
    "energy_kwh_per_month", "carbon_kg_per_month", "extra_errors_per_1000",
]  # fmt: skip
"""Figures of a configuration; `OptionFigures` has them as arrays, `Option` as numbers."""

OfferFigure = Literal["carbon_kg_per_kwh"]
"""What an offer differs in beside its prices and its energy."""

Unit = Literal["USD", "kW", "kWh", "kg", "tokens/s", "1"]

DIGITS = 4
"""Digits of a bound that was relaxed. [1]"""


class WayBought(Protocol):
    """How and where something is bought: what limits on purchases read of an offer or a strategy."""

    @property
    def buy(self) -> Buy:
        """Way to pay."""

    @property
    def provider(self) -> str:
        """Seller; empty for the market's median and for own machines."""

    @property
    def place(self) -> str:
        """Where the machines stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the page asks for a limit."""

    label: str
    help: str
    step: float = 1.0
    """Of a number."""
    choice: str = "{}"
    """One word of a choice, as it is shown."""
    first: bool = False
    """Whether it stands in the row that is always open."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """What every limit has; its value is that of the field beside which it is declared, None or 0 for off."""

    name: str
    """As answers and their exports name it."""
    words: str
    said: str
    """Part of the question's sentence; {} is the value."""
    asked: Asked | None = None
    """None for a limit that the page does not ask for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound(Limit):
    """A figure that may be at most, or must be at least, a number."""

    figure: FigureName
    unit: Unit
    per: str = ""
    """What follows the unit: " a month"."""
    least: bool = False
    """Whether the figure must be at least the bound; else at most."""
    whole: bool = False
    """Whether the bound is a whole number."""
    adds_up: bool = True
    """Whether two services keep it together, by their sum; else each by itself."""
    rests_on: tuple[OfferFigure, ...] = ()
    """What the figure rests on, beside prices and energy, in which offers of one chip differ."""
    missed: str = "its {words} is {value:,.4g} against {bound:,.4g} allowed"

    @property
    def sign(self) -> float:
        """Times which the figure and its bound are such that smaller is better."""
        return -1.0 if self.least else 1.0

    @property
    def in_unit(self) -> str:
        """What stands behind a value in a sentence: " kW", " kg a month"."""
        return f"{'' if self.unit == '1' else f' {self.unit}'}{self.per}"

    def relaxed(self, value: float) -> float:
        """The bound that just lets a figure in: four digits, rounded to the side that is allowed."""
        if not value:
            return 0.0
        unit = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - DIGITS)
        found = self.sign * math.ceil(self.sign * value / unit - 1e-9) * unit
        return int(found) if self.whole else found

    def relaxation(self, now: float, needed: float) -> str:
        """The change of the bound, in words."""
        verb = "Lower" if self.least else "Raise"
        return f"{verb} the {self.words} from {now:,.6g} to {needed:,.6g}{self.in_unit}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worst(Limit):
    """The worst step of a scale that is accepted; the field has the name of the figure."""

    scale: tuple[str, ...]
    """Best first."""
    step: str
    """One step of the scale: "quality grade"."""
    word: Callable[[str], str] = str
    """A step as it is said."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Named(Limit):
    """Only what is named is allowed; the field's default allows anything."""

    one: str
    """What one entry is called: "The place"."""
    known: Callable[[Book], tuple[str, ...]]
    """What can be named."""
    relaxation: str
    of_chip: Callable[[Accelerator], str] | None = None
    """What is named of a machine; None for a limit on purchases."""
    of_offer: Callable[[WayBought], str] | None = None
    """What is named of an offer; None for a limit on machines."""
    exempt: Callable[[WayBought], bool] = lambda _: False
    """Offers that are allowed whatever is named."""
    published: bool = True
    """Whether per-token platforms say it of themselves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeftOut(Limit):
    """Machines that are left out while the limit is on."""

    of_chip: Callable[[Accelerator], bool]
    """Whether a machine is one of them."""
    relaxation: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target(Limit):
    """A target of latency at p95: a field of the workload, in ms."""

    figure: FigureName
    field: Literal["ttft_ms", "tpot_ms"]
    late: str
    """What a strategy that misses it does, {} for by how much."""
    binding: Binding
    """What the engine says of a replica that misses it even when it is idle."""
    needs_output: bool
    """Whether the target means nothing where nothing is written."""
    unwritten: tuple[str, str, str] = ("", "", "")
    """Words, part of the sentence and what is late where nothing is written."""

    def words_for(self, traffic: Traffic) -> str:
        """Its words: an embedding has no first word."""
        return self.words if traffic.osl > 0 or not self.unwritten[0] else self.unwritten[0]

    def said_for(self, traffic: Traffic) -> str:
        """Its part of the question's sentence, likewise."""
        return self.said if traffic.osl > 0 or not self.unwritten[1] else self.unwritten[1]

    def late_for(self, traffic: Traffic) -> str:
        """What a strategy that misses it does, likewise."""
        return self.late if traffic.osl > 0 or not self.unwritten[2] else self.unwritten[2]

    def target_s(self, traffic: Traffic) -> float:
        """The target; inf where there is none. [s]"""
        return traffic.ttft_limit_s if self.field == "ttft_ms" else traffic.tpot_limit_s

    def relaxed(self, value_s: float) -> float:
        """The target that just lets a latency in, rounded up to a hundredth. [ms]"""
        return math.ceil(value_s * 1e3 * 100) / 100

    def moved(self, workload: Workload, target_ms: float) -> Workload:
        """The workload with another target."""
        return workload.model_copy(update={self.field: target_ms})


TTFT = Target(
    name="ttft", words="time to the first word in the slow case", said="first word within {}", figure="ttft_p95_s",
    field="ttft_ms", late="the first word comes {} too late in the slow case", binding=Binding.TTFT, needs_output=False,
    unwritten=("time to a result in the slow case", "result within {}", "a result comes {} too late in the slow case"),
)  # fmt: skip
TPOT = Target(
    name="tpot", words="time per further word in the slow case", said="each word within {} for 95 of 100 requests",
    figure="tpot_p95_s", field="tpot_ms", late="each word takes {} too long in the slow case",
    binding=Binding.TPOT, needs_output=True,
)  # fmt: skip
TARGETS = (TTFT, TPOT)


@cache
def _by_field(kind: type[BaseModel]) -> dict[str, Limit]:
    return {
        field: mark for field, info in kind.model_fields.items() for mark in info.metadata if isinstance(mark, Limit)
    }


def limits_of(kind: type[BaseModel]) -> tuple[Limit, ...]:
    """Limits that a question has fields for, in the order of the fields."""
    return tuple(_by_field(kind).values())


def field_of(kind: type[BaseModel], limit: Limit) -> str:
    """The field of a question that holds the limit's value."""
    return next(field for field, mark in _by_field(kind).items() if mark is limit)


def value_of(q: BaseModel, limit: Limit) -> object:
    """What a question asks of a limit, as its field holds it."""
    return getattr(q, field_of(type(q), limit))


def off(kind: type[BaseModel], limit: Limit) -> object:
    """The value that switches a limit off."""
    return kind.model_fields[field_of(kind, limit)].default
