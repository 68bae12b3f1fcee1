"""Candidate replicas of many strategies as one batch: machines, demand, purchase terms and what a month asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics.hours import AUTOSCALE, Autoscale
from components.engine.economics.purchase import NOTHING
from components.engine.economics.staff import Team, team_figures
from components.engine.economics.terms import Bought, PurchaseTerms, at_price
from components.engine.facts.arrays import Mask, Rows, Vec
from components.engine.facts.periods import SECONDS_PER_HOUR
from components.engine.replica.record import Physics
from components.engine.serving.demand import Demand

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.strategy.records import Candidates, Deployment, Resolved


@dataclass(frozen=True, slots=True)
class Plan(Rows):
    """What a fleet is asked for in a month and how it follows the load; every field has shape (n,)."""

    requests_per_month: Vec
    peak: Vec
    hours: Vec
    deferred_share: Vec
    autoscale: Vec
    floor: Vec
    lag_hours: Vec
    linger_hours: Vec
    idle_power_share: Vec


@dataclass(frozen=True, slots=True)
class Batch(Rows):
    """Rows to compute together; `pool` machines are read only where `pooled`."""

    physics: Physics
    demand: Demand
    pool: Physics
    pooled: Mask
    main: PurchaseTerms
    beside: PurchaseTerms
    """Chips of the prefill pool where pooled."""
    sram: PurchaseTerms
    """Chips in the same replica that keep weights in SRAM."""
    plan: Plan
    team: Team

    def at_volume(self, factor: Vec) -> Batch:
        """The same fleets under `factor` times the requests, shape (n,)."""
        demand = replace(self.demand, peak_requests_per_s=self.demand.peak_requests_per_s * factor)
        plan = replace(self.plan, requests_per_month=self.plan.requests_per_month * factor)
        return replace(self, demand=demand, plan=plan)

    def varied(
        self, *, price: Vec | None, isl: Vec | None, osl: Vec | None, ttft: Vec | None, tpot: Vec | None
    ) -> Batch:
        """The same fleets with prices and lengths multiplied and targets replaced, each of shape (n,) or None."""
        one = np.ones(len(self.pooled))
        by_price = one if price is None else price
        by_isl, by_osl = (one if isl is None else isl), (one if osl is None else osl)

        def machine(p: Physics) -> Physics:
            return replace(p, isl=p.isl * by_isl, new_isl=p.new_isl * by_isl, osl=p.osl * by_osl)

        d = self.demand
        demand = replace(
            d,
            ttft_limit_s=d.ttft_limit_s if ttft is None else ttft,
            tpot_limit_s=d.tpot_limit_s if tpot is None else tpot,
            transfer_bytes=d.transfer_bytes * by_isl,
            reload_s=d.reload_s * by_isl,
        )
        return replace(
            self,
            physics=machine(self.physics),
            pool=machine(self.pool),
            demand=demand,
            main=at_price(self.main, by_price),
            beside=at_price(self.beside, by_price),
            sram=at_price(self.sram, by_price),
        )


@dataclass(frozen=True, slots=True)
class FleetRows:
    """One fleet of a strategy, each of whose candidates becomes a row."""

    resolved: Resolved
    deployment: Deployment
    found: Candidates
    chip: Accelerator
    purchase: Purchase

    def main(self) -> list[Bought]:
        """Chips that decode, of each candidate."""
        return [Bought(self.purchase, cut.chips) for cut in self.found.layouts]

    def beside(self) -> list[Bought]:
        """Chips of the prefill pool, of each candidate."""
        if self.found.pool is None:
            return [Bought(NOTHING, 0)] * len(self.found)
        bought = self.deployment.pool_purchase or NOTHING
        return [Bought(bought, cut.chips) for cut in self.found.pool_layouts]

    def sram(self) -> list[Bought]:
        """Chips that keep weights in SRAM, of each candidate."""
        d = self.deployment
        return [Bought(d.sram_purchase or NOTHING, d.sram_chips)] * len(self.found)

    def plan(self, book: Book) -> dict[str, float]:
        """What a month asks of any of the candidates."""
        d, resolved = self.deployment, self.resolved
        return {
            "requests_per_month": d.requests_per_month,
            "peak": d.peak,
            "hours": d.hours,
            "deferred_share": resolved.deferred_share,
            "autoscale": AUTOSCALE[resolved.scaling] if d.role != "edge" else Autoscale.FIXED,
            "floor": 1.0,
            "lag_hours": resolved.scale_lag_s / SECONDS_PER_HOUR,
            "linger_hours": book.value("scale_linger_s") / SECONDS_PER_HOUR,
            "idle_power_share": book.value("idle_power_share"),
        }


def stack(fleets: Sequence[FleetRows], book: Book) -> Batch:
    """One batch of the candidates of all fleets, in order."""
    found = [fleet.found for fleet in fleets]
    fleet_of = np.repeat(np.arange(len(fleets)), [len(c) for c in found])
    physics = Physics.stack([c.physics for c in found])
    pooled = np.array([c.pool is not None for c in found])[fleet_of]
    return Batch(
        physics=physics,
        demand=Demand.stack([c.demand for c in found]),
        pool=Physics.stack([c.physics if c.pool is None else c.pool for c in found]) if pooled.any() else physics,
        pooled=pooled,
        main=PurchaseTerms.of_purchases([group for fleet in fleets for group in fleet.main()]),
        beside=PurchaseTerms.of_purchases([group for fleet in fleets for group in fleet.beside()]),
        sram=PurchaseTerms.of_purchases([group for fleet in fleets for group in fleet.sram()]),
        plan=Plan.of([fleet.plan(book) for fleet in fleets]).take(fleet_of),
        team=Team.of([team_figures(book)] * len(fleet_of)),
    )
