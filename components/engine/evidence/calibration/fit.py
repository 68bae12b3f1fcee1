"""Least squares of log(predicted / measured), robust and drawn to priors: Gauss-Newton with damping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from components.engine.evidence.modelled_figures import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.engine.evidence.calibration.figures import MeasuredFigures
    from components.engine.evidence.calibration.space import Space
    from components.engine.evidence.setup import Setup
    from components.engine.facts.arrays import Vec


SCALE = 0.25
"""Residual beyond which soft-L1 grows linearly. [1]"""


RESIDUAL_SD = 0.17
"""Spread of a residual against which the priors' widths are meant. [1]"""


STEP, LARGEST_MOVE, DAMPING = 0.02, 0.5, 1e-3


ITERATIONS, ATTEMPTS, CONVERGED = 12, 6, 1e-4


TINY = 1e-9


class _Fit:
    def __init__(self, setups: Sequence[Setup], seen: MeasuredFigures, space: Space) -> None:
        self.setups, self.seen, self.space = setups, seen, space
        self.rows = np.unique(seen.setup)

    def logs(self, theta: Vec, rows: Vec) -> Vec:
        """Logarithm of the figures of some setups, shape (3, n); other setups stay NaN."""
        found = np.full((3, len(self.setups)), np.nan)
        predicted = figures([self.setups[i] for i in rows], self.space.parameters(theta))
        found[:, rows] = np.log(np.maximum(np.array(predicted), TINY))
        return found

    def residual(self, logs: Vec) -> Vec:
        gap = logs[self.seen.metric, self.seen.setup] - self.seen.log_measured
        return np.where(np.isnan(gap), 0.0, gap)

    def loss(self, residual: Vec, theta: Vec) -> float:
        robust = 2 * SCALE**2 * (np.sqrt(1 + (residual / SCALE) ** 2) - 1)
        drawn = ((theta - self.space.prior) / self.space.sd) ** 2
        return float((self.seen.weight * robust).sum() + 0.5 * RESIDUAL_SD**2 * drawn.sum())

    def jacobian(self, theta: Vec, logs: Vec) -> Vec:
        """Slopes by forward differences; a number is tried on the setups that it touches. Shape (k, p)."""
        slopes = np.zeros((len(self.seen.setup), len(theta)))
        for column, touched in enumerate(self.space.touches):
            rows = self.rows[touched[self.rows]]
            if len(rows):
                moved = theta.copy()
                moved[column] += STEP
                change = (self.logs(moved, rows) - logs) / STEP
                slopes[:, column] = change[self.seen.metric, self.seen.setup]
        return np.nan_to_num(slopes)


def loss(setups: Sequence[Setup], seen: MeasuredFigures, space: Space, theta: Vec) -> float:
    """What `fit` minimises, at a point of the space; theta of shape (p,). [1]"""
    work = _Fit(setups, seen, space)
    return work.loss(work.residual(work.logs(theta, work.rows)), theta)


def fit(setups: Sequence[Setup], seen: MeasuredFigures, space: Space, start: Vec | None = None) -> Vec:
    """The point of the space that fits the figures best.

    Minimises sum of weight x soft-L1(log(predicted / measured)) + RESIDUAL_SD^2 / 2 x ((theta - prior) / sd)^2.
    Args:
        setups: numbered as in `seen`.
        seen: the figures to fit; setups without one are not predicted.
        space: what is free.
        start: where to begin; the priors unless given. Shape (p,).
    Returns: logarithms, inside the bounds; shape (p,). The same input gives the same output.
    Source: docs/engine.md#calibration.
    """
    work = _Fit(setups, seen, space)
    theta = space.clip(space.prior if start is None else start)
    logs = work.logs(theta, work.rows)
    lowest, damping = work.loss(work.residual(logs), theta), DAMPING
    for _ in range(ITERATIONS):
        slopes, residual = work.jacobian(theta, logs), work.residual(logs)
        weight = seen.weight / np.sqrt(1 + (residual / SCALE) ** 2)
        drawn = RESIDUAL_SD**2 / space.sd**2
        curvature = slopes.T @ (weight[:, None] * slopes) + np.diag(drawn)
        slope = slopes.T @ (weight * residual) + drawn * (theta - space.prior)
        for _ in range(ATTEMPTS):
            move = -np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), slope)
            tried = space.clip(theta + np.clip(move, -LARGEST_MOVE, LARGEST_MOVE))
            found = work.logs(tried, work.rows)
            lower = work.loss(work.residual(found), tried)
            if lower < lowest:
                break
            damping = max(damping, DAMPING) * 6
        else:
            return theta
        finished = lowest - lower < CONVERGED * lowest
        theta, logs, lowest, damping = tried, found, lower, damping / 4
        if finished:
            break
    return theta
