"""Why the cheapest way changes at a volume: both bills there, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.engine.answer.assemble import answer
from components.engine.answer.why_step import calculated
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, scenario_book
from components.engine.plan.rent_or_own import base_at, laid_out
from components.engine.plan.volume_lines import Lines, hall_of
from components.engine.plan.ways_to_buy import HALL, MIX
from components.engine.plan.why_figures import PLACE, FigureWhy
from components.wording import numbers

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.answer.records import Answer, WhyStep
    from components.engine.facts.book import Book
    from components.engine.plan.volume_records import BreakEven, BreakEvenPoint, Drawn
    from components.engine.scenario import Scenario

JUST_AFTER = 1 + 1e-9
"""Volume at which a server more is there over the last without it. [1]"""
GAP = Formula(
    "cheapest below - cheapest above",
    "USD/month",
    (Symbol("cheapest below", "USD/month"), Symbol("cheapest above", "USD/month")),
    PLACE,
)
OWN_HALL = Formula(
    "owned - space * (1 - share)",
    "USD/month",
    (
        Symbol("owned", "USD/month", "in a rented hall"),
        Symbol("space", "USD/month", "rent of the hall"),
        Symbol("share", "", "payment for an own hall over rent"),
    ),
    PLACE,
)
HYBRID = Formula(
    "base + beyond + people + beside",
    "USD/month",
    (
        Symbol("base", "USD/month", "held around the clock"),
        Symbol("beyond", "USD/month", "what goes beyond the base"),
        Symbol("people", "USD/month", "for both"),
        Symbol("beside", "USD/month", "beside the model"),
    ),
    PLACE,
)


class _Bill(NamedTuple):
    usd_per_month: float
    steps: tuple[WhyStep, ...]


def why_crossover(
    found: BreakEven, flip: BreakEvenPoint, scenario: Scenario, catalog: Catalog
) -> tuple[FigureWhy, ...]:
    """Where the cheapest changes: the difference of the two bills, then every part of either, by the engine there.

    Args: found, of the same scenario and catalog; flip, one of its crossovers.
    """
    volume = flip.requests_per_day * (1.0 if flip.equal else JUST_AFTER)
    lines = found.lines[flip.below], found.lines[flip.above]
    asked = laid_out(scenario, catalog)
    book = scenario_book(asked, catalog)
    below, above = (_bill(found, line, volume, asked, book) for line in lines)
    where = "both cost the same" if flip.equal else "just after, with one server more"
    gap = calculated(
        "cost", f"{lines[0].label} less {lines[1].label} at {numbers.requests_per_day(volume)}: {where}",
        value=below.usd_per_month - above.usd_per_month, formula=GAP,
        inputs={"cheapest below": below.usd_per_month, "cheapest above": above.usd_per_month},
    )  # fmt: skip
    turn = FigureWhy("Where the cheapest changes", (gap,))
    return (turn, *(FigureWhy(line.label, bill.steps) for line, bill in zip(lines, (below, above), strict=True)))


def _bill(found: BreakEven, line: Drawn, volume: float, asked: Scenario, book: Book) -> _Bill:
    """What a way costs at a volume, and its parts.    Args: asked, laid out at a volume above 0; book, its own."""
    if line.key == MIX:
        return _hybrid(found, line, volume, asked, book)
    said = _answer(found, "owned" if line.key == HALL else line.key, volume, asked, book)
    steps = tuple(step for step in said.ledger if step.topic == "cost")
    usd, space = said.cost_usd_per_month.base, said.cost_parts_usd_per_month.get("facility", 0.0)
    if line.key != HALL:
        return _Bill(usd, steps)
    share = hall_of(book).share
    total = calculated("cost", line.label, value=usd - space * (1 - share), formula=OWN_HALL,
                       inputs={"owned": usd, "space": space, "share": share})  # fmt: skip
    return _Bill(usd - space * (1 - share), (total, *steps))


def _answer(found: BreakEven, key: str, volume: float, asked: Scenario, book: Book) -> Answer:
    """One way as the engine says it at a volume."""
    way = next(way for way in found.ways if way.key == key)
    workload = asked.workload.model_copy(update={"requests_per_day": volume})
    (outcome,) = evaluate([way.strategy], workload, book, way.strategy.answering_model)
    return answer(outcome, effective_workload(workload, book.catalog), book, way.words.label)


def _hybrid(found: BreakEven, line: Drawn, volume: float, asked: Scenario, book: Book) -> _Bill:
    unit = effective_workload(asked.workload, book.catalog).requests_per_day
    base = base_at(Lines(found.ways, book, unit), volume)
    assert base is not None, "a line that is cheapest somewhere has a cost there"
    beside = base.beside_usd_per_month * volume / unit
    parts = base.held_usd_per_month, base.burst_usd_per_month, base.staff_usd_per_month, beside
    total = calculated("cost", line.label, value=sum(parts), formula=HYBRID,
                       inputs=dict(zip((s.name for s in HYBRID.symbols), parts, strict=True)))  # fmt: skip
    return _Bill(sum(parts), (total,))
