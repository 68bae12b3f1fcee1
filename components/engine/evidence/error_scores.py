"""How far predictions lie from published measurements: by group, then over groups, so that no long sweep decides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from components.catalog.evidence import MeasuredPoint
from components.engine.facts.trust import Range

Metric = Literal["throughput", "tpot", "ttft"]
"""Output tokens/s per accelerator, seconds per output token, seconds to the first token."""


METRICS: tuple[Metric, ...] = get_args(Metric)


P90 = 90.0


OWN_MEMORY = frozenset({"groq", "cerebras"})


RARE = frozenset({"edge-other", "tpu", "groq", "cerebras"})


CROWD = 256
"""Requests in flight above which a benchmark's client is likely to queue."""


SMALL = frozenset({"apple", "jetson", "consumer-gpu", "edge-other"})


BANDS: tuple[tuple[float, str], ...] = (
    (1, "one request"), (8, "2 to 8"), (64, "9 to 64"), (256, "65 to 256"),
)  # fmt: skip


UNKNOWN_BAND, LAST_BAND = "load not published", "above 256"
"""Largest number of requests in flight of each band."""


CHIPS: dict[str, str] = {
    "amd-instinct": "AMD Instinct",
    "apple": "Apple",
    "cerebras": "Cerebras",
    "consumer-gpu": "gaming GPU",
    "edge-other": "CPU and other chips",
    "groq": "Groq",
    "jetson": "NVIDIA Jetson",
    "nvidia-blackwell": "NVIDIA Blackwell",
    "nvidia-hopper": "NVIDIA Hopper",
    "nvidia-pro/ampere": "NVIDIA Ampere and workstation",
    "tpu": "Google TPU",
}
"""Class of a measured chip in words."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the engine says of one point: a range per metric, or why it says nothing."""

    values: Mapping[Metric, Range] = field(default_factory=dict)
    reason: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One measured figure and its prediction, in the metric's unit."""

    point: MeasuredPoint
    metric: Metric
    measured: float
    predicted: Range

    @property
    def ratio(self) -> float:
        """Predicted over measured. [1]"""
        return self.predicted.base / self.measured

    @property
    def error(self) -> float:
        """Distance as a share of the measured figure. [1]"""
        return abs(self.ratio - 1)

    @property
    def inside(self) -> bool:
        """Whether the stated range holds the measured figure."""
        return self.predicted.low <= self.measured <= self.predicted.high


@dataclass(frozen=True, slots=True)
class Score:
    """Error over groups: each group counts once, by the median of its points."""

    median: float
    p90: float
    groups: int
    points: int
    inside: float
    """Share of the points whose measured figure lies in the stated range."""


@dataclass(frozen=True, slots=True)
class WorstPoint:
    """A group that the engine gets most wrong."""

    group_id: str
    metric: Metric
    error: float
    ratio: float
    points: int
    missing: tuple[str, ...]
    """What the source does not state, in words."""
    suspects: tuple[str, ...]
    """What the engine probably lacks, in words."""
    source_id: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many points the engine answers, and why not the others."""

    answered: int
    total: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """Answered points of all. [1]"""
        return self.answered / self.total if self.total else 0.0


def measured(point: MeasuredPoint, metric: Metric) -> float | None:
    """A point's published figure: tokens/s per accelerator or seconds; None is not published."""
    if metric == "throughput":
        return point.output_tokens_per_s_per_accelerator
    if metric == "ttft":
        return point.ttft_s
    if point.tpot_ms is not None:
        return point.tpot_ms / 1e3
    return 1 / point.output_tokens_per_s_per_user if point.output_tokens_per_s_per_user else None


def regime(point: MeasuredPoint) -> str:
    """The kind of operation, in words."""
    rules: tuple[tuple[bool, str], ...] = (
        (point.accelerator_class in OWN_MEMORY, "Groq and Cerebras"),
        (point.accelerator_class in SMALL, "edge and workstation"),
        (point.benchmark.startswith("mlperf"), "MLPerf, under limits"),
        (bool(point.disaggregated), "prompt and answer apart"),
        (bool(point.speculative), "with speculation"),
        (point.model_kind == "dense", "dense model"),
    )
    return next((words for holds, words in rules if holds), "mixture of experts")


def band(point: MeasuredPoint) -> str:
    """Requests in flight, in bands."""
    if point.concurrency is None:
        return UNKNOWN_BAND
    return next((words for most, words in BANDS if point.concurrency <= most), LAST_BAND)


def device(point: MeasuredPoint) -> str:
    """The class of the chip, in words."""
    return CHIPS.get(point.accelerator_class, point.accelerator_class)


def pairs(points: Sequence[MeasuredPoint], predictions: Sequence[Prediction]) -> tuple[Pair, ...]:
    """Every figure that is both published and predicted."""
    return tuple(
        Pair(point, metric, value, prediction.values[metric])
        for point, prediction in zip(points, predictions, strict=True)
        for metric in METRICS
        if metric in prediction.values and (value := measured(point, metric)) is not None
    )


def _groups(found: Iterable[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        groups[pair.point.group_id].append(pair)
    return groups


def score(found: Sequence[Pair]) -> Score | None:
    """Median and p90 over groups of each group's median error; None without a pair. All of one metric."""
    if not found:
        return None
    medians = [float(np.median([pair.error for pair in group])) for group in _groups(found).values()]
    return Score(
        median=float(np.median(medians)),
        p90=float(np.percentile(medians, P90)),
        groups=len(medians),
        points=len(found),
        inside=float(np.mean([pair.inside for pair in found])),
    )


def of(found: Iterable[Pair], metric: Metric) -> tuple[Pair, ...]:
    """The pairs of one metric."""
    return tuple(pair for pair in found if pair.metric == metric)


BAND_ORDER = (*(words for _, words in BANDS), LAST_BAND, UNKNOWN_BAND)


def scores_by(found: Iterable[Pair], key: Callable[[MeasuredPoint], str]) -> dict[str, Score]:
    """Score of each slice: bands of load in their order, others by the number of groups. All of one metric."""
    slices: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        slices[key(pair.point)].append(pair)
    scores = {name: got for name, members in slices.items() if (got := score(members))}
    places = {words: place for place, words in enumerate(BAND_ORDER)}
    return dict(sorted(scores.items(), key=lambda item: (places.get(item[0], 0), -item[1].groups, item[0])))


Check = tuple[str, Callable[[MeasuredPoint], bool]]


def _mostly(points: Sequence[MeasuredPoint], checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(words for words, holds in checks if 2 * sum(map(holds, points)) > len(points))


def missing(points: Sequence[MeasuredPoint]) -> tuple[str, ...]:
    """What most points of a group leave unsaid, in words."""
    checks: tuple[Check, ...] = (
        ("prompt length not published", lambda p: p.input_tokens is None),
        ("requests in flight not published", lambda p: p.concurrency is None),
        ("speculation not stated", lambda p: p.speculative is None),
        ("split over chips not stated", lambda p: not p.parallelism),
        ("statistic of the latency not stated", lambda p: p.ttft_stat == "unstated"),
        ("source of medium or low confidence", lambda p: p.confidence != "high"),
    )
    return _mostly(points, checks)


def suspects(points: Sequence[MeasuredPoint]) -> tuple[str, ...]:
    """What the engine probably lacks for most points of a group: a judgement from their conditions alone."""
    checks: tuple[Check, ...] = (
        ("measurements of such chips", lambda p: p.accelerator_class in RARE),
        ("how small devices run mixtures of experts", lambda p: p.accelerator_class in SMALL and p.model_kind == "moe"),
        ("how many guessed tokens are accepted", lambda p: bool(p.speculative)),
        ("how many machines read prompts and how many answer", lambda p: bool(p.disaggregated)),
        ("batch sizes chosen under MLPerf's limits", lambda p: p.benchmark.startswith("mlperf")),
        ("requests waiting in the client", lambda p: (p.concurrency or 0) > CROWD),
        ("fixed work around a single request", lambda p: p.concurrency == 1),
    )
    return _mostly(points, checks)


def worst_points(found: Iterable[Pair], count: int = 10) -> tuple[WorstPoint, ...]:
    """The groups with the largest median error. All of one metric."""
    rows = []
    for group_id, members in _groups(found).items():
        members.sort(key=lambda pair: pair.error)
        points = [pair.point for pair in members]
        rows.append(
            WorstPoint(
                group_id=group_id,
                metric=members[0].metric,
                error=float(np.median([pair.error for pair in members])),
                ratio=float(np.median([pair.ratio for pair in members])),
                points=len(members),
                missing=missing(points),
                suspects=suspects(points),
                source_id=Counter(point.source_id for point in points).most_common(1)[0][0],
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.error, row.group_id))[:count])


def coverage(predictions: Sequence[Prediction]) -> Coverage:
    """How many points have an answer; the commonest reason first for the others."""
    answered = sum(bool(prediction.values) for prediction in predictions)
    reasons = Counter(p.reason or "no reason stated" for p in predictions if not p.values)
    return Coverage(answered, len(predictions), tuple(reasons.most_common()))
