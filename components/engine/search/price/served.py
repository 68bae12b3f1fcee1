"""Latency, chip count and paid hours of each replica, before prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.hours import (
    AUTOSCALE,
    Hours,
    Scaling,
    levelled,
    prefill_hours_per_month,
    replica_hours_per_month,
    week_profile,
)
from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.periods import SECONDS_PER_HOUR
from components.engine.outcome.compute import ROWS_AT_ONCE
from components.engine.replica.record import Physics
from components.engine.serving.demand import Demand
from components.engine.serving.peak import Binding, Service, serve

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Scale
    from components.engine.search.ask.replicas import Block


@dataclass(frozen=True, slots=True)
class Served(Rows):
    """Replicas at peak; fields of shape (n,), those ending in `_by_scale` of shape (n, scales)."""

    binding: NDArray[np.int8]
    meets: NDArray[np.bool_]
    """Whether both targets are kept."""
    ttft_p95_s: Vec
    tpot_p95_s: Vec
    tpot_p50_s: Vec
    capacity_tokens_per_s: Vec
    chips_by_scale: Vec
    """Accelerators that exist, spare and prefill pool included. [1]"""
    pool_chips_by_scale: Vec
    """Of these, of the prefill pool. [1]"""
    paid_by_scale: Vec
    """Chip-hours paid per month. [h]"""
    busy_by_scale: Vec
    """Chip-hours at work per month. [h]"""

    @property
    def works(self) -> NDArray[np.bool_]:
        """Whether the row fits and meets its targets."""
        return np.asarray((self.binding == Binding.OK) & self.meets)


def scales_of(book: Book, traffic: Traffic) -> tuple[Scale, ...]:
    """Ways to follow the load; nothing is scaled to zero where the first word is due before a cold start ends."""
    return ("fixed", "hourly", "zero") if traffic.ttft_limit_s >= book.value("cold_start") else ("fixed", "hourly")


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows of one kind: all pooled or none, all drafting by choice or none, one share deferred."""

    rows: NDArray[np.intp]
    pooled: bool
    defer: float


def _chunks(pooled: NDArray[np.bool_], drafting: NDArray[np.bool_], defer: Vec) -> Iterator[_Chunk]:
    order = np.lexsort((drafting, pooled, defer))
    kinds = np.stack([defer[order], pooled[order], drafting[order]])
    cuts = [0, *(np.flatnonzero((kinds[:, 1:] != kinds[:, :-1]).any(axis=0)) + 1).tolist(), len(order)]
    for start, end in pairwise(cuts):
        for i in range(start, end, ROWS_AT_ONCE):
            rows = order[i : min(i + ROWS_AT_ONCE, end)]
            yield _Chunk(rows, bool(pooled[rows[0]]), float(defer[rows[0]]))


def _scaled(service: Service, scale: Scale) -> Service:
    """The fleet without spares where it may stop altogether."""
    if scale != "zero":
        return service
    return replace(service, replicas=service.sizing.replicas_active, prefill_replicas=service.sizing.prefill_active)


def _hours(
    book: Book, traffic: Traffic, chunk: _Chunk, scale: Scale, service: Service, demand: Demand
) -> tuple[Hours, Hours | None]:
    """Hours of the fleet and of its prefill pool."""
    week = week_profile(traffic.peak, traffic.hours)
    weights = levelled(week, np.array([chunk.defer]))[0] if chunk.defer > 0 else week
    one = np.ones_like(service.replicas)
    scaling = Scaling(
        one * AUTOSCALE[scale],
        one,
        one * (book.value("node_provisioning") / SECONDS_PER_HOUR),
        one * (book.value("scale_linger_s") / SECONDS_PER_HOUR),
    )
    main = replica_hours_per_month(service, demand, weights, scaling)
    return main, prefill_hours_per_month(service, demand, weights, scaling) if chunk.pooled else None


def _one(
    chunk: _Chunk, *, book: Book, traffic: Traffic, scales: tuple[Scale, ...], physics: Physics, demand: Demand
) -> Served:
    p, d = physics.take(chunk.rows), demand.take(chunk.rows)
    service = serve(p, d, book.parameters, p if chunk.pooled else None)
    chips, pools, paid, busy = [], [], [], []
    for scale in scales:
        fleet = _scaled(service, scale)
        main, pool = _hours(book, traffic, chunk, scale, fleet, d)
        beside, hours, used = np.zeros_like(fleet.replicas), main.paid, main.busy
        if pool is not None:
            beside, hours, used = fleet.prefill_replicas, hours + pool.paid, used + pool.busy
        chips.append((fleet.replicas + beside) * p.chips)
        pools.append(beside * p.chips)
        paid.append(hours * p.chips)
        busy.append(used * p.chips)
    return Served(
        binding=service.binding,
        meets=service.meets_ttft & service.meets_tpot,
        ttft_p95_s=service.sizing.ttft_p95_s,
        tpot_p95_s=service.sizing.tpot_p95_s,
        tpot_p50_s=service.sizing.tpot_p50_s,
        capacity_tokens_per_s=service.output_tokens_per_s_capacity,
        chips_by_scale=np.stack(chips, axis=1),
        pool_chips_by_scale=np.stack(pools, axis=1),
        paid_by_scale=np.stack(paid, axis=1),
        busy_by_scale=np.stack(busy, axis=1),
    )


def served(book: Book, traffic: Traffic, scales: tuple[Scale, ...], blocks: list[Block]) -> list[Served]:
    """Serve the demand with every row of the blocks, each row once whatever its prices.

    Returns: one `Served` per block, rows in the block's order.
    """
    ends = np.cumsum([len(b.code) for b in blocks])
    if not len(ends) or not ends[-1]:
        return [_nothing(len(scales)) for _ in blocks]
    physics, demand = Physics.stack([b.physics for b in blocks]), Demand.stack([b.demand for b in blocks])
    pooled, drafting, defer = (np.concatenate([getattr(b, n) for b in blocks]) for n in ("pooled", "drafting", "defer"))
    chunks = list(_chunks(pooled, drafting, defer))
    parts = [_one(c, book=book, traffic=traffic, scales=scales, physics=physics, demand=demand) for c in chunks]
    order = np.empty(int(ends[-1]), dtype=np.intp)
    order[np.concatenate([c.rows for c in chunks])] = np.arange(len(order))
    whole = Served.stack(parts).take(order)
    return [whole.take(slice(int(end) - len(b.code), int(end))) for b, end in zip(blocks, ends, strict=True)]


def _nothing(scales: int) -> Served:
    flat, wide = np.empty(0), np.empty((0, scales))
    return Served(np.empty(0, np.int8), np.empty(0, bool), flat, flat, flat, flat, wide, wide, wide, wide)
