"""All candidate replicas of one model on one chip, as arrays; those that do not fit are dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.extras import extras
from components.engine.facts.arrays import Vec, column
from components.engine.facts.book import KeptPerBook
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.replica.formats import LOCAL_STACKS
from components.engine.replica.from_catalog import (
    Machines,
    chip_rates,
    layout_columns,
    model_size,
    of_machines,
    precisions,
    sram_sides,
    stack_times,
)
from components.engine.replica.layout import Layout, parallel, tensor_width
from components.engine.replica.memory import fits, least_chips
from components.engine.replica.record import (
    ChipRates,
    LayoutColumns,
    ModelSize,
    Physics,
    Precision,
    SramSide,
    StackTimes,
)
from components.engine.scenario import Strategy
from components.engine.search.ask.axes import Choice, formats, stacks, tried
from components.engine.serving.demand import Demand
from components.engine.strategy.candidates import ChipRoles, chip_counts, reload_s, spec_of, tokens_of, transfer
from components.engine.strategy.lever_record import IN_ORDER
from components.engine.strategy.levers import edits_for, losses_of
from components.engine.strategy.quality import GRADES, quality_of
from components.engine.strategy.resolution import demand_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.records import Accelerator, AnsweringModel, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.search.ask.requirements import Requirements
    from components.engine.strategy.edits import Edits, Factors, MachineEdits
    from components.engine.strategy.lever_record import Loss
    from components.engine.strategy.quality import Quality


MOST_CHIPS = next(m.le for m in Strategy.model_fields["chips"].metadata if hasattr(m, "le"))
"""Largest replica that a strategy can name. [1]"""


Rows = NDArray[np.intp]


class ReplicaShape(NamedTuple):
    """How a replica is cut and run."""

    stack: str
    disagg: bool
    ep: bool
    cut: Layout


@dataclass(frozen=True, slots=True)
class Question:
    """The question with its look-ups."""

    q: Requirements
    book: Book
    traffic: Traffic
    reference: AnsweringModel
    """Measure of quality."""
    inside_only: bool = True
    """Whether what misses a limit is left out before it is computed; off where nothing fits and near misses count."""


@dataclass(slots=True)
class Block:
    """Replicas of one model on one chip; arrays of shape (n,)."""

    model: Model
    chip: Accelerator
    formats: list[Choice]
    dressings: list[Choice]
    joints: list[ReplicaShape]
    physics: Physics
    demand: Demand
    pooled: NDArray[np.bool_]
    drafting: NDArray[np.bool_]
    """Where the engine chooses the depth."""
    defer: Vec
    extra_usd_per_month: Vec
    """Response cache and compressor. [USD/month]"""
    grade: Rows
    """Position in `GRADES`."""
    errors: Vec
    """Extra errors per 1,000; inf where models cannot be compared."""
    code: Rows
    """Position in the product of dressings, formats and joints."""
    size: int
    """Replicas before those that do not fit are left out."""

    def light(self) -> Block:
        """The same without what rows are computed from."""
        return replace(self, physics=self.physics.take(slice(0, 0)), demand=self.demand.take(slice(0, 0)))

    def part(self, rows: Rows) -> Block:
        """The rows that an index selects, with what they are computed from."""
        return replace(self.take(rows), physics=self.physics.take(rows), demand=self.demand.take(rows))

    def take(self, rows: Rows) -> Block:
        """The rows that an index selects; what they were computed from stays as it is."""
        return replace(
            self,
            pooled=self.pooled[rows],
            drafting=self.drafting[rows],
            defer=self.defer[rows],
            extra_usd_per_month=self.extra_usd_per_month[rows],
            grade=self.grade[rows],
            errors=self.errors[rows],
            code=self.code[rows],
        )

    def strategy(self, row: int) -> Strategy:
        """What a row stands for, without its purchase."""
        d, f, j = np.unravel_index(self.code[row], (len(self.dressings), len(self.formats), len(self.joints)))
        stack, disagg, ep, cut = self.joints[int(j)]
        levers = self.formats[int(f)] | self.dressings[int(d)]
        machine: Choice = {"hardware": self.chip.id, "chips": cut.chips, "stack": stack, "disagg": disagg, "ep": ep}
        return Strategy.model_validate({"model": self.model.id} | machine | levers)


@dataclass(frozen=True, slots=True)
class MachineTable:
    """Parts of every replica of one model on one chip, by what sets them."""

    stacks: tuple[str, ...]
    size: ModelSize
    """Of the model, shape (1,), as are chip and SRAM."""
    precision: Precision
    """By stack and format, shape (stacks x formats,)."""
    chip: ChipRates
    times: StackTimes
    """By stack, without and with a prefill pool, shape (2 x stacks,)."""
    sram: SramSide
    factors: tuple[Factors, ...]
    """What each format multiplies."""


_MACHINES: KeptPerBook[tuple[str, str, tuple[MachineEdits, ...], tuple[str, ...]], MachineTable] = KeptPerBook()


def _machines(
    book: Book, model: Model, chip: Accelerator, shapes: tuple[MachineEdits, ...], stacks: tuple[str, ...]
) -> MachineTable:
    def make() -> MachineTable:
        g, plain = book.parameters, spec_of(book, model, ChipRoles(chip), shapes[0], stacks[0])
        formats = [
            replace(plain, stack=stack, weights=shape.weights, kv=shape.kv) for stack in stacks for shape in shapes
        ]
        pools = [replace(plain, stack=stack, disaggregated=apart) for stack in stacks for apart in (False, True)]
        size, rates, sram = model_size(model, g), chip_rates((plain,), g), sram_sides((plain,), g)
        factors = tuple(shape.factors for shape in shapes)
        return MachineTable(stacks, size, precisions(formats, g), rates, stack_times(pools, g), sram, factors)

    return _MACHINES.of(book, (model.id, chip.id, shapes, stacks), make)


_LAYOUTS: KeptPerBook[tuple[ReplicaShape, ...], LayoutColumns] = KeptPerBook()


def _layouts(book: Book, joints: list[ReplicaShape]) -> LayoutColumns:
    """Layouts as arrays of shape (joints,)."""
    local, overlap = (j.stack in LOCAL_STACKS for j in joints), (j.ep for j in joints)
    return _LAYOUTS.of(
        book,
        tuple(joints),
        lambda: layout_columns([j.cut for j in joints], local=column(local), overlap=column(overlap)),
    )


def _multipliers(factors: Sequence[Factors], which: Rows) -> list[tuple[str, Vec]]:
    """What each row's choice multiplies, by field.    Args: which, of each row its choice, shape (n,)."""
    names = dict.fromkeys(name for each in factors for name, _ in each)
    return [(n, column(prod(v for name, v in each if name == n) for each in factors)[which]) for n in names]


def _physics(
    book: Book, table: MachineTable, joints: list[ReplicaShape], dressed: list[Edits], which: tuple[Rows, Rows, Rows]
) -> Physics:
    """Replicas of some combinations, with what each format and dressing edits.

    Args: which, of each row its dressing, its format and its joint, shape (n,) each.
    """
    d, f, j = which
    stack = np.array([table.stacks.index(joint.stack) for joint in joints])
    formats_per_stack = len(table.precision.bytes_kv) // len(table.stacks)
    times = table.times.take((2 * stack + np.array([joint.disagg for joint in joints]))[j])
    ahead_s = np.array([edits.server_extra_s for edits in dressed])[d]
    parts = Machines(
        size=table.size,
        precision=table.precision.take((formats_per_stack * stack)[j] + f),
        chip=table.chip,
        times=replace(times, server_path_s=times.server_path_s + ahead_s),
        sram=table.sram,
    )
    physics = of_machines(parts, _layouts(book, joints).take(j), tokens_of(book, dressed).take(d))
    served = [edits.factors for edits in dressed]
    return physics.multiplied(_multipliers(table.factors, f) + _multipliers(served, d))


_COUNTS: KeptPerBook[tuple[str, str, tuple[MachineEdits, ...], float, float, Factors], list[tuple[int, ...]]] = (
    KeptPerBook()
)


def _counts(
    ask: Question, model: Model, chip: Accelerator, shapes: tuple[MachineEdits, ...], dressed: list[Edits]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Chips per replica worth trying, by dressing and format."""
    book, every = ask.book, np.arange(len(shapes))
    stack = stacks(ask.q, chip)[0]
    table = _machines(book, model, chip, shapes, (stack,))
    single = [ReplicaShape(stack, disagg=False, ep=False, cut=Layout(1))]

    def make(edits: Edits) -> list[tuple[int, ...]]:
        first = _physics(book, table, single, [edits], (0 * every, every, 0 * every))
        least = least_chips(first, book.parameters).astype(int).tolist()
        return chip_counts(book, chip, first, least)

    found = {}
    for d, edits in enumerate(dressed):
        key = (model.id, chip.id, shapes, edits.isl, edits.osl, edits.factors)
        for f, wanted in enumerate(_COUNTS.of(book, key, partial(make, edits))):
            found[d, f] = wanted
    return found


def _shapes(ask: Question, model: Model, chip: Accelerator, counts: set[int]) -> list[ReplicaShape]:
    experts = tried(ask.q, "ep") if model.is_moe else (False,)
    widths = {stack: tensor_width(chip, stack, ask.book.parameters) for stack in stacks(ask.q, chip)}
    return [
        ReplicaShape(stack, bool(disagg), bool(ep), parallel(model, chip, n, experts=bool(ep), width=widths[stack]))
        for stack, disagg, ep, n in product(stacks(ask.q, chip), tried(ask.q, "disagg"), experts, sorted(counts))
        if not ep or n > 1
    ]


_GRADED: KeptPerBook[tuple[str, str, tuple[Loss, ...], float], Quality] = KeptPerBook()


def _graded(ask: Question, model: Model, losses: tuple[Loss, ...], isl: float) -> Quality:
    """What losses come to on a model; kept, since few are distinct."""
    key = (model.id, ask.reference.id, losses, isl)
    return _GRADED.of(ask.book, key, lambda: quality_of(ask.book, losses, model, ask.reference, isl))


def _losses(ask: Question, strategies: list[Strategy], edits: list[Edits], *, formats: bool) -> list[tuple[Loss, ...]]:
    """What the levers of each strategy may cost in quality: those of the formats, or all others."""
    scopes = [scope for scope in IN_ORDER if (scope == "format") == formats]
    return [losses_of(ask.book, s, found, scopes) for s, found in zip(strategies, edits, strict=True)]


def block(ask: Question, model: Model, chip: Accelerator, dressing: list[Choice]) -> Block | None:
    """All replicas of a model on a chip that hold it; None where nothing does.

    Args:
        dressing: levers of stack and workload, from `dressings`.
    """
    book, base = ask.book, Strategy(model=model.id, hardware=chip.id)
    shape = formats(book, ask.q, ask.traffic, model, chip, base)
    formatted = [base.model_copy(update=choice) for choice in shape]
    served = [base.model_copy(update=choice) for choice in dressing]
    shaped = [edits_for(book, s, ask.traffic, model, chip) for s in formatted]
    dressed = [edits_for(book, s, ask.traffic, model, chip) for s in served]
    shapes = tuple(edits.machine for edits in shaped)
    counts = _counts(ask, model, chip, shapes, dressed)
    joints = _shapes(ask, model, chip, {n for each in counts.values() for n in each if n <= MOST_CHIPS})
    if not joints:
        return None
    of_format = _losses(ask, formatted, shaped, formats=True)
    of_serving = _losses(ask, served, dressed, formats=False)
    graded = {
        (d, f): _graded(ask, model, of_format[f] + of_serving[d], ask.traffic.isl * served[d].compress)
        for d, f in counts
    }
    valid = _valid(ask, model, dressed, joints, counts)
    size = int(valid.sum())
    if ask.inside_only:
        worst = GRADES.index(ask.q.grade)
        for key, found in graded.items():
            valid[key] &= GRADES.index(found.grade) <= worst
    code = np.flatnonzero(valid)
    d, f, j = np.unravel_index(code, valid.shape)
    table = _machines(book, model, chip, shapes, tuple(dict.fromkeys(joint.stack for joint in joints)))
    physics = _physics(book, table, joints, dressed, (d, f, j))
    held = np.flatnonzero(fits(physics, book.parameters))
    d, f, code, physics = d[held], f[held], code[held], physics.take(held)
    pooled = np.array([joint.disagg for joint in joints])[j[held]]
    grades = np.array([[GRADES.index(graded[a, b].grade) for b in range(len(shape))] for a in range(len(dressing))])
    errors = np.array([[_errors(graded[a, b]) for b in range(len(shape))] for a in range(len(dressing))])
    extra_usd = np.array([sum(extras(s, ask.traffic, book).values()) * DAYS_PER_MONTH for s in served])
    return Block(
        model, chip, shape, dressing, joints, physics,
        demand=_demand(ask, served, dressed, physics, d, pooled),
        pooled=pooled,
        drafting=physics.draft_tokens < 0,
        defer=np.array([s.defer for s in served])[d],
        extra_usd_per_month=extra_usd[d],
        grade=grades[d, f],
        errors=errors[d, f],
        code=code,
        size=size,
    )  # fmt: skip


def _valid(
    ask: Question,
    model: Model,
    dressed: list[Edits],
    joints: list[ReplicaShape],
    counts: dict[tuple[int, int], tuple[int, ...]],
) -> NDArray[np.bool_]:
    """Which combinations exist, shape (dressings, formats, joints)."""
    shape = len(dressed), 1 + max(f for _, f in counts), len(joints)
    chips, apart = np.array([j.cut.chips for j in joints]), np.array([j.disagg for j in joints])
    valid = np.zeros(shape, dtype=bool)
    tried = {wanted: np.isin(chips, wanted) for wanted in set(counts.values())}
    for (d, f), wanted in counts.items():
        edits = dressed[d]
        if edits.isl + edits.osl <= model.context_tokens:
            valid[d, f] = tried[wanted] & ~(apart & (edits.static_batch > 0 or not edits.osl))
    return valid


def _demand(
    ask: Question, levers: list[Strategy], dressed: list[Edits], p: Physics, which: Rows, pooled: NDArray[np.bool_]
) -> Demand:
    """What the main fleet of each row must serve, sized for the peak around the clock."""
    plain = Demand.stack(
        [
            demand_row(s, ask.traffic, ask.book, 1 - s.cache, edits, edge=False)
            for s, edits in zip(levers, dressed, strict=True)
        ]
    ).take(which)
    moved, rate = transfer(ask.book, p, p, same=True)
    return replace(
        plain,
        reload_s=reload_s(ask.book, p, np.array([edits.reload_tokens for edits in dressed])[which]),
        transfer_bytes=np.where(pooled, moved, plain.transfer_bytes),
        transfer_bytes_per_s=np.where(pooled, rate, plain.transfer_bytes_per_s),
    )


def _errors(found: Quality) -> float:
    return np.inf if found.extra_errors_per_1000 is None else found.extra_errors_per_1000
