"""Candidate replicas of many strategies as one batch: machines, demand, purchase terms and what a month asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics import monthly_bill
from components.engine.economics.hours import FIXED, HOURLY, ZERO
from components.engine.facts.arrays import Rows, Vec
from components.engine.replica.record import Physics
from components.engine.serving.demand import Demand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.engine.economics.terms import Purchase
    from components.engine.strategy.records import Candidate, Deployment, Resolved


CODES = {
    "rent": monthly_bill.RENTAL,
    "owned": monthly_bill.OWNED,
    "dedicated": monthly_bill.DEDICATED,
    "edge": monthly_bill.EDGE,
}


SCALES = {"fixed": FIXED, "hourly": HOURLY, "zero": ZERO}


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
    deferred_share: Vec
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


def row_of(
    resolved: Resolved,
    deployment: Deployment,
    candidate: Candidate,
    *,
    staffed: bool,
    linger_s: float,
    idle_power_share: float,
) -> dict[str, dict[str, float]]:
    """Everything `stack` needs of one candidate."""
    scaling = SCALES[resolved.scaling] if deployment.role != "edge" else FIXED
    return {
        "physics": candidate.physics,
        "demand": candidate.demand,
        "pool": candidate.pool or candidate.physics,
        "pooled": {"pooled": float(candidate.pool is not None)},
        "main": terms_row(deployment.purchase, candidate.layout.chips, staffed=staffed),
        "beside": terms_row(
            deployment.pool_purchase, candidate.pool_layout.chips if candidate.pool_layout else 0, staffed=False
        ),
        "sram": terms_row(deployment.sram_purchase, deployment.sram_chips, staffed=False),
        "plan": {
            "requests_per_month": deployment.requests_per_month,
            "isl": deployment.isl,
            "osl": deployment.osl,
            "peak": deployment.peak,
            "hours": deployment.hours,
            "deferred_share": resolved.deferred_share,
            "autoscale": scaling,
            "floor": 1.0,
            "lag_hours": resolved.scale_lag_s / 3600,
            "linger_hours": linger_s / 3600,
            "idle_power_share": idle_power_share,
        },
    }


def stack(rows: list[dict[str, dict[str, float]]]) -> Batch:
    """One batch of many candidates."""

    def column(name: str) -> list[dict[str, float]]:
        return [row[name] for row in rows]

    physics = Physics.of(column("physics"))
    pooled = np.array([row["pooled"]["pooled"] for row in rows])
    return Batch(
        physics=physics,
        demand=Demand.of(column("demand")),
        pool=Physics.of(column("pool")) if pooled.any() else physics,
        pooled=pooled,
        main=Terms.of(column("main")),
        beside=Terms.of(column("beside")),
        sram=Terms.of(column("sram")),
        plan=Plan.of(column("plan")),
    )
