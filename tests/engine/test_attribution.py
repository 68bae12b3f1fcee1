"""Attribution: the laws of the Shapley value and of a waterfall, and one game worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from components.engine.comparison.layers import SUBSETS, WATERFALL_ORDER, hybrid, split
from components.engine.scenario import LAYERS, Strategy

COSTS = arrays(np.float64, SUBSETS, elements=st.floats(0, 1e9))


@given(COSTS)
def test_law_both_splits_sum_to_the_saving(cost: np.ndarray) -> None:
    parts, saving = split(cost), cost[0] - cost[-1]
    assert parts.waterfall.sum() == pytest.approx(saving, abs=1e-3)
    assert parts.shapley.sum() == pytest.approx(saving, abs=1e-3)


@given(COSTS)
def test_law_the_shares_lie_between_the_extremes_over_orders(cost: np.ndarray) -> None:
    parts = split(cost)
    for share in (parts.shapley, parts.waterfall):
        assert (share >= parts.low - 1e-3).all()
        assert (share <= parts.high + 1e-3).all()


@given(st.lists(st.floats(0, 1e6), min_size=4, max_size=4))
def test_law_layers_that_do_not_interact_get_their_own_saving(own: list[float]) -> None:
    cost = np.array([4e6 - sum(own[i] for i in range(4) if s >> i & 1) for s in range(SUBSETS)])
    parts = split(cost)
    assert parts.shapley == pytest.approx(own, abs=1e-6)
    assert parts.waterfall == pytest.approx(own, abs=1e-6)


@given(COSTS)
def test_law_an_inert_layer_earns_nothing(cost: np.ndarray) -> None:
    inert = cost.copy()
    inert[8:] = inert[:8]
    assert split(inert).shapley[3] == pytest.approx(0, abs=1e-3)


def test_two_layers_by_hand() -> None:
    """Each alone halves 100, together 20: 100 -> 50, 50 -> 20; shares (50 + 30) / 2 = 40 each; first mover earns 50."""
    cost = np.array([100.0 if not s & 3 else 20.0 if s & 3 == 3 else 50.0 for s in range(SUBSETS)])
    parts = split(cost, order=("model", "hardware", "stack", "workload"))
    assert parts.shapley == pytest.approx([40, 40, 0, 0])
    assert parts.waterfall == pytest.approx([50, 30, 0, 0])
    assert parts.low[:2] == pytest.approx([30, 30])
    assert parts.high[:2] == pytest.approx([50, 50])


def test_a_mixture_that_cannot_be_bought_is_named_and_the_sum_still_holds() -> None:
    cost = np.linspace(160, 10, SUBSETS)
    cost[2] = np.nan
    parts = split(cost)
    assert parts.deferred == (2,)
    assert parts.shapley.sum() == pytest.approx(150)


def test_without_a_price_for_either_end_there_is_nothing_to_attribute() -> None:
    with pytest.raises(ValueError, match="first and the last known"):
        split(np.full(SUBSETS, np.nan))


def test_a_hybrid_takes_whole_layers() -> None:
    base, best = Strategy(name="today"), Strategy(name="best", weights="fp8", hardware="b200", spec="eagle", cache=0.2)
    mixed = hybrid(base, best, 1 << LAYERS.index("hardware") | 1 << LAYERS.index("workload"))
    assert (mixed.weights, mixed.hardware, mixed.spec, mixed.cache) == ("native", "b200", "none", 0.2)
    assert hybrid(base, best, SUBSETS - 1) == best
    assert set(WATERFALL_ORDER) == set(LAYERS)
