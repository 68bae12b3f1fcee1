"""The demand a workload states, its gaps filled from the preset: tokens, rates, spreads and targets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.catalog.levers import load_levers
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.normal import Z95
from components.engine.facts.periods import DAYS_PER_MONTH, HOURS_PER_WEEK, SECONDS_PER_DAY
from components.engine.scenario import Workload

if TYPE_CHECKING:
    from components.catalog.levers import WorkloadNeed
    from components.catalog.load import Catalog
    from components.catalog.records import Triple, WorkloadPreset


CV_LARGEST = 5.0
"""A wider spread than any trace shows means that mean and p95 do not belong together. [1]"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked of the service; inf where there is no target."""

    label: str
    requests_per_day: float
    isl: float
    """Mean prompt. [tokens]"""
    osl: float
    """Mean output. [tokens]"""
    isl_cv: float
    """Coefficient of variation. [1]"""
    osl_cv: float
    reuse: float
    """Prompt tokens an unlimited cache would have seen. [1]"""
    ttft_limit_s: float
    tpot_limit_s: float
    peak: float
    """Busiest hour over the mean of all 168 hours. [1]"""
    hours: float
    """Hours of operation per week. [h]"""
    dispersion: float
    """Variance over mean of arrivals. [1]"""
    estimated: tuple[str, ...]
    """Figures that are estimates, with the reason."""
    need: WorkloadNeed | None = None
    """What the model must be able to do beside reading and writing text."""

    @property
    def requests_per_s(self) -> float:
        """Over all hours of the week. [1/s]"""
        return self.requests_per_day / SECONDS_PER_DAY

    @property
    def peak_requests_per_s(self) -> float:
        """In the busiest hour. [1/s]"""
        return self.requests_per_s * self.peak

    @property
    def requests_per_month(self) -> float:
        """[1/month]"""
        return self.requests_per_day * DAYS_PER_MONTH


REQUESTS_PER_MONTH = Formula(
    "requests per day * days per month",
    "requests",
    (Symbol("requests per day", "requests"), Symbol("days per month", "days")),
    "docs/engine.md#demand",
)


BUSIEST_HOUR = Formula(
    "requests per day / 86400 * peak",
    "requests/s",
    (Symbol("requests per day", "requests"), Symbol("peak", "", "busiest hour over the mean hour")),
    "docs/engine.md#demand",
)


TOKENS_OF_A_REQUEST = Formula(
    "prompt + answer", "tokens", (Symbol("prompt", "tokens"), Symbol("answer", "tokens")), "docs/engine.md#demand"
)


def spread(mean: float, p95: float) -> float:
    """Coefficient of variation of a lognormal with this mean and 95th percentile. [1]

    With s the deviation of the logarithm: ln(p95 / mean) = z s - s^2 / 2, the smaller root.
    """
    if mean <= 0 or p95 <= mean:
        return 0.0
    room = Z95**2 - 2 * math.log(p95 / mean)
    deviation = Z95 - math.sqrt(max(room, 0.0))
    return min(math.sqrt(math.expm1(deviation**2)), CV_LARGEST)


def _base(triple: Triple) -> float:
    """The preset's figure.    Raises: ValueError where it states none: only targets may be absent."""
    if triple.base is None:
        raise ValueError(f"the workload preset states no base in {triple.unit}: give one in data/workloads.csv")
    return triple.base


def _limit_s(own_ms: float | None, triple: Triple) -> float:
    """The target, inf where it is absent or 0. [s]"""
    limit_ms = triple.base if own_ms is None else own_ms
    return limit_ms / 1e3 if limit_ms else math.inf


def _or(own: float | None, preset: float) -> float:
    return preset if own is None else own


def effective_workload(workload: Workload, catalog: Catalog) -> Traffic:
    """Numbers of a workload: its own, else the preset's.

    The peak is at least 168 / hours: work that runs part of the week is denser while it runs.
    Raises: KeyError for an unknown preset.
    """
    preset: WorkloadPreset = catalog.workloads[workload.preset]
    volume = load_levers().volumes[workload.preset]
    hours = _or(workload.hours, _base(preset.hours_of_operation_per_week)) or HOURS_PER_WEEK
    estimated = [] if workload.requests_per_day is not None else [f"requests per day: {volume.reason}"]
    own = (workload.peak, workload.hours)
    triples = (preset.peak_to_mean_hour, preset.hours_of_operation_per_week)
    for name, given, triple in zip(("peak", "hours"), own, triples, strict=True):
        if given is None and triple.basis == "estimate":
            estimated.append(f"{name}: {triple.note or 'planning value of the preset'}")
    isl, osl = _base(preset.input_tokens_mean), _base(preset.output_tokens_mean)
    return Traffic(
        label=preset.label,
        requests_per_day=_or(workload.requests_per_day, volume.requests_per_day),
        isl=_or(workload.isl, isl),
        osl=_or(workload.osl, osl),
        isl_cv=spread(isl, _base(preset.input_tokens_p95)),
        osl_cv=spread(osl, _base(preset.output_tokens_p95)),
        reuse=_or(workload.reuse, _base(preset.prefix_reuse_share)),
        ttft_limit_s=_limit_s(workload.ttft_ms, preset.ttft_target_ms),
        tpot_limit_s=_limit_s(workload.tpot_ms, preset.tpot_target_ms),
        peak=max(_or(workload.peak, _base(preset.peak_to_mean_hour)), HOURS_PER_WEEK / hours),
        hours=hours,
        dispersion=volume.dispersion,
        estimated=tuple(estimated),
        need=load_levers().needs.get(workload.preset),
    )
