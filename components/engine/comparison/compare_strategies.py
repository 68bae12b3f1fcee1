"""A scenario becomes the comparison that every page, export and command shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from components.engine.answer.assemble import answer
from components.engine.answer.records import Answer
from components.engine.comparison.choice import cheapest, eligible
from components.engine.comparison.deferral import with_idle_deferral
from components.engine.comparison.headline_sentence import headline
from components.engine.comparison.layers import SUBSETS, WATERFALL_ORDER, hybrid, split
from components.engine.comparison.lever_words import layer_words
from components.engine.comparison.picks import picks
from components.engine.comparison.records import Attribution, Comparison
from components.engine.comparison.volume import volume_curves
from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import Outcome, evaluate, open_book
from components.engine.scenario import LAYERS, unmeasured
from components.engine.strategy.levers import platform_decides
from components.engine.strategy.own_measurement import AS_MODELLED
from components.wording.money import Money

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.facts.book import Book
    from components.engine.scenario import Layer, Scenario, Strategy, Workload
    from components.engine.strategy.own_measurement import Factors


STACK = 1 << LAYERS.index("stack")


MEASURED_SPEED = "What your measurement changes against the modelled speed counts as serving stack."


def rate_of(catalog: Catalog, currency: str) -> float:
    """Units of a currency for one USD.    Raises: ValueError, with what to change, where no rate is published."""
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
    book = open_book(catalog)
    traffic = effective_workload(scenario.workload, catalog)
    names = shown_names(scenario.strategies)
    outcomes = evaluate(scenario.strategies, scenario.workload, book, scenario.reference_model)
    answers = tuple(answer(o, traffic, book, name) for o, name in zip(outcomes, names, strict=True))
    answers = with_idle_deferral(answers, outcomes, scenario.strategies, scenario.workload, book)
    fit = eligible(answers, scenario.workload.grade)
    may_win = [i in fit for i in range(len(answers))]
    money = Money(scenario.currency, rate_of(catalog, scenario.currency))
    return Comparison(
        answers=answers,
        attributions=_attributions(scenario, outcomes, names, book, catalog),
        curves=volume_curves(outcomes, names, may_win, traffic.requests_per_day, book.parameters),
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


def _priced(outcome: Outcome) -> float:
    return outcome.cost_usd_per_month if outcome.priced else math.nan


def _attributions(
    scenario: Scenario, outcomes: list[Outcome], names: tuple[str, ...], book: Book, catalog: Catalog
) -> tuple[Attribution, ...]:
    """Saving of each strategy against the baseline by layer, with every mixture of layers computed in one pass.

    A measured speed is no lever. What it adds to or takes from the modelled one is how well the software uses the
    machine, so a mixture carries the factors of the side whose serving stack it has, and no other layer is credited
    with them. A per-token platform has no stack of its own here: its mixtures carry the baseline's.
    """
    base, *others = [unmeasured(s) for s in scenario.strategies]
    ours, *speeds = [AS_MODELLED if o.resolved.own is None else o.resolved.own.factors for o in outcomes]
    theirs = [ours if s.buy == "api" else speed for s, speed in zip(others, speeds, strict=True)]
    mixtures = [
        [(hybrid(base, told, subset), speed if subset & STACK else ours) for subset in range(SUBSETS)]
        for told, speed in zip((_as_bought(base, other) for other in others), theirs, strict=True)
    ]
    known = {_key(s, f): _priced(o) for s, f, o in zip([base, *others], [ours, *theirs], outcomes, strict=True)}
    missing = {_key(*m): m for row in mixtures for m in row if _key(*m) not in known}
    made = list(missing.values())
    computed = evaluate([m for m, _ in made], scenario.workload, book, carried=[f for _, f in made])
    known |= {key: _priced(o) for key, o in zip(missing, computed, strict=True)}
    found = []
    for i, (row, speed) in enumerate(zip(mixtures, theirs, strict=True), start=1):
        cost = np.array([known[_key(*m)] for m in row])
        cost[-1] = _priced(outcomes[i])
        if not math.isnan(cost[0]) and not math.isnan(cost[-1]):
            levers = layer_words(scenario.strategies[0], scenario.strategies[i], catalog)
            found.append(_attribution(i, names, levers, cost, MEASURED_SPEED if speed != ours else ""))
    return tuple(found)


def _as_bought(base: Strategy, other: Strategy) -> Strategy:
    """A per-token platform keeps its formats and its stack to itself: they are part of what is bought, not levers."""
    if other.buy != "api":
        return other
    return other.model_copy(update={lever.field: getattr(base, lever.field) for lever in platform_decides()})


def _key(strategy: Strategy, factors: Factors) -> tuple[object, ...]:
    """What a strategy does and how fast its main fleet is, whatever it is called."""
    return (factors, *(value for field, value in strategy.__dict__.items() if field != "name"))


def _attribution(
    index: int, names: tuple[str, ...], levers: dict[Layer, tuple[str, ...]], cost: np.ndarray, measured: str
) -> Attribution:
    parts = split(cost)
    layers = {layer: i for i, layer in enumerate(LAYERS)}
    note = (
        f"{len(parts.deferred)} of {SUBSETS - 2} mixtures of layers cannot be bought or built; "
        "each takes the mean of the mixtures inside it."
    )
    return Attribution(
        index=index,
        baseline=names[0],
        strategy=names[index],
        levers=levers,
        baseline_usd_per_month=float(cost[0]),
        strategy_usd_per_month=float(cost[-1]),
        order=WATERFALL_ORDER,
        waterfall={layer: float(parts.waterfall[layers[layer]]) for layer in WATERFALL_ORDER},
        shapley={layer: float(parts.shapley[i]) for layer, i in layers.items()},
        low={layer: float(parts.low[i]) for layer, i in layers.items()},
        high={layer: float(parts.high[i]) for layer, i in layers.items()},
        notes=tuple(n for n in (note if parts.deferred else "", measured) if n),
    )
