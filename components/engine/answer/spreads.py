"""Why a monthly cost is a range: the model's error, the spread of chip prices between sellers, people and salaries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.answer.latency import error, own_of
from components.engine.economics.staff import team_ends
from components.engine.economics.terms import at_price
from components.engine.facts.trust import Range
from components.engine.outcome.compute import charge, resized
from components.engine.outcome.evaluation import servers_of

if TYPE_CHECKING:
    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.outcome.evaluation import Fleet, Outcome


class Spread(NamedTuple):
    """What one unknown may change of a monthly cost."""

    cause: str
    """In words; of two strategies the same cause moves both alike where `shared`."""
    low_usd: float
    """At its cheap end, at most 0. [USD/month]"""
    high_usd: float
    """At its dear end, at least 0. [USD/month]"""
    shared: bool = True


def spreads(outcome: Outcome, book: Book) -> tuple[Spread, ...]:
    """Every unknown of a priced strategy that has two ends."""
    found = [_speed(outcome), *_prices(outcome.fleets)]
    if outcome.fleets:
        found += _people(outcome, book)
    return tuple(spread for spread in found if spread.low_usd or spread.high_usd)


def cost_range(usd: float, found: Iterable[Spread]) -> Range:
    """Cost of a month with its range: unknowns are independent, so their changes add as squares. [USD/month]

    low = base - sqrt(sum d_i^2), high likewise, never below 0.
    Source: docs/engine.md#ranges.
    """
    every = list(found)
    low, high = math.hypot(*(s.low_usd for s in every)), math.hypot(*(s.high_usd for s in every))
    return Range(max(usd - low, 0.0), usd, usd + high)


def _speed(outcome: Outcome) -> Spread:
    """Replicas faster and slower by the model's error; all fleets together, for the error is the model's."""
    low = high = 0.0
    for fleet in outcome.fleets:
        share = error(fleet.chip, "throughput", own_of(fleet, outcome))
        rows = np.array([fleet.chosen, fleet.chosen])
        picked = fleet.batch.take(rows)
        sized = resized(fleet.computed.service.take(rows), picked.demand, np.array([1 + share, 1 / (1 + share)]))
        fast, slow = charge(picked, sized).cost.total - fleet.computed.cost.total[fleet.chosen]
        low, high = low + min(float(fast), 0.0), high + max(float(slow), 0.0)
    return Spread("speed of the machines", low, high, shared=False)


def _prices(fleets: Sequence[Fleet]) -> list[Spread]:
    """Chips at the low and the high end of what sellers ask, one spread for each chip and way to buy."""
    found: dict[str, tuple[float, float]] = {}
    for fleet in fleets:
        d = fleet.deployment
        for group, purchase in (("main", d.purchase), ("beside", d.pool_purchase), ("sram", d.sram_purchase)):
            if purchase is not None and purchase.likely != (1.0, 1.0):
                low, high = found.get(purchase.market, (0.0, 0.0))
                cheap, dear = _at_ends(fleet, group, purchase)
                found[purchase.market] = low + cheap, high + dear
    return [Spread(f"price of {market}", *ends) for market, ends in found.items()]


def _at_ends(fleet: Fleet, group: str, purchase: Purchase) -> tuple[float, float]:
    """Change of a fleet's cost when a group of its chips is bought at either end. [USD/month]"""
    rows = np.array([fleet.chosen, fleet.chosen])
    picked, service = fleet.batch.take(rows), fleet.computed.service.take(rows)
    ends, listed = np.array(purchase.likely), np.ones(2)
    moved = replace(
        picked,
        main=at_price(picked.main, ends if group == "main" else listed),
        beside=at_price(picked.beside, ends if group == "beside" else listed),
        sram=at_price(picked.sram, ends if group == "sram" else listed),
    )
    cheap, dear = charge(moved, service).cost.total - charge(picked, service).cost.total
    return min(float(cheap), 0.0), max(float(dear), 0.0)


def _people(outcome: Outcome, book: Book) -> list[Spread]:
    """Fewer and more people, and lower and higher salaries, for the same fleet."""
    servers, owned = servers_of(outcome.fleets)
    usd = outcome.parts_usd_per_month["staff"]
    few, many = (float(team.usd_per_month(servers, owned)[0]) - usd for team in team_ends(book))
    salary = book.value("staff_cost_loaded")
    less, more = (usd * (end / salary - 1) if salary else 0.0 for end in book.ends("staff_cost_loaded"))
    return [
        Spread("people who run a fleet", min(few, 0.0), max(many, 0.0)),
        Spread("salary of an engineer", min(less, 0.0), max(more, 0.0)),
    ]
