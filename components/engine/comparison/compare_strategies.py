"""A scenario becomes the comparison that every page, export and command shows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from components.engine.answer.assemble import answer
from components.engine.answer.records import Answer
from components.engine.comparison.attribution import attributions
from components.engine.comparison.choice import cheapest, eligible
from components.engine.comparison.deferral import with_idle_deferral
from components.engine.comparison.headline_sentence import headline
from components.engine.comparison.makeup import makeups
from components.engine.comparison.picks import picks
from components.engine.comparison.records import Comparison
from components.engine.comparison.volume import volume_curves
from components.engine.facts.book import PUBLISHED
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import evaluate, open_book, scenario_book
from components.wording.money import Money

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.scenario import Prices, Scenario, Strategy, Workload


def rate_of(catalog: Catalog, currency: str, prices: Prices = PUBLISHED) -> float:
    """Units of a currency for one USD, by the reader's own rate where there is one.

    Raises: ValueError, with what to change, where no rate is published.
    """
    own = prices.rate(currency)
    if own:
        return own
    if currency == "USD":
        return 1.0
    row = catalog.economics.get(f"fx_usd_{currency.lower()}")
    if row is None or row.base is None:
        raise ValueError(
            f"no exchange rate of {currency} is published: choose USD, or give the base of fx_usd_{currency.lower()} "
            "in data/economics.csv"
        )
    return row.base


def shown_names(strategies: tuple[Strategy, ...]) -> tuple[str, ...]:
    """Names as shown: a repeated or empty one is numbered."""
    names: list[str] = []
    for i, strategy in enumerate(strategies):
        name = strategy.name.strip() or f"Strategy {i + 1}"
        names.append(name if name not in names else f"{name} ({i + 1})")
    return tuple(names)


def evaluate_one(strategy: Strategy, workload: Workload, catalog: Catalog) -> Answer:
    """One strategy on one workload: all outputs and the ledger."""
    book = open_book(catalog)
    (outcome,) = evaluate([strategy], workload, book)
    return answer(outcome, effective_workload(workload, catalog), book, strategy.name)


def compare(scenario: Scenario, catalog: Catalog) -> Comparison:
    """Answers, attribution of savings, cost against volume, and the headline.

    Args:
        scenario: workload, strategies (baseline first) and currency.
        catalog: the facts.
    Returns: money in USD; the headline in the scenario's currency.
    """
    book = scenario_book(scenario, catalog)
    traffic = effective_workload(scenario.workload, catalog)
    names = shown_names(scenario.strategies)
    outcomes = evaluate(scenario.strategies, scenario.workload, book, scenario.reference_model)
    named = zip(outcomes, names, scenario.colour_of, strict=True)
    answers = tuple(replace(answer(o, traffic, book, name), colour=colour) for o, name, colour in named)
    answers = with_idle_deferral(answers, outcomes, scenario.strategies, scenario.workload, book)
    fit = eligible(answers, scenario.workload.grade)
    may_win = [i in fit for i in range(len(answers))]
    money = Money(scenario.currency, rate_of(catalog, scenario.currency, scenario.prices))
    told = attributions(scenario, outcomes, names, book)
    curves = volume_curves(outcomes, names, may_win, traffic.requests_per_day, book.parameters, scenario.colour_of)
    return Comparison(
        answers=answers,
        attributions=told,
        makeups=makeups(answers, told, curves),
        curves=curves,
        headline=headline(answers, money, scenario.workload.grade),
        best=cheapest(answers, scenario.workload.grade),
        picks=picks(answers, scenario.strategies, scenario.workload.grade),
        floor=scenario.workload.grade,
        ttft_target_s=None if math.isinf(traffic.ttft_limit_s) else traffic.ttft_limit_s,
        tpot_target_s=None if math.isinf(traffic.tpot_limit_s) else traffic.tpot_limit_s,
        requests_per_day=traffic.requests_per_day,
        workload_label=traffic.label,
        data_date=catalog.data_date,
    )
