"""What the engine says of one strategy: numbers, how sure, and the steps that led to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from components.engine.answer.spreads import Spread
from components.engine.facts.trust import Basis, Range
from components.engine.scenario import Grade
from components.engine.strategy.own_measurement import Own

CALIBRATED = "calibrated to your measurement"
YOUR_FIGURES = "your figures"
"""Mark of what rests on prices or other figures of the reader's own."""


Topic = Literal["demand", "model", "hardware", "speed", "capacity", "price", "cost", "energy", "quality"]


Found = Literal["formula", "look-up", "search", "sentence"]
"""How a step's value was found: the printed formula gives it from the printed inputs; read from a table or stated by
the reader; the best of many, or the middle of several; or the step says something and has no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyStep:
    """One line of "why this number"."""

    topic: Topic
    name: str
    value: float | None
    unit: str
    found: Found
    formula: str
    """With `found` "formula" in the names of the inputs; otherwise how the value was found, in words."""
    inputs: tuple[tuple[str, str], ...] = ()
    """Name and value with unit, as shown: those of the formula first, then what else is worth knowing."""
    exact: tuple[tuple[str, float, str], ...] = ()
    """Name, unrounded value and unit of each symbol of the formula; with "%" the value is a share of 1."""
    sources: tuple[str, ...] = ()
    """Source ids of the catalog."""
    basis: Basis = "modelled"
    confidence: Literal["high", "medium", "low"] = "medium"


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
    """Own figures in use, as "own price 2.10 USD per chip-hour instead of 3.99 (list)"."""
    # money, USD per month
    cost_usd_per_month: Range
    spreads: tuple[Spread, ...]
    """What makes it a range."""
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
    people: float | None
    """Full-time equivalents charged to run the fleet; None where nothing is run."""
    # footprint
    power_kw: float | None
    """Mean facility power."""
    energy_kwh_per_month: float | None
    carbon_kg_per_month: float | None
    # quality
    grade: Grade
    extra_errors_per_1000: float | None
    quality_note: str
    # trust
    basis: Basis
    confidence: Literal["high", "medium", "low"]
    explain: Callable[[], tuple[WhyStep, ...]] = field(repr=False, compare=False)
    """Gives the steps of "why this number", worked out when somebody asks for them and kept."""
    own: Own | None = None
    """The own measurement that the speeds are calibrated to."""
    writes: bool = True
    """Whether the workload has an answer in words: an embedding has none."""
    awaited: bool = True
    """Whether a target of time is set and somebody waits."""
    unproven: tuple[str, ...] = ()
    """Targets that are set and for which no time is published, in words."""
    colour: int = 0
    """Number of its colour on every chart."""
    at_risk: tuple[str, ...] = ()
    """Targets that are kept, but not at the slow end of the range, in words."""

    @property
    def ledger(self) -> tuple[WhyStep, ...]:
        """The steps from facts to each figure."""
        return self.explain()

    @property
    def priced(self) -> bool:
        """Whether there is a cost at all, be it nothing: what has no price is not free."""
        return bool(self.cost_parts_usd_per_month)

    @property
    def own_marked(self) -> bool:
        """Whether the bill rests on a figure of the reader's own, so that what shows it says so."""
        return bool(self.overrides)

    @property
    def known_how(self) -> str:
        """How sure the answer is, in words: "modelled, medium confidence"."""
        own = f"{CALIBRATED}, " if self.own is not None else ""
        own += f"{YOUR_FIGURES}, " if self.own_marked else ""
        return f"{own}{self.basis}, {self.confidence} confidence"
