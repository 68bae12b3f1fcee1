"""Who earned the saving: exact attribution of a cost difference to the four layers, in an order and order-free.

The players are the layers; the game's value v(S) is the monthly cost when only the layers in S have moved from the
baseline to the strategy. Both splits sum to v(none) - v(all).
"""

from __future__ import annotations

from itertools import permutations
from math import factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.scenario import LAYERS, Layer, Strategy, layer_of

WATERFALL_ORDER: tuple[Layer, ...] = ("workload", "model", "stack", "hardware")
"""Demand to supply, as finance reads it: fewer tokens, cheaper tokens, better use, other machines."""


SUBSETS = 1 << len(LAYERS)


_FIELDS: dict[Layer, tuple[str, ...]] = {
    layer: tuple(name for name in Strategy.model_fields if layer_of(name) == layer) for layer in LAYERS
}


class Split(NamedTuple):
    """Saving by layer, in LAYERS order; each of shape (4,). [USD/month]"""

    waterfall: NDArray[np.float64]
    shapley: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    deferred: tuple[int, ...]
    """Subsets (bit i is LAYERS[i]) without a price of their own, valued as the mean of their parts."""


def hybrid(baseline: Strategy, strategy: Strategy, subset: int) -> Strategy:
    """The baseline with the layers of `subset` (bit i is LAYERS[i]) taken from the strategy."""
    moved = {
        name: getattr(strategy, name) for i, layer in enumerate(LAYERS) if subset >> i & 1 for name in _FIELDS[layer]
    }
    return baseline.model_copy(update=moved | {"name": strategy.name})


def split(cost_usd: NDArray[np.float64], order: tuple[Layer, ...] = WATERFALL_ORDER) -> Split:
    """Attribute v(none) - v(all) to the layers.

    Args:
        cost_usd: v(S) for all 16 subsets, index bit i set when LAYERS[i] has moved; NaN where that mixture cannot be
            bought (a model on a platform that does not sell it). Such a step counts once what it needs is there: it
            takes the mean of the subsets that lack one of its layers.
        order: Order of the waterfall.
    Raises: ValueError when the baseline or the full strategy has no cost.
    Source: Shapley, "A value for n-person games", 1953; equal to the averaged Laspeyres effect (Ang, Huang, Mu 2009).
    """
    if cost_usd.shape != (SUBSETS,) or np.isnan(cost_usd[[0, -1]]).any():
        raise ValueError(f"cost_usd needs {SUBSETS} values with the first and the last known")
    value, deferred = _closed(cost_usd)
    marginals = np.array([_marginals(value, path) for path in permutations(range(len(LAYERS)))])
    chosen = tuple(LAYERS.index(layer) for layer in order)
    total_orders = factorial(len(LAYERS))
    return Split(
        waterfall=_marginals(value, chosen),
        shapley=marginals.sum(axis=0) / total_orders,
        low=marginals.min(axis=0),
        high=marginals.max(axis=0),
        deferred=deferred,
    )


def _closed(cost_usd: NDArray[np.float64]) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    value, deferred = cost_usd.copy(), []
    for subset in range(1, SUBSETS - 1):
        if np.isnan(value[subset]):
            inside = [subset & ~(1 << i) for i in range(len(LAYERS)) if subset >> i & 1]
            value[subset] = np.mean(value[inside])
            deferred.append(subset)
    return value, tuple(deferred)


def _marginals(value: NDArray[np.float64], path: tuple[int, ...]) -> NDArray[np.float64]:
    saving, subset = np.zeros(len(LAYERS)), 0
    for player in path:
        after = subset | 1 << player
        saving[player] = value[subset] - value[after]
        subset = after
    return saving
