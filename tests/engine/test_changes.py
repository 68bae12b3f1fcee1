"""What a strategy does otherwise than the baseline, in words and by layer."""

from __future__ import annotations

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import layer_words
from components.engine.comparison.changes import changes
from components.engine.scenario import LAYERS, Strategy
from components.engine.strategy.lever_table import LEVERS
from components.share.presets import presets

CATALOG = load_catalog()
PRESETS = {key: preset.strategy for key, preset in presets().items()}


def said(baseline: Strategy, strategy: Strategy) -> dict[str, tuple[str, ...]]:
    return {layer: words for layer, words in layer_words(baseline, strategy, CATALOG).items() if words}


def test_every_layer_says_its_levers_with_their_settings() -> None:
    best = Strategy(hardware="b200", weights="fp8", spec="eagle", prefix=False, cache=0.2, scale="hourly")
    assert said(Strategy(), best) == {
        "model": ("weights 8-bit (FP8)",),
        "hardware": ("B200",),
        "stack": ("no shared prompt starts remembered", "guessing ahead: EAGLE"),
        "workload": ("20 % answered from memory", "servers follow demand: by the hour"),
    }
    assert said(best, Strategy())["stack"] == ("shared prompt starts remembered", "no guessing ahead")


def test_what_the_baseline_shares_is_not_listed() -> None:
    base = Strategy(weights="fp8", cache=0.2)
    assert said(base, base) == {}
    assert said(base, base.model_copy(update={"cache": 0.3})) == {"workload": ("30 % answered from memory",)}


def test_a_companion_of_a_lever_that_is_off_is_no_change() -> None:
    assert said(Strategy(), Strategy(edge_model="qwen3-8b", depth=3, static_batch=4)) == {}


def test_a_platform_is_one_thing_bought_and_its_server_levers_do_not_count() -> None:
    platform = Strategy(buy="api", provider="DeepInfra", weights="fp8", spec="eagle", scale="hourly", cache=0.1)
    assert said(Strategy(), platform) == {
        "stack": ("DeepInfra, per token",),
        "workload": ("10 % answered from memory",),
    }
    assert said(platform, Strategy(hardware="b200"))["stack"] == ("own servers: B200 on demand, vLLM",)


def test_a_student_is_said_by_the_model_that_answers() -> None:
    (change,) = changes(Strategy(), Strategy(student="llama-3.1-8b"), CATALOG)
    assert change.words == CATALOG.models["llama-3.1-8b"].name
    assert change.undone(Strategy(student="llama-3.1-8b"), Strategy()) == Strategy()


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_taking_every_change_back_gives_the_baseline_on_machines(key: str) -> None:
    base, strategy = PRESETS["naive"], PRESETS[key]
    undone = strategy
    for change in changes(base, strategy, CATALOG):
        undone = change.undone(undone, base)
    ignored = {"name", *(name for lever in LEVERS if lever.on_machines for name in lever.fields)}
    kept = ignored if strategy.buy == "api" else {"name", "edge_device", "edge_model"}
    assert undone.model_dump(exclude=kept) == base.model_dump(exclude=kept)
    assert set(layer_words(base, strategy, CATALOG)) == set(LAYERS)
