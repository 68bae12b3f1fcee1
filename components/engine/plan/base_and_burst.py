"""Hybrid: replicas owned or reserved carry the base of the week, rented hours or a platform what goes beyond them.

The replicas of base and burst are the same machine in one pool: load goes to the base first, and one spare is kept for
all. With k replicas in the base, a replica's usable rate r (1 - headroom) and load l(h) in replicas,
base work = sum over hours of min(l(h), k (1 - headroom)), the rest is burst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.energy import energy
from components.engine.economics.monthly_bill import Cost, Usage, monthly_cost
from components.engine.economics.per_token import token_cost
from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.plan.cost_points import Points, cost_points
from components.engine.plan.ways_to_buy import API, Way
from components.engine.plan.week_cut import Cut, WeekLoad, cut_week, week_load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.catalog.parameters import Parameters

BASES = ("owned", "reserved-3yr", "reserved-1yr")
BURSTS = ("on-demand", API)
TRIED = 17
"""Sizes of the base tried at once. [1]"""
ROUNDS = 3
"""How often the sizes beside the best are tried in turn: beyond, a base is exact to a thousandth of the fleet. [1]"""


@dataclass(frozen=True, slots=True)
class Mixed(Rows):
    """The cheapest mix at each point; every array has shape (n,)."""

    usd: Vec
    """Inf where the fleet is too small to be parted. [USD/month]"""
    idle: Vec
    facility: Vec
    paid: Vec
    busy: Vec
    replicas: Vec
    base_replicas: Vec
    """Without the spare. [1]"""
    base_share: Vec
    """Of the work. [1]"""
    held_usd: Vec
    """Of the base, without people. [USD/month]"""
    burst_usd: Vec
    staff_usd: Vec
    pair: Vec
    """Position in `Pairs.pairs`."""


class Pair(NamedTuple):
    """What carries the base, and what the burst."""

    base: Way
    burst: Way


class Pairs(NamedTuple):
    """Every mix of ways that may be called the cheapest."""

    pairs: tuple[Pair, ...]
    missing: str
    """Why there is none; empty where there are some."""


def pairs_of(ways: Sequence[Way]) -> Pairs:
    """Base and burst of every mix that can be worked out."""
    by_key = {way.key: way for way in ways if not way.doubt.rank}
    bases = [by_key[key] for key in BASES if key in by_key]
    bursts = [by_key[key] for key in BURSTS if key in by_key]
    if not bases:
        return Pairs((), "no way to own or reserve these machines may win")
    if not all(_parted(way) for way in (*bases, *bursts) if way.key != API):
        return Pairs((), "it is worked out for one fleet whose machines all do the same")
    bursts = [way for way in bursts if way.key != API or len(way.outcome.resolved.deployments) == 1]
    if not bursts:
        return Pairs((), "neither rented hours nor a platform for the peak may win")
    return Pairs(tuple(Pair(base, burst) for base in bases for burst in bursts), "")


def _parted(way: Way) -> bool:
    """Whether the fleet can be cut into a base and a burst."""
    fleets = way.outcome.fleets
    if len(fleets) != 1 or len(way.outcome.resolved.deployments) != 1 or fleets[0].deployment.role != "main":
        return False
    batch, row = fleets[0].batch, fleets[0].chosen
    return not (batch.pooled[row] or batch.sram.chips[row] or batch.demand.fleet[row])


def _sizes(low: Vec, high: Vec) -> Vec:
    """Whole numbers between two ends, shape (n, TRIED)."""
    return np.asarray(np.round(low[:, None] + (high - low)[:, None] * np.linspace(0, 1, TRIED)))


def _best(load: WeekLoad, pairs: Sequence[tuple[int, Pair]], rows: NDArray[np.intp], base: Way) -> Mixed:
    """The cheapest size of the base and burst at each point, of pairs with one base."""
    low, high = np.ones_like(load.active), np.maximum(load.active - 1, 1)
    found: Mixed | None = None
    again = np.arange(len(low))
    for _ in range(ROUNDS):
        part = load if len(again) == len(low) else load.at(again)
        sizes = _sizes(low[again], high[again])
        tried = _tried(part, sizes, pairs, rows[again], base)
        found = tried if found is None else _cheaper(found, tried, again)
        step = (high - low) / (TRIED - 1)
        middle = found.base_replicas
        low, high = np.maximum(middle - step, low), np.minimum(middle + step, high)
        again = np.flatnonzero(step > 1)
        if not len(again):
            break
    assert found is not None
    return found


def _cheaper(found: Mixed, tried: Mixed, points: NDArray[np.intp]) -> Mixed:
    """The better of both at some of the points."""
    better = points[tried.usd < found.usd[points]]
    chosen = tried.take(tried.usd < found.usd[points])
    for name in Mixed.__slots__:
        getattr(found, name)[better] = getattr(chosen, name)
    return found


class _Held(NamedTuple):
    """The base of each point under each size, arrays of shape (n k,)."""

    size: Vec
    there: Vec
    """With the spare. [1]"""
    active: Vec
    """Replicas that the peak needs. [1]"""
    servers: Vec
    """Servers that people look after, for each replica. [1]"""
    owned: Vec
    """1 where it is owned, else 0. [1]"""
    bill: Cost


def _held(load: WeekLoad, cut: Cut, base: Way) -> _Held:
    """What the base costs, paid around the clock."""
    fleet, (count, sizes) = base.outcome.fleets[0], cut.size.shape
    terms = load.terms.take(np.repeat(np.arange(count), sizes))
    spare, active = (np.repeat(v, sizes) for v in (load.spare, load.active))
    there, busy = cut.size.ravel() + spare, cut.base_busy.ravel()
    paid = there * HOURS_PER_MONTH
    power = energy(
        powered_hours=paid, busy_hours=busy, chips=terms.chips, kw_per_chip=terms.kw_per_chip,
        idle_power_share=fleet.batch.plan.idle_power_share[[fleet.chosen]], pue=terms.pue,
        carbon_kg_per_kwh=terms.carbon_kg_per_kwh,
    )  # fmt: skip
    bill = monthly_cost(terms, Usage(paid, busy, there, power.kwh_per_month))
    return _Held(
        cut.size.ravel(), there, active, terms.chips * terms.servers_per_chip, terms.owned.astype(np.float64), bill
    )


class _Burst(NamedTuple):
    """What goes beyond the base, of shape (n k,) or one number for all."""

    usd: Vec
    idle: Vec | float
    hours: Vec | float
    busy: Vec | float
    replicas: Vec | float


def _beyond(pair: Pair, cut: Cut, held: _Held, load: WeekLoad, rows: NDArray[np.intp]) -> _Burst:
    """The burst of a pair: tokens, or hours of the same machine.    Args: rows of the base's candidates, (n,)."""
    if pair.burst.key == API:
        return _Burst(_tokens(pair.burst, cut, load.factor), 0.0, 0.0, 0.0, 0.0)
    more = held.active - held.size
    bill = _rented(pair.burst, pair.base, np.repeat(rows, cut.size.shape[1]), cut, more)
    return _Burst(bill.total, bill.compute_idle, cut.burst_paid.ravel(), cut.burst_busy.ravel(), more)


def _tried(load: WeekLoad, sizes: Vec, pairs: Sequence[tuple[int, Pair]], rows: NDArray[np.intp], base: Way) -> Mixed:
    """The cheapest of some sizes under each burst, at each point."""
    fleet, shape = base.outcome.fleets[0], sizes.shape
    cut = cut_week(load, sizes, float(fleet.batch.plan.lag_hours[fleet.chosen]))
    held, team = _held(load, cut, base), fleet.batch.team.take(slice(0, 1))
    options = []
    for position, pair in pairs:
        burst = _beyond(pair, cut, held, load, rows)
        servers = (held.there + burst.replicas) * held.servers
        staff = team.usd_per_month(servers, held.there * held.servers * held.owned)
        total = np.where(held.active > 1, held.bill.total + burst.usd + staff, np.inf)
        one = Mixed(
            usd=total,
            idle=held.bill.compute_idle + burst.idle,
            facility=held.bill.facility,
            paid=held.there * HOURS_PER_MONTH + burst.hours,
            busy=cut.base_busy.ravel() + burst.busy,
            replicas=held.there + burst.replicas,
            base_replicas=held.size,
            base_share=(cut.base_busy / (cut.base_busy + cut.burst_busy)).ravel(),
            held_usd=held.bill.total,
            burst_usd=burst.usd,
            staff_usd=staff,
            pair=np.full(len(total), float(position)),
        )
        options.append(one.take(total.reshape(shape).argmin(axis=1) + np.arange(shape[0]) * shape[1]))
    cheapest = np.stack([one.usd for one in options]).argmin(axis=0)
    return Mixed.stack(options).take(cheapest * shape[0] + np.arange(shape[0]))


def _rented(burst: Way, base: Way, rows: NDArray[np.intp], cut: Cut, replicas: Vec) -> Cost:
    """The bill of the hours beyond the base, on the same machine."""
    fleet, held = burst.outcome.fleets[0], base.outcome.fleets[0]
    terms = fleet.batch.main.take(rows - held.rows.start + fleet.rows.start)
    none = np.zeros_like(replicas)
    return monthly_cost(terms, Usage(cut.burst_paid.ravel(), cut.burst_busy.ravel(), replicas, none))


def _tokens(burst: Way, cut: Cut, factor: Vec) -> Vec:
    """The platform's bill of the requests beyond the base; nothing of them can wait."""
    (deployment,) = burst.outcome.resolved.deployments
    assert deployment.api is not None
    share = cut.burst_busy / (cut.base_busy + cut.burst_busy)
    requests = (deployment.requests_per_month * factor[:, None] * share).ravel()
    bill = token_cost(replace(deployment.api, deferred_share=0.0), requests)
    return np.asarray(sum(np.asarray(part) for part in bill.values()))


def mixed_points(pairs: Pairs, factor: Vec, g: Parameters) -> tuple[Points, Mixed]:
    """The cheapest mix at each factor of the requests; NaN where the fleet is too small to be parted.

    Args: pairs, of ways evaluated together; factor, requests over the workload's, shape (n,) [1]; g, constants.
    """
    by_base: dict[str, list[tuple[int, Pair]]] = {}
    for position, pair in enumerate(pairs.pairs):
        by_base.setdefault(pair.base.key, []).append((position, pair))
    bases = [group[0][1].base for group in by_base.values()]
    count = len(factor)
    which = np.repeat(np.arange(len(bases)), count)
    alone = cost_points([b.outcome for b in bases], which, np.tile(factor, len(bases)), g)
    extra = bases[0].outcome.resolved.extra_usd_per_month * factor
    best: Mixed | None = None
    for i, (base, group) in enumerate(zip(bases, by_base.values(), strict=True)):
        rows = alone.row[i * count : (i + 1) * count].astype(np.intp)
        found = _best(week_load(base, rows, factor), group, rows, base)
        best = found if best is None else _cheaper(best, found, np.arange(count))
    assert best is not None
    usd = np.where(np.isfinite(best.usd), best.usd + extra, np.nan)
    row = np.full(count, -1.0)
    return Points(usd, best.idle, best.facility, best.paid, best.busy, best.replicas, row), best
