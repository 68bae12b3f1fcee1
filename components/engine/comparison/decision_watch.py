"""What would overturn a decision: a rival that becomes cheaper, and the prices at which it does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from scipy.optimize import brentq

from components.engine.comparison.choice import eligible
from components.engine.comparison.compare_strategies import compare, shown_names
from components.engine.outcome.evaluation import bill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from components.catalog.load import Catalog
    from components.engine.answer.records import Answer
    from components.engine.scenario import Scenario, Strategy

LEAD, PRICE = "lead", "price"
FARTHEST = 20.0
"""Multiple of a price, and its inverse, within which a flip is looked for. [1]"""
TOKEN_PRICES = {
    "price_in": "price per million input tokens",
    "price_cached": "price per million cached input tokens",
    "price_out": "price per million output tokens",
}
"""Own price to the step of the ledger that states the one in use."""


class Overturn(NamedTuple):
    """A figure and the value of it at which another strategy becomes cheaper than the chosen one."""

    figure: str
    """Kind, and the names of the two strategies or of one."""
    words: str
    at: float
    """Today. [unit of the figure]"""
    flips_at: float


def flips(scenario: Scenario, chosen: int, catalog: Catalog) -> tuple[Overturn, ...]:
    """What to watch after choosing a strategy: its cheapest rival, and the price of either at which both cost alike.

    A price is moved alone, as an own price would be. It is that of a chip-hour, or all prices
    per token at once, told by the blended one; for machines that are bought the rival alone is watched.
    Args: scenario; index of the chosen strategy; the facts.
    Returns: nothing where the chosen strategy has no cost or no rival keeps targets and quality.
    """
    answers = compare(scenario, catalog).answers
    rivals = [i for i in eligible(answers, scenario.workload.grade) if i != chosen and answers[i].feasible]
    cost = [answer.cost_usd_per_month.base for answer in answers]
    if not answers[chosen].feasible or not rivals:
        return ()
    rival = min(rivals, key=lambda i: cost[i])
    names = shown_names(scenario.strategies)
    found = [
        Overturn(f"{LEAD}|{names[rival]}|{names[chosen]}", f"{names[rival]} costs less than {names[chosen]}",
             cost[rival] / cost[chosen], 1.0)
    ]  # fmt: skip
    for index in (chosen, rival):
        found += _price_flip(scenario, index, answers[index], catalog, cost[rival if index == chosen else chosen])
    return tuple(found)


def watched(scenario: Scenario, figure: str, catalog: Catalog) -> float | None:
    """Today's value of a watched figure; None where its strategies are gone or have no price any more."""
    kind, _, names = figure.partition("|")
    answers = compare(scenario, catalog).answers
    by_name = dict(zip(shown_names(scenario.strategies), answers, strict=True))
    found = [by_name.get(name) for name in names.split("|")]
    if kind == LEAD and len(found) == 2:
        rival, chosen = found
        both = rival is not None and chosen is not None and rival.feasible and chosen.feasible
        if not both or rival is None or chosen is None or not chosen.cost_usd_per_month.base:
            return None
        return rival.cost_usd_per_month.base / chosen.cost_usd_per_month.base
    return _price(found[0]) if kind == PRICE and found[0] is not None else None


def _price(answer: Answer) -> float | None:
    """An hour of a chip, or the blended price of a token; None for machines that are bought. [USD]"""
    if answer.kind == "api":
        return answer.usd_per_mtok_blended
    return next((step.value for step in answer.ledger if step.name == "price of a chip-hour"), None)


def _price_flip(
    scenario: Scenario, index: int, answer: Answer, catalog: Catalog, level_usd: float
) -> Iterator[Overturn]:
    """The price of one strategy at which it costs `level_usd` a month; nothing where no price near today's does."""
    at = _price(answer)
    name = shown_names(scenario.strategies)[index]
    if not at or answer.kind == "mixed":
        return
    strategy = scenario.strategies[index]
    scaled = _scaled(strategy, answer, at)
    if scaled is None:
        return

    def gap(log_factor: float) -> float:
        return bill(scenario, scaled(math.exp(log_factor)), catalog) - level_usd

    end = math.log(FARTHEST)
    low, high = gap(-end), gap(end)
    if math.isnan(low) or math.isnan(high) or low * high > 0:
        return
    factor = math.exp(brentq(gap, -end, end, xtol=1e-5))
    unit = "USD per million tokens" if answer.kind == "api" else "USD for a chip-hour"
    verb = "costs more than" if factor > 1 else "costs less than"
    yield Overturn(f"{PRICE}|{name}", f"{name}: {verb} {at * factor:,.2f} {unit}, today {at:,.2f}", at, at * factor)


def _scaled(strategy: Strategy, answer: Answer, at: float) -> Callable[[float], Strategy] | None:
    """The strategy with its price times a factor; None where a platform's prices are not those of its tokens alone."""
    if answer.kind != "api":
        return lambda factor: strategy.model_copy(update={"price": at * factor})
    steps = {step.name: step.value for step in answer.ledger if step.topic == "price"}
    listed = {field: steps.get(name) for field, name in TOKEN_PRICES.items()}
    known = {field: usd for field, usd in listed.items() if usd is not None}
    if len(known) < len(TOKEN_PRICES):
        return None
    return lambda factor: strategy.model_copy(update={field: usd * factor for field, usd in known.items()})
