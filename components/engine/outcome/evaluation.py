"""Strategies on a workload: resolve, compute all candidates at once, choose, and add up the parts of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.parameters import load_parameters
from components.engine.economics.per_token import token_cost
from components.engine.facts.book import Book, book_of
from components.engine.outcome.batch import DAYS_PER_MONTH, Batch, FleetRows, stack
from components.engine.outcome.compute import Computed, compute
from components.engine.serving.peak import Binding
from components.engine.strategy.resolve import resolve

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.facts.arrays import Vec
    from components.engine.scenario import Strategy, Workload
    from components.engine.strategy.own_measurement import Factors
    from components.engine.strategy.records import Candidate, Deployment, Resolved


@dataclass(frozen=True, slots=True)
class Fleet:
    """One fleet of a strategy: where its candidates lie in the batch, and the one chosen."""

    deployment: Deployment
    rows: range
    chosen: int
    """Row of the batch."""

    @property
    def candidate(self) -> Candidate:
        """The replica in use."""
        assert self.deployment.candidates is not None
        return self.deployment.candidates[self.chosen - self.rows.start]

    @property
    def chips_per_replica(self) -> int:
        """Accelerators of one replica, those of its second kind included. [1]"""
        return self.candidate.layout.chips + self.deployment.sram_chips

    def accelerators(self, computed: Computed) -> tuple[float, float]:
        """Accelerators that exist, spare ones included: of the replicas, and of their prefill pool. [1]"""
        s, pool = computed.service, self.candidate.pool_layout
        replicas, readers = float(s.replicas[self.chosen]), float(s.prefill_replicas[self.chosen])
        return replicas * self.chips_per_replica, readers * (pool.chips if pool else 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One strategy, computed."""

    resolved: Resolved
    fleets: tuple[Fleet, ...]
    computed: Computed | None
    """The rows that the fleets index; None without a fleet. Shared by all strategies evaluated together."""
    batch: Batch | None
    """What those rows were computed from."""
    parts_usd_per_month: dict[str, float]

    @property
    def cost_usd_per_month(self) -> float:
        """All parts; NaN where the strategy has no price. [USD/month]"""
        return sum(self.parts_usd_per_month.values()) if self.parts_usd_per_month else float("nan")

    @property
    def works(self) -> bool:
        """Whether it resolves and every fleet meets its targets."""
        if not self.resolved.feasible:
            return False
        return all(self.computed is not None and bool(self.computed.feasible[f.chosen]) for f in self.fleets)


def open_book(catalog: Catalog) -> Book:
    """The look-ups that every evaluation of a catalog shares."""
    return book_of(catalog, load_parameters())


def candidate_rows(book: Book, resolved: Resolved) -> list[FleetRows | None]:
    """Each deployment's candidates; None for a per-token purchase, and where there are none."""
    linger, idle = book.value("scale_linger_s"), book.value("idle_power_share")
    first = next((d.role for d in resolved.deployments if d.purchase is not None and d.role != "edge"), None)
    return [
        FleetRows(resolved, d, d.candidates, d.role == first, linger, idle)
        if d.purchase is not None and d.candidates is not None
        else None
        for d in resolved.deployments
    ]


def preference(computed: Computed) -> Vec:
    """Order of candidates: those that can meet the targets by cost; then those that miss one; then what does not fit.

    Whether a replica can meet the targets does not depend on the volume.
    """
    binding = computed.service.binding
    misses, unfit = binding >= Binding.TTFT, (binding == Binding.WEIGHTS) | (binding == Binding.SEQUENCE)
    return np.asarray(computed.cost.total + 1e15 * misses + 1e18 * unfit)


def evaluate(
    strategies: Sequence[Strategy],
    workload: Workload,
    book: Book,
    reference_model: str | None = None,
    carried: Sequence[Factors] | None = None,
) -> list[Outcome]:
    """Each strategy on the workload, all in one vectorised pass.

    Args:
        strategies: any number; equal ones are computed once by the caller's choice.
        workload: what is asked for.
        book: `open_book(catalog)`.
        reference_model: id of the model whose quality is the measure; each strategy's own if not given.
        carried: speed of each main fleet over the modelled one; each strategy's own measurement if not given.
    Returns: in the order given. A strategy that cannot be built has no fleets and says why in `resolved.reasons`.
    """
    speeds: Sequence[Factors | None] = [None] * len(strategies) if carried is None else carried
    resolved = [
        resolve(book, strategy, workload, reference_model, factors)
        for strategy, factors in zip(strategies, speeds, strict=True)
    ]
    found = [candidate_rows(book, one) for one in resolved]
    spans: list[list[range]] = []
    count = 0
    for one in found:
        span = []
        for part in one:
            span.append(range(count, count + (0 if part is None else len(part.found))))
            count = span[-1].stop
        spans.append(span)
    batch = stack([part for one in found for part in one if part is not None]) if count else None
    computed = compute(batch, book.parameters) if batch is not None else None
    rank = preference(computed) if computed is not None else np.empty(0)
    return [_outcome(one, span, batch, computed, rank) for one, span in zip(resolved, spans, strict=True)]


def _outcome(
    resolved: Resolved, spans: list[range], batch: Batch | None, computed: Computed | None, rank: Vec
) -> Outcome:
    fleets: list[Fleet] = []
    parts: dict[str, float] = {}
    for deployment, rows in zip(resolved.deployments, spans, strict=True):
        if deployment.api is not None:
            bill = token_cost(deployment.api, deployment.requests_per_day * DAYS_PER_MONTH)
            _add(parts, {name: float(usd) for name, usd in bill.items()})
        elif len(rows) and computed is not None:
            chosen = rows.start + int(np.argmin(rank[rows.start : rows.stop]))
            fleets.append(Fleet(deployment, rows, chosen))
            _add(parts, computed.cost.parts(chosen))
    if parts and resolved.extra_usd_per_day:
        _add(parts, {"support_overheads": sum(resolved.extra_usd_per_day.values()) * DAYS_PER_MONTH})
    return Outcome(resolved, tuple(fleets), computed, batch, parts)


def _add(parts: dict[str, float], more: dict[str, float]) -> None:
    for name, usd in more.items():
        parts[name] = parts.get(name, 0.0) + usd
