"""Serving without a changing batch: prompts only (embeddings), one user at a time, and static batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Vec
from components.engine.replica.decode import StepModel
from components.engine.replica.record import Physics
from components.engine.serving.decode_table import token_time_s
from components.engine.serving.demand import Demand
from components.engine.serving.queues import longest_of, rho_for_wait_p95, servers_for_wait, wait_quantile_s
from components.engine.serving.sizing import Policy, PromptPath, Sizing, backlog, reachable, replicas_for

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


QUANTILES = (0.5, 0.95, 0.99)


def _load_limit(d: Demand, policy: Policy) -> Vec:
    return np.where(backlog(d), policy.rho_backlog, policy.rho_max)


def _steady(waits: list[Vec], d: Demand, *, tpot: Vec, busy_s: Vec | float = 0.0, **rest: Vec) -> Sizing:
    """The answer where every token takes the same time; `rest` holds the other fields.

    busy_s: what even the luckiest request waits in a busy server, counted in the reachable TTFT only. [s]
    """
    alone = rest.pop("ttft_alone_s")
    return Sizing(
        ttft_alone_s=alone + busy_s,
        prefill_active=np.zeros_like(alone),
        tpot_alone_s=tpot,
        ttft_p50_s=alone + waits[0],
        ttft_p95_s=alone + waits[1],
        ttft_p99_s=alone + waits[2] + d.cold_start_s,
        tpot_p50_s=tpot,
        tpot_p95_s=tpot,
        tpot_p99_s=tpot,
        **rest,
    )


def prompts_only(d: Demand, *, entry: PromptPath, policy: Policy) -> Sizing:
    """Embeddings: o = 0, so a replica is an M/G/1 server of prompts; r_max = rho_max / S. TTFT is the whole answer."""
    service = np.maximum(entry.occupancy_s, 1e-12)
    limit = reachable(d.ttft_limit_s, entry.base_s)
    rho_max = np.minimum(_load_limit(d, policy), rho_for_wait_p95(limit - entry.base_s, service, entry.spread))
    rho_max = np.where(backlog(d), policy.rho_backlog, rho_max)
    rate_max = rho_max / service
    replicas = replicas_for(rate_max, d)
    rho = d.peak_requests_per_s / replicas * service
    one, none = np.ones_like(rho), np.zeros_like(rho)
    return _steady(
        [wait_quantile_s(q, np.minimum(rho, policy.rho_backlog), service, entry.spread, one) for q in QUANTILES],
        d,
        tpot=none,
        ttft_alone_s=entry.base_s,
        rate_max_per_replica=rate_max,
        replicas_active=replicas,
        batch_mean=rho,
        rho=rho,
        prefill_occupancy_s=entry.occupancy_s,
        decode_occupancy_s=none,
    )


def single_stream(p: Physics, d: Demand, g: Parameters, *, entry: PromptPath, alone_s: Vec, policy: Policy) -> Sizing:
    """Devices that serve one user at a time: an M/G/k pool with service X = S_1 + o t(1) and load at most rho_max.

    Args: alone_s, S_1. [s] The others as in `continuous`.
    Source: docs/engine.md#fixed-batches; the wait of a shared pool vanishes as devices grow in number.
    """
    token = token_time_s(StepModel.from_physics(p, g), np.ones_like(alone_s))
    service = alone_s + p.osl * token
    spread = (
        d.dispersion + ((d.isl_cv * alone_s) ** 2 + (d.osl_cv * p.osl * token) ** 2) / np.maximum(service, 1e-12) ** 2
    )
    alone = entry.base_s + np.where(p.osl > 0, token, 0.0)
    budget = np.maximum(reachable(d.ttft_limit_s, alone) - alone, 0)
    rho_max = _load_limit(d, policy) * (1 - d.headroom)
    replicas = servers_for_wait(d.peak_requests_per_s, service, spread, rho_max, budget)
    rho = d.peak_requests_per_s * service / replicas
    return _steady(
        [wait_quantile_s(q, np.minimum(rho, policy.rho_backlog), service, spread, replicas) for q in QUANTILES],
        d,
        tpot=np.where(p.osl > 0, token, 0.0),
        ttft_alone_s=alone,
        rate_max_per_replica=_load_limit(d, policy) / service,
        replicas_active=replicas,
        batch_mean=rho,
        rho=rho,
        prefill_occupancy_s=alone_s,
        decode_occupancy_s=p.osl * token,
    )


def _cycle_wait_s(q: float, load: Vec, cycle: Vec, batch: Vec, dispersion: Vec) -> Vec:
    """Wait for the running batch to end, and for earlier full batches.

    With probability u the server is busy and its end is uniform in the cycle T: T max(0, 1 - (1 - q) / u); batches
    queue like M/G/1 customers whose arrivals are B times more regular: v / B. [s]
    """
    rest = cycle * np.maximum(0.0, 1 - (1 - q) / np.maximum(load, 1e-12))
    return rest + wait_quantile_s(q, load, cycle, dispersion / batch, np.ones_like(load))


def static(p: Physics, d: Demand, g: Parameters, *, entry: PromptPath, capacity: Vec, policy: Policy) -> Sizing:
    """Static batches: all wait for the longest answer, nobody joins.

    o_eff = E[max o] of B draws, T = B S + o_eff t(B), r_max = u B / T with the largest load u inside the TTFT limit.
    TTFT = base + (B - 1) S + t(B) + wait for the running batch. The batch is cut to what memory holds. A target that
    no request meets that arrives while a batch runs (`ttft_alone_s`, with 0.95 T) is left out of the sizing.
    Source: docs/engine.md#fixed-batches.
    """
    batch = np.clip(d.static_batch, 1.0, np.maximum(np.floor(capacity), 1.0))
    token = token_time_s(StepModel.from_physics(p, g), batch)
    longest = longest_of(batch, p.osl, d.osl_cv)
    cycle = batch * entry.occupancy_s + longest * token
    alone = entry.base_s + (batch - 1) * entry.occupancy_s + np.where(p.osl > 0, token, 0.0)
    limit = reachable(d.ttft_limit_s, alone + 0.95 * cycle)
    cap = _load_limit(d, policy)
    tries = cap[:, None] * np.linspace(0.02, 1, 50)
    late = alone[:, None] + _cycle_wait_s(0.95, tries, cycle[:, None], batch[:, None], d.dispersion[:, None])
    count = np.logical_and.accumulate(late <= limit[:, None], axis=1).sum(axis=1)
    load_max = np.take_along_axis(tries, np.maximum(count - 1, 0)[:, None], axis=1)[:, 0]
    rate_max = load_max * batch / cycle
    replicas = replicas_for(rate_max, d)
    rate = d.peak_requests_per_s / replicas
    load = np.minimum(rate * cycle / batch, policy.rho_backlog)
    return _steady(
        [_cycle_wait_s(q, load, cycle, batch, d.dispersion) for q in QUANTILES],
        d,
        tpot=np.where(p.osl > 0, token, 0.0),
        busy_s=0.95 * cycle,
        ttft_alone_s=alone,
        rate_max_per_replica=rate_max,
        replicas_active=replicas,
        batch_mean=load * batch,
        rho=load,
        prefill_occupancy_s=entry.occupancy_s,
        decode_occupancy_s=longest * token / batch,
    )
