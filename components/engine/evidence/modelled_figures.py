"""What the engine says of published measurements: throughput, TPOT and TTFT of each, in one vectorised pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.arrays import Vec, column
from components.engine.replica.decode import StepModel
from components.engine.replica.formats import LOCAL_STACKS
from components.engine.replica.from_catalog import layout_columns, machines, of_machines, offset_class
from components.engine.replica.memory import batch_capacity, growing_cache_bytes
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics, RequestTokens
from components.engine.serving.closed_loop import Conditions, Limits, Pool, closed_loop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.parameters import Parameters, Scope
    from components.engine.evidence.setup import MeasuredOn, Setup
    from components.engine.replica.from_catalog import ReplicaSpec


Flags = NDArray[np.bool_]


class PredictedFigures(NamedTuple):
    """Of each setup; arrays of shape (n,), NaN where the model does not fit."""

    output_tokens_per_s_per_chip: Vec
    tpot_s: Vec
    ttft_s: Vec


def physics_of(rows: Sequence[MeasuredOn], g: Parameters) -> Physics:
    """One replica each; its whole prompt is read."""
    every = np.ones(len(rows))
    tokens = RequestTokens(
        isl=column(row.isl for row in rows),
        new_isl=column(row.isl for row in rows),
        osl=column(row.osl for row in rows),
        draft_tokens=column(row.draft_tokens for row in rows),
        acceptance=g.acceptance * every,
        draft_cost=g.draft_cost * every,
    )
    specs = [row.spec for row in rows]
    keys = [_machine_key(spec) for spec in specs]
    distinct = dict(zip(keys, specs, strict=True))
    place = {key: i for i, key in enumerate(distinct)}
    parts = machines(list(distinct.values()), g).take(np.array([place[key] for key in keys]))
    local, overlap = column(s.stack in LOCAL_STACKS for s in specs), column(s.overlap for s in specs)
    return of_machines(parts, layout_columns([row.layout for row in rows], local=local, overlap=overlap), tokens)


def _machine_key(spec: ReplicaSpec) -> tuple[str | float, ...]:
    """What tells the machines of one catalog apart: many points share one, and each is built once."""
    model, chip = spec.model.id, spec.chip.id
    return model, chip, spec.weights, spec.kv, spec.stack, spec.age_months, spec.disaggregated


@dataclass(frozen=True, slots=True)
class _Harness:
    """What surrounds the replicas; arrays of shape (n,)."""

    concurrency: Vec
    server_path: Flags
    static: Flags
    lockstep: Flags
    plain: Flags
    limits: Limits
    servers: Vec
    pool_chips: Vec
    hands_over: Flags
    decode_rate: Flags
    path_factor: Vec
    burst_factor: Vec
    conditions: Conditions

    @classmethod
    def of(cls, setups: Sequence[Setup], g: Parameters) -> _Harness:
        def offset(scope: Scope, keys: Sequence[str], name: str) -> Vec:
            found = {key: g.offset(scope, key, name) for key in set(keys)}
            return np.array([found[key] for key in keys])

        servers, conditions = [s.server for s in setups], [s.condition for s in setups]
        devices = [offset_class(s.decode.spec.chip, s.decode.spec.stack, g) for s in setups]

        def column(name: str) -> Vec:
            return np.array([float(getattr(setup, name)) for setup in setups])

        return cls(
            concurrency=column("concurrency"),
            server_path=column("server_path") > 0,
            static=column("static") > 0,
            lockstep=column("lockstep") > 0,
            plain=column("plain") > 0,
            limits=Limits(column("ttft_limit_s"), column("tpot_limit_s")),
            servers=column("servers"),
            pool_chips=column("pool_chips"),
            hands_over=column("hands_over") > 0,
            decode_rate=column("decode_rate") > 0,
            path_factor=offset("condition", conditions, "server_path_s"),
            burst_factor=offset("condition", conditions, "burst"),
            conditions=Conditions(
                median=column("median") > 0,
                admission_factor=offset("admission", [s.admission for s in setups], "admission_steps"),
                prompt_factor=offset("server", servers, "ttft") * offset("device", devices, "ttft"),
            ),
        )


def _harnessed(p: Physics, h: _Harness, g: Parameters) -> Physics:
    """Launches, the server's path and prompts that meet, as far as the benchmark lets them be seen."""
    return replace(
        p,
        server_path_s=p.server_path_s * h.path_factor * np.where(h.server_path, 1.0, g.in_process_path),
        prefill_layer_overhead_s=p.prefill_layer_overhead_s * np.where(h.server_path, 1.0, g.in_process_launch),
        prefill_stall=p.prefill_stall * np.where(h.lockstep, g.lockstep_stall, 1.0),
        burst=p.burst * h.burst_factor * np.where(h.lockstep, g.lockstep_burst, 1.0),
        speed_gain=np.where(h.plain, 1.0, p.speed_gain),
    )


def figures(setups: Sequence[Setup], g: Parameters) -> PredictedFigures:
    """Predict each setup; rows do not influence each other.    Source: docs/engine.md#closed-loop."""
    h = _Harness.of(setups, g)
    p = _harnessed(physics_of([setup.decode for setup in setups], g), h, g)
    pooled = np.array([setup.prefill is not None for setup in setups])
    pool = _pool(setups, p, pooled, h, g)
    capacity = _capacity(p, g)
    found = closed_loop(
        p,
        h.concurrency,
        g,
        pool=pool,
        conditions=h.conditions,
        limits=h.limits,
        capacity=capacity,
    )
    rate = found.output_tokens_per_s_per_chip / np.where(h.server_path, 1.0, g.ramp_loss)
    rate = np.where(h.decode_rate, 1 / (found.tpot_s * p.chips), rate)
    static = _static(p, h, capacity, g)
    return PredictedFigures(
        np.where(h.static, static.output_tokens_per_s_per_chip, rate),
        np.where(h.static, static.tpot_s, found.tpot_s),
        np.where(h.static, static.ttft_s, found.ttft_s),
    )


def _capacity(p: Physics, g: Parameters) -> Vec:
    """Sequences that fit; what fits only without any reserve was run without one."""
    usual = batch_capacity(p, g)
    bare = batch_capacity(p, replace(g, memory_usable=1.0, memory_reserve_bytes=0.0, kv_share=1.0))
    return np.where(usual >= 1, usual, bare)


def _pool(setups: Sequence[Setup], p: Physics, pooled: Flags, h: _Harness, g: Parameters) -> Pool:
    """Prefill machines: the pool's own, or the replica itself."""
    occupancy, alone = prefill_occupancy_s(p, g), prefill_alone_s(p, g)
    if pooled.any():
        machines = physics_of([setup.prefill for setup in setups if setup.prefill is not None], g)
        occupancy, alone = occupancy.copy(), alone.copy()
        occupancy[pooled], alone[pooled] = prefill_occupancy_s(machines, g), prefill_alone_s(machines, g)
    moved = np.where(h.hands_over, growing_cache_bytes(p, p.isl), 0.0)
    transfer = moved / (g.nic_share * p.nic_bytes_per_s) + np.where(pooled, g.handover_s, 0.0)
    return Pool(occupancy, alone, h.servers, h.pool_chips, transfer)


def _static(p: Physics, h: _Harness, capacity: Vec, g: Parameters) -> PredictedFigures:
    """A batch that is read, then answered to its last token, and nothing joins it."""
    batch = np.where(np.isfinite(h.concurrency), h.concurrency, 1.0)
    occupancy = prefill_occupancy_s(p, g)
    step = StepModel.from_physics(p, g).step(batch, np.maximum(p.draft_tokens, 0.0))
    tpot = step.total_s / step.tokens_per_step
    first = p.server_path_s + prefill_alone_s(p, g) + (batch - 1) * occupancy
    rate = batch * p.osl / (first + p.osl * tpot) / p.chips
    fits = capacity >= 1
    return PredictedFigures(*[np.where(fits, v, np.nan) for v in (rate, tpot, first)])
