"""Candidate replicas of one fleet: physics and demand for every layout worth trying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.facts.arrays import Vec, column
from components.engine.facts.book import KeptPerBook, month_of
from components.engine.replica import layout as cuts
from components.engine.replica.from_catalog import ReplicaSpec, replicas
from components.engine.replica.layout import Layout
from components.engine.replica.memory import cache_bytes, fits, growing_cache_bytes, least_chips, weight_bytes
from components.engine.replica.record import Physics, RequestTokens
from components.engine.strategy.records import Candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.records import Accelerator, Model
    from components.engine.facts.book import Book
    from components.engine.serving.demand import Demand
    from components.engine.strategy.edits import Edits, MachineEdits


class ChipRoles(NamedTuple):
    """The kinds of chip in one deployment."""

    chip: Accelerator
    """Decodes; beside LPUs, the GPU."""
    pool: Accelerator | None = None
    """Reads prompts in a pool of its own."""
    partner: tuple[Accelerator, int] | None = None
    """LPUs in each replica."""


class Unfit(NamedTuple):
    """No replica holds the model."""

    reason: str


@dataclass(frozen=True, slots=True)
class FittingLayouts:
    """Layouts that hold the model, and the replica of each."""

    layouts: tuple[Layout, ...]
    physics: Physics


def spec_of(book: Book, model: Model, roles: ChipRoles, edits: MachineEdits, stack: str) -> ReplicaSpec:
    """What a strategy's replicas are built from, before anything is multiplied."""
    lpu, lpus = roles.partner if roles.partner is not None else (None, 0)
    return ReplicaSpec(
        model=model,
        chip=roles.chip,
        weights=edits.weights,
        kv=edits.kv,
        stack=stack,
        age_months=book.months - max(month_of(model.release), month_of(roles.chip.release)),
        disaggregated=edits.disagg,
        overlap=edits.ep,
        lpu=lpu,
        lpus=lpus,
    )


_REPLICAS: KeptPerBook[tuple[str, str, MachineEdits, str, tuple[Layout, ...], str, int], Physics] = KeptPerBook()


def replicas_of(
    book: Book, model: Model, roles: ChipRoles, edits: Edits, stack: str, layouts: Sequence[Layout]
) -> Physics:
    """Replicas of a model on `roles.chip` with a strategy's levers, one row per layout."""
    lpu, lpus = roles.partner if roles.partner is not None else (None, 0)
    machine = edits.machine
    key = (model.id, roles.chip.id, machine, stack, tuple(layouts), lpu.id if lpu else "", lpus)

    def make() -> Physics:
        spec, tokens = spec_of(book, model, roles, machine, stack), tokens_of(book, (edits,))
        return replicas((spec,), layouts, tokens, book.parameters).multiplied(machine.factors)

    return with_levers(book, _REPLICAS.of(book, key, make), edits)


def with_levers(book: Book, p: Physics, edits: Edits) -> Physics:
    """Replicas with a strategy's tokens and drafts, what stands ahead of the server, and what serving multiplies."""
    found = p.having(tokens_of(book, (edits,) * len(p.chips)))
    if edits.server_extra_s:
        found = replace(found, server_path_s=p.server_path_s + edits.server_extra_s)
    return found.multiplied(edits.factors)


def tokens_of(book: Book, edits: Sequence[Edits]) -> RequestTokens:
    """Tokens and drafts of several strategies' levers, shape (number of edits,)."""
    g = book.parameters
    return RequestTokens(
        isl=column(e.isl for e in edits),
        new_isl=column(e.new_isl for e in edits),
        osl=column(e.osl for e in edits),
        draft_tokens=column(e.draft_tokens for e in edits),
        acceptance=column(g.acceptance if e.acceptance is None else e.acceptance for e in edits),
        draft_cost=column(g.draft_cost if e.draft_cost is None else e.draft_cost for e in edits),
    )


def chip_counts(book: Book, chip: Accelerator, first: Physics, least: Sequence[int]) -> list[tuple[int, ...]]:
    """Chip counts to try on one kind of machine.

    Args:
        first: replicas of a single chip.
        least: chips that hold each of them. [1]
    """
    if chip.device_class == "lpu-v1":
        return [(n,) for n in least]
    if chip.device_class == "wafer":
        caches = cache_bytes(first, first.isl + first.osl) * book.value("wafer_batch")
        full = np.ceil((weight_bytes(first) + caches) / first.memory_bytes)
        return [tuple(sorted({n, max(int(m), n), 2 * max(int(m), n)})) for n, m in zip(least, full, strict=True)]
    return [cuts.counts(chip, n, one_device=chip.family in {"cpu", "edge-soc"}) for n in least]


def _unfit(model: Model, chip: Accelerator, edits: Edits, least: int, given: int) -> Unfit:
    weights = edits.machine.weights
    fmt = (model.native_precision if weights == "native" else weights).upper()
    head = f"{model.name} needs {least} x {chip.name} at {fmt} for its weights and one request"
    if chip.family in {"cpu", "edge-soc"}:
        return Unfit(f"{head}, and only one can be used: choose a smaller model or another machine")
    return Unfit(f"{head}, not {given}: raise chips per replica to {least}")


_FITTING: KeptPerBook[tuple[str, str, tuple[str, int] | None, Edits, str, int], tuple[Layout, ...] | Unfit] = (
    KeptPerBook()
)


def layouts_for(
    book: Book, model: Model, roles: ChipRoles, edits: Edits, stack: str, chips: int
) -> FittingLayouts | Unfit:
    """Layouts that hold the model on `roles.chip`, kept for equal edits; `chips` 0 leaves their number open."""
    partner = None if roles.partner is None else (roles.partner[0].id, roles.partner[1])
    key = (model.id, roles.chip.id, partner, edits, stack, chips)
    layouts = _FITTING.of(book, key, lambda: _layouts_for(book, model, roles, edits, stack, chips))
    if isinstance(layouts, Unfit):
        return layouts
    return FittingLayouts(layouts, replicas_of(book, model, roles, edits, stack, layouts))


def _layouts_for(
    book: Book, model: Model, roles: ChipRoles, edits: Edits, stack: str, chips: int
) -> tuple[Layout, ...] | Unfit:
    chip, g = roles.chip, book.parameters
    experts, width = edits.machine.ep and model.is_moe, cuts.tensor_width(chip, stack, g)
    if chips:
        cut = cuts.parallel(model, chip, chips, experts=experts, width=width)
        found = _fitting(book, model, roles, edits, stack, [cut])
        if found:
            return found
    first = replicas_of(book, model, roles, edits, stack, (Layout(1),))
    least = int(least_chips(first, g)[0])
    if chips:
        return _unfit(model, chip, edits, least if chips < least else max(2 * chips, least), chips)
    wanted = chip_counts(book, chip, first, (least,))[0]
    tried = [cuts.parallel(model, chip, n, experts=experts, width=width) for n in wanted]
    found = _fitting(book, model, roles, edits, stack, tried) if tried else ()
    if not found and experts:
        wider = cuts.parallel(model, chip, max([*wanted, least]) * 2, experts=False, width=width)
        found = _fitting(book, model, roles, edits, stack, [wider])
    return found or _unfit(model, chip, edits, max(2 * max(wanted, default=least), least), 1)


def _fitting(
    book: Book, model: Model, roles: ChipRoles, edits: Edits, stack: str, tried: list[Layout]
) -> tuple[Layout, ...]:
    """Those of some layouts that hold the model."""
    held = fits(replicas_of(book, model, roles, edits, stack, tried), book.parameters)
    return tuple(cut for cut, holds in zip(tried, held, strict=True) if holds)


def transfer(book: Book, p: Physics, pool: Physics, *, same: bool) -> tuple[Vec, Vec]:
    """Cache handed from prefill to decode, and the rate of the link; shape (n,). [B], [B/s]

    Each rank moves its own part: inside one scale-up domain over the chips' links, otherwise over network cards.
    """
    g = book.parameters
    inside = same & (p.chips + pool.chips <= p.domain_chips)
    rate = np.where(inside, g.link_share * p.link_bytes_per_s, g.nic_share * p.nic_bytes_per_s)
    return cache_bytes(p, p.isl), rate * np.minimum(p.tp, pool.tp) * np.maximum(p.dp, 1.0)


def reload_s(book: Book, p: Physics, tokens: Vec | float) -> Vec:
    """Time to read so many tokens' cache back from host memory. [s]"""
    host_bytes_per_s = book.value("host_link_gb_per_s") * 1e9 * p.chips
    return np.asarray(growing_cache_bytes(p, tokens) / host_bytes_per_s)


def candidates(
    book: Book, model: Model, roles: ChipRoles, edits: Edits, *, stack: str, chips: int, demand: Demand
) -> Candidates | Unfit:
    """Every replica worth trying, or why there is none.

    Args: demand, of the fleet before its replicas are known, shape (1,).
    """
    found = layouts_for(book, model, roles, edits, stack, chips)
    if isinstance(found, Unfit):
        return found
    layouts, p = found.layouts, found.physics
    need = replace(demand.repeat(len(layouts)), reload_s=reload_s(book, p, edits.reload_tokens))
    if roles.pool is None:
        return Candidates(layouts, p, need)
    beside = layouts_for(book, model, ChipRoles(roles.pool), edits, stack, 0)
    if isinstance(beside, Unfit):
        return beside
    same = roles.pool is roles.chip
    sizes = beside.physics.chips
    nearest = np.array([int(np.argmin(np.abs(sizes - (n if same else 0.0)))) for n in p.chips])
    pool = beside.physics.take(nearest)
    moved, rate = transfer(book, p, pool, same=same)
    need = replace(need, transfer_bytes=moved, transfer_bytes_per_s=rate)
    return Candidates(layouts, p, need, pool, tuple(beside.layouts[i] for i in nearest))
