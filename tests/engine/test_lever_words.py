"""The three choices and the words of what a strategy does."""

import math

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import compare, layer_words
from components.engine.comparison.choice import meets_targets
from components.engine.comparison.lever_words import lever_in_use
from components.engine.scenario import LAYERS, Strategy, Workload
from components.engine.strategy import every_lever
from components.share.presets import first_screen, presets

CATALOG = load_catalog()


@pytest.mark.parametrize("preset", sorted(CATALOG.workloads))
def test_each_pick_is_what_it_says(preset: str) -> None:
    scenario = first_screen().model_copy(update={"workload": Workload(preset=preset)})
    result = compare(scenario, CATALOG)
    timed = [a for a in result.answers if meets_targets(a) and a.e2e_p95_s is not None]
    cheapest, safest, fastest = result.picks.cheapest, result.picks.safest, result.picks.fastest
    assert (safest is None) == (cheapest is None) == (result.best is None)
    if cheapest and result.best is not None and cheapest.index != result.best:
        assert result.answers[cheapest.index].at_risk
    assert (fastest is None) == (not timed)
    if fastest:
        assert result.answers[fastest.index].e2e_p95_s == min(a.e2e_p95_s or math.inf for a in timed)


def test_the_first_screen_names_what_its_best_needs() -> None:
    result = compare(first_screen(), CATALOG)
    assert result.picks.safest is not None
    assert result.picks.safest.index == result.best
    words = "; ".join(result.picks.safest.must_be_true)
    assert "20 % of the questions come again" in words
    assert "given back when demand falls" in words
    assert "extra errors in 1,000" in words


def test_layers_are_told_in_words() -> None:
    plain, all_four = presets()["plain"].strategy, presets()["four-layers"].strategy
    told = layer_words(plain, all_four, CATALOG)
    assert told["workload"] == ("20 % answered from memory", "servers follow demand: by the hour")
    assert told["hardware"] == ("B200",)
    assert told["stack"] == ("TensorRT-LLM", "shared prompt starts remembered")
    assert layer_words(all_four, all_four, CATALOG) == dict.fromkeys(LAYERS, ())
    bought = layer_words(plain, presets()["platform"].strategy, CATALOG)
    assert sum(bought.values(), ()) == ("DeepInfra, per token",)


@pytest.mark.parametrize("lever", every_lever(), ids=lambda lever: lever.field)
def test_every_lever_has_words_for_every_setting(lever: object) -> None:
    (found,) = [each for each in every_lever() if each is lever]
    values: list[object] = [value for value, _ in found.words.choices]
    values = values or [found.off[found.field], *_moved(found.field)]
    for value in values:
        words = lever_in_use(found, Strategy.model_validate({found.field: value}), CATALOG)
        assert words.strip()
        assert "{" not in words


def _moved(field: str) -> list[object]:
    kind = Strategy.model_fields[field].annotation
    by_kind: dict[object, list[object]] = {bool: [True, False], float: [0.3], int: [20]}
    return by_kind.get(kind, ["llama-3.1-8b"])
