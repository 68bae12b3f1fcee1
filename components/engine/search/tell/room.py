"""How far the winner can move: its own price, the demand, and the targets, against the rest of the list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from components.engine.economics.extras import extras
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.outcome.variants import evaluate_variants
from components.engine.search.tell.found import Room
from components.engine.search.tell.words import many, ms, percent

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec
    from components.engine.search.ask.replicas import Question
    from components.engine.search.rank.option import Option


VOLUMES = np.geomspace(0.1, 10, 41)
"""Demands tried, over today's. [1]"""


TIGHTER = np.linspace(1, 0.1, 19)
"""Targets tried, over today's. [1]"""


LEAST_RISE = 0.001
"""A rise of the price below this is none. [1]"""


@dataclass(frozen=True, slots=True)
class Moved:
    """Monthly cost of one configuration as the question moves; inf where it does not work. [USD/month]"""

    by_volume: Vec
    by_ttft: Vec
    by_tpot: Vec
    at_double_price: float


def moved(ask: Question, option: Option) -> Moved | None:
    """Cost over demands and targets, in one call of the engine; None where a second fleet serves a share."""
    cost = option.cost_usd_per_month
    if option.kind == "api":
        ttft = _kept(cost, ask.traffic.ttft_limit_s, option.ttft_p95_s)
        tpot = _kept(cost, ask.traffic.tpot_limit_s, option.tpot_p95_s)
        beside = sum(extras(option.strategy, ask.traffic, ask.book).values()) * DAYS_PER_MONTH
        return Moved(cost * VOLUMES, ttft, tpot, 2 * cost - beside)
    if option.strategy.route or option.strategy.edge:
        return None
    flat, t = np.ones_like(TIGHTER), ask.traffic
    volume = np.concatenate([VOLUMES, flat, flat, [1.0]])
    price = np.concatenate([np.ones_like(VOLUMES), flat, flat, [2.0]])
    waits = option.strategy.defer < 1
    ttft = np.full_like(volume, t.ttft_limit_s if waits else math.inf)
    tpot = np.full_like(volume, t.tpot_limit_s if waits else math.inf)
    a, b = len(VOLUMES), len(VOLUMES) + len(TIGHTER)
    ttft[a:b] *= TIGHTER
    tpot[b:-1] *= TIGHTER
    found = evaluate_variants(
        option.strategy, ask.q.workload, ask.book,
        volume_factor=volume, price_factor=price, ttft_limit_s=ttft, tpot_limit_s=tpot,
    )  # fmt: skip
    usd = np.where(found.works, found.cost_usd_per_month, np.inf)
    return Moved(usd[:a], usd[a:b], usd[b:-1], float(usd[-1]))


def _kept(cost: float, limit_s: float, seen_s: float | None) -> Vec:
    """Cost where a speed that does not change meets the tighter target; what is not published meets none."""
    seen = math.inf if seen_s is None else seen_s
    return np.where(seen <= limit_s * TIGHTER, cost, np.inf)


def crossing(ask: Question, winner: Moved, other: Moved) -> str:
    """Where another configuration becomes and stays cheaper, as a sentence part; empty where it never does so.

    Whole replicas make costs jump, so a volume at which it is cheaper by chance is no reason.
    """
    better = other.by_volume < winner.by_volume
    middle, per_day = len(VOLUMES) // 2, ask.traffic.requests_per_day
    above = np.flatnonzero(np.logical_and.accumulate(better[::-1])[::-1][middle:])
    below = np.flatnonzero(np.logical_and.accumulate(better)[: middle + 1])
    if len(above):
        return f"wins above {many(VOLUMES[middle + above[0]] * per_day)} requests a day"
    if len(below):
        return f"wins below {many(VOLUMES[below[-1]] * per_day)} requests a day"
    return ""


def room_of(ask: Question, winner: Option, others: list[Option], paths: list[Moved | None]) -> Room:
    """How far the winner can move before another of the list is cheaper; `paths` holds the winner first."""
    own, rest = paths[0], [p for p in paths[1:] if p is not None]
    if own is None:
        return Room(None, None, None, None, None)
    cheapest = np.min([p.by_volume for p in rest], axis=0) if rest else np.full_like(VOLUMES, np.inf)
    holds = own.by_volume <= cheapest * (1 + 1e-9)
    low, high = _around(holds, ask.traffic.requests_per_day)
    price = _price_factor(winner, others, own)
    ttft = _tightest(ask.traffic.ttft_limit_s, own.by_ttft, [p.by_ttft for p in rest])
    tpot = _tightest(ask.traffic.tpot_limit_s, own.by_tpot, [p.by_tpot for p in rest])
    return Room(
        price, low, high, ttft, tpot, tuple(_sentences(price, low, high, ttft, tpot, writes=ask.traffic.osl > 0))
    )


def _around(holds: np.ndarray, per_day: float) -> tuple[float | None, float | None]:
    """First demand to each side at which something else is cheaper."""
    middle = len(VOLUMES) // 2
    above, below = np.flatnonzero(~holds[middle:]), np.flatnonzero(~holds[: middle + 1])
    low = float(VOLUMES[below[-1]] * per_day) if len(below) and below[-1] < middle else None
    high = float(VOLUMES[middle + above[0]] * per_day) if len(above) and above[0] > 0 else None
    return low, high


def _price_factor(winner: Option, others: list[Option], own: Moved) -> float | None:
    step = own.at_double_price - winner.cost_usd_per_month
    next_usd = min((o.cost_usd_per_month for o in others), default=math.inf)
    if not math.isfinite(next_usd) or not 0 < step < math.inf or next_usd < winner.cost_usd_per_month:
        return None
    return 1 + (next_usd - winner.cost_usd_per_month) / step


def _tightest(limit_s: float, own: Vec, rest: list[Vec]) -> float | None:
    """Tightest target at which the winner works and none of the rest is cheaper. [s]"""
    if not math.isfinite(limit_s):
        return None
    cheapest = np.min(rest, axis=0) if rest else np.full_like(own, np.inf)
    holds = np.logical_and.accumulate(np.isfinite(own) & (own <= cheapest * (1 + 1e-9)))
    return float(limit_s * TIGHTER[holds.sum() - 1]) if holds.any() else None


def _sentences(
    price: float | None,
    low: float | None,
    high: float | None,
    ttft: float | None,
    tpot: float | None,
    *,
    writes: bool = True,
) -> list[str]:
    found = []
    if price is not None and price < 1 + LEAST_RISE:
        found.append("The next one costs the same")
    elif price is not None:
        found.append(f"Its price may rise by {percent(price - 1)} before the next one costs less")
    if low is not None:
        found.append(f"below {many(low)} requests a day another one of the list is cheaper")
    if high is not None:
        found.append(f"above {many(high)} requests a day another one of the list is cheaper")
    if ttft is not None:
        found.append(f"it stays first down to a target of {ms(ttft)} for {'the first word' if writes else 'a result'}")
    if tpot is not None:
        found.append(f"it stays first down to a target of {ms(tpot)} per further word")
    return found
