"""What a strategy becomes before it is computed: deployments with candidate layouts, demand, and ways to pay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from components.catalog.records import Accelerator, Confidence, Model
from components.engine.answer import Basis
from components.engine.measured import Own
from components.engine.quality import Quality
from components.engine.scenario import Strategy
from components.engine.traffic import Traffic

Role = Literal["main", "routed", "edge"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one replica is cut over its chips. [1]"""

    chips: int
    tp: int = 1
    dp: int = 1
    ep: int = 1
    pp: int = 1


@dataclass(slots=True)
class Candidate:
    """One replica the evaluator may choose: rows for `Physics.of` and `Demand.of`, SI."""

    layout: Layout
    physics: dict[str, float]
    demand: dict[str, float]
    pool: dict[str, float] | None = None
    """The prefill pool's machine, None where prefill shares the replica."""
    pool_layout: Layout | None = None


@dataclass(slots=True)
class Purchase:
    """How machine time is paid for; the evaluator turns it into money. USD, SI unless the name says otherwise."""

    kind: Literal["rent", "owned", "dedicated", "edge"]
    usd_per_chip_hour: float
    """Rent with spot and reserved terms in it; 0 where owned. [USD/h]"""
    overhead_share: float
    """Storage, egress and control plane above rent. [1]"""
    capex_usd_per_chip: float
    """Machine with host and network, installed; 0 where rented. [USD]"""
    years: float
    cost_of_capital: float
    """[1/year]"""
    residual_share: float
    """Of the price, at the end of `years`. [1]"""
    maintenance_share: float
    """Of the price. [1/year]"""
    kw_per_chip: float
    """At full load, host share included. [kW]"""
    pue: float
    usd_per_kwh: float
    """0 where the rent contains power. [USD/kWh]"""
    carbon_kg_per_kwh: float
    colo_usd_per_kw_month: float
    """0 where rented. [USD/kW-month]"""
    staff_usd_per_year: float
    """Of the whole deployment, whatever its size. [USD/year]"""
    staff_usd_per_chip_year: float
    paid_hours_factor: float
    """Hours paid over hours needed: spot replacements. [1]"""
    provider: str
    rule: str
    """How the price was chosen, as a sentence part."""
    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...] = ()
    low_usd_per_chip_hour: float = 0.0
    high_usd_per_chip_hour: float = 0.0


@dataclass(slots=True)
class Speed:
    """What one user saw of a hosted model."""

    ttft_s: float | None
    tokens_per_s: float | None
    low_tokens_per_s: float | None
    high_tokens_per_s: float | None
    kind: str
    """independent, telemetry, vendor; "not published" without a measurement."""
    confidence: Confidence
    source: str


@dataclass(slots=True)
class TokenTerms:
    """Per-token purchase. USD per token."""

    usd_per_token_input: float
    usd_per_token_cached: float
    usd_per_token_output: float
    cached_share: float
    """Prompt tokens billed as cached. [1]"""
    batch_discount: float
    """Taken off the deferred share; 0 where no batch price is known. [1]"""
    deferred_share: float
    isl: float
    osl: float
    speed: Speed
    provider: str
    rule: str
    confidence: Confidence
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class Deployment:
    """One fleet, or one per-token purchase, and the share of all requests it answers."""

    role: Role
    share: float
    """Of the workload's requests, response cache taken off. [1]"""
    requests_per_day: float
    model: Model
    chip: Accelerator | None
    """None for a per-token purchase."""
    pool_chip: Accelerator | None
    candidates: tuple[Candidate, ...]
    purchase: Purchase | None
    pool_purchase: Purchase | None
    """Terms of the prefill pool's chips; None without a pool."""
    api: TokenTerms | None
    isl: float
    """Prompt after compression. [tokens]"""
    new_isl: float
    """Prompt tokens computed. [tokens]"""
    osl: float
    peak: float
    """Busiest hour over the mean of all 168 hours, before deferred work is levelled. [1]"""
    hours: float
    """Hours of operation per week. [h]"""
    sram_chips: int = 0
    """Further chips in each replica that keep weights in SRAM (LPX), to be paid by `sram_purchase`."""
    sram_chip: Accelerator | None = None
    sram_purchase: Purchase | None = None


@dataclass(slots=True)
class Resolved:
    """A strategy on a workload, checked and ready to compute."""

    strategy: Strategy
    feasible: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    overrides: tuple[str, ...]
    deployments: tuple[Deployment, ...]
    requests_per_day: float
    """Of the workload, before the response cache. [1/day]"""
    cached_share: float
    """Requests answered from the response cache. [1]"""
    extra_usd_per_day: dict[str, float]
    """Router, compressor and response cache. [USD/day]"""
    scaling: str
    """fixed, hourly or zero."""
    deferred_share: float
    cold_start_s: float
    scale_lag_s: float
    """Time from the decision to a serving replica. [s]"""
    ttft_limit_s: float
    tpot_limit_s: float
    traffic: Traffic
    quality: Quality | None
    """None where no model answers."""
    grade: Literal["A", "B", "C", "D", "E"]
    extra_errors_per_1000: float | None
    quality_note: str
    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...]
    own: Own | None = None
    """The own measurement of the main fleet, where there is one that could be used."""
    edits: tuple[str, ...] = field(default=())
    """Each lever in use, as a sentence of what it edits."""
