"""Hours paid: the shape of a week, what batch work levels, and replicas by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import HOURS_PER_MONTH, HOURS_PER_WEEK, SECONDS_PER_HOUR
from components.engine.serving.demand import Demand
from components.engine.serving.peak import Service

if TYPE_CHECKING:
    from components.engine.scenario import Scale


class Autoscale(IntEnum):
    """How the number of replicas follows the load."""

    FIXED = 0
    """Sized for the peak, around the clock."""
    HOURLY = 1
    """By the hour, with a floor."""
    ZERO = 2
    """Down to nothing when idle."""


AUTOSCALE: dict[Scale, Autoscale] = {
    "fixed": Autoscale.FIXED,
    "hourly": Autoscale.HOURLY,
    "zero": Autoscale.ZERO,
}


_BUSIEST_HOUR = 14


_ROWS_AT_ONCE = 512
"""Rows of 168 hours that stay in the processor's cache."""


_DAY_SHAPE = np.array([0.98, 1.0, 0.99, 0.97, 0.95, 0.70, 0.65])
"""Relative height of Monday to Sunday before the curve is bent to the stated peak: only an order, not a figure."""


PAID_FIXED = Formula(
    "replicas * hours per month",
    "h/month",
    (Symbol("replicas", "replicas", "spares included"), Symbol("hours per month", "h")),
    "docs/engine.md#money",
)
"""Sized for the peak, around the clock."""


BUSY_HOURS = Formula(
    "min(requests / (3600 * rate), paid hours)",
    "h/month",
    (
        Symbol("requests", "requests/month"),
        Symbol("rate", "requests/s", "of one replica"),
        Symbol("paid hours", "h/month"),
    ),
    "docs/engine.md#money",
)


BUSY_HOURS_OF_POOL = Formula(
    "min(requests * prompt / 3600, paid hours)",
    "h/month",
    (
        Symbol("requests", "requests/month"),
        Symbol("prompt", "s", "machine time of one"),
        Symbol("paid hours", "h/month"),
    ),
    "docs/engine.md#money",
)


@dataclass(frozen=True, slots=True)
class Hours(Rows):
    """Replica-hours of a month; every field has shape (n,)."""

    paid: Vec
    """Replica-hours paid per month. [h]"""
    busy: Vec
    """Of these, the hours of work at the replica's largest rate. [h]"""
    busy_share: Vec
    """busy / paid; 0 where nothing is paid. [1]"""


@cache
def week_profile(peak_to_mean: float, hours_per_week: float = HOURS_PER_WEEK) -> Vec:
    """Relative load of the 168 hours from Monday 0:00: mean 1, maximum `peak_to_mean`, 0 outside operating hours.

    w_j = P x_j^gamma on the operating hours, x_j a day and week shape with maximum 1, gamma such that the mean is 1.
    Args:
        peak_to_mean: P, busiest hour over the mean of all 168 hours; raised to 168 / hours, the least possible. [1]
        hours_per_week: hours of operation, the likeliest first: weekday afternoons before nights and weekends. [h]
    Returns: shape (168,), read-only. [1]
    """
    hour = np.arange(HOURS_PER_WEEK) % 24
    day = 0.5 * (1 + np.cos(2 * np.pi * (hour - _BUSIEST_HOUR) / 24))
    shape = (0.05 + 0.95 * day) * np.repeat(_DAY_SHAPE, 24)
    open_hours = int(np.clip(round(hours_per_week), 1, HOURS_PER_WEEK))
    weekend = np.arange(HOURS_PER_WEEK) >= 5 * 24
    closed = np.argsort(-(day - 0.9 * weekend), kind="stable")[open_hours:]
    shape[closed] = 0.0
    shape /= shape.max()
    opened = shape > 0
    target = min(HOURS_PER_WEEK / max(peak_to_mean, 1.0), float(open_hours))
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (shape[opened] ** middle).sum() > target else (low, middle)
    weights = np.zeros(HOURS_PER_WEEK)
    weights[opened] = shape[opened] ** low
    weights *= HOURS_PER_WEEK / weights.sum()
    weights.flags.writeable = False
    return weights


def levelled(weights: Vec, share: Vec) -> Vec:
    """The profile after a share of the traffic, free to wait, has been poured into the valleys.

    w' = max((1 - s) w, L) with L such that the mean stays 1; at a large share the week is flat.
    Args: weights, shape (168,) or (n, 168), mean 1 [1]; share s, shape (n,) [1].    Returns: shape (n, 168). [1]
    """
    rest = (1 - share)[:, None] * np.broadcast_to(weights, (len(share), HOURS_PER_WEEK))
    rising = np.sort(rest, axis=1)
    count = np.arange(1, HOURS_PER_WEEK + 1)
    level = (rising.cumsum(axis=1) + (share * HOURS_PER_WEEK)[:, None]) / count
    following = np.concatenate([rising[:, 1:], np.full((len(share), 1), np.inf)], axis=1)
    fits = (level <= following).argmax(axis=1)
    water = np.take_along_axis(level, fits[:, None], axis=1)
    return np.where(share[:, None] > 0, np.maximum(rest, water), rest)


@dataclass(frozen=True, slots=True)
class Scaling(Rows):
    """How a fleet follows its load; every field has shape (n,)."""

    autoscale: Vec
    """A code of `Autoscale`."""
    floor: Vec
    """Least number of replicas when scaled by the hour. [1]"""
    lag_hours: Vec
    """Start-up time, paid before a replica serves. [h]"""
    linger_hours: Vec
    """Idle time before the last replica stops. [h]"""


@dataclass(frozen=True, slots=True)
class ReplicaNeed(Rows):
    """A fleet's replicas at peak; every field has shape (n,)."""

    needed: Vec
    """Before rounding up, headroom included. [1]"""
    work: Vec
    """Replicas' worth of work. [1]"""
    active: Vec
    """Whole replicas. [1]"""
    spare: Vec
    requests_per_s: Vec


def replica_hours(need: ReplicaNeed, weights: Vec, scaling: Scaling) -> Hours:
    """Replica-hours paid in a month.

    k(h) = ceil(needed w(h) / max w), at least the floor, plus spares; sum over the week x 730.5 / 168. A replica that
    is added is paid for its start-up. Scaled to zero, the last replica is up with the probability that a request came
    within the linger time, 1 - exp(-requests in it).
    Args:
        need: replicas at peak, shape (n,). [1]
        weights: relative load, shape (168,) or (n, 168). [1]
        scaling: how the fleet follows its load.
    Returns: `Hours`.
    Source: docs/engine.md#hours-paid.
    """
    top = weights.max(axis=-1, keepdims=True)
    steady = np.broadcast_to((weights.sum(axis=-1, keepdims=True) / top)[..., 0], need.active.shape)
    month = HOURS_PER_MONTH / HOURS_PER_WEEK
    paid = HOURS_PER_MONTH * (need.active + need.spare)
    moving = np.flatnonzero(scaling.autoscale != Autoscale.FIXED)
    wide = np.broadcast_to(weights / top, (len(need.active), HOURS_PER_WEEK))
    for start in range(0, len(moving), _ROWS_AT_ONCE):
        rows = moving[start : start + _ROWS_AT_ONCE]
        paid[rows] = month * _followed(need.take(rows), wide[rows], scaling.take(rows))
    busy = np.minimum(month * need.work * steady, paid)
    share = np.where(paid > 0, busy / np.where(paid > 0, paid, 1.0), 0.0)
    return Hours(paid, busy, share)


def _followed(need: ReplicaNeed, part: Vec, scaling: Scaling) -> Vec:
    """Replica-hours of a week for fleets that follow their load, start-up included; part is the load over its peak."""
    count = need.needed[:, None] * part
    count *= 1 - 1e-12
    np.ceil(count, out=count)
    np.minimum(count, need.active[:, None], out=count)
    to_zero = scaling.autoscale == Autoscale.ZERO
    if to_zero.any():
        wanted, rows = count[to_zero], part[to_zero]
        asked = need.requests_per_s[to_zero] * SECONDS_PER_HOUR * scaling.linger_hours[to_zero]
        up = np.where(wanted > 1, 1.0, 1 - np.exp(-asked[:, None] * rows))
        stopped = np.where(wanted > 0, wanted + need.spare[to_zero, None], 0.0) * up
    np.maximum(count, scaling.floor[:, None], out=count)
    count += need.spare[:, None]
    if to_zero.any():
        count[to_zero] = stopped
    total = count.sum(axis=1)
    added = np.maximum(np.diff(count, axis=1), 0).sum(axis=1) + np.maximum(count[:, 0] - count[:, -1], 0)
    return np.asarray(total + added * scaling.lag_hours)


def replica_hours_per_month(service: Service, d: Demand, weights: Vec, scaling: Scaling) -> Hours:
    """Hours of the replicas that decode (or of the only pool); work is measured at a replica's largest rate."""
    active, work = service.sizing.replicas_active, service.load * service.sizing.replicas_active
    return replica_hours(
        ReplicaNeed(
            needed=np.minimum(work / (1 - d.headroom), active),
            work=work,
            active=active,
            spare=service.replicas - active,
            requests_per_s=d.peak_requests_per_s,
        ),
        weights,
        scaling,
    )


def prefill_hours_per_month(service: Service, d: Demand, weights: Vec, scaling: Scaling) -> Hours:
    """Hours of a separate prefill pool; work is its share of time in prefill."""
    active = service.sizing.prefill_active
    return replica_hours(
        ReplicaNeed(
            needed=active,
            work=service.sizing.rho * active,
            active=active,
            spare=service.prefill_replicas - active,
            requests_per_s=d.peak_requests_per_s,
        ),
        weights,
        scaling,
    )
