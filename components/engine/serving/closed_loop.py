"""A closed loop, as benchmarks run: so many requests in flight, each followed by the next when it is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.facts.arrays import Vec
from components.engine.replica.decode import StepModel
from components.engine.replica.memory import batch_capacity
from components.engine.replica.prefill import prefill_alone_s, prefill_occupancy_s
from components.engine.replica.record import Physics
from components.engine.serving.decode_table import DEPTHS

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


KNOTS = 8


REFINEMENTS = 6


SMALLEST_SHARE = 1e-5
"""Batch at which the search begins, as a share of one sequence."""


RHO_MAX = 0.995
"""Load of the prefill beyond which nothing more is admitted. Source: docs/engine.md#closed-loop."""


class ClosedLoop(NamedTuple):
    """State of one replica; arrays of shape (n,), NaN where not even one sequence fits."""

    tpot_s: Vec
    """Mean time per output token, prefill of the others included. [s]"""
    ttft_s: Vec
    """Mean time to the first token, waiting for a place in the batch included. [s]"""
    output_tokens_per_s_per_chip: Vec
    """Over the chips of both pools. [1/s]"""
    batch: Vec
    """Sequences that decode together, on average. [1]"""
    requests_per_s: Vec
    """Without the ramps of a benchmark. [1/s]"""


class Pool(NamedTuple):
    """Prefill machines of their own, counted per decode replica; arrays of shape (n,)."""

    occupancy_s: Vec
    """S on one of them. [s]"""
    alone_s: Vec
    """S_1 on one of them. [s]"""
    servers: Vec
    chips: Vec
    """Of all of them. [1]"""
    transfer_s: Vec
    """To hand one prompt's cache over. [s]"""


class _State(NamedTuple):
    tpot_s: Vec
    ttft_s: Vec
    rate: Vec
    in_flight: Vec
    load: Vec
    """Largest of requests in flight, prefill load, TPOT and TTFT, each over what is allowed; 1 at the solution. [1]"""


class _Loop(NamedTuple):
    """One closed loop; fields of shape (n,), or (n, 1) against a grid of batches."""

    model: StepModel
    pool: Pool
    concurrency: Vec
    osl: Vec
    stall_s: Vec
    """kp S. [s]"""
    base_s: Vec
    """pre0 + f (S_1 + transfer + burst). [s]"""
    tpot_limit_s: Vec
    """Of the mean. [s]"""
    ttft_limit_s: Vec
    queue_weight: Vec
    admission_steps: Vec

    def column(self) -> _Loop:
        """Against a grid of batches."""
        return _Loop(
            model=self.model.column(),
            pool=Pool(*[v[:, None] for v in self.pool]),
            concurrency=self.concurrency[:, None],
            osl=self.osl[:, None],
            stall_s=self.stall_s[:, None],
            base_s=self.base_s[:, None],
            tpot_limit_s=self.tpot_limit_s[:, None],
            ttft_limit_s=self.ttft_limit_s[:, None],
            queue_weight=self.queue_weight[:, None],
            admission_steps=self.admission_steps[:, None],
        )

    def at(self, batch: Vec) -> _State:
        """Everything at a batch; below one sequence, a sequence decodes alone and part of the time none does."""
        step = self.model.step(np.maximum(batch, 1.0), self.model.draft_tokens)
        tpot = step.total_s / step.tokens_per_step + self.stall_s * batch / self.osl
        rate = batch / (self.osl * tpot)
        rho = rate * self.pool.occupancy_s / self.pool.servers
        calm = np.minimum(rho, (1 + RHO_MAX) / 2)
        ttft = (
            self.base_s
            + self.admission_steps * step.total_s
            + self.queue_weight * self.pool.occupancy_s * calm / (1 - calm)
        )
        in_flight = rate * ttft + batch
        late = np.maximum(tpot / self.tpot_limit_s, ttft / self.ttft_limit_s)
        load = np.maximum(np.maximum(in_flight / self.concurrency, rho / RHO_MAX), late)
        return _State(tpot, ttft, rate, in_flight, load)


def _largest_batch(loop: _Loop, top: Vec) -> Vec:
    """Largest batch up to `top` with a load of at most 1, shape (n,): a logarithmic grid, refined where it crosses."""
    wide, rows = loop.column(), np.arange(top.size)
    low, high = np.log(np.minimum(top, 1.0) * SMALLEST_SHARE), np.log(top)
    share = np.linspace(0, 1, KNOTS)
    for _ in range(REFINEMENTS):
        grid = low[:, None] + (high - low)[:, None] * share
        load = wide.at(np.exp(grid)).load
        last = np.clip((load <= 1).sum(axis=1) - 1, 0, KNOTS - 2)
        low, high = grid[rows, last], grid[rows, last + 1]
        below, above = load[rows, last], load[rows, last + 1]
    part = np.clip((1 - below) / np.where(above > below, above - below, 1.0), 0, 1)
    return np.asarray(np.exp(low + (high - low) * np.where(above <= 1, 1.0, part)))


def _solve(loop: _Loop, capacity: Vec, chips: Vec, ramp: float) -> ClosedLoop:
    """The loop at its largest batch; what does not fit waits."""
    fits = capacity >= 1
    batch = _largest_batch(loop, np.minimum(loop.concurrency, np.where(fits, capacity, 1.0)))
    state = loop.at(batch)
    bounded = np.where(np.isfinite(loop.concurrency), loop.concurrency, 0.0)
    waiting = np.maximum(bounded - state.in_flight, 0.0) / state.rate
    tokens = ramp * state.rate * loop.osl / chips
    return ClosedLoop(
        *[np.where(fits, v, np.nan) for v in (state.tpot_s, state.ttft_s + waiting, tokens, batch, state.rate)]
    )


class Limits(NamedTuple):
    """The p99 TTFT and TPOT that a run must keep; arrays of shape (n,), inf where there is none. [s]"""

    ttft_s: Vec
    tpot_s: Vec


class Conditions(NamedTuple):
    """What a benchmark and its server make of TTFT; each of shape (n,) or one for all."""

    median: bool | NDArray[np.bool_] = False
    """TTFT is a median, which sees less of the initial burst than a mean."""
    admission_factor: Vec | float = 1.0
    """On the steps a request waits for its place (adm). [1]"""
    prompt_factor: Vec | float = 1.0
    """f, on what reading prompts adds. [1]"""


PLAIN = Conditions()


def closed_loop(
    p: Physics,
    concurrency: Vec,
    g: Parameters,
    *,
    pool: Pool | None = None,
    conditions: Conditions = PLAIN,
    limits: Limits | None = None,
    capacity: Vec | None = None,
) -> ClosedLoop:
    """Keep `concurrency` requests in flight on one replica.

    TPOT = t_step / tau + kp S b / o;  r = b / (o TPOT);  rho = r S / servers
    TTFT = pre0 + adm t_step + f (S_1 + transfer + q S rho / (1 - rho) + kap (C - 1) S / servers)
    The batch is the largest b <= min(C, b_max) with r (TTFT + o TPOT) <= C and rho < 0.995 (Little's law); the rest
    waits (C - N) / r. A draft depth of -1 takes the depth with the most tokens per second.
    Args:
        p: the decode replica, fields of shape (n,), osl > 0.
        concurrency: C, requests in flight per decode replica, shape (n,). [1]
        g: global constants.
        pool: prefill machines of their own; None prefills on the replica itself.
        conditions: how TTFT is measured and what the server adds to it.
        limits: p99 targets that the load is raised to; C may then be inf. The mean TPOT stays under limit / jit.
        capacity: sequences that fit, shape (n,); None computes them.
    Returns: shape (n,).    Source: docs/engine.md#closed-loop.
    """
    none, one = np.zeros_like(p.osl), np.ones_like(p.osl)
    if pool is None:
        pool = Pool(prefill_occupancy_s(p, g), prefill_alone_s(p, g), one, none, none)
    if limits is None:
        limits = Limits(none + np.inf, none + np.inf)
    others = np.where(np.isfinite(concurrency), np.maximum(concurrency - 1, 0), 0.0)
    burst = p.burst * np.where(conditions.median, g.burst_median, 1.0) * others / pool.servers
    steps = np.where(np.isfinite(concurrency), g.admission_steps, g.open_steps)
    model = StepModel.from_physics(p, g)
    if capacity is None:
        capacity = batch_capacity(p, g)
    loop = _Loop(
        model=model,
        pool=pool,
        concurrency=concurrency + none,
        osl=p.osl,
        stall_s=p.prefill_stall * pool.occupancy_s,
        base_s=p.server_path_s + conditions.prompt_factor * (pool.alone_s + pool.transfer_s + burst * pool.occupancy_s),
        tpot_limit_s=limits.tpot_s / g.tpot_p99_over_mean,
        ttft_limit_s=limits.ttft_s * g.ttft_mean_over_p99,
        queue_weight=g.queue_weight * conditions.prompt_factor * one,
        admission_steps=steps * conditions.admission_factor * one,
    )
    auto = p.draft_tokens < 0
    depths = DEPTHS if auto.any() else DEPTHS[:1]
    tried = [
        _solve(
            loop._replace(model=replace(model, draft_tokens=np.where(auto, depth, p.draft_tokens))),
            capacity,
            p.chips + pool.chips,
            g.ramp_loss,
        )
        for depth in depths
    ]
    best = np.argmax([one_depth.output_tokens_per_s_per_chip for one_depth in tried], axis=0)
    rows = np.arange(best.size)
    return ClosedLoop(*[np.stack(column)[best, rows] for column in zip(*tried, strict=True)])
