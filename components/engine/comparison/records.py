"""Records of a comparison: attributions, volume curves, crossovers, the whole answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from components.engine.answer.records import Answer
from components.engine.comparison.picks import Picks
from components.engine.scenario import Floor, Layer


@dataclass(frozen=True, slots=True)
class Step:
    """What one layer saves, or several that cannot be told apart; positive is cheaper. [USD/month]"""

    layers: tuple[Layer, ...]
    label: str
    """ "Serving stack", or what is bought in the place of several layers: "Bought stack (DeepInfra)"."""
    levers: tuple[str, ...]
    """What the strategy does differently there, in words: "20 % answered from memory"."""
    waterfall: float
    """In the order of the steps."""
    shapley: float
    """The mean over all orders."""
    low: float
    """The smallest over all orders."""
    high: float


@dataclass(frozen=True, slots=True)
class Attribution:
    """Monthly saving of one strategy against the baseline by layer, two ways; both sum to the saving. [USD/month]"""

    index: int
    """Of the strategy in the comparison's answers."""
    baseline: str
    strategy: str
    baseline_usd_per_month: float
    strategy_usd_per_month: float
    steps: tuple[Step, ...]
    """In the order of the waterfall; every layer is in one."""
    notes: tuple[str, ...]
    """What could not be told apart, and where a measured speed counts."""

    @property
    def saving_usd_per_month(self) -> float:
        """Negative where the strategy costs more."""
        return self.baseline_usd_per_month - self.strategy_usd_per_month


Kind = Literal["idle", "people", "upkeep", "work"]
"""What a bill pays for."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the cheaper of the baseline and a strategy changes for good."""

    requests_per_day: float
    cheaper_above: int
    """Index in the comparison's answers: the baseline, 0, or the strategy."""


@dataclass(frozen=True, slots=True)
class Makeup:
    """What the saving of one strategy against the baseline is made of."""

    index: int
    """Of the strategy in the comparison's answers."""
    baseline_usd_per_month: dict[Kind, float]
    strategy_usd_per_month: dict[Kind, float]
    turn: Turn | None
    """None where one of the two is the cheaper at every volume that is modelled."""

    @property
    def saving_by_kind(self) -> dict[Kind, float]:
        """Sums to the saving; negative where the strategy pays more. [USD/month]"""
        other = self.strategy_usd_per_month
        return {kind: usd - other[kind] for kind, usd in self.baseline_usd_per_month.items()}

    @property
    def saving_usd_per_month(self) -> float:
        """Negative where the strategy costs more."""
        return sum(self.saving_by_kind.values())


@dataclass(frozen=True, slots=True)
class VolumeCurves:
    """Monthly cost against volume for every strategy."""

    requests_per_day: NDArray[np.float64]
    """Shape (k,), log spaced."""
    names: tuple[str, ...]
    may_win: tuple[bool, ...]
    """Whether a strategy may be called the cheapest: it keeps the targets and the quality."""
    cost_usd_per_month: NDArray[np.float64]
    """Shape (strategies, k); steps are whole replicas."""
    idle_usd_per_month: NDArray[np.float64]
    utilisation: NDArray[np.float64]
    """NaN for per-token purchases."""
    today_requests_per_day: float
    crossovers: tuple[Crossover, ...]
    colours: tuple[int, ...]
    """Number of each strategy's colour."""


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
    makeups: tuple[Makeup, ...]
    """Of the same savings, in their order."""
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

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources that the answers rest on, prices first."""
        steps = sorted((s for a in self.answers for s in a.ledger), key=lambda step: step.topic != "price")
        return tuple(dict.fromkeys(source for step in steps for source in step.sources))

    def change_of(self, index: int) -> float | None:
        """A strategy's cost over the baseline's, less 1; None for the baseline and where it costs nothing. [1]"""
        today = self.answers[0].cost_usd_per_month.base
        return self.answers[index].cost_usd_per_month.base / today - 1 if index and today else None
