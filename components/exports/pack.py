"""What every export is made of: a scenario, its comparison, and the lines that say where it comes from."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from components.catalog.load import Catalog
from components.engine.comparison import (
    Attribution,
    Comparison,
    TargetPrice,
    compare,
    rate_of,
    saving_range,
    target_price,
)
from components.engine.facts import Range
from components.engine.plan import PlanAnswer, plan_answer
from components.engine.scenario import Scenario
from components.share.engine_version import engine_version
from components.wording import numbers
from components.wording.money import USUAL, Money
from components.wording.text import shorten

LONGEST_TITLE = 90
LONGEST_NAME = 60
LONGEST_TEXT = 2000
Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""Heads and rows."""
Planner = Callable[[Scenario, Comparison, Catalog], PlanAnswer]
"""The plan over time of a scenario; raises ValueError where nothing can be planned."""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def clean(text: str, limit: int = LONGEST_TEXT) -> str:
    """Text that any file format may hold: one line, no control characters and no overrides of direction."""
    kept = "".join(
        " " if c.isspace() else c for c in text[: 4 * limit]
        if c.isspace() or (unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"} and c not in _BIDI)
    )  # fmt: skip
    return shorten(" ".join(kept.split()), limit)


def ends(low: str, high: str) -> str:
    """Both ends of a range: "$20,900 to $53,500"; "just $20,900" where they are said alike."""
    return f"just {low}" if low == high else f"{low} to {high}"


@dataclass(frozen=True, eq=False)
class Pack:
    """One comparison to take away; money in USD inside, in the reader's currency in every file."""

    scenario: Scenario
    result: Comparison
    catalog: Catalog
    money: Money
    link: str
    """The address that opens the scenario."""
    made: datetime.date
    title: str
    brand: str = "#1F5FA8"
    """Colour of titles and rules, six hex digits."""
    logo: bytes = b""
    """A PNG or JPEG picture, empty for none."""
    planner: Planner = plan_answer

    @property
    def best(self) -> int | None:
        """Index of the strategy that is recommended; None where none qualifies."""
        return self.result.best

    @property
    def shown(self) -> int:
        """Index of the strategy that is set against the baseline: the best, else the cheapest of the others."""
        told = self.attribution
        return self.best if self.best is not None else told.index if told else 0

    @property
    def attribution(self) -> Attribution | None:
        """The saving that is told: the best strategy's, else the cheapest one's; None without a second strategy."""
        every = self.result.attributions
        by_index = {told.index: told for told in every}
        cheapest = min(every, key=lambda told: told.strategy_usd_per_month, default=None)
        return by_index.get(-1 if self.best is None else self.best, cheapest)

    @property
    def out(self) -> frozenset[int]:
        """Indices of the strategies that do not qualify."""
        return frozenset(i for i, a in enumerate(self.result.answers) if not a.feasible)

    @cached_property
    def target_price(self) -> tuple[str, TargetPrice] | None:
        """Name of a strategy and what its target costs; None where a looser one would save little."""
        for place in dict.fromkeys((0, self.result.best or 0)):
            found = target_price(self.scenario, place, self.catalog)
            if found is not None:
                return self.name(place), found
        return None

    @property
    def planned(self) -> PlanAnswer | None:
        """The plan over time; None where it would have nothing to choose between."""
        return self._planned[0]

    @property
    def unplanned(self) -> str:
        """Why there is no plan over time, as a sentence; empty where there is one."""
        return self._planned[1]

    @cached_property
    def _planned(self) -> tuple[PlanAnswer | None, str]:
        try:
            found = self.planner(self.scenario, self.result, self.catalog)
        except ValueError as reason:
            return None, clean(f"No plan over time: {reason}.", 300)
        if found.base.rival is None:
            only = found.base.chosen.name
            return None, clean(f"No plan over time: {only} is the only strategy that can be planned with.", 300)
        return found, ""

    def name(self, index: int) -> str:
        """A strategy's name as files show it."""
        return clean(self.result.answers[index].name, LONGEST_NAME)

    def cost(self, index: int) -> str:
        """A strategy's cost of a month: "$28,800", "not priced"."""
        answer = self.result.answers[index]
        return self.money.compact(answer.cost_usd_per_month.base) if answer.priced else "not priced"

    def cost_range(self, index: int) -> str:
        """Its range: "$20,900 to $53,500"."""
        span = self.result.answers[index].cost_usd_per_month
        if not self.result.answers[index].priced:
            return numbers.NOT_PUBLISHED
        return ends(self.money.compact(span.low), self.money.compact(span.high))

    def saved(self, index: int) -> Range | None:
        """Share of today's bill that a strategy saves; None where it is the baseline or there is no such share. [1]"""
        today, then = self.result.answers[0], self.result.answers[index]
        told = index and today.priced and then.priced and today.cost_usd_per_month.base > 0
        return saving_range(today, then) if told else None

    def saving(self) -> str:
        """What the shown strategy saves against the baseline, with its range: "80 % (62 to 87 %)"."""
        share = self.saved(self.shown)
        if share is None:
            return numbers.NOT_PUBLISHED
        return f"{numbers.percent(share.base)} (range {ends(numbers.percent(share.low), numbers.percent(share.high))})"

    def sources(self) -> dict[str, str]:
        """Every source that an answer rests on, in words with its date, by id; prices first."""
        return {key: self.source(key) for key in self.result.sources}

    def source(self, key: str) -> str:
        """A source in words: "Title, published 2026-04"."""
        known = self.catalog.sources.get(key)
        return clean(f"{known.title}, {known.published}") if known else clean(key)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands on every export: dates, version, currency, prices, basis, range, link."""
        return (
            ("Title", self.title),
            (
                "Workload",
                f"{clean(self.result.workload_label)}, {numbers.requests_per_day(self.result.requests_per_day)}",
            ),
            ("Made on", self.made.isoformat()),
            ("Figures as of", self.result.data_date),
            ("Engine", f"Four Layers {engine_version()}, data {self.catalog.version}"),
            ("Currency", self._currency()),
            ("Prices", self._prices()),
            ("Basis", "; ".join(self._basis())),
            ("Range", f"{self.name(self.shown)}: {self.cost_range(self.shown)} a month"),
            ("Link", self.link),
        )

    def _currency(self) -> str:
        if self.money.currency == "USD":
            return "USD"
        return f"{self.money.currency}, {numbers.number(self.money.rate_per_usd)} for one USD"

    def _prices(self) -> str:
        own = [self.name(i) for i, a in enumerate(self.result.answers) if a.own_marked]
        return f"own figures in {', '.join(own)}; list prices otherwise" if own else "list prices, none overridden"

    def _basis(self) -> Iterator[str]:
        kinds: dict[str, list[str]] = {}
        for i, answer in enumerate(self.result.answers):
            kinds.setdefault(answer.known_how, []).append(self.name(i))
        for words, names in kinds.items():
            yield words if len(kinds) == 1 else f"{', '.join(names)}: {words}"


def pack_of(
    scenario: Scenario,
    catalog: Catalog,
    *,
    link: str,
    made: datetime.date,
    title: str = "",
    locale: str = USUAL,
    result: Comparison | None = None,
    planner: Planner = plan_answer,
) -> Pack:
    """The comparison of a scenario, ready to be written.

    Args:
        scenario: what is compared.
        catalog: the facts.
        link: the address that opens it.
        made: the day of the export.
        title: of the reader's own; empty for "Serving …" by the workload.
        locale: how amounts are written.
        result: the scenario's comparison where it is at hand.
        planner: makes the plan over time, once a file asks for it.
    Raises: ValueError where no rate of the currency is published.
    """
    result = result or compare(scenario, catalog)
    money = Money(scenario.currency, rate_of(catalog, scenario.currency, scenario.prices), locale)
    named = clean(title, LONGEST_TITLE) or f"{clean(result.workload_label, 60)}: ways to serve it"
    return Pack(scenario, result, catalog, money, clean(link, 100_000), made, named, planner=planner)
