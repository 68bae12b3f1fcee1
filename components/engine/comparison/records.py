"""Records of a comparison: attributions, volume curves, crossovers, the whole answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from components.engine.answer.records import Answer
from components.engine.comparison.picks import Picks
from components.engine.scenario import Floor, Layer


@dataclass(frozen=True, slots=True)
class Attribution:
    """Monthly saving of one strategy against the baseline by layer, two ways; both sum to the saving. [USD/month]"""

    index: int
    """Of the strategy in the comparison's answers."""
    baseline: str
    strategy: str
    levers: dict[Layer, tuple[str, ...]]
    """What the strategy does differently, by layer, in words."""
    baseline_usd_per_month: float
    strategy_usd_per_month: float
    order: tuple[Layer, ...]
    """Order of the waterfall."""
    waterfall: dict[Layer, float]
    """Layer to saving; positive is cheaper."""
    shapley: dict[Layer, float]
    low: dict[Layer, float]
    """Smallest saving of the layer over all orders."""
    high: dict[Layer, float]
    notes: tuple[str, ...]
    """Steps that could not be priced alone and count where they become possible."""


@dataclass(frozen=True, slots=True)
class VolumeCurves:
    """Monthly cost against volume for every strategy."""

    requests_per_day: NDArray[np.float64]
    """Shape (k,), log spaced."""
    names: tuple[str, ...]
    cost_usd_per_month: NDArray[np.float64]
    """Shape (strategies, k); steps are whole replicas."""
    idle_usd_per_month: NDArray[np.float64]
    utilisation: NDArray[np.float64]
    """NaN for per-token purchases."""
    today_requests_per_day: float
    crossovers: tuple[Crossover, ...]


@dataclass(frozen=True, slots=True)
class Crossover:
    """Where the cheapest strategy changes."""

    requests_per_day: float
    cheaper_below: str
    cheaper_above: str
    cost_usd_per_month: float
    utilisation_above: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The Compare page's answer."""

    answers: tuple[Answer, ...]
    """Baseline first, in the scenario's order."""
    attributions: tuple[Attribution, ...]
    """One per strategy after the baseline."""
    curves: VolumeCurves
    headline: str
    """The answer in one sentence, money in the scenario's currency."""
    best: int | None
    """Index of the cheapest strategy that meets the targets and keeps the quality."""
    picks: Picks
    ttft_target_s: float | None
    tpot_target_s: float | None
    requests_per_day: float
    workload_label: str
    data_date: str
    floor: Floor = ""
    """Worst grade that the best may have; empty keeps the baseline's band."""
