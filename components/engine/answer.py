"""What the engine says of one strategy: numbers, how sure, and the steps that led to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from components.engine.measured import Own

CALIBRATED = "calibrated to your measurement"
Basis = Literal["measured", "modelled", "announced", "estimated"]
"""How a number is known, from the surest to the least; the weakest input decides."""
BASES: tuple[Basis, ...] = ("measured", "modelled", "announced", "estimated")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "why this number"."""

    topic: Literal["demand", "model", "hardware", "speed", "capacity", "price", "cost", "energy", "quality"]
    name: str
    value: float | None
    unit: str
    formula: str
    """In the field's symbols with the numbers put in: "250,000/day x 1,155 tokens"."""
    inputs: tuple[tuple[str, str], ...] = ()
    """Name and value with unit, as shown."""
    sources: tuple[str, ...] = ()
    """Source ids of the catalog."""
    basis: Basis = "modelled"
    confidence: Literal["high", "medium", "low"] = "medium"


@dataclass(frozen=True, slots=True)
class Range:
    """Base estimate with the bounds of the model's measured error."""

    low: float
    base: float
    high: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One strategy, all outputs. Money in USD (charts convert), time in s, shares 0 to 1; None is not published."""

    name: str
    kind: Literal["accelerators", "api", "mixed"]
    feasible: bool
    reasons: tuple[str, ...]
    """Infeasible: what to change, one sentence each."""
    warnings: tuple[str, ...]
    """Feasible but to be known: redundant or self-defeating levers, weak sources, announced hardware."""
    overrides: tuple[str, ...]
    """Own prices in use, as "own price 2.10 USD per chip-hour instead of 3.99 (list)"."""
    # money, USD per month
    cost_usd_per_month: Range
    cost_parts_usd_per_month: dict[str, float]
    """Component to USD per month; sums to the base cost. Keys: money.PARTS."""
    usd_per_mtok_input: float | None
    usd_per_mtok_output: float | None
    usd_per_mtok_blended: float | None
    blend: str
    """The ratio of the blended figure: "5.5 : 1 input to output"."""
    usd_per_request: float | None
    # speed
    ttft_p50_s: float | None
    ttft_p95_s: Range | None
    tpot_p50_s: float | None
    tpot_p95_s: Range | None
    e2e_p50_s: float | None
    e2e_p95_s: float | None
    output_tokens_per_s_per_user: float | None
    output_tokens_per_s_capacity: float | None
    """What the fleet can deliver inside the targets."""
    requests_per_s_peak: float
    meets_ttft: bool | None
    meets_tpot: bool | None
    # fleet
    accelerators: int | None
    """Accelerators at peak, spare included."""
    accelerator_name: str
    chips_per_replica: int | None
    replicas: int | None
    prefill_accelerators: int | None
    paid_hours_per_month: float | None
    """Replica-hours paid in a month."""
    utilisation: float | None
    """Busy share of paid capacity."""
    concurrency_peak: float | None
    # footprint
    power_kw: float | None
    """Mean facility power."""
    energy_kwh_per_month: float | None
    carbon_kg_per_month: float | None
    # quality
    grade: Literal["A", "B", "C", "D", "E"]
    extra_errors_per_1000: float | None
    quality_note: str
    # trust
    basis: Basis
    confidence: Literal["high", "medium", "low"]
    ledger: tuple[Step, ...]
    own: Own | None = None
    """The own measurement that the speeds are calibrated to."""

    @property
    def known_how(self) -> str:
        """How sure the answer is, in words: "modelled, medium confidence"."""
        own = f"{CALIBRATED}, " if self.own is not None else ""
        return f"{own}{self.basis}, {self.confidence} confidence"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Monthly saving of one strategy against the baseline by layer, two ways; both sum to the saving. [USD/month]"""

    strategy: str
    baseline_usd_per_month: float
    strategy_usd_per_month: float
    order: tuple[str, ...]
    """Order of the waterfall."""
    waterfall: dict[str, float]
    """Layer to saving; positive is cheaper."""
    shapley: dict[str, float]
    low: dict[str, float]
    """Smallest saving of the layer over all orders."""
    high: dict[str, float]
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
    """Index of the cheapest feasible strategy that meets the targets."""
    ttft_target_s: float | None
    tpot_target_s: float | None
    requests_per_day: float
    workload_label: str
    data_date: str
