"""Lever by lever: the bill of a strategy with one thing at a time as in the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.engine.comparison.changes import Change, changes
from components.engine.facts.book import Book, KeptPerBook
from components.engine.outcome.evaluation import Outcome, evaluate, scenario_book
from components.engine.scenario import Layer, Strategy, Workload, unmeasured
from components.engine.strategy.own_measurement import AS_MODELLED
from components.wording import numbers

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.scenario import Scenario

NOTHING = 0.001
"""Change of the bill below which a lever buys nothing. [1]"""


SLOWER = 0.05
"""Rise of the time per word that is worth a note. [1]"""


class LeverEffect(NamedTuple):
    """What one lever, or one thing bought, is worth where everything else stays as in the strategy."""

    layer: Layer
    fields: tuple[str, ...]
    """Of `Strategy`."""
    words: str
    """ "20 % answered from memory"."""
    cost_without_usd_per_month: float | None
    """The bill with this as in the baseline; None where that cannot be bought or built."""
    saving_usd_per_month: float | None
    """Negative where it costs money."""
    buys_nothing: bool
    """Whether neither the bill nor the speed of a word is worse without it."""
    note: str
    """Why there is no bill without it, or what else is worse then."""


_EFFECTS: KeptPerBook[tuple[Workload, Strategy, Strategy], tuple[LeverEffect, ...]] = KeptPerBook()


def lever_effects(scenario: Scenario, index: int, catalog: Catalog) -> tuple[LeverEffect, ...]:
    """Everything that a strategy does differently, by layer, with the bill when that one is as in the baseline.

    The effects do not add up to the saving: two levers that save the same thing are each worth little beside the other.
    Args:
        scenario: the baseline first.
        index: of the strategy.
        catalog: the facts.
    Returns: kept, so that asking again costs nothing; empty for the baseline and a strategy without a price.
    """
    baseline, strategy = scenario.strategies[0], scenario.strategies[index]
    key = scenario.workload, baseline, strategy
    book = scenario_book(scenario, catalog)
    return _EFFECTS.of(book, key, lambda: _effects(*key, book))


def _effects(workload: Workload, baseline: Strategy, strategy: Strategy, book: Book) -> tuple[LeverEffect, ...]:
    (whole,) = evaluate([strategy], workload, book)
    if not whole.priced:
        return ()
    speed = AS_MODELLED if whole.resolved.own is None else whole.resolved.own.factors
    found = changes(unmeasured(baseline), unmeasured(strategy), book.catalog)
    undone = [change.undone(unmeasured(strategy), baseline) for change in found]
    outcomes = evaluate(undone, workload, book, carried=[speed] * len(undone))
    return tuple(_effect(change, whole, without) for change, without in zip(found, outcomes, strict=True))


def _effect(change: Change, whole: Outcome, without: Outcome) -> LeverEffect:
    if not without.priced:
        reason = without.resolved.reasons[0] if without.resolved.reasons else "it has no price"
        return LeverEffect(*change, None, None, buys_nothing=False, note=reason)
    cost = without.cost_usd_per_month
    saving = cost - whole.cost_usd_per_month
    note = "without it the targets are missed" if whole.works and not without.works else _slower(whole, without)
    nothing = abs(saving) <= NOTHING * whole.cost_usd_per_month and not note
    return LeverEffect(*change, cost, saving, buys_nothing=nothing, note=note)


def _slower(whole: Outcome, without: Outcome) -> str:
    """What one word takes without it, where that is clearly more."""
    now, then = _word_s(whole), _word_s(without)
    if now is None or then is None or then <= (1 + SLOWER) * now:
        return ""
    return f"without it a word takes {numbers.seconds(then)} instead of {numbers.seconds(now)}"


def _word_s(outcome: Outcome) -> float | None:
    """Time per output token in the slow case, of the main fleet; None where no machines serve. [s]"""
    main = (fleet for fleet in outcome.fleets if fleet.deployment.role == "main" and fleet.deployment.osl)
    return next((float(f.computed.service.sizing.tpot_p95_s[f.chosen]) for f in main), None)
