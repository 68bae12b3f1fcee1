"""A strategy's monthly cost against load as one table, split by what moves each part: looked up for every month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.engine.economics.monthly_bill import annuity_usd_per_month
from components.engine.economics.per_token import token_cost
from components.engine.facts.arrays import Vec
from components.engine.outcome.compute import Computed, charge, compute, resized
from components.engine.outcome.evaluation import preferred, severity

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters
    from components.engine.facts.arrays import Mask
    from components.engine.outcome.batch import Batch
    from components.engine.outcome.evaluation import Fleet, Outcome

Index = NDArray[np.intp]

MACHINE_PARTS = ("rent", "overhead", "order", "upkeep", "space", "power", "people", "devices")
"""Parts that follow the machines, in the order of the rows of a table. [USD/month], an order [USD]"""
SMALLEST, LARGEST = 1e-3, 1e5
"""Load over today's at the ends of a table; a plan of the largest growth stays inside, its draws are held there. [1]"""
PER_DECADE = 200
"""Points of a decade beside the steps. [1]"""
STEPS = 128
"""Replicas whose steps are points of the table: beyond, one more is less than a hundredth. [1]"""
BESIDE_A_STEP = 1e-9
"""Distance of the two points of a step from it, over its place. [1]"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is paid by the token or the request, at today's volume and prices. [USD/month]"""

    prompts: float
    answers: float
    fee: float
    """Whatever the volume."""
    beside: float
    """Router, compressor and response cache."""


@dataclass(frozen=True, slots=True)
class CostTable:
    """Monthly cost of one strategy at today's prices against its load over today's."""

    load: Vec
    """Rising, shape (g,). [1]"""
    parts: Vec
    """Rows as `MACHINE_PARTS`, shape (8, g)."""
    busy_share: Vec
    """Of the paid machine hours of all fleets but users' devices, shape (g,); 0 without a fleet. [1]"""
    tokens: Tokens
    carries: float
    """Largest load over today's that the machines carry; inf where they grow with it. [1]"""

    @property
    def machines(self) -> bool:
        """Whether it runs any machine."""
        return bool(self.parts.any())

    def part(self, name: str) -> Vec:
        """One part against load, shape (g,)."""
        return np.asarray(self.parts[MACHINE_PARTS.index(name)])

    def at(self, load: Vec) -> Places:
        """Where loads lie in the table."""
        held = np.clip(load, self.load[0], self.load[-1])
        right = np.searchsorted(self.load, held.ravel()).reshape(held.shape).clip(1)
        left = right - 1
        width = self.load[right] - self.load[left]
        return Places(left, right, (held - self.load[left]) / width)


class Places(NamedTuple):
    """Points of a table with the share of the way from the left to the right one."""

    left: Index
    right: Index
    share: Vec

    def of(self, values: Vec) -> Vec:
        """A part of the table at these loads."""
        left = values[self.left]
        return np.asarray(left + (values[self.right] - left) * self.share)


class _Fleet(NamedTuple):
    """A fleet on the points of a table."""

    parts: Vec
    """Without people, shape (8, g)."""
    servers: Vec
    owned: Vec
    busy_hours: Vec
    paid_hours: Vec


def cost_table(outcome: Outcome, g: Parameters) -> CostTable:
    """Every cost of a priced strategy from a thousandth to a hundred thousand times today's load.

    At each point the replica that is cheapest there serves, as on Compare; at today's load it is the one chosen there.
    A machine's cost depends on the load over its speed alone, so faster and slower machines read the same table.
    Steps of whole replicas are points, two to a step; between points the cost is taken as linear.
    Source: docs/engine.md#plan.
    """
    tokens = tokens_of(outcome)
    fleets = outcome.fleets
    points = _points(fleets)
    if not fleets:
        return CostTable(points, np.zeros((len(MACHINE_PARTS), len(points))), np.zeros(len(points)), tokens, np.inf)
    found = [_fleet(fleet, points, g) for fleet in fleets]
    parts = np.sum([one.parts for one in found], axis=0)
    team = fleets[0].batch.team.take(slice(0, 1))
    servers, owned = np.sum([f.servers for f in found], axis=0), np.sum([f.owned for f in found], axis=0)
    parts[MACHINE_PARTS.index("people")] = team.usd_per_month(servers, owned)
    run = [one for one, fleet in zip(found, fleets, strict=True) if fleet.deployment.role != "edge"]
    none = np.zeros(len(points))
    busy, paid = sum((f.busy_hours for f in run), none), sum((f.paid_hours for f in run), none)
    share = np.where(paid > 0, busy / np.where(paid > 0, paid, 1.0), 0.0)
    return CostTable(points, parts, share, tokens, min(_carries(fleet) for fleet in fleets))


def tokens_of(outcome: Outcome) -> Tokens:
    """What a strategy pays by the token and the request at today's volume."""
    prompts = answers = fee = 0.0
    for d in outcome.resolved.deployments:
        if d.api is not None:
            bill = {name: float(usd) for name, usd in token_cost(d.api, d.requests_per_month).items()}
            prompts += bill["api_input"] + bill["api_cached"]
            answers, fee = answers + bill["api_output"], fee + bill["api_fee"]
    return Tokens(prompts, answers, fee, outcome.resolved.extra_usd_per_month)


def _carries(fleet: Fleet) -> float:
    """Load over today's at which replicas whose number is fixed are full."""
    if fleet.batch.demand.fleet[fleet.chosen] <= 0:
        return np.inf
    return float(1 / max(fleet.computed.service.load[fleet.chosen], 1e-12))


def _kept_rows(fleet: Fleet) -> Index:
    """Candidates that may serve: the least severe, as Compare chooses among."""
    rows = np.asarray(fleet.rows)
    severe = severity(fleet.computed)[rows]
    return np.asarray(rows[severe == severe[fleet.chosen - fleet.rows.start]])


def _points(fleets: tuple[Fleet, ...]) -> Vec:
    """Loads of a table: evenly in the logarithm, today's, and both sides of every step of the first replicas."""
    decades = np.log10(LARGEST / SMALLEST)
    even = np.logspace(np.log10(SMALLEST), np.log10(LARGEST), round(decades * PER_DECADE) + 1)
    steps = [_steps(fleet) for fleet in fleets]
    at = np.unique(np.concatenate([even, np.ones(1), *steps]))
    inside = at[(at >= SMALLEST) & (at <= LARGEST)]
    return np.asarray(inside)


def _steps(fleet: Fleet) -> Vec:
    """Both sides of the loads at which a candidate needs one replica more."""
    rows = _kept_rows(fleet)
    demand, sizing = fleet.batch.demand.take(rows), fleet.computed.service.sizing.take(rows)
    with np.errstate(divide="ignore"):  # without traffic there are no steps
        one = (1 - demand.headroom) * sizing.rate_max_per_replica / demand.peak_requests_per_s
    steps = (one[:, None] * np.arange(1, STEPS + 1)).ravel()
    steps = steps[np.isfinite(steps)]
    return np.concatenate([steps * (1 - BESIDE_A_STEP), steps * (1 + BESIDE_A_STEP)])


def _rows_at(fleet: Fleet, rows: Index, load: Vec, g: Parameters) -> tuple[Batch, Computed]:
    """Each row at its load, sized from what it is at today's."""
    many = fleet.batch.take(rows).at_volume(load)
    if many.pooled.any():
        return many, compute(many, g)
    return many, charge(many, resized(fleet.computed.service.take(rows), many.demand, np.ones(len(rows))))


def _fleet(fleet: Fleet, points: Vec, g: Parameters) -> _Fleet:
    """The cheapest candidate at each point."""
    kept = _kept_rows(fleet)
    kept = kept[
        np.isin(kept, _cheapest(fleet, kept, points[:: max(len(points) // 160, 1)], g)) | (kept == fleet.chosen)
    ]
    shape = (len(kept), len(points))
    batch, paid = _rows_at(fleet, np.repeat(kept, len(points)), np.tile(points, len(kept)), g)
    severe = np.where(paid.service.load > 1, np.int8(1), np.int8(0)).reshape(shape)
    row = preferred(severe, paid.cost.total.reshape(shape))
    row[points == 1.0] = int(np.flatnonzero(kept == fleet.chosen)[0])
    best = row * len(points) + np.arange(len(points))
    return _split(batch.take(best), paid.take(best))


def _cheapest(fleet: Fleet, kept: Index, some: Vec, g: Parameters) -> Index:
    """Candidates that are the cheapest somewhere."""
    _, paid = _rows_at(fleet, np.repeat(kept, len(some)), np.tile(some, len(kept)), g)
    return np.asarray(kept[np.unique(paid.cost.total.reshape(len(kept), -1).argmin(axis=0))])


def _split(batch: Batch, paid: Computed) -> _Fleet:
    """The bill of each row by what moves its parts: an order is the price of the machines that stand for it."""
    cost, terms = paid.cost, batch.main
    owned: Mask = terms.owned
    compute_usd = cost.compute_busy + cost.compute_idle
    payment = annuity_usd_per_month(np.ones(len(owned)), terms.years, terms.cost_of_capital, terms.residual_share)
    own = np.where(owned, compute_usd / payment, 0.0)
    parts = {
        "rent": np.where(owned, 0.0, compute_usd),
        "overhead": np.where(owned, 0.0, cost.support_overheads),
        "order": own,
        "upkeep": np.where(owned, cost.support_overheads, 0.0),
        "space": cost.facility,
        "power": cost.power,
        "people": np.zeros_like(own),
        "devices": cost.devices,
    }
    hours = paid.hours
    return _Fleet(
        np.stack([parts[name] for name in MACHINE_PARTS]), paid.servers, paid.owned_servers, hours.busy, hours.paid
    )
