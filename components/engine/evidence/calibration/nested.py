"""Nested folds: which offsets exist is decided inside each fold, by folds of what is left, and then judged outside.

Cross-validation alone flatters a structure that was chosen by looking at all of its folds.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.evidence.calibration.figures import measured_figures
from components.engine.evidence.calibration.fit import Work, lost
from components.engine.evidence.calibration.folds import FOLDS, split
from components.engine.evidence.calibration.spread import Error, error_of
from components.engine.evidence.error_scores import METRICS
from components.engine.evidence.modelled_figures import PredictedFigures, figures

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from components.engine.evidence.calibration.figures import MeasuredFigures
    from components.engine.evidence.calibration.run import FitInput
    from components.engine.evidence.calibration.space import Space
    from components.engine.facts.arrays import Vec


ITEMS: dict[str, frozenset[tuple[str, str]]] = {
    "admission": frozenset({("admission", "admission_steps")}),
    "path-burst": frozenset({("condition", "server_path_s"), ("condition", "burst")}),
    "first-token": frozenset({("server", "ttft"), ("device", "ttft")}),
}
"""Offsets that a fold may do without, by item: scope and name."""


EVERY, NESTED = "every", "nested"
"""Structures beside those without one item: all of them, and what each fold chose."""


class ItemError(NamedTuple):
    """Errors over all figures under one structure."""

    structure: str
    """EVERY, NESTED, or the item that is left out."""
    error: Error
    kept_in: int
    """Folds that keep the item; of NESTED, those that keep every item. [1]"""
    folds: int


class _Task(NamedTuple):
    """One outer fold under one structure."""

    case: FitInput
    seen: MeasuredFigures
    folds: Vec
    outer: int
    left: Collection[tuple[str, str]]
    start: _Done | None
    """The same fold with every item, from where the fit begins; it begins at the priors unless given."""


@dataclass(frozen=True)
class _Done:
    theta: Vec
    slopes: Vec
    """Of the figures that were fitted, there; shape (k, p)."""
    held: Vec
    """Figures of the outer fold, shape (3, n), NaN elsewhere."""
    inner: dict[tuple[int, int], Vec]
    """Figures without the first fold and the second, of the second."""


def _space(task: _Task) -> Space:
    return task.case.space.without(task.left)


def _figures(task: _Task, space: Space, theta: Vec, fold: int) -> Vec:
    rows = np.flatnonzero(task.folds == fold)
    found = np.full((3, len(task.folds)), np.nan)
    found[:, rows] = np.array(figures([task.case.setups[i] for i in rows], space.parameters(theta)))
    return found


def _start(task: _Task) -> tuple[Vec, Vec | None]:
    """Where a fit begins, and the slopes there if they are known."""
    if task.start is None:
        return _space(task).prior, None
    kept = np.array([(f.scope, f.name) not in task.left for f in task.case.space.free])
    return task.start.theta[kept], task.start.slopes[:, kept]


def _outer(task: _Task) -> _Done:
    """Fit without the outer fold and predict it; then, from there, without a second fold too, and predict both."""
    space, seen, setups = _space(task), task.seen, task.case.setups
    fold_of = task.folds[seen.setup]
    training, (theta, slopes) = seen.take(fold_of != task.outer), _start(task)
    theta, slopes = Work(setups, training, space).descend(space.clip(theta), slopes)
    inner: dict[tuple[int, int], Vec] = {}
    for second in range(task.outer + 1, FOLDS):
        kept = fold_of[fold_of != task.outer] != second
        both, _ = Work(setups, training.take(kept), space).descend(theta, slopes[kept], renewed=False)
        for pair in ((task.outer, second), (second, task.outer)):
            inner[pair] = _figures(task, space, both, pair[1])
    return _Done(theta, slopes, _figures(task, space, theta, task.outer), inner)


def _held_loss(predicted: Vec, seen: MeasuredFigures, rows: Vec) -> float:
    """Loss of the figures that a mask selects."""
    some = seen.take(rows)
    gap = np.log(predicted[some.metric, some.setup]) - some.log_measured
    return lost(np.where(np.isfinite(gap), gap, 0.0), some.weight)


def _chosen(done: Mapping[tuple[str, int], _Done], seen: MeasuredFigures, folds: Vec, outer: int) -> tuple[str, ...]:
    """Items that an outer fold leaves out: without which the folds of the others are predicted better."""
    loss = dict.fromkeys((EVERY, *ITEMS), 0.0)
    for structure in loss:
        for second in set(range(FOLDS)) - {outer}:
            predicted = done[structure, min(outer, second)].inner[outer, second]
            loss[structure] += _held_loss(predicted, seen, folds[seen.setup] == second)
    return tuple(item for item in ITEMS if loss[item] < loss[EVERY])


def _mapped(tasks: Sequence[_Task], workers: int) -> list[_Done]:
    if workers == 1:
        return [_outer(task) for task in tasks]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_outer, tasks))


def nested(case: FitInput, *, workers: int = 1, say: Callable[[str], None] = lambda _: None) -> tuple[ItemError, ...]:
    """Errors with every item, without each, and with those that each fold chose without having seen what it predicts.

    Args:
        case: measurements with their setups; at least as many groups as folds.
        workers: processes.
        say: told how far it is.
    Returns: for each structure one row per metric, errors as shares of the measured figure. [1]
    """
    seen = measured_figures(case.points)
    folds = split([point.group_id for point in case.points], FOLDS)
    outer = range(FOLDS)
    say("each fold with every item")
    first = _mapped([_Task(case, seen, folds, k, (), None) for k in outer], workers)
    done = {(EVERY, k): found for k, found in enumerate(first)}
    for item, left in ITEMS.items():
        say(f"each fold without {item}")
        tasks = [_Task(case, seen, folds, k, left, first[k]) for k in outer]
        done |= {(item, k): found for k, found in enumerate(_mapped(tasks, workers))}
    choices = [_chosen(done, seen, folds, k) for k in outer]
    say("what each fold leaves out: " + "; ".join(", ".join(choice) or "nothing" for choice in choices))
    return _table(case, done, choices, [_by_choice(case, seen, folds, k, choices[k], done) for k in outer])


def _by_choice(
    case: FitInput, seen: MeasuredFigures, folds: Vec, outer: int, choice: tuple[str, ...],
    done: Mapping[tuple[str, int], _Done],
) -> Vec:  # fmt: skip
    """Figures of an outer fold under the structure that it chose."""
    if len(choice) < 2:
        return done[(choice or (EVERY,))[0], outer].held
    left = frozenset().union(*(ITEMS[item] for item in choice))
    return _outer(_Task(case, seen, folds, outer, left, done[EVERY, outer])).held


def _table(
    case: FitInput, done: Mapping[tuple[str, int], _Done], choices: Sequence[tuple[str, ...]], chosen: Sequence[Vec]
) -> tuple[ItemError, ...]:
    held = {name: [done[name, k].held for k in range(FOLDS)] for name in (EVERY, *ITEMS)} | {NESTED: chosen}
    kept = {item: sum(item not in choice for choice in choices) for item in ITEMS}
    kept |= {EVERY: FOLDS, NESTED: sum(not choice for choice in choices)}
    return tuple(
        ItemError(name, error_of(case.points, PredictedFigures(*np.fmax.reduce(parts)), metric), kept[name], FOLDS)
        for name, parts in held.items()
        for metric in METRICS
    )
