"""What is best: the order of configurations, the best of many at once, and fronts of two objectives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine.search.ask.requirements import OBJECTIVES, Objective

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.search.ask.requirements import Requirements
    from components.engine.search.price.limits import OptionFigures
    from components.engine.search.rank.option import Option


TIES: tuple[Objective, ...] = ("cost", "quality", "speed", "energy")
"""What decides among equals, after the objectives asked for."""


SAME = 1e-9
"""Values this close, as a share, are equal. [1]"""


ERRORS_WHOLE = 10.0
"""Extra errors per 1,000 that weigh as much as the baseline's whole cost: one point of accuracy. [1]"""


PAIRS = tuple((a, b) for i, a in enumerate(OBJECTIVES) for b in OBJECTIVES[i + 1 :])


def values(f: OptionFigures) -> dict[Objective, Vec]:
    """Figures that objectives make small."""
    return {
        "cost": f.cost_usd_per_month,
        "speed": f.slow_s,
        "energy": f.energy_kwh_per_month,
        "quality": f.extra_errors_per_1000,
    }


def option_values(option: Option) -> dict[Objective, float]:
    """The same of one configuration; inf where it is not published."""
    found = (option.cost_usd_per_month, option.slow_s, option.energy_kwh_per_month, option.extra_errors_per_1000)
    return {n: math.inf if v is None else v for n, v in zip(OBJECTIVES, found, strict=True)}


class Order:
    """How configurations compare: objectives one after the other, or one weighted sum over the baseline's figures."""

    def __init__(self, q: Requirements, baseline: Option | None) -> None:
        """Weights over the baseline's figures; over 1 where it has none."""
        self.names = tuple(dict.fromkeys((*q.objectives, *TIES)))
        self.weights: dict[Objective, float] = {}
        if q.weights:
            of = option_values(baseline) if baseline is not None else {}
            for name, weight in zip(q.objectives, q.weights, strict=True):
                whole = ERRORS_WHOLE if name == "quality" else of.get(name, 1.0)
                self.weights[name] = weight / (whole if 0 < whole < math.inf else 1.0)

    def chain(self, v: dict[Objective, Vec]) -> list[Vec]:
        """Figures to compare one after the other, smaller first."""
        chain = [v[name] for name in self.names]
        if not self.weights:
            return chain
        total = sum((weight * v[name] for name, weight in self.weights.items() if weight), start=np.zeros((1, 1)))
        return [np.asarray(total), *chain]

    def key(self, option: Option) -> tuple[float, ...]:
        """The chain of one configuration, equal values made equal."""
        chain = self.chain({n: np.array([[v]]) for n, v in option_values(option).items()})
        return tuple(float(alike(each)[0, 0]) for each in chain)


def alike(v: Vec) -> Vec:
    """Values rounded to some nine digits, so that equal configurations tie."""
    part, power = np.frexp(v)
    return np.ldexp(np.round(part * 2**30) / 2**30, power)


def best_rows(chain: list[Vec], mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each column the row that comes first, the earlier among equals, and whether there is one.

    Args: chain, figures that broadcast to (n, m); mask, what may be chosen, shape (n, m).
    """
    alive = mask
    for each in chain:
        v = np.where(alive, each, np.inf)
        least = v.min(axis=0)
        alive = alive & ((v <= least * (1 + SAME)) | np.isinf(least))
    return np.asarray(alive.argmax(axis=0)), np.asarray(mask.any(axis=0))


def front(a: Vec, b: Vec) -> NDArray[np.intp]:
    """Points that no other beats in both, in order of `a`; of equals the first. Shapes (n,)."""
    order = np.lexsort((np.arange(len(a)), alike(b), alike(a)))
    low = np.minimum.accumulate(np.concatenate([[np.inf], b[order]]))[:-1]
    return np.asarray(order[b[order] < low * (1 - SAME)])
