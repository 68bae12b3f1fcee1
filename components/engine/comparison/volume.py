"""Monthly cost against volume: whole replicas as steps, idle visible, and where the cheapest strategy changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.comparison.records import Crossover, VolumeCurves
from components.engine.economics.per_token import token_cost
from components.engine.facts.arrays import Vec
from components.engine.outcome.compute import charge, compute, resized

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.outcome.evaluation import Fleet, Outcome


POINTS = 121


DECADES = 2.0
"""Of volume, to either side of today's. [1]"""


def volumes(today: float) -> Vec:
    """Requests per day, log spaced around today's volume, which is one of them."""
    return np.asarray(max(today, 1.0) * np.logspace(-DECADES, DECADES, POINTS))


class _Curve(NamedTuple):
    """A fleet at each factor of today's volume, with the cheapest candidate that works; each of shape (k,)."""

    machines: Vec
    """Without people; infinite where no candidate works. [USD/month]"""
    idle: Vec
    busy_share: Vec
    servers: Vec
    owned_servers: Vec


def _fleet_curve(fleet: Fleet, factors: Vec, g: Parameters) -> _Curve:
    """The cheapest candidate at each volume."""
    rows, computed = np.asarray(fleet.rows), fleet.computed
    index = np.repeat(rows, len(factors))
    many = fleet.batch.take(index).at_volume(np.tile(factors, len(rows)))
    if many.pooled.any():
        paid = compute(many, g)
    else:
        paid = charge(many, resized(computed.service.take(index), many.demand, np.ones(len(index))))
    shape = (len(rows), len(factors))
    works = np.repeat(computed.feasible[rows], len(factors)) & (paid.service.load <= 1)
    best = np.where(works, paid.cost.total, np.inf).reshape(shape).argmin(axis=0), np.arange(len(factors))
    tables = (
        np.where(works, paid.cost.total - paid.cost.staff, np.inf),
        paid.cost.compute_idle, paid.hours.busy_share, paid.servers, paid.owned_servers,
    )  # fmt: skip
    return _Curve(*(table.reshape(shape)[best] for table in tables))


def volume_curves(
    outcomes: Sequence[Outcome],
    names: Sequence[str],
    eligible: Sequence[bool],
    today: float,
    g: Parameters,
    colours: Sequence[int],
) -> VolumeCurves:
    """Cost of every strategy over four decades of volume.

    At each volume the cheapest candidate replica that meets the targets serves; a strategy without one costs NaN.
    Args:
        outcomes: at today's volume.
        names: as shown.
        eligible: whether a strategy meets the targets; only such ones can be the cheapest.
        today: requests per day.
        g: constants of the engine.
        colours: number of each strategy's colour.
    """
    grid = volumes(today)
    factors = grid / max(today, 1e-9)
    shape = (len(outcomes), POINTS)
    cost, idle, busy = np.full(shape, np.nan), np.zeros(shape), np.full(shape, np.nan)
    for i, outcome in enumerate(outcomes):
        if not outcome.works:
            continue
        cost[i] = outcome.resolved.extra_usd_per_month * factors
        for deployment in outcome.resolved.deployments:
            if deployment.api is not None:
                bill = token_cost(deployment.api, deployment.requests_per_month * factors)
                cost[i] += sum(np.asarray(usd) for usd in bill.values())
        found = [_fleet_curve(fleet, factors, g) for fleet in outcome.fleets]
        for fleet, curve in zip(outcome.fleets, found, strict=True):
            cost[i] += curve.machines
            idle[i] += curve.idle
            if fleet.deployment.role != "edge":
                busy[i] = np.fmax(busy[i], curve.busy_share)
        if found:
            team = outcome.fleets[0].batch.team.take(slice(0, 1))
            cost[i] += team.usd_per_month(
                np.sum([c.servers for c in found], axis=0), np.sum([c.owned_servers for c in found], axis=0)
            )
    kept = np.where(np.asarray(eligible)[:, None], cost, np.nan)
    flips = _crossovers(grid, kept, busy, tuple(names))
    return VolumeCurves(grid, tuple(names), tuple(map(bool, eligible)), cost, idle, busy, today, flips, tuple(colours))


def _crossovers(grid: Vec, cost: Vec, busy: Vec, names: tuple[str, ...]) -> tuple[Crossover, ...]:
    """Every volume at which the cheapest strategy changes, in order."""
    known = np.where(np.isfinite(cost), cost, np.inf)
    cheapest = known.argmin(axis=0)
    found = []
    for k in np.flatnonzero(np.diff(cheapest)):
        below, above = int(cheapest[k]), int(cheapest[k + 1])
        pair = slice(k, k + 2)
        at = crossings(grid[pair], cost[below, pair], cost[above, pair])
        volume = float(at[0]) if len(at) else float(grid[k + 1])
        share = busy[above, k + 1]
        found.append(
            Crossover(
                requests_per_day=volume,
                cheaper_below=names[below],
                cheaper_above=names[above],
                cost_usd_per_month=float(known[above, k + 1]),
                utilisation_above=float(share) if np.isfinite(share) else None,
            )
        )
    return tuple(found)


def crossings(x: Vec, y1: Vec, y2: Vec) -> Vec:
    """Every x at which y1 - y2 changes sign; step-like curves may cross several times.

    Between two grid points the difference is taken as linear in ln x. A run of equal values counts once, in its
    middle, and only if the sign differs on its two sides. Points where either curve is not finite are left out.
    Args: x, increasing and positive, shape (k,); y1, y2, shape (k,).    Returns: increasing, shape (crossings,).
    """
    known = np.isfinite(y1) & np.isfinite(y2)
    log_x, gap = np.log(x[known]), y1[known] - y2[known]
    apart = np.flatnonzero(gap)
    before, after = apart[:-1], apart[1:]
    turn = np.sign(gap[before]) != np.sign(gap[after])
    before, after = before[turn], after[turn]
    share = gap[before] / (gap[before] - gap[after])
    linear = log_x[before] + share * (log_x[after] - log_x[before])
    middle = (log_x[np.minimum(before + 1, after)] + log_x[np.maximum(after - 1, before)]) / 2
    return np.asarray(np.exp(np.where(after == before + 1, linear, middle)))
