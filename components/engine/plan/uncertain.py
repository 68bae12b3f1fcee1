"""What a plan does not know: each input with low, base, high and a shape, and the values that quantiles stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import ndtri

from components.catalog.uncertain import Shape, load_uncertain
from components.engine.answer.latency import error, own_of
from components.engine.economics.staff import team_ends
from components.engine.outcome.evaluation import servers_of
from components.engine.plan.terms import FIGURES
from components.wording import numbers
from components.wording.vocabulary import WAYS_TO_BUY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.engine.facts.arrays import Vec
    from components.engine.facts.book import Book
    from components.engine.plan.paths import Case
    from components.wording.money import Money

Said = Literal["times", "times a year", "share", "change", "USD/year", "USD/kWh"]
"""How a value is said: a factor, a share of one, a yearly change, or in its unit."""

TAILS: dict[Shape, float] = {"lognormal-80": 0.9, "lognormal-90": 0.95}
"""Quantile that the high end of a log-normal shape is. [1]"""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One uncertain input."""

    key: str
    """Kind, and what it is of: "growth", "speed h100-sxm"."""
    words: str
    """As the subject of a sentence: "the yearly change of chip prices"."""
    low: float
    base: float
    high: float
    shape: Shape
    said: Said
    figure_source: str
    """Source id of its ends; empty where they are computed."""
    source_id: str
    """Of its shape."""
    confidence: str
    own: bool = False
    """Whether an end is the reader's own."""

    @property
    def kind(self) -> str:
        """The first word of the key."""
        return self.key.partition(" ")[0]

    @property
    def of(self) -> str:
        """The rest of it."""
        return self.key.partition(" ")[2]

    @property
    def name(self) -> str:
        """The key as it stands in the terms of a plan: "speed.h100-sxm"."""
        return self.key.replace(" ", ".")

    def at(self, quantile: Vec) -> Vec:
        """Values at quantiles of (0, 1); every shape rises with them."""
        if self.shape == "triangular":
            return _triangular(quantile, self.low, self.base, self.high)
        if self.shape == "log-triangular":
            return np.asarray(np.exp(_triangular(quantile, *np.log([self.low, self.base, self.high]).tolist())))
        z = ndtri(quantile) / ndtri(TAILS[self.shape])
        side = np.where(z > 0, np.log(self.high / self.base), np.log(self.base / self.low))
        return np.asarray(self.base * np.exp(z * side))


def _triangular(quantile: Vec, low: float, top: float, high: float) -> Vec:
    """Quantiles of a triangle from low to high with its top between them."""
    width = high - low
    turn = (top - low) / width
    rising = low + np.sqrt(quantile * width * (top - low))
    falling = high - np.sqrt((1 - quantile) * width * (high - top))
    return np.asarray(np.where(quantile < turn, rising, falling))


def published_inputs(case: Case) -> tuple[Unknown, ...]:
    """Every input that may be uncertain and bears on one of the plan's strategies, with the ends of the tables.

    Both ends are the base where nothing is published, or where the reader states the figure. What is 0 has no factor
    and is left out.
    """
    found = [*_of_everybody(case), *_of_machines(case), *_of_serving(case)]
    return tuple(one for one in found if one.base > 0 or one.said == "change")


def _unknown(
    book: Book, kind: str, words: str, said: Said, ends: tuple[float, float, float] | None = None, of: str = ""
) -> Unknown:
    """One input; its ends are those of its figure in the table where none are given."""
    row = load_uncertain()[kind]
    low, base, high = figure_ends(book, row.figure) if ends is None else ends
    return Unknown(
        f"{kind} {of}".strip(), words, low, base, high, row.shape, said, book.source(row.figure), row.source_id,
        row.confidence,
    )  # fmt: skip


def figure_ends(book: Book, key: str) -> tuple[float, float, float]:
    """Low, base and high of an economic figure or a lever; alike where the reader states it or no ends are given."""
    base = book.value(key)
    row = book.tables.levers.get(key)
    if row is not None:
        return min(row.low, base), base, max(row.high, base)
    low, high = book.ends(key)
    return min(low, base), base, max(high, base)


def _moved(book: Book, key: str, own: float, factor: bool) -> tuple[float, float, float]:
    """The published ends around the plan's own figure, kept as far from it as they are from the published base."""
    low, base, high = figure_ends(book, key)
    if factor:
        return low * own / base, own, high * own / base
    ratio = (1 + own) / (1 + base)
    return (1 + low) * ratio - 1, own, (1 + high) * ratio - 1


def _of_everybody(case: Case) -> Iterator[Unknown]:
    """Demand and the course of prices."""
    book, t = case.looked_up.book, case.terms
    yield _unknown(book, "volume", "demand against the plan", "share")
    if t.months > 1:
        growth = _moved(book, FIGURES["growth"], t.growth, factor=True)
        yield _unknown(book, "growth", "growth of requests", "times a year", growth)
        if any(way.table.part("rent").any() or way.bought for way in case.ways):
            ends = _moved(book, FIGURES["chips"], t.chips, factor=False)
            yield _unknown(book, "chips", "the yearly change of chip prices", "change", ends)
        if any(way.table.tokens.prompts + way.table.tokens.answers for way in case.ways):
            ends = _moved(book, FIGURES["tokens"], t.tokens, factor=False)
            yield _unknown(book, "tokens", "the yearly change of token prices", "change", ends)


def _of_machines(case: Case) -> Iterator[Unknown]:
    """What running machines costs."""
    book, ways = case.looked_up.book, [way for way in case.ways if way.table.machines]
    if not ways:
        return
    yield _unknown(book, "use", "what machines carry against the model", "share")
    seen: set[str] = set()
    for way in ways:
        for one in _of_fleets(case, way.index):
            if one.key not in seen:
                seen.add(one.key)
                yield one
    if any(way.overhead_share for way in ways):
        yield _unknown(book, "overhead", "network, storage and support on top of rent", "share")
    if any(way.table.part("people").any() for way in ways):
        yield _unknown(book, "salary", "the cost of an engineer", "USD/year")
        yield _unknown(book, "people", "the number of people against the rule", "share", _people_ends(case))
    if any(way.owned for way in ways):
        yield _unknown(book, "upkeep", "yearly upkeep over the price of own machines", "share")
        yield _unknown(book, "residual", "what own machines are worth in the end", "share")


def _of_fleets(case: Case, index: int) -> Iterator[Unknown]:
    """Speed of the main chip, its price, and the tariff of its place."""
    book, outcome = case.looked_up.book, case.looked_up.outcomes[index]
    fleet, purchase = outcome.fleets[0], outcome.fleets[0].purchase
    share = error(fleet.chip, "throughput", own_of(fleet, outcome))
    yield _unknown(book, "speed", f"the speed of {fleet.chip.name} against the model", "share",
                   (1 / (1 + share), 1.0, 1 + share), fleet.chip.id)  # fmt: skip
    if purchase.likely != (1.0, 1.0):
        bought = WAYS_TO_BUY[purchase.market.partition(" ")[2]].short
        yield _unknown(book, "price", f"the market price of {fleet.chip.name}, {bought}", "times",
                       (purchase.likely[0], 1.0, purchase.likely[1]), purchase.market)  # fmt: skip
    place = book.place(outcome.resolved.strategy.place)
    if purchase.kind == "owned" and place is not None and place.electricity:
        tariff = figure_ends(book, place.electricity)
        yield _unknown(book, "power", f"electricity in {place.label}", "USD/kWh", tariff, place.id)


def _people_ends(case: Case) -> tuple[float, float, float]:
    """People by the ends of the rule over those by its middle, for the strategy with the most servers. [1]"""
    book = case.looked_up.book
    outcomes = [case.looked_up.outcomes[way.index] for way in case.ways if way.table.machines]
    servers, owned = max((servers_of(o.fleets) for o in outcomes), key=lambda found: float(found[0][0]))
    few, many = (float(team.people(servers, owned)[0]) for team in team_ends(book))
    base = float(outcomes[0].fleets[0].batch.team.take(slice(0, 1)).people(servers, owned)[0])
    if base <= 0:
        return 1.0, 1.0, 1.0
    return min(few / base, 1.0), 1.0, max(many / base, 1.0)


def said(unknown: Unknown, value: float, money: Money) -> str:
    """A value of an input as people say it."""
    match unknown.said:
        case "share":
            return numbers.percent(value)
        case "change":
            return numbers.percent(value) if value <= 0 else f"+{numbers.percent(value)}"
        case "times":
            return f"{value:.3g}x"
        case "times a year":
            return f"{value:.3g} times a year"
        case unit:
            return money.quantity(value, unit)


HITS = {"hit": "prefix_hit_local", "platform_hit": "prefix_hit_api"}
ACCEPTANCE = ("draft", "eagle", "mtp")
SHARES = frozenset({*HITS, *(f"acceptance_{draft}" for draft in ACCEPTANCE), "upkeep", "residual"})
"""Inputs that cannot pass 1."""


def _of_serving(case: Case) -> Iterator[Unknown]:
    """What the engine is run again for: cache hits and accepted drafts."""
    book = case.looked_up.book
    strategies = [case.looked_up.scenario.strategies[way.index] for way in case.ways]
    if any(s.buy != "api" and s.prefix for s in strategies):
        yield _unknown(book, "hit", "the share of repeated prompts found in the cache", "share")
    if any(s.buy == "api" and s.api_hit is None for s in strategies):
        yield _unknown(book, "platform_hit", "the share of repeated prompts billed as cached", "share")
    for draft in ACCEPTANCE:
        if any(s.buy != "api" and s.spec == draft for s in strategies):
            key = f"acceptance_{draft}"
            yield _unknown(book, key, "the share of drafted tokens that is accepted", "share")


def lever_of(unknown: Unknown) -> str:
    """The lever that the engine is run again with; empty where a factor says all."""
    return HITS.get(unknown.kind, unknown.kind if unknown.kind.startswith("acceptance_") else "")
