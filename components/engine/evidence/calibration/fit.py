"""Least squares of log(predicted / measured), robust and drawn to priors: Gauss-Newton with damping."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.evidence.modelled_figures import figures_of
from components.engine.evidence.setup_columns import SetupColumns

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


ITERATIONS, ATTEMPTS = 40, 6
"""Steps at most, and attempts at one. [1]"""


CONVERGED, STALE = 2e-4, 2e-3
"""Gains of a step, as shares of the loss: below the first a fit ends, below the second it takes slopes again. [1]"""


TINY = 1e-9


class _Part(NamedTuple):
    """Setups that some numbers touch, each setup one of them at most: all these numbers can be moved at once."""

    numbers: NDArray[np.intp]
    """Positions of the numbers. [1]"""
    owner: NDArray[np.intp]
    """Of each setup, which number moves it; shape (n,)."""
    rows: NDArray[np.intp]
    """Positions of the setups that are moved, increasing."""
    setups: SetupColumns


def _parts(setups: SetupColumns, rows: NDArray[np.intp], space: Space) -> list[_Part]:
    """One per constant, and one per kind of offset: its keys share no setup."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number, f in enumerate(space.free):
        alike.setdefault((f.scope, f.name), []).append(number)
    found = []
    for numbers in alike.values():
        touched = np.array([space.touches[number] for number in numbers])
        moved = rows[touched[:, rows].any(axis=0)]
        if len(moved):
            owner = np.array(numbers)[touched.argmax(axis=0)]
            found.append(_Part(np.array(numbers), owner, moved, setups.take(moved)))
    return found


class _At(NamedTuple):
    """A point of the space."""

    theta: Vec
    logs: Vec
    """Logarithm of the figures there, shape (3, n)."""
    loss: float


class Work:
    """Figures to fit, the numbers that are free, and what both have in common at every point."""

    def __init__(self, setups: Sequence[Setup], seen: MeasuredFigures, space: Space) -> None:
        """Setups are numbered as in `seen`; those that it has no figure of are not predicted."""
        self.seen, self.space, self.count = seen, space, len(setups)
        every, self.rows = SetupColumns.of(setups), np.asarray(np.unique(seen.setup), dtype=np.intp)
        self.setups, self.parts = every.take(self.rows), _parts(every, self.rows, space)

    def logs(self, theta: Vec) -> Vec:
        """Logarithm of the figures of the setups that are seen, shape (3, n); other setups stay NaN."""
        return self._logs(theta, self.setups, self.rows)

    def _logs(self, theta: Vec, setups: SetupColumns, rows: NDArray[np.intp]) -> Vec:
        found = np.full((3, self.count), np.nan)
        predicted = figures_of(setups, self.space.parameters(theta))
        found[:, rows] = np.log(np.maximum(np.array(predicted), TINY))
        return found

    def residual(self, logs: Vec) -> Vec:
        gap = logs[self.seen.metric, self.seen.setup] - self.seen.log_measured
        return np.where(np.isnan(gap), 0.0, gap)

    def loss(self, residual: Vec, theta: Vec) -> float:
        drawn = ((theta - self.space.prior) / self.space.sd) ** 2
        return lost(residual, self.seen.weight) + float(0.5 * RESIDUAL_SD**2 * drawn.sum())

    def jacobian(self, theta: Vec, logs: Vec) -> Vec:
        """Slopes by backward differences; a number is tried on the setups that it touches. Shape (k, p).

        Backward, since nothing happens beyond the ceiling of an efficiency, at which some numbers end.
        """
        slopes = np.zeros((len(self.seen.setup), len(theta)))
        figure, metric, setup = np.arange(len(slopes)), self.seen.metric, self.seen.setup
        for part in self.parts:
            moved = theta.copy()
            moved[part.numbers] -= STEP
            change = (logs - self._logs(moved, part.setups, part.rows)) / STEP
            touched = np.isin(setup, part.rows)
            slopes[figure[touched], part.owner[setup[touched]]] = change[metric[touched], setup[touched]]
        return np.nan_to_num(slopes)

    def descend(self, theta: Vec, slopes: Vec | None = None, *, renewed: bool = True) -> tuple[Vec, Vec]:
        """From a point to the lowest loss, and the slopes last in use.

        Slopes are taken again where they no longer lead down, unless they are given and not to be `renewed`.
        """
        logs = self.logs(theta)
        at, damping = _At(theta, logs, self.loss(self.residual(logs), theta)), DAMPING
        fresh = slopes is None
        slopes = self.jacobian(theta, logs) if slopes is None else slopes
        for _ in range(ITERATIONS):
            found, damping = self._step(at, slopes, damping)
            gain = at.loss - found.loss
            at = found
            if gain < CONVERGED * at.loss and (fresh or not renewed):
                break
            fresh = renewed and gain < STALE * at.loss
            if fresh:
                slopes = self.jacobian(at.theta, at.logs)
        return at.theta, slopes

    def _step(self, at: _At, slopes: Vec, damping: float) -> tuple[_At, float]:
        """The next point, or the same one where every attempt leads up; and the damping to begin the next with."""
        residual = self.residual(at.logs)
        weight = self.seen.weight / np.sqrt(1 + (residual / SCALE) ** 2)
        drawn = RESIDUAL_SD**2 / self.space.sd**2
        curvature = slopes.T @ (weight[:, None] * slopes) + np.diag(drawn)
        slope = slopes.T @ (weight * residual) + drawn * (at.theta - self.space.prior)
        for _ in range(ATTEMPTS):
            move = -np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), slope)
            theta = self.space.clip(at.theta + np.clip(move, -LARGEST_MOVE, LARGEST_MOVE))
            logs = self.logs(theta)
            lower = self.loss(self.residual(logs), theta)
            if lower < at.loss:
                return _At(theta, logs, lower), damping / 4
            damping = max(damping, DAMPING) * 6
        return at, DAMPING


def lost(residual: Vec, weight: Vec) -> float:
    """Sum of weight x soft-L1 of residuals, both of shape (k,). [1]"""
    return float((weight * 2 * SCALE**2 * (np.sqrt(1 + (residual / SCALE) ** 2) - 1)).sum())


def loss(setups: Sequence[Setup], seen: MeasuredFigures, space: Space, theta: Vec) -> float:
    """What `fit` minimises, at a point of the space; theta of shape (p,). [1]"""
    work = Work(setups, seen, space)
    return work.loss(work.residual(work.logs(theta)), theta)


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
    work = Work(setups, seen, space)
    theta = space.clip(space.prior if start is None else start)
    return work.descend(theta)[0]
