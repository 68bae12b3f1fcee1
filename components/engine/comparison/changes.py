"""What a strategy does otherwise than the baseline: what is bought and levers, each with layer and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from components.catalog.levers import load_levers
from components.engine.comparison.lever_words import lever_in_use, model_name
from components.engine.scenario import LAYERS, Layer, Strategy
from components.engine.strategy.lever_table import every_lever
from components.wording.vocabulary import STACKS, WAYS_TO_BUY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.catalog.load import Catalog
    from components.engine.strategy.lever_record import Lever, Setting


TERMS = ("buy", "provider", "tier", "price", "price_in", "price_cached", "price_out")
"""From whom, how and at which price."""
BOUGHT = ("hardware", "chips", "prefill", *TERMS, "place", "stack")
"""What a per-token platform is bought instead of, and what is bought instead of it."""


class Change(NamedTuple):
    """One thing that a strategy does otherwise than the baseline."""

    layer: Layer
    fields: tuple[str, ...]
    """Of `Strategy`: what takes it back is the baseline's values of these."""
    words: str
    """As an item of a list: "20 % answered from memory"."""

    def undone(self, strategy: Strategy, baseline: Strategy) -> Strategy:
        """The strategy with this one as in the baseline."""
        return strategy.model_copy(update={name: getattr(baseline, name) for name in self.fields})


def changes(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> tuple[Change, ...]:
    """Everything that differs and means something as the strategy is bought, by layer."""
    baseline = as_bought(baseline)
    found = (
        *_model(baseline, strategy, catalog),
        *_bought(baseline, strategy, catalog),
        *_levers(baseline, strategy, catalog),
    )
    return tuple(sorted(found, key=lambda change: LAYERS.index(change.layer)))


def as_bought(strategy: Strategy) -> Strategy:
    """The strategy without the levers that mean nothing as it is bought: a platform runs its own server."""
    return strategy.model_copy(update=ignored_when_bought()) if strategy.buy == "api" else strategy


def ignored_when_bought() -> dict[str, Setting]:
    """Levers that mean nothing on a per-token platform, at their defaults."""
    return {field: off for lever in every_lever() if lever.on_machines for field, off in lever.off.items()}


def layer_words(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> dict[Layer, tuple[str, ...]]:
    """What a strategy does otherwise in each layer, as items of a list; empty where nothing differs."""
    found = changes(baseline, strategy, catalog)
    return {layer: tuple(change.words for change in found if change.layer == layer) for layer in LAYERS}


def _differ(one: Strategy, other: Strategy, fields: tuple[str, ...]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in fields)


def _model(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> Iterator[Change]:
    if baseline.answering_model != strategy.answering_model:
        yield Change("model", ("model", "student"), model_name(strategy.answering_model, catalog))


def _bought(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> Iterator[Change]:
    if "api" in {baseline.buy, strategy.buy}:
        replaced = (*BOUGHT, *ignored_when_bought())
        whole = Change("stack", TERMS if baseline.buy == strategy.buy else replaced, _as_whole(strategy, catalog))
        if _differ(baseline, strategy, whole.fields):
            yield whole
        return
    parts = (
        Change("hardware", ("hardware",), _chip(strategy.hardware, catalog)),
        Change("hardware", ("prefill",), f"{_chip(strategy.prefill, catalog)} for prompts"),
        Change("hardware", ("chips",), f"{strategy.chips or 'any number of'} chips per server"),
        Change("hardware", TERMS, _terms(strategy)),
        Change("hardware", ("place",), f"in {_place(strategy.place)}"),
        Change("stack", ("stack",), STACKS[strategy.stack]),
    )
    yield from (part for part in parts if _differ(baseline, strategy, part.fields))


def _as_whole(strategy: Strategy, catalog: Catalog) -> str:
    """A per-token platform, or the machines that take its place."""
    if strategy.buy == "api":
        return f"{strategy.provider}, per token" if strategy.provider else "per token"
    return f"own servers: {_chip(strategy.hardware, catalog)} {_terms(strategy)}, {STACKS[strategy.stack]}"


def _chip(key: str, catalog: Catalog) -> str:
    chip = catalog.accelerators.get(key)
    return chip.name.partition(" (")[0] if chip is not None else key or "the same chips"


def _terms(strategy: Strategy) -> str:
    terms = WAYS_TO_BUY[strategy.buy].terms
    own = " at an own price" if strategy.price is not None else ""
    return f"{terms} from {strategy.provider}{own}" if strategy.provider else f"{terms}{own}"


def _place(key: str) -> str:
    place = load_levers().places.get(key)
    return place.label if place is not None else key


def _levers(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> Iterator[Change]:
    for lever in every_lever():
        if lever.field != "student" and _moved(lever, baseline, strategy):
            yield Change(lever.layer, lever.fields, lever_in_use(lever, strategy, catalog))


def _moved(lever: Lever, baseline: Strategy, strategy: Strategy) -> bool:
    """Whether the lever, and not only a companion of one that is off, stands elsewhere and counts."""
    on = lever.used(baseline) or lever.used(strategy)
    return lever.counts(strategy) and on and _differ(baseline, strategy, lever.fields)
