"""Cross-validation by group: every measurement predicted by constants that were not fitted to its group."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.evidence.calibration.fit import fit
from components.engine.evidence.modelled_figures import PredictedFigures, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.engine.evidence.calibration.figures import MeasuredFigures
    from components.engine.evidence.calibration.space import Space
    from components.engine.evidence.setup import Setup
    from components.engine.facts.arrays import Vec


FOLDS = 5


SEED = 20261124


class Task(NamedTuple):
    """One fold: fit to all but these setups."""

    setups: Sequence[Setup]
    seen: MeasuredFigures
    space: Space
    held: Vec
    """Mask over the setups that are predicted and not fitted, shape (n,)."""
    start: Vec | None


def split(keys: Sequence[str], count: int = FOLDS, seed: int = SEED) -> Vec:
    """Fold of each key, whole keys together; the same keys are split alike in any order. Shape (n,)."""
    distinct = sorted(set(keys))
    order = np.random.default_rng(seed).permutation(len(distinct))
    fold = {key: int(place) % count for key, place in zip(distinct, order, strict=True)}
    return np.array([fold[key] for key in keys])


def fold(task: Task) -> tuple[Vec, Vec]:
    """Constants without the held setups, shape (p,), and their figures for the held ones, shape (3, held)."""
    held = np.flatnonzero(task.held)
    theta = fit(task.setups, task.seen.take(~task.held[task.seen.setup]), task.space, task.start)
    predicted = figures([task.setups[int(i)] for i in held], task.space.parameters(theta))
    return theta, np.array(predicted)


class Validated(NamedTuple):
    """Every setup predicted by constants that had not seen its part."""

    figures: PredictedFigures
    thetas: Vec
    """Constants of each fold, shape (folds, p)."""


def cross_validate(
    setups: Sequence[Setup],
    seen: MeasuredFigures,
    space: Space,
    keys: Sequence[str],
    *,
    start: Vec | None = None,
    workers: int = 1,
    count: int = FOLDS,
    seed: int = SEED,
) -> Validated:
    """Fit without each fold and predict it.

    Args:
        setups, seen, space: as in `fit`.
        keys: group of each setup, shape (n,); a group lies in one fold.
        start: where each fit begins; the priors unless given.
        workers: processes.
    """
    folds = split(keys, count, seed)
    tasks = [Task(setups, seen, space, folds == k, start) for k in range(count) if (folds == k).any()]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            done = list(pool.map(fold, tasks))
    else:
        done = [fold(task) for task in tasks]
    found = np.full((3, len(setups)), np.nan)
    for task, (_, predicted) in zip(tasks, done, strict=True):
        found[:, task.held] = predicted
    return Validated(PredictedFigures(*found), np.array([theta for theta, _ in done]))
