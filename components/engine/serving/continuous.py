"""Continuous batching under arrivals: the largest batch inside memory and every percentile, then the point at peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.normal import Z50, Z95, Z99
from components.engine.replica.decode import StepModel
from components.engine.replica.record import Physics
from components.engine.serving.decode_table import Curve, token_time_s
from components.engine.serving.demand import Demand
from components.engine.serving.queues import (
    batch_mean_of_quantile,
    batch_quantile,
    rho_for_wait_p95,
    servers_for_wait,
    wait_quantile_s,
)
from components.engine.serving.sizing import Policy, PromptPath, Sizing, backlog, reachable, replicas_for

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


_PATH = (
    Symbol("server path", "s"),
    Symbol("prefill alone", "s"),
    Symbol("handover", "s", "between pools or from offloaded memory"),
)


TTFT_P95 = Formula(
    "server path + prefill alone + handover + admission * first step + queue",
    "s",
    (
        *_PATH,
        Symbol("admission", "steps", "until it joins the batch"),
        Symbol("first step", "s", "at the median batch"),
        Symbol("queue", "s", "wait at p95"),
    ),
    "docs/engine.md#open-loop",
)


TTFT_P95_STATIC = Formula(
    "server path + prefill alone + handover + (batch - 1) * prompt + first step"
    " + cycle * max(0, 1 - 0.05 / load) + queue",
    "s",
    (
        *_PATH,
        Symbol("batch", "sequences"),
        Symbol("prompt", "s", "machine time of one"),
        Symbol("first step", "s"),
        Symbol("cycle", "s", "of one batch, to its longest answer"),
        Symbol("load", "", "share of time busy"),
        Symbol("queue", "s", "behind earlier batches at p95"),
    ),
    "docs/engine.md#open-loop",
)


TPOT_P95 = Formula(
    "token + stall * prompt * batch / answer + whole prompt",
    "ms",
    (
        Symbol("token", "ms", "step over tokens per step at the p95 batch", 1e3),
        Symbol("stall", "", "part of prefill that decode waits for"),
        Symbol("prompt", "ms", "machine time of one", 1e3),
        Symbol("batch", "sequences", "at p95"),
        Symbol("answer", "tokens"),
        Symbol("whole prompt", "ms", "between two tokens where prefill is not chunked", 1e3),
    ),
    "docs/engine.md#open-loop",
    1e3,
)


TPOT_STEADY = Formula(
    "step / tokens per step",
    "ms",
    (Symbol("step", "ms", "", 1e3), Symbol("tokens per step", "tokens")),
    "docs/engine.md#open-loop",
    1e3,
)
"""A fixed batch: every token takes the same time."""


@dataclass(frozen=True, slots=True)
class _PeakRows:
    """Everything the two solutions below share; arrays of shape (n,)."""

    p: Physics
    model: StepModel
    d: Demand
    entry: PromptPath
    policy: Policy
    curve: Curve
    stall_s: Vec
    """kp S, prefill time that decode waits for, per prompt; 0 with a separate pool. [s]"""
    jolt_s: Vec
    """One whole prompt between two tokens where prefill is not chunked. [s]"""
    pooled: bool

    @property
    def admission_steps(self) -> Vec:
        """Decode steps that a request waits for its place, shape (n, 1). [1]"""
        return self.d.admission_steps[:, None]

    @property
    def stall_per_sequence_s(self) -> Vec:
        """kp S / o. [s]"""
        return self.stall_s / self.p.osl


def _largest_batch(case: _PeakRows, ttft_limit: Vec, tpot_limit: Vec) -> Vec:
    """Largest mean batch inside memory, TPOT p95, TTFT p95 and the load limit. [1]

    b + 2 sqrt(v b) <= b_max; t(b_95) + kp S b_95 / o <= TPOT limit; rho(b) <= the load whose p95 wait fits.
    """
    d, curve, free = case.d, case.curve, backlog(case.d)
    top = curve.batch[:, -1]
    memory = batch_mean_of_quantile(top, d.dispersion, case.policy.admission_z, 0.95)
    slow = curve.time_s + case.stall_per_sequence_s[:, None] * curve.batch
    tpot = batch_mean_of_quantile(curve.largest(slow, tpot_limit - case.jolt_s), d.dispersion, Z95, 0.95)
    budget = ttft_limit - case.entry.base_s
    joined = curve.largest(case.admission_steps * curve.time_s, budget)
    batch = np.minimum(np.where(free, top, np.minimum(memory, top)), np.minimum(tpot, joined))
    return batch if case.pooled else np.minimum(batch, _batch_within_wait(case, budget))


def _load_excess(case: _PeakRows, curve: Curve, budget_s: Vec) -> Vec:
    """Load less the load whose p95 wait still fits, at the curve's batches: rho(b) - rho_max(budget - adm t(b)). [1]"""
    occupancy, stall = case.entry.occupancy_s[:, None], case.stall_s[:, None]
    wait = np.maximum(budget_s[:, None] - case.admission_steps * curve.time_s, 0)
    limit = np.minimum(rho_for_wait_p95(wait, occupancy, case.entry.spread[:, None]), case.policy.rho_max)
    limit = np.where(backlog(case.d)[:, None], case.policy.rho_backlog, limit)
    return curve.batch * occupancy / (case.p.osl[:, None] * curve.time_s + stall * curve.batch) - limit


def _batch_within_wait(case: _PeakRows, budget_s: Vec) -> Vec:
    """Largest batch whose load is allowed and whose p95 wait fits the budget; inf if all of the table do.

    Below one sequence the step time is constant, so the load limit is too and the batch is exact; above, the piece
    that holds the crossing is cut once more.
    """
    zero = np.zeros_like(budget_s)
    excess = _load_excess(case, case.curve, budget_s)
    coarse = case.curve.largest(excess, zero)
    part = case.curve.piece(coarse)
    fine = np.minimum(part.largest(_load_excess(case, part, budget_s), zero), part.batch[:, -1])
    rate = -excess[:, 0] / np.maximum(case.entry.occupancy_s, 1e-12)
    exact = case.curve.batch_at_rate(rate, case.p.osl, case.stall_s)
    return np.where(np.isinf(coarse), np.inf, np.where(excess[:, 1] > 0, exact, fine))


def _batch_at_peak(case: _PeakRows, rate: Vec) -> Vec:
    """Batch that solves b = lambda (o t(b) + kp S b): from the table, then one Newton step on the exact time. [1]"""
    osl = case.p.osl
    start = case.curve.batch_at_rate(rate, osl, case.stall_s)
    _, slope = case.curve.at(start)
    gap = start * (1 - rate * case.stall_s) - rate * osl * token_time_s(case.model, start)
    rise = np.maximum(1 - rate * case.stall_s - rate * osl * slope, 1e-3)
    return np.clip(start - gap / rise, 0, case.curve.batch[:, -1])


def continuous(
    p: Physics, d: Demand, g: Parameters, *, entry: PromptPath, capacity: Vec, policy: Policy, pooled: bool
) -> Sizing:
    """Serve with continuous batching; a target that a request alone misses is left out of the sizing.

    TPOT(b) = t(b) + kp S b / o; r(b) = b / (o TPOT); TTFT_q = base + adm t + W_q(rho), rho = r S.
    Args:
        p: decode machine, shape (n,), osl > 0.
        d: demand.
        g: global constants of the engine.
        entry: way to the first token, on the prefill pool if there is one.
        capacity: b_max by memory, at least 1. [sequences]
        policy: rules of operation.
        pooled: prefill runs on its own machines.
    Source: docs/engine.md#open-loop.
    """
    model = StepModel.from_physics(p, g)
    curve = Curve.of(model, policy.most_sequences(capacity, p.dp))
    none = np.zeros_like(capacity)
    stall = none if pooled else p.prefill_stall * entry.occupancy_s
    jolt = none if pooled else np.where(d.chunked_prefill > 0, 0.0, entry.occupancy_s)
    case = _PeakRows(p, model, d, entry, policy, curve, stall, jolt, pooled)
    first = curve.time_s[:, 0]
    ttft_limit = reachable(d.ttft_limit_s, entry.base_s + d.admission_steps * first)
    tpot_limit = reachable(d.tpot_limit_s, first + jolt)
    best = _largest_batch(case, ttft_limit, tpot_limit)
    rate_max = best / (p.osl * token_time_s(model, best) + stall * best)
    replicas = replicas_for(rate_max, d)
    return _at_peak(case, g, rate_max=rate_max, replicas=replicas, ttft_limit=ttft_limit)


def _at_peak(case: _PeakRows, g: Parameters, *, rate_max: Vec, replicas: Vec, ttft_limit: Vec) -> Sizing:
    """Latencies of the fleet at peak with these replicas."""
    p, d, entry, policy = case.p, case.d, case.entry, case.policy
    top = case.curve.batch[:, -1]
    rate = d.peak_requests_per_s / replicas
    mean = _batch_at_peak(case, rate)
    quantiles = [
        np.minimum(batch_quantile(mean, d.dispersion, z, q), top) for z, q in ((Z50, 0.5), (Z95, 0.95), (Z99, 0.99))
    ]
    step = token_time_s(case.model, np.stack(quantiles, axis=1))
    tpot = [step[:, i] + case.stall_per_sequence_s * quantiles[i] + (case.jolt_s if i else 0) for i in range(3)]
    rho_cap = np.where(backlog(d), policy.rho_backlog, policy.rho_max)
    servers = np.zeros_like(rate)
    joined = entry.base_s + d.admission_steps * step[:, 0]
    if case.pooled:
        wait = np.maximum(ttft_limit - joined, 0)
        servers = servers_for_wait(
            d.peak_requests_per_s, entry.occupancy_s, entry.spread, rho_cap * (1 - d.headroom), wait
        )
    rho = np.where(servers > 0, d.peak_requests_per_s / np.maximum(servers, 1), rate) * entry.occupancy_s
    calm = np.minimum(rho, policy.rho_backlog)
    wait_s = [
        wait_quantile_s(q, calm, entry.occupancy_s, entry.spread, np.maximum(servers, 1)) for q in (0.5, 0.95, 0.99)
    ]
    return Sizing(
        rate_max_per_replica=rate_max,
        replicas_active=replicas,
        prefill_active=servers,
        batch_mean=mean,
        rho=rho,
        ttft_alone_s=entry.base_s + d.admission_steps * case.curve.time_s[:, 0],
        tpot_alone_s=case.curve.time_s[:, 0] + case.jolt_s,
        ttft_p50_s=joined + wait_s[0],
        ttft_p95_s=joined + wait_s[1],
        ttft_p99_s=joined + wait_s[2] + d.cold_start_s,
        tpot_p50_s=tpot[0],
        tpot_p95_s=tpot[1],
        tpot_p99_s=tpot[2],
        prefill_occupancy_s=entry.occupancy_s,
        decode_occupancy_s=p.osl * step[:, 0] / np.maximum(mean, 1.0),
    )
