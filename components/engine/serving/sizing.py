"""What every way of serving hands back, and the rules it keeps: rates, replicas, latencies at peak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.serving.demand import Demand
from components.engine.serving.queues import whole


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of operation, not figures of the world. Source: docs/engine.md#replicas."""

    rho_max: float = 0.85
    """Largest share of time in prefill while someone waits; beyond it the queue outlasts the peak. [1]"""
    rho_backlog: float = 0.995
    """The same where nobody waits: batch work without a latency target. [1]"""
    admission_z: float = 2.0
    """Standard deviations of the batch that must fit in memory. [1]"""
    batch_max: float = 4096.0
    """Sequences that one engine rank decodes together at most; a replica has as many ranks as attention copies. [1]"""

    def most_sequences(self, capacity: Vec, ranks: Vec) -> Vec:
        """Sequences that a replica decodes together at most: what memory holds, at most batch_max a rank. [1]

        Args: capacity, by memory; ranks, dp of the replica; shape (n,).
        """
        return np.minimum(capacity, self.batch_max * ranks)


@dataclass(frozen=True, slots=True)
class PromptPath(Rows):
    """The way to the first token; every field has shape (n,)."""

    occupancy_s: Vec
    """S, machine time of one prompt. [s]"""
    base_s: Vec
    """Server path, prefill alone, transfer and reload: TTFT without waiting and without the first step. [s]"""
    spread: Vec
    """v + cv_i^2. [1]"""


@dataclass(frozen=True, slots=True)
class Sizing(Rows):
    """One replica's best rate and the fleet's latencies at peak; every field has shape (n,)."""

    rate_max_per_replica: Vec
    """Requests per second of one replica inside memory and targets. [1/s]"""
    replicas_active: Vec
    """Replicas that carry the peak, spares left out. [1]"""
    prefill_active: Vec
    """Of a separate prefill pool, spares left out; 0 in one pool. [1]"""
    batch_mean: Vec
    rho: Vec
    """Share of time in prefill; on a device or a static server, share of time busy. [1]"""
    ttft_alone_s: Vec
    tpot_alone_s: Vec
    ttft_p50_s: Vec
    ttft_p95_s: Vec
    ttft_p99_s: Vec
    tpot_p50_s: Vec
    tpot_p95_s: Vec
    tpot_p99_s: Vec
    prefill_occupancy_s: Vec
    """Machine time of one prompt. [s]"""
    decode_occupancy_s: Vec
    """Machine time of one answer, o t(b) / b. [s]"""


REPLICAS = Formula(
    "max(ceil(peak / ((1 - headroom) * rate)), 1) + spare",
    "replicas",
    (
        Symbol("peak", "requests/s"),
        Symbol("headroom", "%", "of capacity kept free", 100),
        Symbol("rate", "requests/s", "of one replica"),
        Symbol("spare", "replicas"),
    ),
    "docs/engine.md#open-loop",
)


def replicas_for(rate_max: Vec, d: Demand) -> Vec:
    """Replicas that carry the peak: k = ceil(lambda / ((1 - headroom) r_max)), one at least, or those there are. [1]"""
    return np.where(d.fleet > 0, d.fleet, whole(d.peak_requests_per_s / ((1 - d.headroom) * rate_max)))


def reachable(limit_s: Vec, alone_s: Vec) -> Vec:
    """The limit, or inf where even a request alone on the machine misses it. [s]"""
    return np.where(alone_s > limit_s, np.inf, limit_s)


def backlog(d: Demand) -> Vec:
    """1 where nobody waits for the answer: neither target is set. [1]"""
    return np.asarray(np.isinf(d.ttft_limit_s) & np.isinf(d.tpot_limit_s))
