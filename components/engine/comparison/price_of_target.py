"""The price of a latency target: what the same strategy costs when a target gives a little.

A target near the speed of one request alone leaves every replica nearly empty. The search for the looser target tries
the values that people would write, up to twice the target, in one vectorised pass.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from components.engine.facts.workload import effective_workload
from components.engine.outcome.evaluation import scenario_book
from components.engine.outcome.variants import evaluate_variants
from components.engine.strategy.resolve import resolve

if TYPE_CHECKING:
    from components.catalog.load import Catalog
    from components.engine.facts.arrays import Vec
    from components.engine.facts.workload import Traffic
    from components.engine.scenario import Scenario

Target = Literal["ttft_ms", "tpot_ms"]
"""Field of the workload."""
MS = 1e3
"""Milliseconds in a second. [ms/s]"""
ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""First digits of a target as people write it. [1]"""
LOOSEST = 2.0
"""Largest factor on a target that is still the same service. [1]"""
WORTH_SAYING = 0.25
"""Smallest saving that is said. [1]"""


@dataclass(frozen=True, slots=True)
class TargetPrice:
    """A looser target and what it saves."""

    target: Target
    now_ms: float
    looser_ms: float
    usd_per_month_now: float
    usd_per_month_looser: float

    @property
    def saving_share(self) -> float:
        """Of the cost now. [1]"""
        return 1 - self.usd_per_month_looser / self.usd_per_month_now


def looser_targets(now_ms: float) -> Vec:
    """Values people write, above a target and at most `LOOSEST` times it, ascending. [ms]"""
    decades = 10.0 ** (np.floor(np.log10(now_ms)) + np.arange(2))
    values = np.outer(decades, ROUND).ravel()
    rounding = 1 + 1e-9
    return np.asarray(values[(values > now_ms * rounding) & (values <= now_ms * LOOSEST * rounding)])


def target_price(scenario: Scenario, index: int, catalog: Catalog) -> TargetPrice | None:
    """The smallest loosening of one target that saves `WORTH_SAYING` or more for one strategy of a scenario.

    Returns: None where there is none, where the strategy misses its targets as they are, or where it is not served by
        one fleet of machines (a platform's speed does not depend on the target).
    """
    strategy, workload, book = scenario.strategies[index], scenario.workload, scenario_book(scenario, catalog)
    deployments = resolve(book, strategy, workload).deployments
    if len(deployments) != 1 or deployments[0].api is not None or deployments[0].candidates is None:
        return None
    tried = _tried(effective_workload(workload, catalog))
    found = evaluate_variants(
        strategy,
        workload,
        book,
        volume_factor=np.ones(len(tried)),
        ttft_limit_s=np.array([t.ttft_s for t in tried]),
        tpot_limit_s=np.array([t.tpot_s for t in tried]),
    )
    usd = found.cost_usd_per_month
    if not found.works[0] or not usd[0] > 0:
        return None
    worth = [
        TargetPrice(t.target, t.now_ms, float(t.looser_ms), float(usd[0]), float(usd[i]))
        for i, t in enumerate(tried[1:], start=1)
        if found.works[i] and usd[i] <= (1 - WORTH_SAYING) * usd[0]
    ]
    return min(worth, key=lambda one: (one.looser_ms / one.now_ms, one.usd_per_month_looser), default=None)


class _Tried(NamedTuple):
    """One variant: which target is looser, and both as they are then."""

    target: Target
    now_ms: float
    looser_ms: float
    ttft_s: float
    tpot_s: float


def _tried(traffic: Traffic) -> list[_Tried]:
    """The targets as they are, then each looser value of either alone."""
    ttft_s, tpot_s = traffic.ttft_limit_s, traffic.tpot_limit_s
    found = [_Tried("tpot_ms", tpot_s * MS, tpot_s * MS, ttft_s, tpot_s)]
    if math.isfinite(tpot_s):
        found += [_Tried("tpot_ms", tpot_s * MS, ms, ttft_s, ms / MS) for ms in looser_targets(tpot_s * MS)]
    if math.isfinite(ttft_s):
        found += [_Tried("ttft_ms", ttft_s * MS, ms, ms / MS, tpot_s) for ms in looser_targets(ttft_s * MS)]
    return found
