"""The saving of each strategy by layer: which layers can be told apart, every mixture of them computed in one pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from components.catalog.levers import load_levers
from components.engine.comparison.changes import TERMS, as_bought, ignored_when_bought, layer_words
from components.engine.comparison.layers import SUBSETS, bits, hybrid, layers_in, separable, split, unions
from components.engine.comparison.records import Attribution, Step
from components.engine.outcome.evaluation import Outcome, evaluate
from components.engine.scenario import LAYERS, unmeasured
from components.engine.strategy.own_measurement import AS_MODELLED
from components.wording.vocabulary import LAYERS as WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.catalog.load import Catalog
    from components.engine.facts.book import Book
    from components.engine.scenario import Layer, Scenario, Strategy
    from components.engine.strategy.own_measurement import Factors


STACK = bits(["stack"])
BOUGHT = bits(["stack", "hardware"])
"""What a per-token platform brings at once."""
MEASURED_SPEED = "What your measurement changes against the modelled speed counts as serving stack."


def attributions(
    scenario: Scenario, outcomes: Sequence[Outcome], names: Sequence[str], book: Book
) -> tuple[Attribution, ...]:
    """Saving of each strategy against the baseline by layer; strategies without a price are left out.

    A per-token platform is a bought serving stack that brings its hardware along: both are one player. Between two
    platforms on chips that others sell, only the stack changes; where one does not say, both are one player again.
    A measured speed is no lever. What it adds to or takes from the modelled one is how well the software uses the
    machine, so a mixture carries the factors of the side whose serving stack it has, and no other layer is credited
    with them. A per-token platform has no stack of its own here: its mixtures carry the baseline's.
    """
    base, *others = [as_bought(unmeasured(s)) for s in scenario.strategies]
    ours, *speeds = [AS_MODELLED if o.resolved.own is None else o.resolved.own.factors for o in outcomes]
    theirs = [ours if s.buy == "api" else speed for s, speed in zip(others, speeds, strict=True)]
    players = [players_of(base, other) for other in others]
    mixtures = [
        {s: (_mixture(base, other, s), speed if s & STACK else ours) for s in unions(apart)}
        for other, speed, apart in zip(others, theirs, players, strict=True)
    ]
    known = {_key(s, f): _priced(o) for s, f, o in zip([base, *others], [ours, *theirs], outcomes, strict=True)}
    missing = {_key(*m): m for row in mixtures for m in row.values() if _key(*m) not in known}
    made = list(missing.values())
    computed = evaluate([m for m, _ in made], scenario.workload, book, carried=[f for _, f in made])
    known |= {key: _priced(o) for key, o in zip(missing, computed, strict=True)}
    found = []
    for i, (other, row, speed, apart) in enumerate(zip(others, mixtures, theirs, players, strict=True), start=1):
        cost = np.full(SUBSETS, np.nan)
        cost[list(row)] = [known[_key(*m)] for m in row.values()]
        cost[-1] = _priced(outcomes[i])
        if not math.isnan(cost[0]) and not math.isnan(cost[-1]):
            steps = _steps(cost, apart, (base, other), book.catalog)
            notes = (*_joint(steps), *((MEASURED_SPEED,) if speed != ours else ()))
            found.append(Attribution(i, names[0], names[i], float(cost[0]), float(cost[-1]), steps, notes))
    return tuple(found)


def players_of(base: Strategy, other: Strategy) -> tuple[int, ...]:
    """The layers as players before any price is asked: each alone, stack and hardware together where bought as one."""
    alone = tuple(bits([layer]) for layer in LAYERS)
    if not _bought_as_one(base, other):
        return alone
    return (*(player for player in alone if not player & BOUGHT), BOUGHT)


def _bought_as_one(base: Strategy, other: Strategy) -> bool:
    if base.buy != "api" or other.buy != "api":
        return "api" in {base.buy, other.buy}
    return base.provider != other.provider and not all(_on_others_chips(s.provider) for s in (base, other))


def _on_others_chips(provider: str) -> bool:
    """Whether a platform says that it serves from chips that others sell."""
    platform = load_levers().platforms.get(provider)
    return platform is not None and not platform.accelerator_id


def own_chip(provider: str) -> str:
    """Id of the chip of its own that a platform serves from; empty where it rents others' or does not say."""
    platform = load_levers().platforms.get(provider)
    return (platform.accelerator_id or "") if platform is not None else ""


def _mixture(base: Strategy, other: Strategy, subset: int) -> Strategy:
    """The layers of `subset` from the strategy. Formats, server and scaling are a platform's own, so no levers there;
    between two platforms the terms are what is bought of the stack."""
    if other.buy != "api":
        return hybrid(base, other, subset)
    kept = other.model_copy(update={name: getattr(base, name) for name in ignored_when_bought()})
    terms: dict[str, Layer] = dict.fromkeys(TERMS, "stack")
    return hybrid(base, kept, subset, terms if base.buy == "api" else None)


def _priced(outcome: Outcome) -> float:
    return outcome.cost_usd_per_month if outcome.priced else math.nan


def _key(strategy: Strategy, factors: Factors) -> tuple[object, ...]:
    """What a strategy does and how fast its main fleet is, whatever it is called."""
    return (factors, *(value for field, value in strategy.__dict__.items() if field != "name"))


def _steps(
    cost: np.ndarray, apart: tuple[int, ...], pair: tuple[Strategy, Strategy], catalog: Catalog
) -> tuple[Step, ...]:
    players = separable(cost, apart)
    parts, words = split(cost, players), layer_words(*pair, catalog)
    told = [layers_in(player) for player in players]
    levers = [tuple(word for layer in layers for word in words[layer]) for layers in told]
    return tuple(
        Step(layers, _label(layers, *pair), levers[i], *(float(part[i]) for part in parts))
        for i, layers in enumerate(told)
    )


def _joint(steps: Sequence[Step]) -> tuple[str, ...]:
    joint = "; ".join(_listed(_words(step.layers)) for step in steps if len(step.layers) > 1)
    return (f"One step, as they cannot be priced apart: {joint}.",) if joint else ()


def _words(layers: Sequence[Layer]) -> list[str]:
    return [WORDS[layer].words.lower() for layer in layers]


def _label(layers: Sequence[Layer], base: Strategy, other: Strategy) -> str:
    """A step in words: a layer, layers together, or what is bought in their place."""
    rest = [layer for layer in layers if layer not in {"stack", "hardware"}]
    if "stack" not in layers or "api" not in {base.buy, other.buy} or base.provider == other.provider:
        return _sentence(_words(layers))
    return _sentence([*_words(rest), _bought(other)])


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _sentence(names: Sequence[str]) -> str:
    joined = _listed(names)
    return joined[:1].upper() + joined[1:]


def _bought(other: Strategy) -> str:
    if other.buy != "api":
        return "own servers"
    own = " on its own chips" if own_chip(other.provider) else ""
    return f"bought stack{own} ({other.provider})" if other.provider else "bought stack"
