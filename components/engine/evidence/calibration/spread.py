"""From predictions of unseen groups to errors by regime and to ranges that hold 80 % of the measurements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.evidence.calibration.figures import counts, left_out
from components.engine.evidence.calibration.folds import split
from components.engine.evidence.error_scores import METRICS, P90, Metric, measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from components.catalog.evidence import MeasuredPoint
    from components.engine.evidence.modelled_figures import PredictedFigures
    from components.engine.facts.arrays import Vec


INSIDE = 0.8
"""Share of the measurements that a range holds."""


OUTWARD: dict[Metric, float] = {"throughput": 0.3, "tpot": 0.3, "ttft": 0.15}
"""Share of the measurements by which the ends of a range made from one group move out. With it ranges made from other
groups hold about 80 % of a group. [1]"""


REGIMES = ("server", "amd", "edge", "sram")


FEW = 4
"""Groups below which a kind borrows the quantiles of all kinds."""


class Error(NamedTuple):
    """Median and p90 over groups of each group's median error, as shares of the measured figure."""

    regime: str
    metric: Metric
    median: float
    p90: float
    groups: int


class Spread(NamedTuple):
    """Measured over predicted at the ends of an 80 % range."""

    kind: str
    metric: Metric
    low_factor: float
    high_factor: float
    figures: int
    groups: int
    held: float | None
    """Share of a group's figures inside the range that the other folds make, mean over groups; None without figures."""


class _Gap(NamedTuple):
    label: str
    metric: Metric
    group: str
    ratio: float
    """Measured over predicted. [1]"""


def _gaps(points: Sequence[MeasuredPoint], labels: Sequence[str], figures: PredictedFigures) -> list[_Gap]:
    return [
        _Gap(label, metric, point.group_id, value / float(column[i]))
        for i, (point, label) in enumerate(zip(points, labels, strict=True))
        for metric, column in zip(METRICS, figures, strict=True)
        if (value := measured(point, metric)) is not None
        and np.isfinite(column[i])
        and counts(point, metric)
        and not left_out(point, metric)
    ]


def _by_group(gaps: Iterable[_Gap]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for gap in gaps:
        found[gap.group].append(gap.ratio)
    return found


def _error(regime: str, metric: Metric, gaps: list[_Gap]) -> Error:
    medians = [float(np.median(np.abs(1 / np.array(ratios) - 1))) for ratios in _by_group(gaps).values()]
    return Error(regime, metric, float(np.median(medians)), float(np.percentile(medians, P90)), len(medians))


def error_of(points: Sequence[MeasuredPoint], predicted: PredictedFigures, metric: Metric) -> Error:
    """The error of one metric over all figures that count.    Args: fields of `predicted` of shape (n,)."""
    return _error("all", metric, [gap for gap in _gaps(points, [""] * len(points), predicted) if gap.metric == metric])


def errors(
    points: Sequence[MeasuredPoint], regimes: Sequence[str], by_group: PredictedFigures, by_class: PredictedFigures
) -> tuple[Error, ...]:
    """Cross-validated errors: of all figures, of each regime, and of classes of chip that were left out ("unseen").

    A regime's error is that of runs whose conditions are published; one with few groups is as uncertain as an unseen
    class.

    Args:
        points, regimes: shape (n,); a regime of "" is in none.
        by_group, by_class: predictions without the point's group, and without its class of chip; fields of shape (n,).
    """
    gaps, strange = _gaps(points, regimes, by_group), _gaps(points, regimes, by_class)
    found = []
    for metric in METRICS:
        of = [gap for gap in gaps if gap.metric == metric]
        unseen = _error("unseen", metric, [gap for gap in strange if gap.metric == metric and gap.label])
        found += [_error("all", metric, of), unseen]
        for name in REGIMES:
            members = [gap for gap in of if gap.label == name]
            enough = len(_by_group(members)) >= FEW
            found.append(_error(name, metric, members) if enough else unseen._replace(regime=name))
    return tuple(found)


def _quantiles(gaps: list[_Gap]) -> tuple[float, float]:
    """Ends of the middle 80 % of one metric, a row of a group of size g weighing g^-0.5.

    They lie OUTWARD / groups further out than in the sample: the next group is not one of those that made the range.
    """
    sizes = {group: len(rows) for group, rows in _by_group(gaps).items()}
    ratios = np.array([gap.ratio for gap in gaps])
    weight = np.array([sizes[gap.group] ** -0.5 for gap in gaps])
    order = np.argsort(ratios)
    place = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    end = max((1 - INSIDE) / 2 - OUTWARD[gaps[0].metric] / len(sizes), 0.0)
    low, high = np.interp([end, 1 - end], place, np.log(ratios[order]))
    return float(np.exp(min(low, 0.0))), float(np.exp(max(high, 0.0)))


def spreads(points: Sequence[MeasuredPoint], kinds: Sequence[str], figures: PredictedFigures) -> tuple[Spread, ...]:
    """80 % ranges by kind and metric.

    A kind with few groups takes those of all kinds where they are wider; where lone streams were measured, their
    throughput is the inverse of their TPOT, and so is its range.
    """
    gaps, names = _gaps(points, kinds, figures), sorted(set(kinds))
    held = _held(gaps, names)
    return tuple(s._replace(held=held.get((s.kind, s.metric))) for s in _ranges(gaps, names))


def _ranges(gaps: Sequence[_Gap], kinds: Sequence[str]) -> tuple[Spread, ...]:
    found = []
    for metric in METRICS:
        every = [gap for gap in gaps if gap.metric == metric]
        common = _quantiles(every)
        for kind in kinds:
            own = [gap for gap in every if gap.label == kind]
            groups = len(_by_group(own))
            low, high = _quantiles(own) if own else common
            if groups < FEW:
                low, high = min(low, common[0]), max(high, common[1])
            found.append(Spread(kind, metric, low, high, len(own), groups, None))
    return _inverted(found)


def _held(gaps: Sequence[_Gap], kinds: Sequence[str]) -> dict[tuple[str, Metric], float]:
    """How much of what no range has seen the ranges hold: those of each fold are made from the others."""
    folds = split([gap.group for gap in gaps])
    shares: dict[tuple[str, Metric], list[float]] = defaultdict(list)
    for fold in set(folds.tolist()):
        others = [gap for gap, place in zip(gaps, folds, strict=True) if place != fold]
        ends = {(s.kind, s.metric): s for s in _ranges(others, kinds)} if others else {}
        inside: dict[tuple[str, Metric, str], list[bool]] = defaultdict(list)
        for gap in (gap for gap, place in zip(gaps, folds, strict=True) if place == fold and ends):
            inside[gap.label, gap.metric, gap.group].append(_inside(gap, ends[gap.label, gap.metric]))
        for (kind, metric, _), members in inside.items():
            shares[kind, metric].append(float(np.mean(members)))
    return {key: float(np.mean(values)) for key, values in shares.items()}


def _inside(gap: _Gap, ends: Spread) -> bool:
    return ends.low_factor <= gap.ratio <= ends.high_factor


def _inverted(found: list[Spread]) -> tuple[Spread, ...]:
    tpot = {s.kind: s for s in found if s.metric == "tpot" and s.groups >= FEW}
    return tuple(
        s._replace(low_factor=1 / tpot[s.kind].high_factor, high_factor=1 / tpot[s.kind].low_factor)
        if s.metric == "throughput" and s.groups < FEW and s.kind in tpot
        else s
        for s in found
    )


def inside(
    points: Sequence[MeasuredPoint], kinds: Sequence[str], figures: PredictedFigures, found: Sequence[Spread]
) -> Vec:
    """Whether each measured figure lies in its range, shape (k,)."""
    ends = {(s.kind, s.metric): s for s in found}
    return np.array([_inside(gap, ends[gap.label, gap.metric]) for gap in _gaps(points, kinds, figures)])
