"""What ways to buy cost at any volumes: whole replicas, idle hours and people, in one vectorised pass of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.per_token import token_cost
from components.engine.facts.arrays import Rows, Vec
from components.engine.outcome.compute import Computed, charge, compute, resized
from components.engine.outcome.evaluation import preferred, severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.parameters import Parameters
    from components.engine.outcome.evaluation import Fleet, Outcome


@dataclass(frozen=True, slots=True)
class Points(Rows):
    """Ways at volumes; every array has shape (n,)."""

    usd_per_month: Vec
    """NaN where the way does not work. [USD/month]"""
    idle_usd_per_month: Vec
    facility_usd_per_month: Vec
    """Space of own machines. [USD/month]"""
    paid_hours: Vec
    """Replica-hours. [h/month]"""
    busy_hours: Vec
    replicas: Vec
    """At peak, spares included, of all fleets but users' devices. [1]"""
    row: Vec
    """Row of the first fleet's replica in its batch; -1 without a fleet."""

    @property
    def busy_share(self) -> Vec:
        """Used share of the paid hours; NaN where none is paid. [1]"""
        paid = np.where(self.paid_hours > 0, self.paid_hours, np.nan)
        return np.asarray(self.busy_hours / paid)

    def line(self, index: int) -> Points:
        """One of several lines, where fields have shape (lines, n)."""
        return Points(*(getattr(self, name)[index] for name in Points.__slots__))

    def put(self, where: NDArray[np.intp], more: Points) -> None:
        """Overwrite some points by others, in place."""
        for name in Points.__slots__:
            getattr(self, name)[where] = getattr(more, name)


def nothing(count: int) -> Points:
    """So many points without a cost."""
    zero = np.zeros((5, count))
    return Points(np.full(count, np.nan), zero[0], zero[1], zero[2], zero[3], zero[4], np.full(count, -1.0))


class _Part(NamedTuple):
    """A fleet at some of the points."""

    points: NDArray[np.intp]
    fleet: Fleet
    rows: NDArray[np.intp]
    """Candidates that work whatever the volume."""


def cost_points(outcomes: Sequence[Outcome], which: NDArray[np.intp], factor: Vec, g: Parameters) -> Points:
    """Each of `outcomes[which]` at `factor` times the requests it was evaluated at, exactly as `evaluate` would.

    Args:
        outcomes: of one call of `evaluate`, so that their fleets share one batch.
        which: index of an outcome, shape (n,).
        factor: requests over the workload's, shape (n,). [1]
        g: constants of the engine.
    """
    found, parts = nothing(len(which)), []
    servers, owned, team = np.zeros(len(which)), np.zeros(len(which)), None
    for index in np.unique(which):
        outcome, points = outcomes[index], np.flatnonzero(which == index)
        if not (outcome.works and outcome.priced):
            continue
        found.usd_per_month[points] = _beside_machines(outcome, factor[points])
        parts += [_Part(points, fleet, _working(fleet)) for fleet in outcome.fleets]
    for part, paid, best in _paid(parts, factor, g):
        at, main = part.points, part.fleet.deployment.role != "edge"
        found.usd_per_month[at] += np.where(
            paid.service.load[best] <= 1, paid.cost.total[best] - paid.cost.staff[best], np.nan
        )
        found.idle_usd_per_month[at] += paid.cost.compute_idle[best]
        found.facility_usd_per_month[at] += paid.cost.facility[best]
        found.paid_hours[at] += paid.hours.paid[best] * main
        found.busy_hours[at] += paid.hours.busy[best] * main
        found.replicas[at] += paid.service.replicas[best] * main
        first = found.row[at] < 0
        chosen = part.rows[best // len(at)]
        found.row[at] = np.where(first, chosen, found.row[at])
        servers[at] += paid.servers[best]
        owned[at] += paid.owned_servers[best]
        team = part.fleet.batch.team.take(slice(0, 1))
    if team is not None:
        found.usd_per_month[:] += np.where(found.row >= 0, team.usd_per_month(servers, owned), 0.0)
    return found


def _beside_machines(outcome: Outcome, factor: Vec) -> Vec:
    """Tokens, and what runs beside the model. [USD/month]"""
    usd = outcome.resolved.extra_usd_per_month * factor
    for deployment in outcome.resolved.deployments:
        if deployment.api is not None:
            bill = token_cost(deployment.api, deployment.requests_per_month * factor)
            usd = usd + sum(np.asarray(part) for part in bill.values())
    return np.asarray(usd)


def _working(fleet: Fleet) -> NDArray[np.intp]:
    """Rows of the candidates that meet the targets, the least severe where none does."""
    rows = np.asarray(fleet.rows)
    severe = severity(fleet.computed)[rows]
    return np.asarray(rows[severe == severe.min()])


def _paid(parts: list[_Part], factor: Vec, g: Parameters) -> list[tuple[_Part, Computed, NDArray[np.intp]]]:
    """Each part with its candidates at its points, paid together, and the row of the cheapest at each point."""
    if not parts:
        return []
    batch, computed = parts[0].fleet.batch, parts[0].fleet.computed
    index = np.concatenate([np.repeat(part.rows, len(part.points)) for part in parts])
    many = batch.take(index).at_volume(np.concatenate([np.tile(factor[p.points], len(p.rows)) for p in parts]))
    if many.pooled.any():
        paid = compute(many, g)
    else:
        paid = charge(many, resized(computed.service.take(index), many.demand, np.ones(len(index))))
    found, start = [], 0
    for part in parts:
        shape = len(part.rows), len(part.points)
        one = paid.take(slice(start, start := start + shape[0] * shape[1]))
        usd = np.where(one.service.load <= 1, one.cost.total, np.inf).reshape(shape)
        best = preferred(np.zeros(shape, dtype=np.int8), usd)
        found.append((part, one, best * shape[1] + np.arange(shape[1])))
    return found
