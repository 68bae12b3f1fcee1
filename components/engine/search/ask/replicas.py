"""All candidate replicas of one model on one chip, as arrays; those that do not fit are dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.extras import extras
from components.engine.facts.arrays import Vec, column
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
from components.engine.replica.layout import Layout, parallel
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
from components.engine.search.ask.axes import Choice, axes_of, formats, stacks
from components.engine.serving.demand import Demand
from components.engine.strategy.candidates import ChipRoles, chip_counts, pruned, reload_s, spec_of, tokens_of, transfer
from components.engine.strategy.levers import Edits, edits_for
from components.engine.strategy.quality import GRADES, quality
from components.engine.strategy.resolution import demand_row

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.search.ask.requirements import Requirements
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
    reference: Model
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
        return Strategy(model=self.model.id, **machine, **levers)


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


def _machines(
    book: Book, model: Model, chip: Accelerator, shapes: list[Edits], stacks: tuple[str, ...]
) -> MachineTable:
    formats_key = tuple((s.weights, s.kv, s.two_four) for s in shapes)
    key = ("machines", model.id, chip.id, formats_key, stacks)

    def make() -> MachineTable:
        g, plain = book.parameters, spec_of(book, model, ChipRoles(chip), shapes[0], stacks[0])
        formats = [
            replace(plain, stack=stack, weights=shape.weights, kv=shape.kv, two_four=shape.two_four)
            for stack in stacks
            for shape in shapes
        ]
        pools = [replace(plain, stack=stack, disaggregated=apart) for stack in stacks for apart in (False, True)]
        size, rates, sram = model_size(model, g), chip_rates((plain,), g), sram_sides((plain,), g)
        return MachineTable(stacks, size, precisions(formats, g), rates, stack_times(pools, g), sram)

    return book.once(key, make)


def _layouts(book: Book, joints: list[ReplicaShape]) -> LayoutColumns:
    """Layouts as arrays of shape (joints,)."""
    local, overlap = (j.stack in LOCAL_STACKS for j in joints), (j.ep for j in joints)
    return book.once(
        ("layouts", tuple(joints)),
        lambda: layout_columns([j.cut for j in joints], local=column(local), overlap=column(overlap)),
    )


def _physics(
    book: Book, table: MachineTable, joints: list[ReplicaShape], dressed: list[Edits], which: tuple[Rows, Rows, Rows]
) -> Physics:
    """Replicas of some combinations, with each dressing's tokens, drafts and pruning.

    Args: which, of each row its dressing, its format and its joint, shape (n,) each.
    """
    d, f, j = which
    shares = sorted({edits.pruned for edits in dressed})
    stack = np.array([table.stacks.index(joint.stack) for joint in joints])
    formats_per_stack = len(table.precision.bytes_kv) // len(table.stacks)
    size = ModelSize.stack([pruned(book, table.size, share) for share in shares])
    if len(shares) > 1:
        size = size.take(np.array([shares.index(edits.pruned) for edits in dressed])[d])
    times = table.times.take((2 * stack + np.array([joint.disagg for joint in joints]))[j])
    ahead_s = np.array([edits.server_extra_s for edits in dressed])[d]
    parts = Machines(
        size=size,
        precision=table.precision.take((formats_per_stack * stack)[j] + f),
        chip=table.chip,
        times=replace(times, server_path_s=times.server_path_s + ahead_s),
        sram=table.sram,
    )
    return of_machines(parts, _layouts(book, joints).take(j), tokens_of(book, dressed).take(d))


def _counts(
    ask: Question, model: Model, chip: Accelerator, shapes: list[Edits], dressed: list[Edits]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Chips per replica worth trying, by dressing and format."""
    book, every = ask.book, np.arange(len(shapes))
    stack = stacks(axes_of(ask.q), chip)[0]
    table = _machines(book, model, chip, shapes, (stack,))
    single = [ReplicaShape(stack, disagg=False, ep=False, cut=Layout(1))]
    names = tuple((s.weights, s.kv, s.two_four) for s in shapes)

    def make(edits: Edits) -> list[tuple[int, ...]]:
        first = _physics(book, table, single, [edits], (0 * every, every, 0 * every))
        least = least_chips(first, book.parameters).astype(int).tolist()
        return chip_counts(book, chip, first, least)

    found = {}
    for d, edits in enumerate(dressed):
        key = ("counts", model.id, chip.id, names, edits.isl, edits.osl, edits.pruned)
        for f, wanted in enumerate(book.once(key, partial(make, edits))):
            found[d, f] = wanted
    return found


def _shapes(ask: Question, model: Model, chip: Accelerator, counts: set[int]) -> list[ReplicaShape]:
    axes = axes_of(ask.q)
    experts = axes.ep if model.is_moe else (False,)
    return [
        ReplicaShape(stack, disagg, ep, parallel(model, chip, n, experts=ep))
        for stack, disagg, ep, n in product(stacks(axes, chip), axes.disagg, experts, sorted(counts))
        if not ep or n > 1
    ]


def _graded(ask: Question, model: Model, choice: Choice, shape: Edits, dressed: Edits) -> Quality:
    isl = ask.traffic.isl * choice["compress"]
    levers = (choice["compress"], choice["shorten"], choice["cache"])
    key = ("graded", model.id, ask.reference.id, shape.weights, shape.kv, shape.two_four, dressed.pruned, levers, isl)

    def make() -> Quality:
        edits = Edits(shape.weights, shape.kv, shape.two_four, dressed.pruned)
        strategy = Strategy(compress=levers[0], shorten=levers[1], cache=levers[2])
        return quality(ask.book, strategy, model, ask.reference, edits, isl)

    return ask.book.once(key, make)


def block(ask: Question, model: Model, chip: Accelerator, dressing: list[Choice]) -> Block | None:
    """All replicas of a model on a chip that hold it; None where nothing does.

    Args:
        dressing: levers of stack and workload, from `dressings`.
    """
    book, base = ask.book, Strategy(model=model.id, hardware=chip.id)
    shape = formats(book, axes_of(ask.q), ask.traffic, model, chip, base)
    shapes = [edits_for(book, base.model_copy(update=choice), ask.traffic, model, chip) for choice in shape]
    dressed = [edits_for(book, base.model_copy(update=choice), ask.traffic, model, chip) for choice in dressing]
    counts = _counts(ask, model, chip, shapes, dressed)
    joints = _shapes(ask, model, chip, {n for each in counts.values() for n in each if n <= MOST_CHIPS})
    if not joints:
        return None
    graded = {key: _graded(ask, model, dressing[key[0]], shapes[key[1]], dressed[key[0]]) for key in counts}
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
    with_levers = [base.model_copy(update=choice) for choice in dressing]
    extra_usd = np.array([sum(extras(s, ask.traffic, book).values()) * DAYS_PER_MONTH for s in with_levers])
    return Block(
        model, chip, shape, dressing, joints, physics,
        demand=_demand(ask, with_levers, dressed, physics, d, pooled),
        pooled=pooled,
        drafting=physics.draft_tokens < 0,
        defer=np.array([choice["defer"] for choice in dressing])[d],
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
