"""What a strategy becomes before it is computed: deployments with candidate layouts, demand, and ways to pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from components.catalog.records import Accelerator, AnsweringModel, Confidence
from components.engine.economics.terms import Purchase, TokenTerms
from components.engine.facts.periods import DAYS_PER_MONTH, SECONDS_PER_DAY
from components.engine.facts.trust import Basis
from components.engine.facts.workload import Traffic
from components.engine.replica.layout import Layout
from components.engine.replica.record import Physics
from components.engine.scenario import Grade, Scale, Strategy
from components.engine.serving.demand import Demand
from components.engine.strategy.own_measurement import Own
from components.engine.strategy.quality import Quality

Role = Literal["main", "routed", "edge"]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Replicas of one fleet that the evaluator may choose among, one row each; at least one."""

    layouts: tuple[Layout, ...]
    physics: Physics
    demand: Demand
    pool: Physics | None = None
    """The prefill pool's machine beside each; None where prefill shares the replica."""
    pool_layouts: tuple[Layout, ...] = ()

    def __len__(self) -> int:
        return len(self.layouts)

    def __getitem__(self, row: int) -> Candidate:
        return Candidate(self, range(len(self))[row])


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the replicas; its arrays have shape (1,)."""

    among: Candidates
    row: int

    @property
    def layout(self) -> Layout:
        """How it is cut."""
        return self.among.layouts[self.row]

    @property
    def pool_layout(self) -> Layout | None:
        """How its prefill pool's machine is cut; None without one."""
        return self.among.pool_layouts[self.row] if self.among.pool_layouts else None

    @property
    def physics(self) -> Physics:
        """What it is made of."""
        return self.among.physics.take(slice(self.row, self.row + 1))

    @property
    def demand(self) -> Demand:
        """What its fleet must serve."""
        return self.among.demand.take(slice(self.row, self.row + 1))

    @property
    def pool(self) -> Physics | None:
        """Its prefill pool's machine; None where prefill shares the replica."""
        return None if self.among.pool is None else self.among.pool.take(slice(self.row, self.row + 1))


@dataclass(slots=True)
class Deployment:
    """One fleet, or one per-token purchase, and the share of all requests it answers."""

    role: Role
    share: float
    """Of the workload's requests, response cache taken off. [1]"""
    traffic: Traffic
    """Of the whole workload."""
    model: AnsweringModel
    """With an architecture where it runs on machines."""
    isl: float
    """Prompt after compression. [tokens]"""
    new_isl: float
    """Prompt tokens computed. [tokens]"""
    osl: float
    chip: Accelerator | None = None
    """None for a per-token purchase."""
    pool_chip: Accelerator | None = None
    candidates: Candidates | None = None
    """None for a per-token purchase, and where no replica holds the model."""
    purchase: Purchase | None = None
    pool_purchase: Purchase | None = None
    """Terms of the prefill pool's chips; None without a pool."""
    api: TokenTerms | None = None
    sram_chips: int = 0
    """Further chips in each replica that keep weights in SRAM (LPX), to be paid by `sram_purchase`."""
    sram_chip: Accelerator | None = None
    sram_purchase: Purchase | None = None

    @property
    def requests_per_day(self) -> float:
        """[1/day]"""
        return self.traffic.requests_per_day * self.share

    @property
    def peak(self) -> float:
        """Busiest hour over the mean of all 168 hours, before deferred work is levelled. [1]"""
        return self.traffic.peak

    @property
    def hours(self) -> float:
        """Hours of operation per week. [h]"""
        return self.traffic.hours

    @property
    def requests_per_month(self) -> float:
        """[1/month]"""
        return self.requests_per_day * DAYS_PER_MONTH

    @property
    def peak_requests_per_s(self) -> float:
        """In the busiest hour, before deferred work is levelled. [1/s]"""
        return self.requests_per_day / SECONDS_PER_DAY * self.peak


@dataclass(slots=True)
class Resolved:
    """A strategy on a workload, checked and ready to compute."""

    strategy: Strategy
    feasible: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    overrides: tuple[str, ...]
    deployments: tuple[Deployment, ...]
    cached_share: float
    """Requests answered from the response cache. [1]"""
    extra_usd_per_day: dict[str, float]
    """Router, compressor and response cache. [USD/day]"""
    scaling: Scale
    deferred_share: float
    cold_start_s: float
    scale_lag_s: float
    """Time from the decision to a serving replica. [s]"""
    ttft_limit_s: float
    tpot_limit_s: float
    traffic: Traffic
    quality: Quality | None
    """None where no model answers."""
    grade: Grade
    extra_errors_per_1000: float | None
    quality_note: str
    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...]
    own: Own | None = None
    """The own measurement of the main fleet, where there is one that could be used."""
    edits: tuple[str, ...] = field(default=())
    """Each lever in use, as a sentence of what it edits."""

    @property
    def extra_usd_per_month(self) -> float:
        """Router, compressor and response cache. [USD/month]"""
        return sum(self.extra_usd_per_day.values()) * DAYS_PER_MONTH
