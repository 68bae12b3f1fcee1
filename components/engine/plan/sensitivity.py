"""What moves the decision: one input at a time, and the share of the variance that each input explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.plan.futures import HIGH, LOW, DrawModel, present_values, values_at

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.plan.paths import BasePlan

SAMPLES = 512
"""Points of either base sample of the indices; a power of two. Evaluations: samples x (inputs + 2). [1]"""


class Swing(NamedTuple):
    """What one input at either end does to the lead of the best, all others at their base. [USD]"""

    key: str
    words: str
    low_value: float
    """In the tenth of the draws below it."""
    high_value: float
    at_low_usd: float
    """Present value by which the best is ahead; negative where it is behind."""
    at_high_usd: float

    @property
    def width_usd(self) -> float:
        """How far the two ends lie apart."""
        return abs(self.at_high_usd - self.at_low_usd)


class Explained(NamedTuple):
    """Share of the variance of the lead that goes back to one input. [1]"""

    key: str
    words: str
    first: float
    """By itself: what fixing it would take away on average."""
    total: float
    """With all it does together with others: what would be left if only it were open."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the lead of the best over its rival follows from."""

    best: int
    rival: int
    """Places of the paths."""
    lead_usd: float
    """On the plan's own terms."""
    swings: tuple[Swing, ...]
    """Widest first."""


def lead(model: DrawModel, quantile: Vec, best: int, rival: int) -> Vec:
    """By how much the best is cheaper than its rival, at quantiles of shape (inputs, k); shape (k,). [USD]"""
    present = present_values(model, values_at(model.unknowns, quantile), (best, rival))
    return np.asarray(present[1] - present[0])


def rival_of(plan: BasePlan) -> int | None:
    """Place of the next best path."""
    return None if plan.rival is None else plan.paths.index(plan.rival)


def swings_of(model: DrawModel, plan: BasePlan) -> Sensitivity | None:
    """Each input at the ends of eight of ten draws; None without a rival."""
    rival = rival_of(plan)
    if rival is None or not model.unknowns:
        return None
    count = len(model.unknowns)
    at = {one.key: np.full(2 * count, one.base) for one in model.unknowns}
    ends = [one.at(np.array([LOW, HIGH])) for one in model.unknowns]
    for i, one in enumerate(model.unknowns):
        at[one.key][2 * i : 2 * i + 2] = ends[i]
    present = present_values(model, at, (plan.best, rival))
    gap = present[1] - present[0]
    swings = [
        Swing(one.key, one.words, float(ends[i][0]), float(ends[i][1]), float(gap[2 * i]), float(gap[2 * i + 1]))
        for i, one in enumerate(model.unknowns)
    ]
    ahead = plan.paths[rival].present_usd - plan.chosen.present_usd
    return Sensitivity(plan.best, rival, ahead, tuple(sorted(swings, key=lambda s: -s.width_usd)))


def explained(model: DrawModel, plan: BasePlan, samples: int = SAMPLES) -> tuple[Explained, ...]:
    """First-order and total Sobol indices of the lead, largest total first; empty without a rival.

    By scipy's `sobol_indices` (Saltelli's estimator of 2010) on scrambled Sobol sequences of the plan's seed. An index
    may come out below 0 or above 1 by the sampling error, about 1 / sqrt(samples).
    Source: Saltelli et al. 2010, "Variance based sensitivity analysis of model output", Comput. Phys. Commun. 181
    """
    rival = rival_of(plan)
    if rival is None or not model.unknowns:
        return ()
    from scipy.stats import sobol_indices, uniform

    def func(quantile: Vec) -> Vec:
        return lead(model, np.clip(quantile, 1e-12, 1 - 1e-12), plan.best, rival)

    found = sobol_indices(
        func=func,
        n=samples,
        dists=[uniform()] * len(model.unknowns),
        rng=np.random.default_rng(model.case.terms.seed),
    )
    rows = [
        Explained(one.key, one.words, float(first), float(total))
        for one, first, total in zip(model.unknowns, found.first_order, found.total_order, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -row.total))
