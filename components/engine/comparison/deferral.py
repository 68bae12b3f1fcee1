"""Says why work that may wait does not lower a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from components.engine.answer.records import Answer
from components.engine.outcome.evaluation import Outcome, evaluate
from components.wording.numbers import percent

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy, Workload

UNMOVED = 0.005
"""A fall of a bill below this share is none. [1]"""


def with_idle_deferral(
    answers: Sequence[Answer],
    outcomes: Sequence[Outcome],
    strategies: Sequence[Strategy],
    workload: Workload,
    book: Book,
) -> tuple[Answer, ...]:
    """The answers, with a warning where letting work wait leaves the bill of machines as it is.

    Args:
        answers: of the strategies.
        outcomes: as computed, in the same order.
        strategies: as computed, in the same order.
        workload: what is asked.
        book: the facts.
    """
    waiting = [i for i, s in enumerate(strategies) if s.defer and outcomes[i].works and outcomes[i].fleets]
    if not waiting:
        return tuple(answers)
    plain = evaluate([strategies[i].model_copy(update={"defer": 0.0}) for i in waiting], workload, book)
    told = dict(zip(waiting, plain, strict=True))
    return tuple(
        replace(a, warnings=(*a.warnings, *_warning(outcomes[i], told[i], strategies[i]))) if i in told else a
        for i, a in enumerate(answers)
    )


def _warning(outcome: Outcome, plain: Outcome, strategy: Strategy) -> tuple[str, ...]:
    """The sentence; none where the bill moves."""
    usd = plain.cost_usd_per_month
    if not plain.works or outcome.cost_usd_per_month < usd * (1 - UNMOVED):
        return ()
    chips = sum(fleet.accelerators for fleet in outcome.fleets)
    cause = "staff and other fixed costs stay"
    if strategy.scale != "fixed":
        cause = "servers that follow the demand already leave quiet hours unpaid"
    if chips == sum(fleet.accelerators for fleet in plain.fleets):
        cause = f"the same {chips:,.0f} chips are needed without it"
    return (f"letting {percent(strategy.defer)} of the work wait does not lower the bill: {cause}",)
