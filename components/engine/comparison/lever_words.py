"""What a strategy does differently from the baseline, layer by layer, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.engine.scenario import LAYERS, Layer, Strategy
from components.engine.strategy.lever_record import Lever
from components.engine.strategy.lever_table import every_lever
from components.wording import numbers
from components.wording.vocabulary import STACKS, WAYS_TO_BUY

if TYPE_CHECKING:
    from components.catalog.load import Catalog


def layer_words(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> dict[Layer, tuple[str, ...]]:
    """Settings that differ from the baseline's by layer: {"workload": ("20 % answered from memory",)}.

    A lever that means nothing where answers are paid per token is left out there.
    """
    found: dict[Layer, list[str]] = {layer: [] for layer in LAYERS}
    if strategy.model != baseline.model:
        found["model"].append(_model(strategy.model, catalog))
    found["hardware"] += _bought(baseline, strategy, catalog)
    if strategy.stack != baseline.stack and strategy.buy != "api":
        found["stack"].append(STACKS[strategy.stack])
    for lever in every_lever():
        if strategy.buy == "api" and lever.on_machines:
            continue
        if getattr(strategy, lever.field) != getattr(baseline, lever.field):
            found[lever.layer].append(lever_in_use(lever, strategy, catalog))
    return {layer: tuple(words) for layer, words in found.items()}


def lever_in_use(lever: Lever, strategy: Strategy, catalog: Catalog) -> str:
    """A lever with its setting, among others in a row; one that is taken back says so: "no guessing ahead"."""
    value = getattr(strategy, lever.field)
    if value in {False, "none", ""} and not isinstance(value, float):
        return f"no {lever.words.in_use.partition(':')[0].replace('{} ', '')}"
    return lever.words.in_use.format(setting_words(lever, strategy, catalog))


def setting_words(lever: Lever, strategy: Strategy, catalog: Catalog | None = None) -> str:
    """A lever's setting as people say it; a name of the catalog stays an id without one."""
    value = getattr(strategy, lever.field)
    if lever.words.list_of:
        return _model(value, catalog)
    if lever.words.choices:
        return dict(lever.words.choices)[value]
    return numbers.percent(value) if isinstance(value, float) else str(value)


def _model(model_id: str, catalog: Catalog | None) -> str:
    model = catalog.models.get(model_id) if catalog else None
    return model.name if model else model_id


def _bought(baseline: Strategy, strategy: Strategy, catalog: Catalog) -> list[str]:
    terms = WAYS_TO_BUY[strategy.buy].short
    if strategy.buy == "api":
        seller = strategy.provider or "the median seller"
        same = baseline.buy == "api" and baseline.provider == strategy.provider
        return [] if same else [f"{seller}, {terms}"]
    words = []
    if baseline.buy == "api" or strategy.hardware != baseline.hardware:
        chip = catalog.accelerators.get(strategy.hardware)
        words.append(chip.name if chip else strategy.hardware)
    if strategy.prefill and strategy.prefill != baseline.prefill:
        chip = catalog.accelerators.get(strategy.prefill)
        words.append(f"prompts on {chip.name if chip else strategy.prefill}")
    if strategy.buy != baseline.buy:
        words.append(terms)
    return words
