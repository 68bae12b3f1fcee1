"""Who earned the saving: exact attribution of a cost difference to the four layers, in an order and order-free.

The players are the layers, or several layers together where they cannot be told apart; the game's value v(S) is the
monthly cost when only the layers in S have moved from the baseline to the strategy. Both splits sum to
v(none) - v(all). A set of layers is an integer here: bit i is LAYERS[i].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import combinations, permutations
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.scenario import LAYERS, Layer, Strategy, layer_of

WATERFALL_ORDER: tuple[Layer, ...] = ("workload", "model", "stack", "hardware")
"""Demand to supply, as finance reads it: fewer tokens, cheaper tokens, better use, other machines."""


SUBSETS = 1 << len(LAYERS)


class Split(NamedTuple):
    """Saving by player, each of shape (players,). [USD/month]"""

    waterfall: NDArray[np.float64]
    shapley: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def bits(layers: Iterable[Layer]) -> int:
    """Layers as a set."""
    return reduce(or_, (1 << LAYERS.index(layer) for layer in layers), 0)


def layers_in(subset: int) -> tuple[Layer, ...]:
    """The layers of a set, in the order of the waterfall."""
    return tuple(layer for layer in WATERFALL_ORDER if subset & bits([layer]))


def unions(players: Sequence[int]) -> tuple[int, ...]:
    """Every set that can be made of whole players, the empty one first and all of them last."""
    chosen = (c for n in range(len(players) + 1) for c in combinations(players, n))
    return tuple(reduce(or_, each, 0) for each in chosen)


def hybrid(baseline: Strategy, strategy: Strategy, subset: int, elsewhere: dict[str, Layer] | None = None) -> Strategy:
    """The baseline with the layers of `subset` taken from the strategy.

    Args: baseline; strategy; subset; fields that belong to another layer than `layer_of` says.
    """
    owner = {name: layer_of(name) for name in Strategy.model_fields} | (elsewhere or {})
    moved = {name: getattr(strategy, name) for name, layer in owner.items() if layer and subset & bits([layer])}
    return baseline.model_copy(update=moved | {"name": strategy.name})


def separable(cost_usd: NDArray[np.float64], players: Sequence[int]) -> tuple[int, ...]:
    """The most players, made by joining the given ones, all of whose mixtures have a price.

    No price is invented for a mixture that cannot be bought or built, such as a model on a platform that does not sell
    it: what would need one is told together.
    Args:
        cost_usd: v(S), shape (16,); NaN where that mixture has no price.
        players: sets without a layer in common, all layers together.
    Raises: ValueError when the baseline or the full strategy has no cost.
    """
    if cost_usd.shape != (SUBSETS,) or np.isnan(cost_usd[[0, -1]]).any():
        raise ValueError(f"cost_usd needs {SUBSETS} values with the first and the last known")
    finest_first = sorted(_joined(tuple(players)), key=len, reverse=True)
    found = next(each for each in finest_first if not np.isnan(cost_usd[list(unions(each))]).any())
    return tuple(sorted(found, key=lambda player: WATERFALL_ORDER.index(layers_in(player)[0])))


def _joined(players: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every way to join players: the partitions of a set."""
    if not players:
        yield ()
        return
    first, *rest = players
    for others in _joined(tuple(rest)):
        yield (first, *others)
        for i, other in enumerate(others):
            yield (*others[:i], first | other, *others[i + 1 :])


def split(cost_usd: NDArray[np.float64], players: Sequence[int]) -> Split:
    """Attribute v(none) - v(all) to the players.

    Args:
        cost_usd: v(S), shape (16,), known for every union of players.
        players: in the order of the waterfall.
    Source: Shapley, "A value for n-person games", 1953; equal to the averaged Laspeyres effect (Ang, Huang, Mu 2009).
    """
    paths = permutations(range(len(players)))
    marginals = np.array([_marginals(cost_usd, players, path) for path in paths])
    return Split(
        waterfall=marginals[0],
        shapley=marginals.mean(axis=0),
        low=marginals.min(axis=0),
        high=marginals.max(axis=0),
    )


def _marginals(value: NDArray[np.float64], players: Sequence[int], path: Sequence[int]) -> NDArray[np.float64]:
    saving, subset = np.zeros(len(players)), 0
    for index in path:
        after = subset | players[index]
        saving[index] = value[subset] - value[after]
        subset = after
    return saving
