"""What moved the answer between two versions of a scenario: the engine, each input, each table of data."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from components.engine.comparison.changes import changes
from components.engine.facts.own_figures import OWN_FIGURES
from components.engine.outcome.evaluation import bill
from components.engine.scenario import Prices, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.catalog.load import Catalog
    from components.catalog.own_records import Own
    from components.engine.scenario import Strategy

Cause = Literal["engine", "input", "data"]
LEAST_USD_PER_MONTH = 0.005
"""Smaller moves are not told."""

WORKLOAD_WORDS: dict[str, str] = {
    "preset": "kind of work",
    "requests_per_day": "volume",
    "isl": "length of prompts",
    "osl": "length of answers",
    "reuse": "prompt tokens seen before",
    "ttft_ms": "target for the first word",
    "tpot_ms": "target for each further word",
    "peak": "busiest hour over the mean",
    "hours": "hours of operation",
    "grade": "worst quality allowed",
}
DATA_WORDS: dict[str, str] = {
    "rentals": "prices of rented machines",
    "api_prices": "prices per token",
    "dedicated": "prices of dedicated machines",
    "economics": "power, people and other costs",
    "accelerators": "chips",
    "models": "models",
    "workloads": "what a kind of work needs",
    "speeds": "measured speeds of platforms",
}
"""Tables that an answer rests on, in the order in which they are renewed."""


class SavedAnswer(NamedTuple):
    """What a version said when it was saved."""

    scenario: Scenario
    chosen: int
    """Index of the strategy whose cost was the answer."""
    cost_usd_per_month: float


class Move(NamedTuple):
    """A part of the difference between two answers."""

    cause: Cause
    words: str
    """As an item of a list: "8-bit weights", "price of an H100 hour of 2026-11-03"."""
    usd_per_month: float
    """Positive where the answer became dearer."""


def version_moves(
    old: SavedAnswer, new: SavedAnswer, old_catalog: Catalog | None, new_catalog: Catalog
) -> tuple[Move, ...]:
    """The steps from the older answer to the newer, each worked out with today's engine; they sum to the difference.

    First the engine (the old question on the old data, against what was said then), then the inputs one at a time in
    the order of the page, then the data table by table. A change counts with those before it made: another order
    would share what two of them do together otherwise.
    Args:
        old, new: what the two versions said.
        old_catalog: the data of the older; None where it was not kept, so that engine and data are told together.
        new_catalog: the data of the newer.
    Raises: ValueError where either question has no answer on today's engine.
    """
    start = old_catalog or new_catalog
    asked = _Asked(old.scenario, old.chosen)
    cost = asked.cost(start)
    if math.isnan(cost):
        raise ValueError("the older version has no answer on today's engine: its strategy can no longer be priced")
    together = "engine and data" if old_catalog is None else "newer engine"
    found = [Move("engine", together, cost - old.cost_usd_per_month)]
    for words, step in asked.towards(_Asked(new.scenario, new.chosen), start):
        after = step.cost(start)
        if not math.isnan(after):
            found.append(Move("input", words, after - cost))
            cost = after
    last = _Asked(new.scenario, new.chosen)
    if math.isnan(last.cost(new_catalog)):
        raise ValueError("the newer version has no answer on today's engine: its strategy cannot be priced")
    if math.isnan(last.cost(start)):
        start = new_catalog
    rest = last.cost(start)
    found.append(Move("input", "what the changes do together", rest - cost))
    cost = rest
    for words, catalog in _renewed(start, new_catalog, last.strategy):
        after = last.cost(catalog)
        if not math.isnan(after):
            found.append(Move("data", words, after - cost))
            cost = after
    found.append(Move("engine", "since the newer version was saved", new.cost_usd_per_month - cost))
    return tuple(move for move in found if abs(move.usd_per_month) >= LEAST_USD_PER_MONTH)


class _Asked(NamedTuple):
    """A scenario and the strategy whose cost is asked."""

    scenario: Scenario
    chosen: int

    @property
    def strategy(self) -> Strategy:
        return self.scenario.strategies[self.chosen]

    def cost(self, catalog: Catalog) -> float:
        """NaN where it cannot be priced. [USD/month]"""
        if self.scenario.workload.preset not in catalog.workloads:
            return math.nan
        return bill(self.scenario, self.strategy, catalog)

    def towards(self, other: _Asked, catalog: Catalog) -> Iterator[tuple[str, _Asked]]:
        """One input after another taken from the other, with its words."""
        scenario, strategy = self.scenario, self.strategy
        for name, words in WORKLOAD_WORDS.items():
            workload = scenario.workload.model_copy(update={name: getattr(other.scenario.workload, name)})
            if workload != scenario.workload:
                scenario = scenario.model_copy(update={"workload": workload})
                yield words, _Asked(scenario, self.chosen)
        said = {figure.field: figure.words for figure in OWN_FIGURES}
        for name in Prices.model_fields:
            prices = scenario.prices.model_copy(update={name: getattr(other.scenario.prices, name)})
            if prices != scenario.prices:
                scenario = scenario.model_copy(update={"prices": prices})
                yield f"your figure: {said.get(name, PRICE_WORDS.get(name, name))}", _Asked(scenario, self.chosen)
        for words, own in _own_parts(scenario.own, other.scenario.own):
            scenario = scenario.model_copy(update={"own": own})
            yield words, _Asked(scenario, self.chosen)
        baseline = other.scenario.strategies[0]
        if self.chosen and scenario.strategies[0] != baseline:
            scenario = scenario.model_copy(update={"strategies": (baseline, strategy)})
            yield "another baseline", _Asked(scenario, 1)
        first = scenario.strategies[0]
        for change in changes(strategy, other.strategy, catalog):
            taken = {name: getattr(other.strategy, name) for name in change.fields}
            strategy = strategy.model_copy(update=taken)
            pair = (strategy,) if not self.chosen else (first, strategy)
            yield change.words, _Asked(scenario.model_copy(update={"strategies": pair}), len(pair) - 1)


def _own_parts(before: Own, after: Own) -> Iterator[tuple[str, Own]]:
    """One own chip or model after another as the newer version has it; what it no longer has stays, unused."""
    for field, kind in (("chips", "chip"), ("models", "model")):
        for record in getattr(after, field):
            known = {each.id: each for each in getattr(before, field)}
            if known.get(record.id) != record:
                before = before.model_copy(update={field: tuple((known | {record.id: record}).values())})
                yield f"your {kind} {record.name or record.id}", before


PRICE_WORDS = {"staff": "whose people are charged", "chip_hours": "price of a chip-hour", "rates": "exchange rates"}


def _renewed(old: Catalog, new: Catalog, strategy: Strategy) -> Iterator[tuple[str, Catalog]]:
    """The old data with one table after another renewed."""
    catalog = old
    for name, words in DATA_WORDS.items():
        if getattr(catalog, name) != getattr(new, name):
            catalog = replace(catalog, **{name: getattr(new, name)})
            yield _named(name, words, old, new, strategy), catalog
    yield "other data", new


def _named(table: str, words: str, old: Catalog, new: Catalog, strategy: Strategy) -> str:
    """The table's change in the strategy's own terms where rows of its chip or seller are new."""
    if table == "rentals":
        before = set(old.rentals)
        dates = [r.value_date for r in new.rentals if r.accelerator_id == strategy.hardware and r not in before]
        chip = new.accelerators.get(strategy.hardware)
        if dates and chip is not None:
            return f"price of {chip.name} of {max(dates)}"
    if table == "api_prices" and strategy.provider:
        known = set(old.api_prices)
        dates = [p.value_date for p in new.api_prices if p.provider == strategy.provider and p not in known]
        if dates:
            return f"prices of {strategy.provider} of {max(dates)}"
    return words
