"""Many variants of one strategy in one vectorised pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.book import Book
from components.engine.outcome.batch import Batch, stack
from components.engine.outcome.compute import Computed, charge, compute, resized
from components.engine.outcome.evaluation import fleets_of, preferred, severity
from components.engine.strategy.resolve import resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.engine.facts.arrays import Mask, Vec
    from components.engine.scenario import Strategy, Workload


@dataclass(frozen=True, slots=True)
class Variants:
    """Many variants of one strategy; every array has shape (n,)."""

    cost_usd_per_month: Vec
    """NaN where the variant cannot be built. [USD/month]"""
    works: Mask
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
    resolved = resolve(book, strategy, workload)
    if len(resolved.deployments) != 1 or resolved.deployments[0].api is not None:
        raise ValueError("variants need a strategy that is served by one fleet of machines")
    n, fleets = len(volume_factor), fleets_of(resolved)
    if not fleets:
        nan = np.full(n, np.nan)
        return Variants(nan, np.zeros(n, dtype=bool), nan, nan, nan)
    own, count = stack(fleets, book), len(fleets[0].found)
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
        chosen = _preferred(charge(tried, sized), count)
        found, best = compute(rows(chosen, np.arange(n)), book.parameters), np.arange(n)
    else:
        found = compute(rows(every, variant), book.parameters)
        best = _preferred(found, count) * n + np.arange(n)
    extra = resolved.extra_usd_per_month * volume_factor
    return Variants(
        found.cost.total[best] + extra,
        found.feasible[best],
        found.service.sizing.ttft_p95_s[best],
        found.service.sizing.tpot_p95_s[best],
        found.service.replicas[best],
    )


def _preferred(found: Computed, count: int) -> NDArray[np.intp]:
    """The candidate that each variant uses, of rows that run through all variants of one candidate after another."""
    return preferred(severity(found).reshape(count, -1), found.cost.total.reshape(count, -1))
