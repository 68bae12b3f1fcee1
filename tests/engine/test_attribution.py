"""Attribution: the laws of the Shapley value and of a waterfall, one game worked by hand, and what is bought as one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.engine.comparison import Attribution, compare
from components.engine.comparison.attribution import own_chip
from components.engine.comparison.layers import SUBSETS, WATERFALL_ORDER, bits, hybrid, separable, split, unions
from components.engine.scenario import LAYERS, Layer, Scenario, Strategy, Workload
from components.share.presets import presets

CATALOG = load_catalog()
PRESETS = {key: preset.strategy for key, preset in presets().items()}
COSTS = arrays(np.float64, SUBSETS, elements=st.floats(0, 1e9))
ALONE = tuple(bits([layer]) for layer in WATERFALL_ORDER)
GROUPS = st.sampled_from(
    [ALONE, (bits(["workload"]), bits(["model"]), bits(["stack", "hardware"])), (bits(["workload"]), 15 & ~8), (15,)]
)


def of(told: np.ndarray, layer: Layer) -> float:
    return float(told[WATERFALL_ORDER.index(layer)])


@given(COSTS, GROUPS)
def test_law_both_splits_sum_to_the_saving(cost: np.ndarray, players: tuple[int, ...]) -> None:
    parts, saving = split(cost, players), cost[0] - cost[-1]
    assert parts.waterfall.sum() == pytest.approx(saving, abs=1e-3)
    assert parts.shapley.sum() == pytest.approx(saving, abs=1e-3)


@given(COSTS, GROUPS)
def test_law_the_shares_lie_between_the_extremes_over_orders(cost: np.ndarray, players: tuple[int, ...]) -> None:
    parts = split(cost, players)
    for share in (parts.shapley, parts.waterfall):
        assert (share >= parts.low - 1e-3).all()
        assert (share <= parts.high + 1e-3).all()


@given(st.lists(st.floats(0, 1e6), min_size=4, max_size=4))
def test_law_layers_that_do_not_interact_get_their_own_saving(own: list[float]) -> None:
    cost = np.array([4e6 - sum(own[i] for i in range(4) if s >> i & 1) for s in range(SUBSETS)])
    expected = [own[LAYERS.index(layer)] for layer in WATERFALL_ORDER]
    parts = split(cost, ALONE)
    assert parts.shapley == pytest.approx(expected, abs=1e-6)
    assert parts.waterfall == pytest.approx(expected, abs=1e-6)


@given(COSTS)
def test_law_an_inert_layer_earns_nothing(cost: np.ndarray) -> None:
    inert = cost.copy()
    inert[8:] = inert[:8]
    assert of(split(inert, ALONE).shapley, LAYERS[3]) == pytest.approx(0, abs=1e-3)


def test_two_layers_by_hand() -> None:
    """Each alone halves 100, together 20: 100 -> 50, 50 -> 20; shares (50 + 30) / 2 = 40 each; first mover earns 50."""
    cost = np.array([100.0 if not s & 3 else 20.0 if s & 3 == 3 else 50.0 for s in range(SUBSETS)])
    parts = split(cost, ALONE)
    assert (of(parts.shapley, "model"), of(parts.shapley, "hardware")) == pytest.approx((40, 40))
    assert (of(parts.waterfall, "model"), of(parts.waterfall, "hardware")) == pytest.approx((50, 30))
    assert (of(parts.low, "model"), of(parts.high, "model")) == pytest.approx((30, 50))
    together = split(cost, (bits(["workload"]), bits(["model", "hardware"]), bits(["stack"])))
    assert together.shapley == pytest.approx([0, 80, 0])


@given(COSTS, st.sets(st.integers(1, SUBSETS - 2)), GROUPS)
def test_law_players_are_joined_until_every_mixture_has_a_price_and_no_further(
    cost: np.ndarray, unpriced: set[int], start: tuple[int, ...]
) -> None:
    """Every layer is in one player, and where all mixtures of the given players are priced they stay as they are."""
    cost[list(unpriced)] = np.nan
    found = separable(cost, start)
    assert not np.isnan(cost[list(unions(found))]).any()
    assert sum(found) == SUBSETS - 1
    assert all(any(player & one == one for player in found) for one in start)
    if not np.isnan(cost[list(unions(start))]).any():
        assert set(found) == set(start)


def test_what_only_one_seller_sells_is_joined_with_the_seller() -> None:
    """No price for the model without the platform, nor for the platform without the model; the workload stays apart."""
    model, bought = bits(["model"]), bits(["stack", "hardware"])
    cost = np.full(SUBSETS, 10.0)
    for subset in range(1, SUBSETS - 1):
        if bool(subset & model) != (subset & bought == bought):
            cost[subset] = np.nan
    assert separable(cost, (bits(["workload"]), model, bought)) == (bits(["workload"]), model | bought)


def test_without_a_price_for_either_end_there_is_nothing_to_attribute() -> None:
    with pytest.raises(ValueError, match="first and the last known"):
        separable(np.full(SUBSETS, np.nan), ALONE)


def test_a_hybrid_takes_whole_layers() -> None:
    base, best = Strategy(name="today"), Strategy(name="best", weights="fp8", hardware="b200", spec="eagle", cache=0.2)
    mixed = hybrid(base, best, bits(["hardware", "workload"]))
    assert (mixed.weights, mixed.hardware, mixed.spec, mixed.cache) == ("native", "b200", "none", 0.2)
    assert hybrid(base, best, SUBSETS - 1) == best


def told(base: str, other: str, **changes: object) -> Attribution:
    """The saving of one preset against another on support chat."""
    strategy = PRESETS[other].model_copy(update=changes)
    scenario = Scenario(workload=Workload(preset="support_chat"), strategies=(PRESETS[base], strategy))
    (found,) = compare(scenario, CATALOG).attributions
    return found


def by_layers(attribution: Attribution) -> dict[tuple[str, ...], str]:
    return {step.layers: step.label for step in attribution.steps}


def test_a_platform_on_rented_chips_is_a_bought_stack_that_brings_its_hardware() -> None:
    found = told("h100-default", "platform")
    assert by_layers(found)["stack", "hardware"] == "Bought stack (DeepInfra)"
    others = [step for step in found.steps if step.layers != ("stack", "hardware")]
    assert [step.shapley for step in others] == pytest.approx([0, 0])
    assert "cannot be priced apart: serving stack and hardware" in found.notes[0]


def test_a_platform_on_chips_of_its_own_says_so() -> None:
    assert by_layers(told("h100-default", "groq"))["stack", "hardware"] == "Bought stack on its own chips (GroqCloud)"
    assert own_chip("GroqCloud") in CATALOG.accelerators
    assert [own_chip(name) for name in ("DeepInfra", "Baseten", "nobody")] == ["", "", ""]


def test_a_model_that_the_first_platform_does_not_sell_is_not_told_apart_from_the_second() -> None:
    """No half of it to each: the mixture has no price."""
    found = told("platform", "together")
    assert ("model", "stack") in by_layers(found)
    assert len(by_layers(found)) == 3
    assert found.steps[1].shapley == pytest.approx(found.saving_usd_per_month)


def test_three_layers_together_are_said_as_a_list() -> None:
    """From machines to a platform that does not sell the baseline's model."""
    found = told("h100-default", "together")
    assert by_layers(found)["model", "stack", "hardware"] == "Model and bought stack (Together AI)"
    assert found.notes[0].endswith("model, serving stack and hardware.")


def test_between_platforms_on_rented_chips_the_stack_alone_changes() -> None:
    found = told("together", "fireworks")
    assert by_layers(found)["stack",] == "Bought stack (Fireworks AI)"
    stack = next(step for step in found.steps if step.layers == ("stack",))
    assert stack.waterfall == pytest.approx(found.saving_usd_per_month)
    assert by_layers(told("together", "groq", model="gpt-oss-120b"))["stack", "hardware"]


def test_own_servers_in_place_of_a_platform_are_one_step_too() -> None:
    assert by_layers(told("platform", "h100-default"))["stack", "hardware"] == "Own servers"


def test_terms_of_machines_stay_with_hardware() -> None:
    found = told("h100-default", "h100-default", buy="spot", name="spot")
    hardware = next(step for step in found.steps if step.layers == ("hardware",))
    assert hardware.waterfall == pytest.approx(found.saving_usd_per_month)
    assert hardware.levers == ("spot",)


def test_scaling_means_nothing_on_a_platform_so_no_layer_pays_for_its_end() -> None:
    """A baseline that scales by the hour does not first stop doing so."""
    found = told("h100-tuned", "platform")
    assert [step.waterfall for step in found.steps if step.layers == ("workload",)] == pytest.approx([0])


def test_every_platform_row_says_what_its_source_says() -> None:
    assert all(row.confidence != "low" and row.note for row in load_levers().platforms.values())
