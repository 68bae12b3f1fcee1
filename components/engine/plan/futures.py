"""Many futures drawn once and met by every strategy: fans, how often one is cheaper than another, and regret."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.plan.cash_flow import Flows, flows, present_value, starts_at
from components.engine.plan.months import Bearing, World, power_kw, run
from components.engine.plan.terms import Terms, compounded, volumes
from components.engine.plan.uncertain import Unknown

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.plan.months import Way
    from components.engine.plan.paths import BasePlan, Case

DRAWS = 10_000
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""Quantiles of a fan. [1]"""
AT_ONCE = 2_500
"""Futures computed together: their arrays stay in the processor's cache. [1]"""

Values = Mapping[str, "Vec"]
"""Key of an unknown to its values, shape (k,)."""


class Fan(NamedTuple):
    """Paid by the end of each month, the start first, shape (months + 1,); a tenth lies on either side. [USD]"""

    low: Vec
    middle: Vec
    high: Vec


class Response(NamedTuple):
    """One strategy's speed and bill of prompts against an input; each over that at the base, of shape (points,)."""

    value: Vec
    speed: Vec
    prompts: Vec

    def speed_at(self, value: Vec) -> Vec:
        """Load that a machine carries, linear between the points. [1]"""
        return np.interp(value, self.value, self.speed)

    def prompts_at(self, value: Vec) -> Vec:
        """Bill of prompts, linear between the points. [1]"""
        return np.interp(value, self.value, self.prompts)


@dataclass(frozen=True, slots=True)
class DrawModel:
    """A plan with everything its futures need."""

    case: Case
    unknowns: tuple[Unknown, ...]
    responses: Mapping[tuple[str, int], Response]


@dataclass(frozen=True, slots=True)
class Standing:
    """One strategy over all draws. [USD]"""

    name: str
    low_usd: float
    """Present value in the cheap tenth."""
    middle_usd: float
    high_usd: float
    expected_usd: float
    cheapest_share: float
    """Of the draws in which none costs less; ties are shared out. [1]"""
    expected_regret_usd: float
    """Mean of what it costs beyond the cheapest of each draw."""
    worst_regret_usd: float


@dataclass(frozen=True, slots=True)
class Odds:
    """How often one strategy costs less than another; the three add up to 1. [1]"""

    less: float
    same: float
    more: float


@dataclass(frozen=True, slots=True)
class Futures:
    """What the draws came to."""

    draws: int
    quantiles: Vec
    """Of each unknown, shape (unknowns, draws), open ends left out. [1]"""
    present_usd: Vec
    """Of each path, shape (paths, draws)."""
    fans: Mapping[int, Fan]
    """Place of a path to its fan: today's, the best and its rival."""
    standings: tuple[Standing, ...]
    """As the paths."""
    outgrown: Mapping[int, float] = field(default_factory=dict)
    """Place of a path to the share of draws in which its own machines need more power than there is. [1]"""

    def odds(self, one: int, other: int) -> Odds:
        """How often one path has the lower present value."""
        gap = self.present_usd[one] - self.present_usd[other]
        return Odds(float(np.mean(gap < 0)), float(np.mean(gap == 0)), float(np.mean(gap > 0)))

    @property
    def expected_best(self) -> int:
        """Place of the path with the lowest mean present value."""
        return int(self.present_usd.mean(axis=1).argmin())


def quantiles(found: tuple[Unknown, ...], seed: int, count: int) -> Vec:
    """A quantile of each input in each draw: one in each of `count` equal parts, in an order of its own.

    Every input has its own stream of the seed, so that one more changes no other. Shape (inputs, count). [1]
    Source: McKay, Beckman, Conover 1979, "A Comparison of Three Methods for Selecting Values of Input Variables".
    """
    drawn = np.empty((len(found), count))
    for row, one in zip(drawn, found, strict=True):
        stream = np.random.default_rng([seed, zlib.crc32(one.key.encode())])
        row[:] = (stream.permutation(count) + stream.uniform(size=count)) / count
    return np.clip(drawn, 1e-12, 1 - 1e-12)


def values_at(found: tuple[Unknown, ...], quantile: Vec) -> Values:
    """Values of every input at quantiles of shape (inputs, k)."""
    return {one.key: one.at(row) for one, row in zip(found, quantile, strict=True)}


def meet(model: DrawModel, values: Values, places: Sequence[int] | None = None) -> Iterator[Flows]:
    """Ways through futures in which inputs have these values, one strategy after another; others are at their base.

    Args: places: of the paths, in order; all where None.
    """
    terms, ways = model.case.terms, model.case.ways
    count = next((len(v) for v in values.values()), 1)
    wanted = range(len(ways)) if places is None else places
    bearings = [_bearing(model, ways[place], values) for place in wanted]
    todays = _bearing(model, ways[0], values)
    return flows(ways[0], todays, [ways[place] for place in wanted], bearings, _world(terms, values, count), terms)


def present_values(model: DrawModel, values: Values, places: Sequence[int] | None = None) -> Vec:
    """Present value of the paths, shape (paths, k). [USD]"""
    return np.stack([present_value(flow.cash, model.case.terms.discount) for flow in meet(model, values, places)])


def mean_busy(model: DrawModel, place: int, values: Values) -> Vec:
    """Mean busy share of a strategy's machines over the months that it answers, shape (k,). [1]"""
    terms, way = model.case.terms, model.case.ways[place]
    count = next((len(v) for v in values.values()), 1)
    ran = run(way, _world(terms, values, count), terms, way.lead, _bearing(model, way, values))
    on = ran.held > 0
    share = way.table.at(ran.held).of(way.table.busy_share) * ran.load / np.where(on, ran.held, 1.0)
    return np.asarray(np.where(on, share, 0.0).sum(axis=0) / on.sum(axis=0))


def _world(terms: Terms, values: Values, count: int) -> World:
    def of(key: str, base: float) -> Vec:
        return values.get(key, np.full(count, base))

    return World(
        of("volume", 1.0) * volumes(of("growth", terms.growth), terms),
        compounded(1 + of("chips", terms.chips), terms.months),
        compounded(1 + of("tokens", terms.tokens), terms.months),
    )


def _bearing(model: DrawModel, way: Way, values: Values) -> Bearing:
    base = {one.key: one.base for one in model.unknowns}
    speed: Vec | float = values.get("use", 1.0)
    prompts: Vec | float = 1.0
    outcome = model.case.looked_up.outcomes[way.index]
    for (key, index), response in model.responses.items():
        if index == way.index and key in values:
            speed = speed * response.speed_at(values[key])
            prompts = prompts * response.prompts_at(values[key])

    def over_base(key: str) -> Vec | float:
        return values[key] / base[key] if key in values else 1.0

    price: Vec | float = 1.0
    power: Vec | float = 1.0
    if outcome.fleets:
        fleet = outcome.fleets[0]
        speed = speed * values.get(f"speed {fleet.chip.id}", 1.0)
        price = values.get(f"price {fleet.purchase.market}", 1.0)
        power = over_base(f"power {outcome.resolved.strategy.place}")
    return Bearing(
        speed=speed,
        price=price,
        prompts=prompts,
        overhead=over_base("overhead"),
        people=over_base("salary") * values.get("people", 1.0),
        power=power,
        upkeep=over_base("upkeep"),
        residual=over_base("residual"),
    )


def draw_futures(
    model: DrawModel, plan: BasePlan, draws: int = DRAWS, progress: Callable[[float], None] = lambda _share: None
) -> Futures:
    """Draw futures and let every strategy meet the same ones.

    Args:
        model: the plan with its unknowns.
        plan: on its own terms; fans are drawn for today's, the best and its rival.
        draws: number of futures.
        progress: told the share done, between parts; may raise to stop.
    """
    drawn = quantiles(model.unknowns, model.case.terms.seed, draws)
    count = len(model.case.ways)
    fanned = list(dict.fromkeys([0, plan.best, *([plan.paths.index(plan.rival)] if plan.rival else [])]))
    present = np.empty((count, draws))
    paid = {place: np.empty((model.case.terms.months + 1, draws)) for place in fanned}
    terms, ways = model.case.terms, model.case.ways
    outgrown = {place: 0.0 for place, way in enumerate(ways) if way.bought and np.isfinite(terms.power_kw)}
    for start in range(0, draws, AT_ONCE):
        progress(start / draws)
        part = slice(start, min(start + AT_ONCE, draws))
        values = values_at(model.unknowns, drawn[:, part])
        found = meet(model, values)
        for place in outgrown:
            outgrown[place] += _outgrown(model, ways[place], values) / draws
        for place, flow in enumerate(found):
            present[place, part] = present_value(flow.cash, model.case.terms.discount)
            if place in paid:
                paid[place][:, part] = np.cumsum(flow.cash, axis=0)
    progress(1.0)
    fans = {place: Fan(*np.quantile(cash, [LOW, MIDDLE, HIGH], axis=1)) for place, cash in paid.items()}
    return Futures(draws, drawn, present, fans, _standings(present, [way.name for way in ways]), outgrown)


def _outgrown(model: DrawModel, way: Way, values: Values) -> int:
    """Futures in which own machines need more power than there is. [1]"""
    terms = model.case.terms
    count = next((len(v) for v in values.values()), 1)
    ran = run(way, _world(terms, values, count), terms, starts_at(way), _bearing(model, way, values))
    return int((power_kw(way, ran) > terms.power_kw).any(axis=0).sum())


def _standings(present: Vec, names: list[str]) -> tuple[Standing, ...]:
    least = present.min(axis=0)
    first = present == least
    shares = (first / first.sum(axis=0)).mean(axis=1)
    ends = np.quantile(present, [LOW, MIDDLE, HIGH], axis=1)
    regret = present - least
    return tuple(
        Standing(
            name=name,
            low_usd=float(ends[0, i]),
            middle_usd=float(ends[1, i]),
            high_usd=float(ends[2, i]),
            expected_usd=float(present[i].mean()),
            cheapest_share=float(shares[i]),
            expected_regret_usd=float(regret[i].mean()),
            worst_regret_usd=float(regret[i].max()),
        )
        for i, name in enumerate(names)
    )
