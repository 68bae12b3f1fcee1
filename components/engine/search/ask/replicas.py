"""All candidate replicas of one model on one chip, as arrays; those that do not fit are dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.extras import extras
from components.engine.facts.arrays import Vec
from components.engine.outcome.batch import DAYS_PER_MONTH
from components.engine.replica.layout import Layout, parallel
from components.engine.replica.memory import free_bytes, kv_bytes_per_sequence
from components.engine.replica.record import Physics
from components.engine.scenario import Strategy
from components.engine.search.ask.axes import Choice, axes_of, formats, stacks
from components.engine.serving.demand import Demand
from components.engine.strategy.candidates import apply_levers, chip_counts, least_chips, replica_row, transfer
from components.engine.strategy.levers import Edits, edits_for
from components.engine.strategy.quality import GRADES, quality
from components.engine.strategy.resolution import demand_row

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.search.ask.requirements import Requirements
    from components.engine.strategy.quality import Quality


NAMES = Physics.__slots__


MOST_CHIPS = next(m.le for m in Strategy.model_fields["chips"].metadata if hasattr(m, "le"))
"""Largest replica that a strategy can name. [1]"""


ARRAYS = ("pooled", "drafting", "defer", "extra_usd_per_month", "grade", "errors", "code")


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
            **{name: getattr(self, name)[rows] for name in ARRAYS},
        )

    def strategy(self, row: int) -> Strategy:
        """What a row stands for, without its purchase."""
        d, f, j = np.unravel_index(self.code[row], (len(self.dressings), len(self.formats), len(self.joints)))
        stack, disagg, ep, cut = self.joints[int(j)]
        levers = self.formats[int(f)] | self.dressings[int(d)]
        machine: Choice = {"hardware": self.chip.id, "chips": cut.chips, "stack": stack, "disagg": disagg, "ep": ep}
        return Strategy(model=self.model.id, **machine, **levers)


def _machines(
    book: Book, model: Model, chip: Accelerator, shapes: list[Edits], joints: list[ReplicaShape]
) -> NDArray[np.float64]:
    """Fields of every format on every joint, shape (fields, formats, joints).

    A format and a joint set different fields, so one row per joint and one per format say all.
    """

    def row(shape: Edits, joint: ReplicaShape) -> list[float]:
        edits = Edits(shape.weights, shape.kv, shape.two_four, disagg=joint.disagg, ep=joint.ep)
        fields = replica_row(book, model, chip, edits, joint.stack, joint.cut).fields
        return [fields[name] for name in NAMES]

    by_joint = np.array([row(shapes[0], joint) for joint in joints]).T
    by_format = np.array([row(shape, joints[0]) for shape in shapes]).T
    found = np.repeat(by_joint[:, None, :], len(shapes), axis=1)
    name, fmt = np.nonzero(by_format != by_format[:, :1])
    found[name, fmt] = by_format[name, fmt][:, None]
    return found


def _kept(
    book: Book, model: Model, chip: Accelerator, shapes: list[Edits], joints: list[ReplicaShape]
) -> NDArray[np.float64]:
    formats_key = tuple((s.weights, s.kv, s.two_four) for s in shapes)
    key = ("machines", model.id, chip.id, formats_key, tuple(joints))
    return book.once(key, lambda: _machines(book, model, chip, shapes, joints))


def _counts(
    ask: Question, model: Model, chip: Accelerator, shapes: list[Edits], dressed: list[Edits]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Chips per replica worth trying, by dressing and format."""
    book = ask.book
    stack = stacks(axes_of(ask.q), chip)[0]
    one = _kept(book, model, chip, shapes, [ReplicaShape(stack, disagg=False, ep=False, cut=Layout(1))])[:, :, 0]
    names = tuple((s.weights, s.kv, s.two_four) for s in shapes)

    def make(edits: Edits) -> list[tuple[int, ...]]:
        each = [
            apply_levers(book, dict(zip(NAMES, one[:, f].tolist(), strict=True)), edits) for f in range(len(shapes))
        ]
        return [chip_counts(book, chip, fields, least_chips(book, fields)) for fields in each]

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
    fields = _fields_with_levers(book, _kept(book, model, chip, shapes, joints)[:, f, j], d, dressed)
    physics = Physics(*fields)
    fits = np.flatnonzero(
        free_bytes(physics, book.parameters) >= kv_bytes_per_sequence(physics, physics.isl + physics.osl)
    )
    d, f, code, physics = d[fits], f[fits], code[fits], physics.take(fits)
    pooled = np.array([joint.disagg for joint in joints])[j[fits]]
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


def _fields_with_levers(
    book: Book, fields: NDArray[np.float64], which: Rows, dressed: list[Edits]
) -> NDArray[np.float64]:
    """The machines with each dressing's tokens, drafts and pruning; rows of a dressing stand together."""
    edges = np.searchsorted(which, np.arange(len(dressed) + 1))
    for d, edits in enumerate(dressed):
        rows = slice(int(edges[d]), int(edges[d + 1]))
        plain = {name: fields[i, rows] for i, name in enumerate(NAMES)}
        worn = apply_levers(book, dict(plain), edits)
        for i, name in enumerate(NAMES):
            if worn[name] is not plain[name]:
                fields[i, rows] = worn[name]
    return fields


def _demand(
    ask: Question, levers: list[Strategy], dressed: list[Edits], p: Physics, which: Rows, pooled: NDArray[np.bool_]
) -> Demand:
    """What the main fleet of each row must serve, sized for the peak around the clock."""
    book = ask.book
    scalars = [
        demand_row(s, ask.traffic, book, 1 - s.cache, edits, edge=False)
        for s, edits in zip(levers, dressed, strict=True)
    ]
    columns = {name: np.array([row[name] for row in scalars])[which] for name in Demand.__slots__}
    fields = {name: getattr(p, name) for name in NAMES}
    reload_tokens = np.array([edits.reload_tokens for edits in dressed])[which]
    host = book.value("host_link_gb_per_s") * 1e9 * p.chips
    columns["reload_s"] = reload_tokens * p.kv_elems_full * p.bytes_kv / host
    moved, rate = transfer(book, fields, fields, same=True)
    columns["transfer_bytes"] = np.where(pooled, moved, columns["transfer_bytes"])
    columns["transfer_bytes_per_s"] = np.where(pooled, rate, columns["transfer_bytes_per_s"])
    return Demand(**columns)


def _errors(found: Quality) -> float:
    return np.inf if found.extra_errors_per_1000 is None else found.extra_errors_per_1000
