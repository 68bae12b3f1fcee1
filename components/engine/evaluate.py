"""Strategies on a workload: resolve, compute all candidates at once, choose, and add up the parts of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.parameters import load_parameters
from components.engine.book import Book, book_of
from components.engine.pipeline import DAYS_PER_MONTH, Batch, Computed, compute, row_of, stack
from components.engine.resolve import resolve

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.deployment import Candidate, Deployment, Resolved, TokenTerms
    from components.engine.physics import Vec
    from components.engine.scenario import Strategy, Workload


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
        return self.deployment.candidates[self.chosen - self.rows.start]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One strategy, computed."""

    resolved: Resolved
    fleets: tuple[Fleet, ...]
    computed: Computed | None
    """The batch that the fleets' rows index; None without a fleet."""
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


def candidate_rows(book: Book, resolved: Resolved) -> list[list[dict[str, dict[str, float]]]]:
    """Rows of each fleet's candidates, per deployment; empty for a per-token purchase."""
    linger, idle = book.value("scale_linger_s"), book.value("idle_power_share")
    first = next((d.role for d in resolved.deployments if d.purchase is not None and d.role != "edge"), None)
    return [
        [
            row_of(resolved, d, c, staffed=d.role == first, linger_s=linger, idle_power_share=idle)
            for c in d.candidates
        ]
        if d.purchase is not None
        else []
        for d in resolved.deployments
    ]


def token_cost(terms: TokenTerms, requests_per_month: Vec | float) -> dict[str, Vec | float]:
    """Per-token bill: tokens x price x (1 - batch discount x deferred share). [USD/month]"""
    paid = requests_per_month * (1 - terms.batch_discount * terms.deferred_share)
    return {
        "api_input": paid * terms.isl * (1 - terms.cached_share) * terms.usd_per_token_input,
        "api_cached": paid * terms.isl * terms.cached_share * terms.usd_per_token_cached,
        "api_output": paid * terms.osl * terms.usd_per_token_output,
    }


def preference(computed: Computed) -> Vec:
    """Order of candidates: those that work by cost; then those that miss a target; then those that do not fit."""
    s = computed.service
    misses = (s.meets_ttft <= 0).astype(float) + (s.meets_tpot <= 0)
    return computed.cost.total + 1e15 * misses + 1e18 * ((s.binding > 0) & (s.binding < 3))


def evaluate(
    strategies: Sequence[Strategy], workload: Workload, book: Book, reference_model: str | None = None
) -> list[Outcome]:
    """Each strategy on the workload, all in one vectorised pass.

    Args:
        strategies: any number; equal ones are computed once by the caller's choice.
        workload: what is asked for.
        book: `open_book(catalog)`.
        reference_model: id of the model whose quality is the measure; each strategy's own if not given.
    Returns: in the order given. A strategy that cannot be built has no fleets and says why in `resolved.reasons`.
    """
    resolved = [resolve(strategy, workload, book.catalog, book.parameters, book.settings, reference_model) for strategy in strategies]
    rows: list[dict[str, dict[str, float]]] = []
    spans: list[list[range]] = []
    for one in resolved:
        span = []
        for candidates in candidate_rows(book, one):
            span.append(range(len(rows), len(rows) + len(candidates)))
            rows += candidates
        spans.append(span)
    computed = compute(stack(rows), book.parameters) if rows else None
    rank = preference(computed) if computed is not None else np.empty(0)
    return [_outcome(one, span, computed, rank) for one, span in zip(resolved, spans, strict=True)]


def _outcome(resolved: Resolved, spans: list[range], computed: Computed | None, rank: Vec) -> Outcome:
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
    return Outcome(resolved, tuple(fleets), computed, parts)


def _add(parts: dict[str, float], more: dict[str, float]) -> None:
    for name, usd in more.items():
        parts[name] = parts.get(name, 0.0) + usd


def evaluate_one(strategy: Strategy, workload: Workload, catalog: Catalog) -> Outcome:
    """One strategy on one workload."""
    return evaluate([strategy], workload, open_book(catalog))[0]


def chosen_batch(outcomes: Sequence[Outcome], book: Book) -> tuple[Batch | None, list[int]]:
    """All candidates of several outcomes again as one batch, and the outcome each row belongs to."""
    rows: list[dict[str, dict[str, float]]] = []
    owner: list[int] = []
    for i, outcome in enumerate(outcomes):
        for candidates in candidate_rows(book, outcome.resolved):
            rows += candidates
            owner += [i] * len(candidates)
    return (stack(rows) if rows else None), owner
