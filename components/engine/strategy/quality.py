"""What the lossy levers may cost in quality: points lost, stacked as a planning upper bound, and a grade."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from components.catalog.records import Model, TokenModel
from components.engine.facts.book import KeptPerBook
from components.engine.facts.formula import Formula, Symbol
from components.engine.scenario import Grade
from components.engine.strategy.lever_edits import BITS
from components.engine.strategy.lever_record import DeviceLoss, ShareLoss, TableLoss
from components.engine.strategy.levers import losses_of

if TYPE_CHECKING:
    from components.catalog.levers import QualityLoss
    from components.catalog.records import AnsweringModel
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy
    from components.engine.strategy.edits import Edits
    from components.engine.strategy.lever_record import Loss


GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "?")


LIMITS = (0.0, 1.0, 3.0, 10.0)
"""Most points lost in grades A to D: lossless, negligible, small, material; beyond is E. The product's own scale.

[points]
"""


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


def _size(book: Book, model: AnsweringModel) -> str:
    """Size class; the smallest, which loses the most, where the size is not published."""
    total = (model.total_params or 0.0) if isinstance(model, Model) else 0.0
    if total < book.value("quality_small_params"):
        return "small"
    return "medium" if total < book.value("quality_medium_params") else "large"


_LOSSES: KeptPerBook[tuple[str, str, str], QualityLoss | None] = KeptPerBook()


def loss(book: Book, lever: str, model: AnsweringModel, isl: float) -> QualityLoss | None:
    """The row of data/quality.csv for a lever on this size of model and length of prompt."""
    context = "long" if isl > book.value("quality_long_prompt_tokens") else "short"
    size = _size(book, model)

    def find() -> QualityLoss | None:
        for row in book.tables.quality:
            if row.lever == lever and row.size_class in {size, "any"} and row.context_class in {context, "any"}:
                return row
        return None

    return _LOSSES.of(book, (lever, size, context), find)


def _part(book: Book, answering: AnsweringModel, isl: float, found: Loss) -> tuple[str, float, str] | None:
    """Words, points and source of a loss; None where the table says nothing of this size and length."""
    if isinstance(found, ShareLoss):
        return found
    row = loss(book, found.row, answering, isl)
    return None if row is None else (found.words, row.points_lost * found.times, row.source_id)


def _answering(book: Book, losses: tuple[Loss, ...], main: AnsweringModel) -> list[tuple[AnsweringModel, float]]:
    """Models whose own level counts, with their share: the main one, and a device's for what is not easy."""
    devices = [each for each in losses if isinstance(each, DeviceLoss) and each.beyond]
    known = book.catalog.models
    beside = [(known[each.model_id], each.beyond) for each in devices if each.model_id in known]
    return [(main, 1.0 - sum(share for _, share in beside)), *beside]


def model_gap(answering: AnsweringModel, reference: AnsweringModel) -> float | None:
    """Points the answering model scores below the reference; None where no common metric is published."""
    if answering.id == reference.id:
        return 0.0
    same = answering.quality_metric and answering.quality_metric == reference.quality_metric
    if not same or answering.quality_value is None or reference.quality_value is None:
        return None
    return max(reference.quality_value - answering.quality_value, 0.0)


def quality(
    book: Book,
    strategy: Strategy,
    answering: AnsweringModel,
    reference: AnsweringModel,
    edits: Edits | None,
    isl: float,
) -> Quality:
    """Grade and expected extra errors of a strategy against a reference model at its native precision.

    Args:
        book: the tables.
        strategy: the levers.
        answering: the model that answers most requests.
        reference: what answers are compared with.
        edits: what holds on the machines; None for a per-token purchase.
        isl: mean prompt; long prompts are judged apart. [tokens]
    """
    return quality_of(book, losses_of(book, strategy, edits), answering, reference, isl)


def quality_of(
    book: Book, losses: tuple[Loss, ...], answering: AnsweringModel, reference: AnsweringModel, isl: float
) -> Quality:
    """Grade and expected extra errors of what the levers may cost; other arguments as in `quality`.

    Losses of stacked levers are added: an upper bound for planning, not a measurement.
    """
    found = [part for each in losses if (part := _part(book, answering, isl, each)) is not None]
    parts = [(words, points) for words, points, _ in found]
    sources = [source for _, _, source in found]
    incomparable: list[AnsweringModel] = []
    for model, share in _answering(book, losses, answering):
        gap = model_gap(model, reference)
        if gap is None:
            incomparable.append(model)
        elif gap:
            parts.append((f"{model.name} instead of {reference.name} ({model.quality_metric})", share * gap))
            sources += [model.source_id, reference.source_id]
    total = sum(points for _, points in parts)
    grade = grade_of(total)
    if incomparable:
        pair = f"{incomparable[0].name} and {reference.name}"
        note = f"{pair} share no published metric: not comparable, run your own evaluation"
        return Quality("?", None, note, tuple(parts), tuple(dict.fromkeys(sources)))
    return Quality(grade, ERRORS_PER_POINT * total, _note(grade, parts), tuple(parts), tuple(dict.fromkeys(sources)))


def quality_bought(
    book: Book, strategy: Strategy, provider: str, answering: AnsweringModel, reference: AnsweringModel, isl: float
) -> Quality:
    """Quality of what a per-token platform serves: of its published number format, not known without one.

    A model whose weights are not published is scored as it is sold: its format is part of its score.
    Args:
        provider: who sells the tokens; other arguments as in `quality`.
    """
    losses = losses_of(book, strategy, None)
    if isinstance(answering, TokenModel) and not answering.open_weight:
        return quality_of(book, losses, answering, reference, isl)
    row = book.tables.platform_formats.get((provider, answering.id, strategy.tier))
    if row is None or not isinstance(answering, Model):
        found = quality_of(book, losses, answering, reference, isl)
        if found.extra_errors_per_1000 is None:
            return found
        note = f"{provider} publishes no number format of {answering.name}: not known, run your own evaluation"
        return Quality("?", None, note, found.parts, found.sources)
    if BITS[row.weights] < BITS[str(answering.native_precision)]:
        losses = (TableLoss(row.weights.removeprefix("mx"), f"{row.weights.upper()} weights at {provider}"), *losses)
    found = quality_of(book, losses, answering, reference, isl)
    return replace(found, sources=tuple(dict.fromkeys((*found.sources, row.source_id))))


def _note(grade: Grade, parts: list[tuple[str, float]]) -> str:
    named = [f"{words} {points:.1f}" for words, points in parts if points]
    return f"{ACTION[grade]} ({', '.join(named)} points)" if named else ACTION[grade]
