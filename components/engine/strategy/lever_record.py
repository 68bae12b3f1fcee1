"""What one lever is: one record holds all that the engine, the search and the editor need to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.engine.scenario import Layer, Strategy, layer_of
from components.engine.strategy.edits import Edits, Factors

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic


Scope = Literal["format", "request", "serving", "layout", "fleet"]
"""What a lever acts on.

format: the checkpoint on one kind of chip; request: what is asked, wherever the answer comes from; serving: how a
replica works; layout: how its chips are divided; fleet: how many replicas run.
"""


IN_ORDER: tuple[Scope, ...] = ("format", "request", "serving", "layout", "fleet")
"""Scopes in the order in which levers bite: what is asked is known before it is served."""


PLATFORM: frozenset[Scope] = frozenset({"format", "serving", "layout"})
"""What a per-token platform decides for itself."""


Breadth = Literal["narrow", "default", "wide"]


Setting = str | float | bool
Settings = tuple[Setting, ...]
"""One value for each field of a lever."""


class Words(NamedTuple):
    """How a field is asked for."""

    plain: str
    help: str
    term: str = ""
    """Term of art, shown beside the plain words."""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and its words, where a field knows a few values."""
    list_of: Literal["", "model", "chip"] = ""
    """Part of the catalog that a name is chosen from."""
    in_use: str = ""
    """What it does, among others in a row; {} stands for its setting: "{} answered from memory"."""

    @property
    def label(self) -> str:
        """ "Sparse weights (2:4)"."""
        return f"{self.plain} ({self.term})" if self.term else self.plain


class SearchAxis(NamedTuple):
    """Settings tried by the search at each breadth, off first."""

    narrow: tuple[Settings, ...]
    default: tuple[Settings, ...]
    wide: tuple[Settings, ...]

    def at(self, breadth: Breadth) -> tuple[Settings, ...]:
        """Settings of one breadth."""
        return {"narrow": self.narrow, "default": self.default, "wide": self.wide}[breadth]


class LeverCase(NamedTuple):
    """What a lever is put on."""

    book: Book
    strategy: Strategy
    traffic: Traffic
    model: Model
    chip: Accelerator


class Edited(NamedTuple):
    """What a lever did."""

    edits: Edits
    sentences: tuple[str, ...] = ()
    """What it edits."""
    warnings: tuple[str, ...] = ()
    factors: Factors = ()
    """Fields of a replica's row that it multiplies."""


class TableLoss(NamedTuple):
    """Points lost on every answer, by a row of data/quality.csv."""

    row: str
    words: str
    times: float = 1.0
    """Multiple of the row's points. [1]"""


class ShareLoss(NamedTuple):
    """Points lost on single answers, spread over all requests."""

    words: str
    points: float
    source: str


class DeviceLoss(NamedTuple):
    """What users' devices lose: a row of data/quality.csv, and beyond the easy questions what their model lacks."""

    row: str
    words: str
    times: float
    model_id: str
    """Model on the devices."""
    beyond: float
    """Share of all requests that devices answer though they are not easy. [1]"""


Loss = TableLoss | ShareLoss | DeviceLoss


@dataclass(frozen=True, eq=False)
class Lever:
    """One lever: fields of `Strategy`, words, edit, axis of the search, quality, and where it does not apply."""

    field: str
    """Of `Strategy`; the lever is off at the field's default, and the layer is the field's."""
    words: Words
    scope: Scope
    companions: tuple[tuple[str, Words], ...] = ()
    """Further fields that only mean something while the lever is on."""
    edit: Callable[[LeverCase, Edits], Edited] | None = None
    """What it does to physics and demand; None where the fleet or the bill is what changes."""
    loss: Callable[[Book, Strategy, Edits | None], Loss | None] | None = None
    """What it may cost in quality; edits are None for a per-token purchase. None is lossless."""
    lossless: tuple[Settings, ...] = ()
    """Settings beside the default that lose nothing although the lever can."""
    axis: SearchAxis | None = None
    """None is not varied by the search, or only as far as the question allows (`asked`)."""
    asked: bool = False
    """Whether the question itself says how far the search may go, in a field of the same name."""
    on_device: bool = False
    """Whether a user's own device keeps it; otherwise it is reset there."""
    unsuited: Callable[[Strategy, str], str] | None = None
    """The warning where it defeats its purpose on a preset's kind of work; empty where it does not."""
    needs: str = ""
    """What must be true for it to work; {} stands for its setting: "{} of the questions repeat"."""
    without: str = ""
    """What is lost without it, as in "without 2:4 sparsity"; empty is not told apart."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Its own field and its companions'."""
        return (self.field, *(name for name, _ in self.companions))

    @cached_property
    def off(self) -> dict[str, Setting]:
        """What takes it back."""
        return {name: Strategy.model_fields[name].default for name in self.fields}

    @property
    def layer(self) -> Layer:
        """The layer it belongs to."""
        found = layer_of(self.field)
        assert found is not None
        return found

    @property
    def on_machines(self) -> bool:
        """Whether it means nothing where answers are paid per token."""
        return self.scope in PLATFORM or self.scope == "fleet"

    def counts(self, strategy: Strategy) -> bool:
        """Whether it means anything for the way a strategy is bought."""
        return strategy.buy != "api" or not self.on_machines

    def used(self, strategy: Strategy) -> bool:
        """Whether a strategy moves it from its default."""
        return bool(getattr(strategy, self.field) != self.off[self.field])

    def tried(self, breadth: Breadth, *, lossy: bool) -> tuple[Settings, ...]:
        """Settings that the search tries; without `lossy` only those that cost no quality."""
        if self.axis is None:
            return ()
        every = self.axis.at(breadth)
        if lossy or self.loss is None:
            return every
        plain = tuple(self.off.values())
        return tuple(setting for setting in every if setting == plain or setting in self.lossless)
