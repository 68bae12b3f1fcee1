"""One configuration as it is reported: a strategy, and the figures that decide about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from components.catalog.records import Confidence
    from components.engine.facts.trust import Basis
    from components.engine.scenario import Grade, Strategy


@dataclass(frozen=True, slots=True)
class Option:
    """A configuration; None where a figure is not published. Equal to the engine's answer for `strategy`."""

    strategy: Strategy
    kind: Literal["accelerators", "api"]
    seller: str
    """Cloud, platform, "market median" or "own machines"."""
    cost_usd_per_month: float
    ttft_p95_s: float | None
    tpot_p95_s: float | None
    slow_s: float | None
    """Seconds per output token at the median; to the first word where nothing is written."""
    throughput_tokens_per_s: float | None
    accelerators: float | None
    """At peak, spare included, users' own devices left out; None for a platform. [1]"""
    power_kw: float | None
    """Mean facility power. [kW]"""
    energy_kwh_per_month: float | None
    carbon_kg_per_month: float | None
    grade: Grade
    extra_errors_per_1000: float | None
    confidence: Confidence
    basis: Basis
    at_risk: tuple[str, ...] = ()
    """Targets that a platform keeps, but not at the slow end of what was measured, in words."""

    @property
    def output_tokens_per_s_per_user(self) -> float | None:
        """Speed one user sees; None without output. [tokens/s]"""
        return 1 / self.slow_s if self.slow_s and self.tpot_p95_s else None
