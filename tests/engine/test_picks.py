"""The three choices and the words of what a strategy does."""

import math

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import Comparison, compare, keeps_targets
from components.engine.comparison.lever_words import layer_words, lever_in_use
from components.engine.comparison.picks import picks
from components.engine.scenario import LAYERS, Scenario, Strategy, Workload
from components.engine.strategy import every_lever
from components.share.presets import first_screen, presets

CATALOG = load_catalog()


def compared(*keys: str, preset: str = "support_chat") -> Comparison:
    chosen = tuple(presets()[key].strategy for key in keys)
    return compare(Scenario(workload=Workload(preset=preset), strategies=chosen), CATALOG)


@pytest.mark.parametrize("preset", sorted(CATALOG.workloads))
def test_each_pick_is_what_it_says(preset: str) -> None:
    scenario = first_screen().model_copy(update={"workload": Workload(preset=preset)})
    result = compare(scenario, CATALOG)
    kept = [a for a in result.answers if keeps_targets(a)]
    found = {pick.kind: result.answers[pick.place] for pick in result.picks}
    assert bool(found) == bool(kept)
    for answer in found.values():
        assert keeps_targets(answer)
    if kept:
        assert found["cheapest"].cost_usd_per_month.base == min(a.cost_usd_per_month.base for a in kept)
    if "fastest" in found:
        quickest = found["fastest"].e2e_p95_s
        others = [a for a in kept if a is not result.answers[0]]
        assert quickest == min(a.e2e_p95_s or math.inf for a in others or kept)


def test_safest_prefers_quality_then_certainty_then_cost() -> None:
    result = compared("plain", "b200-fp4", "four-layers", "fp8-alone")
    (safest,) = [pick for pick in result.picks if pick.kind == "safest"]
    assert result.answers[safest.place].name == "All four layers"  # B as the plain server in 8 bits, and cheaper


def test_no_pick_where_every_target_is_missed() -> None:
    chosen = (presets()["plain"].strategy,)
    result = compare(Scenario(workload=Workload(tpot_ms=1), strategies=chosen), CATALOG)
    assert result.picks == ()
    assert picks(result.answers, chosen) == ()


def test_what_must_be_true_names_levers_terms_and_quality() -> None:
    result = compared("plain", "four-layers", "h200-reserved", "platform")
    said = {pick.place: pick.must_be_true for pick in picks(result.answers[:2], first_screen().strategies[:2])}
    words = "; ".join(said[1])
    assert "20 % of the questions repeat" in words
    assert "servers can be started and stopped with demand" in words
    assert "more wrong answers in 1,000" in words
    (cheapest,) = [pick for pick in result.picks if pick.kind == "cheapest"]
    assert any("price" in line for line in cheapest.must_be_true)


def test_layers_are_told_in_words() -> None:
    plain, all_four = presets()["plain"].strategy, presets()["four-layers"].strategy
    told = layer_words(plain, all_four, CATALOG)
    assert told["workload"] == ("20 % answered from memory", "servers follow demand: by the hour")
    assert told["hardware"] == ("B200 (HGX/DGX)",)
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
    return [True, False] if kind is bool else [0.3] if kind is float else ["llama-3.1-8b"]
