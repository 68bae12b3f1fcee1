"""What the engine says of published measurements: throughput, TPOT and TTFT of each, in one vectorised pass."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.evidence.setup_columns import MachineColumns, Placed, SetupColumns, Surroundings
from components.engine.facts.arrays import Vec, column
from components.engine.replica.decode import StepModel
from components.engine.replica.from_catalog import machines, of_machines, offset_class
from components.engine.replica.memory import batch_capacity, growing_cache_bytes
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics, RequestTokens
from components.engine.serving.closed_loop import Conditions, Limits, Pool, closed_loop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.parameters import Parameters, Scope
    from components.engine.evidence.setup import Setup


class PredictedFigures(NamedTuple):
    """Of each setup; arrays of shape (n,), NaN where the model does not fit."""

    output_tokens_per_s_per_chip: Vec
    tpot_s: Vec
    ttft_s: Vec


def physics_of(rows: MachineColumns, g: Parameters) -> Physics:
    """One replica each; its whole prompt is read."""
    lengths = rows.lengths
    every = np.ones_like(lengths.isl)
    tokens = RequestTokens(
        isl=lengths.isl,
        new_isl=lengths.isl,
        osl=lengths.osl,
        draft_tokens=lengths.draft_tokens,
        acceptance=g.acceptance * every,
        draft_cost=g.draft_cost * every,
    )
    return of_machines(machines(rows.specs.distinct, g).take(rows.specs.place), rows.layout, tokens)


class _Offsets(NamedTuple):
    """What conditions of measurement multiply, each of shape (n,). [1]"""

    path: Vec
    burst: Vec
    admission: Vec
    prompt: Vec

    @classmethod
    def of(cls, setups: SetupColumns, g: Parameters) -> _Offsets:
        def offset(scope: Scope, keys: Placed[str], name: str) -> Vec:
            return column(g.offset(scope, key, name) for key in keys.distinct)[keys.place]

        specs = setups.decode.specs
        devices = Placed(tuple(offset_class(s.chip, s.stack, g) for s in specs.distinct), specs.place)
        return cls(
            path=offset("condition", setups.conditions, "server_path_s"),
            burst=offset("condition", setups.conditions, "burst"),
            admission=offset("admission", setups.admissions, "admission_steps"),
            prompt=offset("server", setups.servers, "ttft") * offset("device", devices, "ttft"),
        )


def _harnessed(p: Physics, around: Surroundings, offsets: _Offsets, g: Parameters) -> Physics:
    """Launches, the server's path and prompts that meet, as far as the benchmark lets them be seen."""
    served, lockstep = around.server_path > 0, around.lockstep > 0
    return replace(
        p,
        server_path_s=p.server_path_s * offsets.path * np.where(served, 1.0, g.in_process_path),
        prefill_layer_overhead_s=p.prefill_layer_overhead_s * np.where(served, 1.0, g.in_process_launch),
        prefill_stall=p.prefill_stall * np.where(lockstep, g.lockstep_stall, 1.0),
        burst=p.burst * offsets.burst * np.where(lockstep, g.lockstep_burst, 1.0),
        speed_gain=np.where(around.plain > 0, 1.0, p.speed_gain),
    )


def figures(setups: Sequence[Setup], g: Parameters) -> PredictedFigures:
    """Predict each setup; rows do not influence each other.    Source: docs/engine.md#closed-loop."""
    return figures_of(SetupColumns.of(setups), g)


def figures_of(setups: SetupColumns, g: Parameters) -> PredictedFigures:
    """The same for setups that are columns already."""
    around, offsets = setups.around, _Offsets.of(setups, g)
    p = _harnessed(physics_of(setups.decode, g), around, offsets, g)
    capacity = _capacity(p, g)
    found = closed_loop(
        p,
        around.concurrency,
        g,
        pool=_pool(setups, p, g),
        conditions=Conditions(around.median > 0, offsets.admission, offsets.prompt),
        limits=Limits(around.ttft_limit_s, around.tpot_limit_s),
        capacity=capacity,
    )
    rate = found.output_tokens_per_s_per_chip / np.where(around.server_path > 0, 1.0, g.ramp_loss)
    rate = np.where(around.decode_rate > 0, 1 / (found.tpot_s * p.chips), rate)
    predicted = PredictedFigures(rate, found.tpot_s, found.ttft_s)
    static = around.static > 0
    if not static.any():
        return predicted
    return PredictedFigures(
        *[np.where(static, a, b) for a, b in zip(_static(p, around, capacity, g), predicted, strict=True)]
    )


def _capacity(p: Physics, g: Parameters) -> Vec:
    """Sequences that fit; what fits only without any reserve was run without one."""
    usual = batch_capacity(p, g)
    bare = batch_capacity(p, replace(g, memory_usable=1.0, memory_reserve_bytes=0.0, kv_share=1.0))
    return np.where(usual >= 1, usual, bare)


def _pool(setups: SetupColumns, p: Physics, g: Parameters) -> Pool:
    """Prefill machines: the pool's own, or the replica itself."""
    occupancy, alone, pooled, around = prefill_occupancy_s(p, g), prefill_alone_s(p, g), setups.pooled, setups.around
    if setups.prefill is not None:
        beside = physics_of(setups.prefill, g)
        occupancy, alone = occupancy.copy(), alone.copy()
        occupancy[pooled], alone[pooled] = prefill_occupancy_s(beside, g), prefill_alone_s(beside, g)
    moved = np.where(around.hands_over > 0, growing_cache_bytes(p, p.isl), 0.0)
    transfer = moved / (g.nic_share * p.nic_bytes_per_s) + np.where(pooled, g.handover_s, 0.0)
    return Pool(occupancy, alone, around.servers, around.pool_chips, transfer)


def _static(p: Physics, around: Surroundings, capacity: Vec, g: Parameters) -> PredictedFigures:
    """A batch that is read, then answered to its last token, and nothing joins it."""
    batch = np.where(np.isfinite(around.concurrency), around.concurrency, 1.0)
    occupancy = prefill_occupancy_s(p, g)
    step = StepModel.from_physics(p, g).step(batch, np.maximum(p.draft_tokens, 0.0))
    tpot = step.total_s / step.tokens_per_step
    first = p.server_path_s + prefill_alone_s(p, g) + (batch - 1) * occupancy
    rate = batch * p.osl / (first + p.osl * tpot) / p.chips
    fits = capacity >= 1
    return PredictedFigures(*[np.where(fits, v, np.nan) for v in (rate, tpot, first)])
