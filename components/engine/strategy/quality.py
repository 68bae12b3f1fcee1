"""What the lossy levers may cost in quality: points lost, stacked as a planning upper bound, and a grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.engine.facts.formula import Formula, Symbol

if TYPE_CHECKING:
    from components.catalog.levers import QualityLoss
    from components.catalog.records import Model
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy
    from components.engine.strategy.levers import Edits


Grade = Literal["A", "B", "C", "D", "E"]


GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E")


LIMITS = (0.0, 1.0, 3.0, 10.0)
"""Most points lost in grades A to D: lossless, negligible, small, material; beyond is E. [points]"""


SMALL, MEDIUM = 20e9, 60e9
"""Upper ends of the size classes of data/quality.csv. [parameters]"""


LONG_PROMPT = 64e3
"""Prompts beyond this are long: 4-bit formats were seen to fail there. [tokens]"""


HALF, LIGHT, HEAVY = 0.5, 0.15, 0.30
"""Share removed to which the losses of compression refer, and the bounds between degrees of pruning. [1]"""


ERRORS_PER_POINT = 10.0
"""One point of accuracy is ten more wrong answers in 1,000. [1]"""


EXTRA_ERRORS = Formula(
    "errors per point * points lost",
    "per 1,000 answers",
    (Symbol("errors per point", ""), Symbol("points lost", "points", "added up as an upper bound")),
    "docs/engine.md#quality",
)


ACTION = {
    "A": "lossless",
    "B": "at most 1 point lost: validate long contexts",
    "C": "1 to 3 points lost: run your own evaluation",
    "D": "3 to 10 points lost: needs a sign-off by the product owner",
    "E": "more than 10 points lost: unsafe without your own evidence",
}


@dataclass(frozen=True, slots=True)
class Quality:
    """A strategy's quality against the reference."""

    grade: Grade
    extra_errors_per_1000: float | None
    """Expected upper bound; None where models cannot be compared."""
    note: str
    parts: tuple[tuple[str, float], ...]
    """Lever to points lost."""
    sources: tuple[str, ...]


def grade_of(points: float) -> Grade:
    """Grade of points lost."""
    return GRADES[sum(points > limit for limit in LIMITS)]


def _size(model: Model) -> str:
    total = model.total_params or 0.0
    return "small" if total < SMALL else "medium" if total < MEDIUM else "large"


def loss(book: Book, lever: str, model: Model, isl: float) -> QualityLoss | None:
    """The row of data/quality.csv for a lever on this size of model and length of prompt."""
    context = "long" if isl > LONG_PROMPT else "short"
    size = _size(model)

    def find() -> tuple[QualityLoss | None]:
        for row in book.tables.quality:
            if row.lever == lever and row.size_class in {size, "any"} and row.context_class in {context, "any"}:
                return (row,)
        return (None,)

    return book.once(("quality", lever, size, context), find)[0]


def _in_the_model(edits: Edits) -> list[tuple[str, str, float]]:
    """Formats, sparsity and pruning, as `_used`."""
    found: list[tuple[str, str, float]] = []
    if edits.weights not in {"native", "bf16"}:
        found.append((edits.weights, f"{edits.weights.upper()} weights", 1.0))
    if edits.kv != "bf16":
        found.append((f"kv-{edits.kv}", f"{edits.kv.upper()} KV cache", 1.0))
    if edits.two_four:
        found.append(("2:4", "2:4 sparsity", 1.0))
    if edits.pruned:
        degree = "light" if edits.pruned <= LIGHT else "medium" if edits.pruned <= HEAVY else "heavy"
        found.append((f"pruned-{degree}", "structured pruning", 1.0))
    return found


def _used(strategy: Strategy, edits: Edits | None) -> list[tuple[str, str, float]]:
    """Lever in use as (row of the table, words, multiple of the row's points)."""
    found = [] if edits is None else _in_the_model(edits)
    if strategy.compress < 1:
        found.append(("compress", "prompt compression", (1 - strategy.compress) / HALF))
    if strategy.shorten < 1:
        found.append(("shorten", "shorter outputs", (1 - strategy.shorten) / HALF))
    if strategy.edge:
        found.append(("edge", "edge share", strategy.edge))
    return found


def _traffic_points(book: Book, strategy: Strategy) -> list[tuple[str, float, str]]:
    """Losses that hit single answers: cached and routed ones. [points over all requests]"""
    found: list[tuple[str, float, str]] = []
    if strategy.cache:
        wrong = 100 * book.value("cache_wrong_share") * strategy.cache
        found.append(("response cache", wrong, book.source("cache_wrong_share")))
    if strategy.route:
        free = min(strategy.route, book.value("routed_lossless_share"))
        points = free * book.value("routed_points_lost")
        points += (strategy.route - free) * book.value("routed_points_beyond")
        found.append(("routing", points, book.source("routed_points_beyond")))
    return found


def model_gap(answering: Model, reference: Model) -> float | None:
    """Points the answering model scores below the reference; None where no common metric is published."""
    if answering.id == reference.id:
        return 0.0
    same = answering.quality_metric and answering.quality_metric == reference.quality_metric
    if not same or answering.quality_value is None or reference.quality_value is None:
        return None
    return max(reference.quality_value - answering.quality_value, 0.0)


def quality(
    book: Book, strategy: Strategy, answering: Model, reference: Model, edits: Edits | None, isl: float
) -> Quality:
    """Grade and expected extra errors of a strategy against a reference model at its native precision.

    Losses of stacked levers are added: an upper bound for planning, not a measurement.

    Args:
        book: the tables.
        strategy: the levers.
        answering: the model that answers most requests.
        reference: what answers are compared with.
        edits: what holds on the machines; None for a per-token purchase.
        isl: mean prompt; long prompts are judged apart. [tokens]
    """
    parts: list[tuple[str, float]] = []
    sources: list[str] = []
    for lever, words, times in _used(strategy, edits):
        row = loss(book, lever, answering, isl)
        if row is not None:
            parts.append((words, row.points_lost * times))
            sources.append(row.source_id)
    for words, points, source in _traffic_points(book, strategy):
        parts.append((words, points))
        sources.append(source)
    gap = model_gap(answering, reference)
    if gap:
        parts.append((f"{answering.name} instead of {reference.name} ({answering.quality_metric})", gap))
        sources += [answering.source_id, reference.source_id]
    total = sum(points for _, points in parts)
    grade = grade_of(total)
    if gap is None:
        smaller = (answering.total_params or 0) < (reference.total_params or 0)
        grade = max(grade, "D") if smaller else grade
        pair = f"{answering.name} and {reference.name}"
        note = f"{pair} share no published metric: not comparable, run your own evaluation"
        return Quality(grade, None, note, tuple(parts), tuple(dict.fromkeys(sources)))
    return Quality(grade, ERRORS_PER_POINT * total, _note(grade, parts), tuple(parts), tuple(dict.fromkeys(sources)))


def _note(grade: Grade, parts: list[tuple[str, float]]) -> str:
    named = [f"{words} {points:.1f}" for words, points in parts if points]
    return f"{ACTION[grade]} ({', '.join(named)} points)" if named else ACTION[grade]
