"""Which number to go and check: what knowing all inputs, or one of them, before deciding would be worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.plan.futures import Futures
    from components.engine.plan.uncertain import Unknown

PARTS = 40
"""Equal parts of the draws by the value of one input. [1]"""
ROUNDING = 1e-9
"""Share of the cost that is rounding, not worth. [1]"""
SHUFFLES = 16
"""Orders that say what chance alone would give. [1]"""


class Worth(NamedTuple):
    """What knowing one input is worth. [USD]"""

    key: str
    words: str
    usd: float
    told_usd: float
    """Mean cost of deciding by it."""


@dataclass(frozen=True, slots=True)
class Information:
    """What knowing more before deciding is worth: present value. [USD]"""

    all_usd: float
    """Everything known; no single input can be worth more."""
    worth: tuple[Worth, ...]
    """Each input alone, most first."""
    decided_usd: float
    """Mean cost of what is cheapest on average."""
    known_usd: float
    """Mean cost of what is cheapest in each future."""
    chance_usd: float
    """What an input that says nothing would seem to be worth, taken off each."""


def worth_of_knowing(found: Futures, unknowns: tuple[Unknown, ...], seed: int) -> Information:
    """Expected value of perfect information, in all and by input.

    All: min_i E[C_i] - E[min_i C_i]. One input x: min_i E[C_i] - E_x[min_i E[C_i | x]], E[C_i | x] being the mean of
    the draws in each of forty equal parts by x. Inside the draws it lies between 0 and the value of knowing all, by
    Jensen's inequality. The minimum of means that are themselves uncertain is too low, hence the worth too high; the
    same estimate with x shuffled, whose true worth is 0, gives that bias, which is taken off.
    Source: docs/engine.md#plan.
    """
    present = found.present_usd
    decided = float(present.mean(axis=1).min())
    known = float(present.min(axis=0).mean())
    draws = present.shape[1]
    stream = np.random.default_rng([seed, draws])
    parts = np.minimum((np.arange(draws) * PARTS) // draws, PARTS - 1)
    chance = float(np.mean([decided - _known(present, stream.permutation(parts)) for _ in range(SHUFFLES)]))
    least = ROUNDING * abs(decided)

    def kept(usd: float) -> float:
        return usd if usd > least else 0.0

    told = [_known(present, _part(row)) for row in found.quantiles]
    rows = [
        Worth(one.key, one.words, kept(decided - usd - chance), usd) for one, usd in zip(unknowns, told, strict=True)
    ]
    return Information(kept(decided - known), tuple(sorted(rows, key=lambda row: -row.usd)), decided, known, chance)


def _part(quantile: Vec) -> Vec:
    """The part of each draw by the rank of an input."""
    ranks = np.empty(len(quantile), dtype=np.intp)
    ranks[np.argsort(quantile, kind="stable")] = np.arange(len(quantile))
    return np.asarray((ranks * PARTS) // len(quantile))


def _known(present: Vec, part: Vec) -> float:
    """Mean over the parts of the least conditional mean. [USD]"""
    counts = np.bincount(part, minlength=PARTS)
    sums = np.stack([np.bincount(part, weights=row, minlength=PARTS) for row in present])
    return float(sums.min(axis=0).sum() / counts.sum())
