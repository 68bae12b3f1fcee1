"""From candidate replicas to speed, hours, money and energy: every fleet of every strategy in one vectorised pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics.energy import Energy, energy
from components.engine.economics.hours import (
    Hours,
    Scaling,
    levelled,
    prefill_hours_per_month,
    replica_hours_per_month,
    week_profile,
)
from components.engine.economics.monthly_bill import Cost, Usage, monthly_cost
from components.engine.facts.arrays import Rows
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.serving.peak import Binding, Service, serve
from components.engine.serving.queues import whole
from components.engine.serving.sizing import replicas_for

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.economics.terms import PurchaseTerms
    from components.engine.facts.arrays import Mask, Vec
    from components.engine.outcome.batch import Batch, Plan
    from components.engine.serving.demand import Demand


ROWS_AT_ONCE = 512
"""Rows whose tables stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Computed(Rows):
    """What a batch came to; every array has shape (n,)."""

    service: Service
    hours: Hours
    pool_hours: Hours
    cost: Cost
    """With the people that the row would need if it were the whole strategy."""
    energy: Energy
    servers: Vec
    """Servers that people look after. [1]"""
    owned_servers: Vec

    @property
    def feasible(self) -> Mask:
        """Whether the row works and meets its targets."""
        s = self.service
        return np.asarray((s.binding == Binding.OK) & s.meets_ttft & s.meets_tpot)


def compute(batch: Batch, g: Parameters) -> Computed:
    """Serve the demand, pay the hours, count the energy. Rows do not influence each other."""
    count = len(batch.pooled)
    if count <= ROWS_AT_ONCE:
        return charge(batch, _served(batch, g))
    starts = range(0, count, ROWS_AT_ONCE)
    return Computed.stack([compute(batch.take(slice(i, i + ROWS_AT_ONCE)), g) for i in starts])


def resized(service: Service, demand: Demand, rate_factor: Vec) -> Service:
    """The fleet for another peak, and for replicas faster or slower by a factor; latencies are not redone.

    A replica's largest rate does not depend on the volume, so its count follows exactly. A prefill pool keeps its load.
    Args: service, of the same rows at any peak; demand, at the new one; rate_factor, shape (n,). [1]
    """
    sizing = service.sizing
    before = service.load * sizing.replicas_active * sizing.rate_max_per_replica
    growth = np.where(before > 0, demand.peak_requests_per_s / np.where(before > 0, before, 1.0), 1.0) / rate_factor
    rate = sizing.rate_max_per_replica * rate_factor
    active = replicas_for(rate, demand)
    spare = service.replicas - sizing.replicas_active
    wanted = sizing.prefill_active * growth
    pool = np.where(wanted > 0, whole(wanted), 0.0)
    return replace(
        service,
        sizing=replace(
            sizing,
            rate_max_per_replica=rate,
            replicas_active=active,
            prefill_active=pool,
            rho=np.where(pool > 0, sizing.rho * wanted / np.maximum(pool, 1.0), sizing.rho),
        ),
        replicas=active + spare,
        prefill_replicas=np.where(pool > 0, pool + spare, 0.0),
        load=demand.peak_requests_per_s / (active * rate),
    )


def charge(batch: Batch, service: Service) -> Computed:
    """Pay the hours and count the energy of fleets whose size is known."""
    plan = batch.plan
    weights = _weights(plan)
    scaling = Scaling(plan.autoscale, plan.floor, plan.lag_hours, plan.linger_hours)
    hours = replica_hours_per_month(service, batch.demand, weights, scaling)
    pool_hours = _pool_hours(service, batch, weights, scaling)
    groups = (
        (batch.main, hours, service.replicas),
        (batch.sram, hours, service.replicas),
        (batch.beside, pool_hours, service.prefill_replicas),
    )
    servers = owned = np.zeros_like(service.replicas)
    costs: list[Cost] = []
    used: list[Energy] = []
    for terms, paid, replicas in groups:
        if terms is not batch.main and not terms.chips.any():
            continue
        spent = _energy(terms, paid, replicas, plan)
        costs.append(monthly_cost(terms, Usage(paid.paid, paid.busy, replicas, spent.kwh_per_month)))
        used.append(spent)
        looked_after = replicas * terms.chips * terms.servers_per_chip
        servers, owned = servers + looked_after, owned + looked_after * terms.owned
    cost, power = costs[0], used[0]
    for more, extra in zip(costs[1:], used[1:], strict=True):
        cost, power = cost.plus(more), power.plus(extra)
    cost = replace(cost, staff=batch.team.usd_per_month(servers, owned))
    return Computed(service, hours, pool_hours, cost, power, servers, owned)


def _served(batch: Batch, g: Parameters) -> Service:
    pooled = batch.pooled
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
    """Load of the 168 hours, deferred work levelled; shape (168,) where all rows share it, else (n, 168)."""
    keys = np.stack([plan.peak, plan.hours, plan.deferred_share], axis=1)
    if (keys == keys[0]).all():
        return _week(*keys[0])
    shapes, index = np.unique(keys, axis=0, return_inverse=True)
    return np.asarray(np.stack([_week(*shape) for shape in shapes])[index.ravel()])


@lru_cache(maxsize=256)
def _week(peak: float, hours: float, deferred_share: float) -> Vec:
    """Load of the 168 hours, mean 1, shape (168,)."""
    week = week_profile(float(peak), float(hours))
    return levelled(week, np.array([deferred_share]))[0] if deferred_share > 0 else week


def _pool_hours(service: Service, batch: Batch, weights: Vec, scaling: Scaling) -> Hours:
    if not batch.pooled.any():
        nothing = np.zeros(len(batch.pooled))
        return Hours(nothing, nothing, nothing)
    found = prefill_hours_per_month(service, batch.demand, weights, scaling)
    return Hours(*(np.where(batch.pooled, getattr(found, name), 0.0) for name in Hours.__slots__))


def _energy(terms: PurchaseTerms, paid: Hours, replicas: Vec, plan: Plan) -> Energy:
    powered = np.where(terms.owned, replicas * HOURS_PER_MONTH, paid.paid)
    powered = np.where(terms.edge, np.minimum(paid.busy, powered), powered)
    return energy(
        powered_hours=powered,
        busy_hours=paid.busy,
        chips=terms.chips,
        kw_per_chip=terms.kw_per_chip,
        idle_power_share=plan.idle_power_share,
        pue=terms.pue,
        carbon_kg_per_kwh=terms.carbon_kg_per_kwh,
    )
