"""Lever by lever: each bill is the one that the strategy has with that one thing as in the baseline."""

from __future__ import annotations

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import LeverEffect, lever_effects
from components.engine.comparison.one_at_a_time import NOTHING
from components.engine.outcome import evaluate, open_book
from components.engine.scenario import LAYERS, Scenario, Strategy, Workload
from components.engine.strategy import Lever, every_lever
from components.share.presets import first_screen, presets

CATALOG = load_catalog()
BOOK = open_book(CATALOG)
PRESETS = {key: preset.strategy for key, preset in presets().items()}
CHAT = Workload(preset="support_chat")


def of(base: Strategy, strategy: Strategy, workload: Workload = CHAT) -> dict[tuple[str, ...], LeverEffect]:
    scenario = Scenario(workload=workload, strategies=(base, strategy))
    return {effect.fields: effect for effect in lever_effects(scenario, 1, CATALOG)}


def test_each_bill_is_that_of_the_strategy_with_one_thing_taken_back() -> None:
    base, strategy = PRESETS["plain"], PRESETS["four-layers"]
    found = of(base, strategy)
    assert {fields[0] for fields in found} == {"weights", "kv", "hardware", "stack", "prefix", "cache", "scale"}
    (whole,) = evaluate([strategy], CHAT, BOOK)
    for fields, effect in found.items():
        back = strategy.model_copy(update={name: getattr(base, name) for name in fields})
        (without,) = evaluate([back], CHAT, BOOK)
        assert effect.cost_without_usd_per_month == pytest.approx(without.cost_usd_per_month)
        assert effect.saving_usd_per_month == pytest.approx(without.cost_usd_per_month - whole.cost_usd_per_month)
    layers = [LAYERS.index(effect.layer) for effect in found.values()]
    assert layers == sorted(layers)


def test_a_lever_without_effect_buys_nothing() -> None:
    """A batch window on a platform that publishes no batch price."""
    platform = PRESETS["platform"]
    found = of(platform, platform.model_copy(update={"compress": 1.0, "defer": 0.3}))
    (effect,) = found.values()
    assert effect.buys_nothing
    assert effect.saving_usd_per_month == pytest.approx(0)


def test_a_lever_that_serves_speed_alone_says_so() -> None:
    """Guessing ahead on machines that are sized for the load: the same bill, and each word comes later without it."""
    tuned = PRESETS["h100-tuned"]
    effect = of(tuned, tuned.model_copy(update={"spec": "eagle", "name": "guessing"}))["spec", "depth"]
    assert effect.saving_usd_per_month == pytest.approx(0, abs=1)
    assert not effect.buys_nothing
    assert effect.note.startswith("without it a word takes ")


def test_what_cannot_be_taken_back_says_why() -> None:
    """FP4 weights that the baseline's chip does not compute, and a model that no longer fits."""
    big = Strategy(name="big", model="deepseek-v3.1", hardware="b200", chips=8)
    found = of(Strategy(name="small", hardware="rtx-4090", chips=8), big)
    effect = found["hardware",]
    assert effect.cost_without_usd_per_month is None
    assert effect.saving_usd_per_month is None
    assert effect.note
    assert not effect.buys_nothing


def test_the_baseline_has_no_effects_and_what_is_asked_again_is_kept() -> None:
    scenario = first_screen()
    assert lever_effects(scenario, 0, CATALOG) == ()
    assert lever_effects(scenario, 1, CATALOG) is lever_effects(scenario, 1, CATALOG)


def test_a_platform_is_one_thing() -> None:
    found = of(PRESETS["plain"], PRESETS["platform"])
    (effect,) = found.values()
    assert effect.words == "DeepInfra, per token"
    (base,) = evaluate([PRESETS["plain"]], CHAT, BOOK)
    assert effect.cost_without_usd_per_month == pytest.approx(base.cost_usd_per_month)


PLAIN = {"plain", "naive", "fp8-alone"}
"""What they switch off is their point."""


@pytest.mark.parametrize("key", sorted(PRESETS.keys() - PLAIN))
def test_no_preset_carries_a_lever_that_buys_nothing(key: str) -> None:
    """On the workload a preset is first shown with: without any one lever the bill is higher, or a target is missed."""
    strategy = PRESETS[key]
    (whole,) = evaluate([strategy], Workload(), BOOK)
    if not whole.priced:
        assert "no " in whole.resolved.reasons[0]  # no price is published, so no bill either
        return
    moved = [lever for lever in every_lever() if lever.used(strategy) and _optional(lever, strategy)]
    without = evaluate([strategy.model_copy(update=lever.off) for lever in moved], Workload(), BOOK)
    for lever, other in zip(moved, without, strict=True):
        dearer = other.cost_usd_per_month > whole.cost_usd_per_month * (1 + NOTHING)
        assert dearer or (whole.works and not other.works), lever.field


def _optional(lever: Lever, strategy: Strategy) -> bool:
    """A lever that costs quality or work: neither a format without loss nor one that a platform decides."""
    ignored = strategy.buy == "api" and lever.on_machines
    return not ignored and (getattr(strategy, lever.field),) not in lever.lossless
