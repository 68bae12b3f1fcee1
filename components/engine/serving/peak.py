"""How many replicas a demand needs and what its users see: memory, percentiles, replicas, the point at peak."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.arrays import Mask, Rows, Vec
from components.engine.replica.decode import StepModel
from components.engine.replica.memory import batch_capacity, kv_bytes_per_sequence, weight_bytes
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.serving.continuous import continuous
from components.engine.serving.decode_table import best_draft_tokens
from components.engine.serving.demand import Demand
from components.engine.serving.fixed_batch import prompts_only, single_stream, static
from components.engine.serving.sizing import Policy, PromptPath, Sizing

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


MEETS_WITHIN = 0.01
"""Share by which a percentile may pass its target and still meet it: the table's interpolation error. [1]"""


POLICY = Policy()


_SINGLE, _PROMPTS, _STATIC = 1, 2, 3


class Binding(IntEnum):
    """What makes a row impossible; the first that holds."""

    OK = 0
    WEIGHTS = 1
    """Weights do not fit in the replica's memory."""
    SEQUENCE = 2
    """Weights fit, not even one sequence's KV cache does."""
    TTFT = 3
    """A request alone on the machine misses the TTFT target."""
    TPOT = 4
    """One sequence alone misses the TPOT target."""
    FLEET = 5
    """The replicas that exist carry less than the peak."""


@dataclass(frozen=True, slots=True)
class Service(Rows):
    """A deployment at peak; every array has shape (n,). An impossible row holds the best it can do."""

    sizing: Sizing
    """One replica's best rate, replicas that carry the peak, times that users see."""
    binding: NDArray[np.int8]
    """A code of `Binding`."""
    meets_ttft: Mask
    meets_tpot: Mask
    weight_bytes: Vec
    kv_bytes: Vec
    """One sequence's cache at its full length. [B]"""
    batch_capacity: Vec
    """b_max by memory as computed; 0 or less where the weights do not fit. [sequences]"""
    replicas: Vec
    """With spares. [1]"""
    prefill_replicas: Vec
    """Prefill pool with spares; 0 in one pool. [1]"""
    load: Vec
    """Peak rate over the active replicas' largest rate. [1]"""
    draft_tokens: Vec
    """Depth in use at peak. [tokens]"""
    e2e_p50_s: Vec
    """TTFT + (o - 1) TPOT, both at the same percentile, mean output. [s]"""
    e2e_p95_s: Vec
    output_tokens_per_s_capacity: Vec
    """What the active replicas can deliver inside the targets. [tokens/s]"""


def _entry(p: Physics, d: Demand, g: Parameters, pool: Physics | None) -> tuple[PromptPath, Vec]:
    """The way to the first token and S_1, on the pool's machines if there is a pool."""
    machine = p if pool is None else pool
    alone = prefill_alone_s(machine, g)
    base = p.server_path_s + alone + d.transfer_bytes / d.transfer_bytes_per_s + d.reload_s
    return PromptPath(prefill_occupancy_s(machine, g), base, d.dispersion + d.isl_cv**2), alone


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows to be served, with what is known before."""

    p: Physics
    d: Demand
    entry: PromptPath
    alone_s: Vec
    capacity: Vec

    def take(self, rows: NDArray[np.bool_]) -> _Rows:
        """The rows that a mask selects."""
        return _Rows(
            self.p.take(rows), self.d.take(rows), self.entry.take(rows), self.alone_s[rows], self.capacity[rows]
        )


def _one_way(way: int, c: _Rows, g: Parameters, policy: Policy, *, pooled: bool) -> Sizing:
    if way == _SINGLE:
        return single_stream(c.p, c.d, g, entry=c.entry, alone_s=c.alone_s, policy=policy)
    if way == _PROMPTS:
        return prompts_only(c.d, entry=c.entry, policy=policy)
    if way == _STATIC:
        return static(c.p, c.d, g, entry=c.entry, capacity=c.capacity, policy=policy)
    return continuous(c.p, c.d, g, entry=c.entry, capacity=c.capacity, policy=policy, pooled=pooled)


def _speed(p: Physics, d: Demand, g: Parameters, pool: Physics | None, capacity: Vec, policy: Policy) -> Sizing:
    """Each row by its own way of serving, put back in order."""
    entry, alone = _entry(p, d, g, pool)
    way = np.select([d.single_stream > 0, p.osl <= 0, d.static_batch > 0], [_SINGLE, _PROMPTS, _STATIC], 0)
    codes = np.unique(way)
    case = _Rows(p, d, entry, alone, capacity)
    if len(codes) == 1:
        return _one_way(int(codes[0]), case, g, policy, pooled=pool is not None)
    found: dict[str, Vec] = {f.name: np.empty_like(capacity) for f in fields(Sizing)}
    for code in codes:
        rows = way == code
        part = _one_way(int(code), case.take(rows), g, policy, pooled=pool is not None)
        for name, values in found.items():
            values[rows] = getattr(part, name)
    return Sizing(**found)


def serve(p: Physics, d: Demand, g: Parameters, pool: Physics | None = None, policy: Policy = POLICY) -> Service:
    """Size a deployment for its peak and give what its users see.

    Args:
        p: the decode machine (or the only one), shape (n,).
        d: demand, shape (n,).
        g: global constants of the engine.
        pool: prefill machines, shape (n,), where prefill has its own; then the prefill stall in decode is 0.
        policy: rules of operation.
    Returns: rows of the same order; each depends on its own inputs only.
    Source: docs/engine.md#open-loop.
    """
    raw = batch_capacity(p, g)
    sizing = _speed(p, d, g, pool, np.maximum(raw, 1.0), policy)
    gaps = np.maximum(p.osl - 1, 0)
    active, asked = sizing.replicas_active, sizing.prefill_active
    load = d.peak_requests_per_s / (active * sizing.rate_max_per_replica)
    return Service(
        sizing=sizing,
        binding=_binding(raw, sizing, d, load),
        meets_ttft=within_target(sizing.ttft_p95_s, d.ttft_limit_s),
        meets_tpot=within_target(sizing.tpot_p95_s, d.tpot_limit_s),
        weight_bytes=weight_bytes(p),
        kv_bytes=kv_bytes_per_sequence(p, p.isl + p.osl),
        batch_capacity=raw,
        replicas=active + d.spare_replicas,
        prefill_replicas=np.where(asked > 0, asked + d.spare_replicas, 0.0),
        load=load,
        draft_tokens=_draft(p, sizing, g),
        e2e_p50_s=sizing.ttft_p50_s + gaps * sizing.tpot_p50_s,
        e2e_p95_s=sizing.ttft_p95_s + gaps * sizing.tpot_p95_s,
        output_tokens_per_s_capacity=active * sizing.rate_max_per_replica * p.osl,
    )


def within_target(p95_s: Vec | float, limit_s: Vec | float) -> Mask:
    """Whether a 95th percentile keeps its target, inf where there is none, within the table's error."""
    return np.asarray(p95_s <= limit_s * (1 + MEETS_WITHIN))


def _binding(capacity: Vec, sizing: Sizing, d: Demand, load: Vec) -> NDArray[np.int8]:
    """What makes a row impossible, OK where nothing does."""
    late = sizing.ttft_alone_s > d.ttft_limit_s, sizing.tpot_alone_s > d.tpot_limit_s
    causes = [Binding.WEIGHTS, Binding.SEQUENCE, Binding.TTFT, Binding.TPOT, Binding.FLEET]
    return np.select([capacity <= 0, capacity < 1, *late, (d.fleet > 0) & (load > 1)], causes, Binding.OK).astype(
        np.int8
    )


def _draft(p: Physics, sizing: Sizing, g: Parameters) -> Vec:
    """Draft depth at the operating point; rows with a depth of their own keep it."""
    auto = p.draft_tokens < 0
    depth = p.draft_tokens.copy()
    if auto.any():
        depth[auto] = best_draft_tokens(StepModel.from_physics(p.take(auto), g), sizing.batch_mean[auto])
    return depth
