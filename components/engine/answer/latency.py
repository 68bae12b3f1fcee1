"""What users of a strategy see: times of each deployment with the range of the model's measured error, and together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from components.catalog.parameters import load_accuracy, load_own_accuracy
from components.engine.facts.regimes import regime
from components.engine.facts.trust import Range
from components.engine.serving.peak import within_target

if TYPE_CHECKING:
    from components.catalog.parameters import AccuracyRow
    from components.catalog.records import Accelerator
    from components.engine.economics.terms import TokenTerms
    from components.engine.outcome.evaluation import Fleet, Outcome
    from components.engine.strategy.own_measurement import Metric, Own
    from components.engine.strategy.records import Deployment


T = TypeVar("T")


LEAST_SHARE_IN_P95 = 0.05
"""A share of traffic below this does not set the p95 of the whole. [1]"""


def accuracy(chip: Accelerator, metric: Metric, own: Own | None = None) -> AccuracyRow:
    """The cross-validated error of a metric on such chips.

    With an own measurement that informs the metric, the error left at other operating points of a deployment that was
    measured once, where there is evidence of it on such chips and it is smaller.
    """
    modelled = load_accuracy()[regime(chip), metric]
    left = load_own_accuracy().get((regime(chip), metric)) if own is not None and own.informs(metric) else None
    return left if left is not None and left.p90_error < modelled.p90_error else modelled


def error(chip: Accelerator, metric: Metric, own: Own | None = None) -> float:
    """p90 of the error of a metric, as a share of the measured value; `accuracy` says whose. [1]"""
    return accuracy(chip, metric, own).p90_error


def own_of(fleet: Fleet, outcome: Outcome) -> Own | None:
    """The measurement that speaks for a fleet: the main one's."""
    return outcome.resolved.own if fleet.deployment.role == "main" else None


def _range(value: float, share: float) -> Range:
    return Range(value / (1 + share), value, value * (1 + share))


@dataclass(frozen=True, slots=True)
class UserLatency:
    """What the users of one deployment see. [s]"""

    share: float
    ttft_p50: float | None
    ttft_p95: Range | None
    tpot_p50: float | None
    tpot_p95: Range | None
    e2e_p50: float | None
    e2e_p95: float | None


def fleet_latency(fleet: Fleet, outcome: Outcome) -> UserLatency:
    """Modelled times of a fleet of machines, p95 with the p90 of the model's error around it."""
    s, i, chip = fleet.computed.service, fleet.chosen, fleet.chip
    own = own_of(fleet, outcome)
    answers = fleet.deployment.osl > 0
    return UserLatency(
        share=fleet.deployment.share,
        ttft_p50=float(s.sizing.ttft_p50_s[i]),
        ttft_p95=_range(float(s.sizing.ttft_p95_s[i]), error(chip, "ttft", own)),
        tpot_p50=float(s.sizing.tpot_p50_s[i]) if answers else None,
        tpot_p95=_range(float(s.sizing.tpot_p95_s[i]), error(chip, "tpot", own)) if answers else None,
        e2e_p50=float(s.e2e_p50_s[i]),
        e2e_p95=float(s.e2e_p95_s[i]),
    )


def slow_end(terms: TokenTerms) -> float:
    """How much slower the slow end of a platform's measured speed is than its middle: the stand-in for p95. [1]"""
    speed = terms.speed
    return speed.tokens_per_s / speed.low_tokens_per_s if speed.tokens_per_s and speed.low_tokens_per_s else 1.0


def platform_latency(deployment: Deployment, terms: TokenTerms) -> UserLatency:
    """Measured times of a platform; its p95 is not published, so the slow end of what was measured stands in."""
    speed, slow = terms.speed, slow_end(terms)
    tpot = 1 / speed.tokens_per_s if speed.tokens_per_s and terms.osl else None
    quick = 1 / speed.high_tokens_per_s if speed.high_tokens_per_s else tpot
    wait = speed.ttft_s
    e2e = None if wait is None or (tpot is None and terms.osl) else wait + max(terms.osl - 1, 0) * (tpot or 0.0)
    return UserLatency(
        share=deployment.share,
        ttft_p50=wait,
        ttft_p95=Range(wait, wait * slow, wait * slow * slow) if wait else None,
        tpot_p50=tpot,
        tpot_p95=Range(quick or tpot, tpot * slow, tpot * slow * slow) if tpot else None,
        e2e_p50=e2e,
        e2e_p95=e2e * slow if e2e is not None else None,
    )


def mean(seen: Sequence[UserLatency], time_of: Callable[[UserLatency], float | None]) -> float | None:
    """A time over all deployments, weighted by their share of requests; None where nobody knows it. [s]"""
    known = [(s.share, time_s) for s in seen if (time_s := time_of(s)) is not None]
    total = sum(share for share, _ in known)
    return sum(share * time_s for share, time_s in known) / total if known and total else None


def _in_p95(seen: Sequence[UserLatency], time_of: Callable[[UserLatency], T | None]) -> list[T]:
    """A time of every deployment with enough traffic to set the p95 of the whole."""
    total = sum(s.share for s in seen)
    counted = (time_of(s) for s in seen if s.share >= LEAST_SHARE_IN_P95 * total)
    return [time for time in counted if time is not None]


def worst(seen: Sequence[UserLatency], time_of: Callable[[UserLatency], float | None]) -> float | None:
    """The slowest deployment's time. [s]"""
    return max(_in_p95(seen, time_of), default=None)


def worst_range(seen: Sequence[UserLatency], time_of: Callable[[UserLatency], Range | None]) -> Range | None:
    """The slowest deployment's time with its range. [s]"""
    return max(_in_p95(seen, time_of), key=lambda found: found.base, default=None)


def meets(value: Range | None, limit_s: float) -> bool | None:
    """Whether a p95 keeps its target, within the engine's own tolerance; None without a target or a value."""
    if math.isinf(limit_s) or value is None:
        return None
    return bool(within_target(value.base, limit_s))
