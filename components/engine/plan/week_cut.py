"""The week of a fleet, hour by hour, cut into a base that is held and what goes beyond it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.hours import levelled, week_profile
from components.engine.facts.arrays import Vec
from components.engine.facts.periods import HOURS_PER_MONTH, HOURS_PER_WEEK
from components.engine.serving.sizing import replicas_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.engine.economics.terms import PurchaseTerms
    from components.engine.plan.ways_to_buy import Way

MONTH = HOURS_PER_MONTH / HOURS_PER_WEEK
"""Weeks in a month. [1]"""


class WeekLoad(NamedTuple):
    """Base rows at the points with what the week asks of them; arrays of shape (n,), (n, 168) where by the hour."""

    terms: PurchaseTerms
    factor: Vec
    work: Vec
    """By the hour, in replicas at their largest rate. [1]"""
    needed: NDArray[np.int32]
    """By the hour, whole replicas. [1]"""
    usable: Vec
    """Share of a replica's largest rate that is used, headroom taken off. [1]"""
    active: Vec
    spare: Vec

    def at(self, points: NDArray[np.intp]) -> WeekLoad:
        """Some of the points."""
        return WeekLoad(
            self.terms.take(points), self.factor[points], self.work[points], self.needed[points], self.usable[points],
            self.active[points], self.spare[points],
        )  # fmt: skip


def week_load(way: Way, rows: NDArray[np.intp], factor: Vec) -> WeekLoad:
    """The week of the fleet at each point.    Args: rows of the way's candidates; factor on the requests, (n,)."""
    fleet = way.outcome.fleets[0]
    service, demand = fleet.computed.service, fleet.batch.demand.take(rows)
    demand = replace(demand, peak_requests_per_s=demand.peak_requests_per_s * factor)
    rate = service.sizing.rate_max_per_replica[rows]
    plan = fleet.batch.plan.take(slice(fleet.chosen, fleet.chosen + 1))
    week = levelled(week_profile(float(plan.peak[0]), float(plan.hours[0])), plan.deferred_share)[0]
    active, usable = replicas_for(rate, demand), 1 - demand.headroom
    work, shape = demand.peak_requests_per_s / rate, week / week.max()
    needed = np.ceil(np.minimum(work / usable, active)[:, None] * shape * (1 - 1e-12))
    spare = service.replicas[rows] - service.sizing.replicas_active[rows]
    terms = fleet.batch.main.take(rows)
    return WeekLoad(terms, factor, work[:, None] * shape, needed.astype(np.int32), usable, active, spare)


class Cut(NamedTuple):
    """The week of some points under some sizes of the base, each of shape (n, k)."""

    size: Vec
    base_busy: Vec
    burst_busy: Vec
    burst_paid: Vec
    """Replica-hours, start-up included. [h/month]"""


def cut_week(load: WeekLoad, size: Vec, lag_hours: float) -> Cut:
    """Hours of base and burst.    Args: size, replicas of the base, shape (n, k) [1]; lag, start-up [h]."""
    usable = size * load.usable[:, None]
    whole = load.work.sum(axis=1)[:, None]
    base = np.minimum(load.work[:, None, :], usable[:, :, None]).sum(axis=2)
    beyond = np.maximum(load.needed[:, None, :] - size[:, :, None].astype(np.int32), 0)
    rising = np.maximum(beyond - np.roll(beyond, 1, axis=2), 0).sum(axis=2)
    paid = beyond.sum(axis=2) + rising * lag_hours
    return Cut(size, MONTH * base, MONTH * (whole - base), MONTH * paid)
