"""Measured figures as a fit sees them: what is compared, what it weighs, and what is left out by rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.evidence.error_scores import METRICS, Metric, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.evidence import MeasuredPoint
    from components.engine.facts.arrays import Vec


LATE_S, SHORT_TOKENS, ANSWERS = 60.0, 2048, 2.0
"""A first token later than this, or than two answers' time at a short prompt, waited in the client's queue."""


TTFT_WEIGHT, GUESSED_WEIGHT, GROUP_EXPONENT = 0.5, 0.5, -0.5
"""Of a TTFT; of a figure whose prompt and split are not published; of each row of a group of size g: g^-0.5."""


@dataclass(frozen=True)
class MeasuredFigures:
    """One row per measured figure; arrays of shape (k,)."""

    setup: Vec
    """Index of its setup."""
    metric: Vec
    """Index into METRICS."""
    log_measured: Vec
    weight: Vec
    group: Vec

    def take(self, rows: Vec) -> MeasuredFigures:
        """The figures that a mask selects."""
        return MeasuredFigures(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def left_out(point: MeasuredPoint, metric: Metric) -> bool:
    """Figures that a closed loop cannot stand for, by rules. Source: docs/engine.md#points-left-out.

    Points that data/ marks with a reason; admission-limited runs, whose TTFT holds the client's queue (the rule looks
    at the measured times); and the TTFT of disaggregated TensorRT-LLM runs, which is seconds even at idle.
    """
    if point.left_out:
        return True
    if metric == "ttft" and point.disaggregated and "trt" in point.serving_stack:
        return True
    if not (point.ttft_s and point.tpot_ms and point.output_tokens):
        return False
    answer_s = point.output_tokens * point.tpot_ms / 1e3
    slow = point.ttft_s > ANSWERS * answer_s and (point.input_tokens or 0) <= SHORT_TOKENS
    return slow or point.ttft_s > LATE_S


def counts(point: MeasuredPoint, metric: Metric) -> bool:
    """One figure is not used twice: a lone stream's throughput is its TPOT."""
    return not (metric == "throughput" and point.concurrency == 1 and point.tpot_ms is not None)


def _weight(point: MeasuredPoint, metric: Metric, size: int) -> float:
    guessed = point.benchmark.startswith("mlperf")
    weight = float(size**GROUP_EXPONENT) * (TTFT_WEIGHT if metric == "ttft" else 1.0)
    weight *= GUESSED_WEIGHT if guessed else 1.0
    return weight * (GUESSED_WEIGHT if guessed and metric != "throughput" else 1.0)


def measured_figures(points: Sequence[MeasuredPoint]) -> MeasuredFigures:
    """The figures of points whose setups are numbered alike."""
    sizes = Counter(point.group_id for point in points)
    rows = [
        (i, m, np.log(value), _weight(point, metric, sizes[point.group_id]), point.group_id)
        for i, point in enumerate(points)
        for m, metric in enumerate(METRICS)
        if (value := measured(point, metric)) is not None and counts(point, metric) and not left_out(point, metric)
    ]
    columns = list(zip(*rows, strict=True))
    return MeasuredFigures(
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=np.intp),
        np.array(columns[2]),
        np.array(columns[3]),
        np.array(columns[4]),
    )
