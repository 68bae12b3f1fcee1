"""From candidate replicas to speed, hours, money and energy: every fleet of every strategy in one vectorised pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from components.engine import money
from components.engine.energy import Energy, energy
from components.engine.hours import (
    FIXED,
    HOURLY,
    HOURS_PER_MONTH,
    ZERO,
    Hours,
    Scaling,
    levelled,
    prefill_hours_per_month,
    replica_hours_per_month,
    week_profile,
)
from components.engine.money import Cost, Usage
from components.engine.fleet import replicas_for
from components.engine.physics import Demand, Physics, Rows, Vec
from components.engine.queues import whole
from components.engine.serve import Service, serve

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.deployment import Candidate, Deployment, Purchase, Resolved

CODES = {"rent": money.RENTAL, "owned": money.OWNED, "dedicated": money.DEDICATED, "edge": money.EDGE}
SCALES = {"fixed": FIXED, "hourly": HOURLY, "zero": ZERO}
DAYS_PER_MONTH = 365.25 / 12
_NO_TOKENS = dict.fromkeys(
    (
        "api_input_usd_per_token",
        "api_cached_usd_per_token",
        "api_output_usd_per_token",
        "cached_share",
        "batch_discount",
        "batch_share",
    ),
    0.0,
)


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

    def take(self, rows: object) -> Batch:
        """The rows that an index or a mask selects."""
        return Batch(
            *(getattr(self, n).take(rows) if n != "pooled" else self.pooled[rows] for n in Batch.__slots__)  # type: ignore[index]
        )

    def at_volume(self, factor: Vec) -> Batch:
        """The same fleets under `factor` times the requests, shape (n,)."""
        demand = replace(self.demand, peak_requests_per_s=self.demand.peak_requests_per_s * factor)
        plan = replace(self.plan, requests_per_month=self.plan.requests_per_month * factor)
        return replace(self, demand=demand, plan=plan)


    def varied(self, *, price: Vec | None, isl: Vec | None, osl: Vec | None, ttft: Vec | None, tpot: Vec | None) -> Batch:
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
class Computed:
    """What a batch came to; every array has shape (n,)."""

    service: Service
    hours: Hours
    pool_hours: Hours
    cost: Cost
    usage: Usage
    energy: Energy

    @property
    def feasible(self) -> Vec:
        """Whether the row works and meets its targets."""
        s = self.service
        return np.asarray((s.binding == 0) & (s.meets_ttft > 0) & (s.meets_tpot > 0))


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
            "requests_per_month": deployment.requests_per_day * DAYS_PER_MONTH,
            "isl": deployment.isl,
            "osl": deployment.osl,
            "peak": deployment.peak,
            "hours": deployment.hours,
            "deferred": resolved.deferred_share,
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


def compute(batch: Batch, g: Parameters) -> Computed:
    """Serve the demand, pay the hours, count the energy. Rows do not influence each other."""
    return charge(batch, _served(batch, g))


def resized(service: Service, demand: Demand, rate_factor: Vec) -> Service:
    """The fleet for another peak, and for replicas faster or slower by a factor; latencies are not redone.

    A replica's largest rate does not depend on the volume, so its count follows exactly. A prefill pool keeps its load.
    Args: service, of the same rows at any peak; demand, at the new one; rate_factor, shape (n,). [1]
    """
    before = service.load * service.replicas_active * service.rate_max_per_replica
    growth = np.where(before > 0, demand.peak_requests_per_s / np.where(before > 0, before, 1.0), 1.0) / rate_factor
    rate = service.rate_max_per_replica * rate_factor
    active = replicas_for(rate, demand)
    spare = service.replicas - service.replicas_active
    wanted = service.prefill_active * growth
    pool = np.where(wanted > 0, whole(wanted), 0.0)
    return replace(
        service,
        rate_max_per_replica=rate,
        replicas_active=active,
        replicas=active + spare,
        prefill_active=pool,
        prefill_replicas=np.where(pool > 0, pool + spare, 0.0),
        rho=np.where(pool > 0, service.rho * wanted / np.maximum(pool, 1.0), service.rho),
        load=demand.peak_requests_per_s / (active * rate),
    )


def charge(batch: Batch, service: Service) -> Computed:
    """Pay the hours and count the energy of fleets whose size is known."""
    plan = batch.plan
    weights = _weights(plan)
    scaling = Scaling(plan.autoscale, plan.floor, plan.lag_hours, plan.linger_hours)
    hours = replica_hours_per_month(service, batch.demand, weights, scaling)
    pool_hours = _pool_hours(service, batch, weights, scaling)
    tokens = plan.requests_per_month * (plan.isl + plan.osl)
    groups = (
        (batch.main, hours, service.replicas),
        (batch.sram, hours, service.replicas),
        (batch.beside, pool_hours, service.prefill_replicas),
    )
    costs: list[Cost] = []
    used: list[Energy] = []
    for terms, paid, replicas in groups:
        if terms is not batch.main and not terms.chips.any():
            continue
        spent = _energy(terms, paid, replicas, plan, tokens)
        costs.append(money.monthly_cost(_purchase(terms, replicas), _usage(service, paid, replicas, spent, plan, terms)))
        used.append(spent)
    cost, power = costs[0], used[0]
    for more, extra in zip(costs[1:], used[1:], strict=True):
        cost, power = cost.plus(more), power.plus(extra, tokens)
    usage = _usage(service, hours, service.replicas, power, plan, batch.main)
    return Computed(service, hours, pool_hours, cost, usage, power)


def _served(batch: Batch, g: Parameters) -> Service:
    pooled = batch.pooled > 0
    if not pooled.any():
        return serve(batch.physics, batch.demand, g)
    if pooled.all():
        return serve(batch.physics, batch.demand, g, batch.pool)
    alone = serve(batch.physics.take(~pooled), batch.demand.take(~pooled), g)
    beside = serve(batch.physics.take(pooled), batch.demand.take(pooled), g, batch.pool.take(pooled))
    order = np.empty(len(pooled), dtype=np.intp)
    order[np.concatenate([np.flatnonzero(~pooled), np.flatnonzero(pooled)])] = np.arange(len(pooled))
    return Service.stack([alone, beside]).take(order)


def _weights(plan: Plan) -> Vec:
    """Load of the 168 hours of each row, deferred work levelled, shape (n, 168)."""
    shapes, index = np.unique(np.stack([plan.peak, plan.hours, plan.deferred], axis=1), axis=0, return_inverse=True)
    table = np.stack([week_profile(float(peak), float(hours)) for peak, hours, _ in shapes])
    if (shapes[:, 2] > 0).any():
        table = np.where(shapes[:, 2:] > 0, levelled(table, shapes[:, 2]), table)
    return np.asarray(table[index.ravel()])


def _pool_hours(service: Service, batch: Batch, weights: Vec, scaling: Scaling) -> Hours:
    if not (batch.pooled > 0).any():
        nothing = np.zeros_like(batch.pooled)
        return Hours(nothing, nothing, nothing, nothing)
    found = prefill_hours_per_month(service, batch.demand, weights, scaling)
    return Hours(*(np.where(batch.pooled > 0, getattr(found, name), 0.0) for name in Hours.__slots__))


def _energy(terms: Terms, paid: Hours, replicas: Vec, plan: Plan, tokens: Vec) -> Energy:
    owned = terms.code == money.OWNED
    edge = terms.code == money.EDGE
    powered = np.where(owned, replicas * HOURS_PER_MONTH, paid.paid)
    powered = np.where(edge, np.minimum(paid.busy, powered), powered)
    return energy(
        powered_hours=powered,
        busy_hours=paid.busy,
        chips=terms.chips,
        kw_per_chip=terms.kw_per_chip,
        idle_power_share=plan.idle_power_share,
        pue=terms.pue,
        carbon_kg_per_kwh=terms.carbon_kg_per_kwh,
        tokens_per_month=tokens,
    )


def _purchase(terms: Terms, replicas: Vec) -> money.Purchase:
    staff = terms.staff_usd_per_year + terms.staff_usd_per_chip_year * terms.chips * replicas
    none = dict.fromkeys(_NO_TOKENS, np.zeros_like(terms.chips))
    return money.Purchase(
        code=terms.code,
        usd_per_chip_hour=terms.usd_per_chip_hour,
        chips=terms.chips,
        capex_usd_per_chip=terms.capex_usd_per_chip,
        years=terms.years,
        cost_of_capital=terms.cost_of_capital,
        residual_share=terms.residual_share,
        maintenance_share=terms.maintenance_share,
        power_usd_per_kwh=terms.usd_per_kwh,
        kw_per_chip=terms.kw_per_chip,
        space_usd_per_kw_month=terms.colo_usd_per_kw_month,
        staff_usd_per_month=staff / 12,
        overhead_share=terms.overhead_share,
        **none,
    )


def _usage(service: Service, paid: Hours, replicas: Vec, spent: Energy, plan: Plan, terms: Terms) -> Usage:
    return Usage(
        paid_hours=paid.paid * terms.paid_hours_factor,
        busy_hours=paid.busy,
        replicas=replicas,
        kwh=spent.kwh_per_month,
        requests=plan.requests_per_month,
        isl=plan.isl,
        osl=plan.osl,
        prefill_occupancy_s=service.prefill_occupancy_s,
        decode_occupancy_s=service.decode_occupancy_s,
    )
