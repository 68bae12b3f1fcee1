"""Candidate replicas of many strategies as one batch: machines, demand, purchase terms and what a month asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics import monthly_bill
from components.engine.economics.hours import FIXED, HOURLY, ZERO
from components.engine.facts.arrays import Rows, Vec, column
from components.engine.replica.record import Physics
from components.engine.serving.demand import Demand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from components.engine.economics.terms import Purchase
    from components.engine.strategy.records import Candidates, Deployment, Resolved


CODES = {
    "rent": monthly_bill.RENTAL,
    "owned": monthly_bill.OWNED,
    "dedicated": monthly_bill.DEDICATED,
    "edge": monthly_bill.EDGE,
}


SCALES = {"fixed": FIXED, "hourly": HOURLY, "zero": ZERO}


DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Terms(Rows):
    """Purchase of one group of chips; every field has shape (n,)."""

    code: Vec
    chips: Vec
    """Per replica; 0 where the replica has no such group. [1]"""
    usd_per_chip_hour: Vec
    overhead_share: Vec
    capex_usd_per_chip: Vec
    years: Vec
    cost_of_capital: Vec
    residual_share: Vec
    maintenance_share: Vec
    kw_per_chip: Vec
    pue: Vec
    usd_per_kwh: Vec
    carbon_kg_per_kwh: Vec
    colo_usd_per_kw_month: Vec
    staff_usd_per_year: Vec
    staff_usd_per_chip_year: Vec
    paid_hours_factor: Vec


def terms_row(terms: Purchase | None, chips: float, *, staffed: bool) -> dict[str, float]:
    """One row of `Terms`; the fixed part of the staff is charged once per strategy."""
    if terms is None:
        return dict.fromkeys(Terms.__slots__, 0.0) | {"years": 1.0, "pue": 1.0, "paid_hours_factor": 1.0}
    row = {name: float(getattr(terms, name)) for name in Terms.__slots__ if name not in {"code", "chips"}}
    staff = row["staff_usd_per_year"] if staffed else 0.0
    return row | {"code": CODES[terms.kind], "chips": float(chips), "staff_usd_per_year": staff}


@dataclass(frozen=True, slots=True)
class Plan(Rows):
    """What a fleet is asked for in a month and how it follows the load; every field has shape (n,)."""

    requests_per_month: Vec
    isl: Vec
    osl: Vec
    peak: Vec
    hours: Vec
    deferred: Vec
    autoscale: Vec
    floor: Vec
    lag_hours: Vec
    linger_hours: Vec
    idle_power_share: Vec


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to compute together; `pool` machines are read only where `pooled`."""

    physics: Physics
    demand: Demand
    pool: Physics
    pooled: Vec
    main: Terms
    beside: Terms
    """Chips of the prefill pool where pooled."""
    sram: Terms
    """Chips in the same replica that keep weights in SRAM."""
    plan: Plan

    def take(self, rows: NDArray[np.intp] | slice) -> Batch:
        """The rows that an index or a slice selects."""
        machines = {name: getattr(self, name).take(rows) for name in Batch.__slots__ if name != "pooled"}
        return Batch(pooled=self.pooled[rows], **machines)

    def at_volume(self, factor: Vec) -> Batch:
        """The same fleets under `factor` times the requests, shape (n,)."""
        demand = replace(self.demand, peak_requests_per_s=self.demand.peak_requests_per_s * factor)
        plan = replace(self.plan, requests_per_month=self.plan.requests_per_month * factor)
        return replace(self, demand=demand, plan=plan)

    def varied(
        self, *, price: Vec | None, isl: Vec | None, osl: Vec | None, ttft: Vec | None, tpot: Vec | None
    ) -> Batch:
        """The same fleets with prices and lengths multiplied and targets replaced, each of shape (n,) or None."""
        one = np.ones_like(self.pooled)
        by_price = one if price is None else price
        by_isl, by_osl = (one if isl is None else isl), (one if osl is None else osl)

        def machine(p: Physics) -> Physics:
            return replace(p, isl=p.isl * by_isl, new_isl=p.new_isl * by_isl, osl=p.osl * by_osl)

        def terms(t: Terms) -> Terms:
            return replace(
                t,
                usd_per_chip_hour=t.usd_per_chip_hour * by_price,
                capex_usd_per_chip=t.capex_usd_per_chip * by_price,
            )

        d = self.demand
        demand = replace(
            d,
            ttft_limit_s=d.ttft_limit_s if ttft is None else ttft,
            tpot_limit_s=d.tpot_limit_s if tpot is None else tpot,
            transfer_bytes=d.transfer_bytes * by_isl,
            reload_s=d.reload_s * by_isl,
        )
        plan = replace(self.plan, isl=self.plan.isl * by_isl, osl=self.plan.osl * by_osl)
        return replace(
            self,
            physics=machine(self.physics),
            pool=machine(self.pool),
            demand=demand,
            main=terms(self.main),
            beside=terms(self.beside),
            sram=terms(self.sram),
            plan=plan,
        )


@dataclass(frozen=True, slots=True)
class FleetRows:
    """One fleet of a strategy, each of whose candidates becomes a row."""

    resolved: Resolved
    deployment: Deployment
    found: Candidates
    staffed: bool
    """Whether the staff that no fleet is too small for is paid here."""
    linger_s: float
    idle_power_share: float

    def plan(self) -> dict[str, float]:
        """What a month asks of any of the candidates."""
        d = self.deployment
        return {
            "requests_per_month": d.requests_per_day * DAYS_PER_MONTH,
            "isl": d.isl,
            "osl": d.osl,
            "peak": d.peak,
            "hours": d.hours,
            "deferred": self.resolved.deferred_share,
            "autoscale": SCALES[self.resolved.scaling] if d.role != "edge" else FIXED,
            "floor": 1.0,
            "lag_hours": self.resolved.scale_lag_s / 3600,
            "linger_hours": self.linger_s / 3600,
            "idle_power_share": self.idle_power_share,
        }


def stack(fleets: Sequence[FleetRows]) -> Batch:
    """One batch of the candidates of all fleets, in order."""
    found = [f.found for f in fleets]
    fleet_of = np.repeat(np.arange(len(fleets)), [len(c) for c in found])
    physics = Physics.stack([c.physics for c in found])
    pooled = column(c.pool is not None for c in found)[fleet_of]
    pool = Physics.stack([c.physics if c.pool is None else c.pool for c in found]) if pooled.any() else physics
    bought = [f.deployment for f in fleets]
    main = [terms_row(f.deployment.purchase, 1.0, staffed=f.staffed) for f in fleets]
    beside = [terms_row(d.pool_purchase, 1.0, staffed=False) for d in bought]
    sram = [terms_row(d.sram_purchase, d.sram_chips, staffed=False) for d in bought]
    beside_terms = Terms.of(beside).take(fleet_of)
    return Batch(
        physics=physics,
        demand=Demand.stack([c.demand for c in found]),
        pool=pool,
        pooled=pooled,
        main=replace(Terms.of(main).take(fleet_of), chips=physics.chips),
        beside=replace(beside_terms, chips=beside_terms.chips * pooled * pool.chips),
        sram=Terms.of(sram).take(fleet_of),
        plan=Plan.of([f.plan() for f in fleets]).take(fleet_of),
    )
