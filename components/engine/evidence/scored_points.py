"""Published measurements beside their predictions, scored as cross-validation counts and with nothing left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.catalog.evidence import MeasuredPoint
from components.catalog.parameters import AccuracyRow, RangeRow
from components.engine.evidence.calibration.figures import counts, left_out
from components.engine.evidence.error_scores import (
    METRICS,
    Coverage,
    Metric,
    Pair,
    Prediction,
    Score,
    coverage,
    of,
    pairs,
    score,
)


@dataclass(frozen=True)
class ScoredPoints:
    """Every published figure beside its prediction by the constants in use, which were fitted to these figures."""

    points: tuple[MeasuredPoint, ...]
    predictions: tuple[Prediction, ...]
    pairs: dict[Metric, tuple[Pair, ...]]
    as_validated: dict[Metric, Score | None]
    """The figures that cross-validation scores: without those left out by rule, none twice."""
    everything: dict[Metric, Score | None]
    """Nothing left out."""
    coverage: Coverage
    last_measured: str
    """Date of the latest measurement, "2026-11-24"."""


def score_points(points: Sequence[MeasuredPoint], predictions: Sequence[Prediction]) -> ScoredPoints:
    """Score predictions against what was measured.

    Args:
        points: published measurements, at least one.
        predictions: what the engine says of each, in their order; errors come out as shares of the measured figure. [1]
    """
    found = pairs(points, predictions)
    split = {metric: of(found, metric) for metric in METRICS}
    return ScoredPoints(
        points=tuple(points),
        predictions=tuple(predictions),
        pairs=split,
        as_validated={
            m: score([p for p in rows if counts(p.point, m) and not left_out(p.point, m)]) for m, rows in split.items()
        },
        everything={metric: score(rows) for metric, rows in split.items()},
        coverage=coverage(predictions),
        last_measured=max(point.value_date for point in points),
    )


def takes_error_of_unseen(accuracy: Mapping[tuple[str, str], AccuracyRow], metric: Metric, regime: str) -> bool:
    """Whether a regime has too few groups for an error of its own and takes that of an unseen class of chip."""
    own, unseen = accuracy[regime, metric], accuracy["unseen", metric]
    return regime != "unseen" and (own.median_error, own.p90_error, own.groups) == (
        unseen.median_error, unseen.p90_error, unseen.groups,
    )  # fmt: skip


def figures_validated(ranges: Mapping[tuple[str, Metric], RangeRow], metric: Metric) -> int:
    """How many measured figures cross-validation scored. [1]"""
    return sum(row.figures for (_, named), row in ranges.items() if named == metric)


def share_held(ranges: Mapping[tuple[str, Metric], RangeRow], metric: Metric) -> float:
    """Share of a benchmark's figures inside ranges that were made without it, mean over benchmarks. [1]"""
    rows = [(row.held, row.groups) for (_, named), row in ranges.items() if named == metric and row.held is not None]
    return sum(held * groups for held, groups in rows) / max(sum(groups for _, groups in rows), 1)
