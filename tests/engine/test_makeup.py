"""What a saving is made of: it adds up, it turns where it says, and the sentence says only what was computed."""

from __future__ import annotations

import pytest

from components.catalog.load import load_catalog
from components.engine.comparison import Comparison, compare, makeup_sentence
from components.engine.comparison.makeup import KIND
from components.engine.economics.monthly_bill import PARTS
from components.engine.outcome import evaluate, open_book
from components.engine.scenario import Scenario, Strategy, Workload
from components.share.presets import first_screen, presets

CATALOG = load_catalog()
PRESETS = {key: preset.strategy for key, preset in presets().items()}


def of(*strategies: Strategy, volume: float | None = None, preset: str = "support_chat") -> Comparison:
    workload = Workload(preset=preset, requests_per_day=volume)
    return compare(Scenario(workload=workload, strategies=strategies), CATALOG)


def test_every_part_of_a_bill_is_of_one_kind() -> None:
    assert set(KIND) == set(PARTS)


@pytest.mark.parametrize("workload", sorted(CATALOG.workloads))
def test_law_the_kinds_sum_to_the_saving(workload: str) -> None:
    result = of(*first_screen().strategies, preset=workload)
    assert [made.index for made in result.makeups] == [told.index for told in result.attributions]
    for made, told in zip(result.makeups, result.attributions, strict=True):
        assert sum(made.saving_by_kind.values()) == pytest.approx(told.saving_usd_per_month)
        assert made.saving_usd_per_month == pytest.approx(told.saving_usd_per_month)


def test_a_platform_saves_idle_machines_and_people_and_is_paid_for_the_work() -> None:
    result = of(PRESETS["h100-tuned"], PRESETS["platform"], volume=250_000)
    (made,) = result.makeups
    parts = result.answers[0].cost_parts_usd_per_month
    assert made.saving_by_kind["idle"] == pytest.approx(parts["compute_idle"])
    assert made.saving_by_kind["people"] == pytest.approx(parts["staff"])
    upkeep = parts["power"] + parts["facility"] + parts["support_overheads"]
    assert made.saving_by_kind["upkeep"] == pytest.approx(upkeep)
    assert made.baseline_usd_per_month["work"] == pytest.approx(parts["compute_busy"])
    assert made.strategy_usd_per_month["work"] == pytest.approx(result.answers[1].cost_usd_per_month.base)
    words = makeup_sentence(result, 1)
    assert words.startswith("Of the $")
    assert "saved: $" in words
    assert "idle machines" in words
    assert "The work itself: $" in words
    assert " against $" in words


def test_the_sentence_turns_with_the_order_of_the_two() -> None:
    result = of(PRESETS["platform"], PRESETS["h100-tuned"], volume=250_000)
    assert "more: $" in makeup_sentence(result, 1)
    assert makeup_sentence(result, 0) == ""


def test_equal_machines_differ_by_the_work_alone_and_say_so() -> None:
    """Two sellers of the same tokens."""
    result = of(PRESETS["platform"], PRESETS["groq"])
    assert "all is the work itself" in makeup_sentence(result, 1)


def test_above_the_turn_the_other_is_cheaper() -> None:
    """Of the bills computed anew on either side, well away from the steps of whole machines."""
    base, other = PRESETS["b200-fp4"], PRESETS["groq"]
    result = of(base, other, volume=250_000)
    turn = result.makeups[0].turn
    assert turn is not None
    assert turn.cheaper_above == 0
    assert "is the cheaper of the two" in makeup_sentence(result, 1)
    for factor in (1.3, 2, 5):
        workload = Workload(requests_per_day=turn.requests_per_day * factor)
        own, token = (o.cost_usd_per_month for o in evaluate([base, other], workload, open_book(CATALOG)))
        assert own < token
    workload = Workload(requests_per_day=turn.requests_per_day / 4)
    own, token = (o.cost_usd_per_month for o in evaluate([base, other], workload, open_book(CATALOG)))
    assert own > token


def test_a_saving_at_every_volume_has_no_turn() -> None:
    dear = PRESETS["h100-tuned"].model_copy(update={"price": 50.0, "name": "dear"})
    assert of(dear, PRESETS["h100-tuned"]).makeups[0].turn is None
