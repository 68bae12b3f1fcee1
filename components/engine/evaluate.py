"""Strategies on a workload: resolve, compute all candidates at once, choose, and add up the parts of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.parameters import load_parameters
from components.engine.batch import DAYS_PER_MONTH, Batch, row_of, stack
from components.engine.book import Book, book_of
from components.engine.pipeline import Computed, charge, compute, resized
from components.engine.resolve import resolve
from components.engine.serve import Binding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.load import Catalog
    from components.engine.deployment import Candidate, Deployment, Resolved, TokenTerms
    from components.engine.measured import Factors
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


def candidate_rows(book: Book, resolved: Resolved) -> list[list[dict[str, dict[str, float]]]]:
    """Rows of each fleet's candidates, per deployment; empty for a per-token purchase."""
    linger, idle = book.value("scale_linger_s"), book.value("idle_power_share")
    first = next((d.role for d in resolved.deployments if d.purchase is not None and d.role != "edge"), None)
    return [
        [row_of(resolved, d, c, staffed=d.role == first, linger_s=linger, idle_power_share=idle) for c in d.candidates]
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
        resolve(strategy, workload, book.catalog, book.parameters, book.settings, reference_model, factors)
        for strategy, factors in zip(strategies, speeds, strict=True)
    ]
    rows: list[dict[str, dict[str, float]]] = []
    spans: list[list[range]] = []
    for one in resolved:
        span = []
        for candidates in candidate_rows(book, one):
            span.append(range(len(rows), len(rows) + len(candidates)))
            rows += candidates
        spans.append(span)
    batch = stack(rows) if rows else None
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


@dataclass(frozen=True, slots=True)
class Variants:
    """Many variants of one strategy; every array has shape (n,)."""

    cost_usd_per_month: Vec
    """NaN where the variant cannot be built. [USD/month]"""
    works: Vec
    ttft_p95_s: Vec
    """Of the main fleet. [s]"""
    tpot_p95_s: Vec
    replicas: Vec


def evaluate_variants(  # noqa: PLR0913 one keyword for each quantity that varies
    strategy: Strategy,
    workload: Workload,
    book: Book,
    *,
    volume_factor: Vec,
    price_factor: Vec | None = None,
    isl_factor: Vec | None = None,
    osl_factor: Vec | None = None,
    ttft_limit_s: Vec | None = None,
    tpot_limit_s: Vec | None = None,
) -> Variants:
    """One machine-served strategy under many demands, prices and targets in one vectorised call.

    Each variant uses the cheapest candidate replica that works for it, exactly as `evaluate` does one by one.
    Args:
        volume_factor: requests over the workload's, shape (n,). [1]
        price_factor: chip prices over the strategy's, shape (n,). [1]
        isl_factor, osl_factor: prompt and output lengths over the workload's, shape (n,). [1]
        ttft_limit_s, tpot_limit_s: targets in the place of the workload's, shape (n,). [s]
    Raises: ValueError for a strategy with a per-token, routed or edge share.
    """
    resolved = resolve(strategy, workload, book.catalog, book.parameters, book.settings)
    spans = candidate_rows(book, resolved)
    if len(spans) != 1 or resolved.deployments[0].api is not None:
        raise ValueError("variants need a strategy that is served by one fleet of machines")
    n, count = len(volume_factor), len(spans[0])
    if not count:
        nan = np.full(n, np.nan)
        return Variants(nan, np.zeros(n), nan, nan, nan)
    own = stack(spans[0])
    shapes = (isl_factor, osl_factor, ttft_limit_s, tpot_limit_s)

    def rows(index: NDArray[np.intp], which: NDArray[np.intp]) -> Batch:
        picked = own.take(index).at_volume(volume_factor[which])
        price, *rest = (None if v is None else v[which] for v in (price_factor, *shapes))
        return picked.varied(price=price, isl=rest[0], osl=rest[1], ttft=rest[2], tpot=rest[3])

    every, variant = np.repeat(np.arange(count), n), np.tile(np.arange(n), count)
    if all(shape is None for shape in shapes) and not own.pooled.any():
        # what a replica can take depends on neither volume nor price: sized once, only the chosen rows are served
        tried = rows(every, variant)
        sized = resized(compute(own, book.parameters).service.take(every), tried.demand, np.ones(len(every)))
        chosen = preference(charge(tried, sized)).reshape(count, n).argmin(axis=0)
        found, best = compute(rows(chosen, np.arange(n)), book.parameters), np.arange(n)
    else:
        found = compute(rows(every, variant), book.parameters)
        best = preference(found).reshape(count, n).argmin(axis=0) * n + np.arange(n)
    extra = sum(resolved.extra_usd_per_day.values()) * DAYS_PER_MONTH * volume_factor
    return Variants(
        found.cost.total[best] + extra,
        found.feasible[best],
        found.service.ttft_p95_s[best],
        found.service.tpot_p95_s[best],
        found.service.replicas[best],
    )
