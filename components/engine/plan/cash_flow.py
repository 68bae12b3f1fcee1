"""From months to money: moves between strategies, cash flows, present value, payback and peak funding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy_financial as npf

from components.engine.plan.months import Bearing, Run, Way, World, run
from components.engine.plan.terms import MONTHS_PER_YEAR, Terms, discounted

if TYPE_CHECKING:
    from components.engine.facts.arrays import Vec


@dataclass(frozen=True, slots=True)
class Flows:
    """One way through the plan in every future; costs of shape (months, k), cash of shape (months + 1, k). [USD]"""

    cost: Vec
    """What each month costs, own machines by level payments."""
    cash: Vec
    """What is paid at the start of the plan and at the end of each month; the last holds what machines are sold for."""
    resale_usd: Vec
    """Of the last, from machines sold as the plan ends, shape (k,)."""


def starts_at(way: Way) -> int:
    """The first month, counted from 0, in which a strategy can answer when it is ordered today."""
    return way.lead


def left_at(way: Way, terms: Terms) -> int:
    """The month before whose start today's strategy is given up for another, the old contract and the move done."""
    return max(starts_at(way) + terms.both, terms.contract)


def in_time(way: Way, terms: Terms) -> bool:
    """Whether a strategy answers alone before the plan ends."""
    return way.index == 0 or starts_at(way) + terms.both < terms.months


def running(way: Way, ran: Run, terms: Terms) -> Flows:
    """A strategy from its start to the end of the plan, as if nothing had been there before."""
    shape = ran.cost.shape
    cash = np.zeros((terms.months + 1, *shape[1:]))
    if way.bought:
        cash[1:] = ran.cost - ran.payments
        for month in range(terms.months):
            cash[max(month - way.lead, 0)] += ran.orders[month]
        cash[:-1] -= ran.resale
        resale = ran.left[-1]
    else:
        cash[1:] = ran.cost
        resale = np.zeros(shape[1:])
    cash[-1] -= resale
    return Flows(ran.cost, cash, resale)


def moved_to(way: Way, today: Run, then: Run, terms: Terms) -> Flows:
    """From today's strategy to another as soon as it can be had: both are paid until the move is done."""
    flows = running(way, then, terms)
    old = np.where(np.arange(terms.months)[:, None] < left_at(way, terms), today.cost, 0.0)
    cash = flows.cash.copy()
    cash[1:] += old
    cash[starts_at(way)] += terms.move_usd
    cost = flows.cost + old
    cost[min(starts_at(way), terms.months - 1)] += terms.move_usd
    return Flows(cost, cash, flows.resale_usd)


def flows(
    today: Way, todays: Bearing, ways: Sequence[Way], bearings: Sequence[Bearing], world: World, terms: Terms
) -> Iterator[Flows]:
    """Ways through the plan, one after another: staying with today's strategy, or moving to another at once."""
    old = run(today, world, terms, 0, todays)
    for way, bearing in zip(ways, bearings, strict=True):
        if way.index == today.index:
            found = running(way, old, terms)
        else:
            found = moved_to(way, old, run(way, world, terms, starts_at(way), bearing), terms)
        yield _with_errors(found, wrong_answers(today, way, world.volume, terms))


def wrong_answers(today: Way, way: Way, volume: Vec, terms: Terms) -> Vec:
    """What wrong answers cost in each month: today's strategy's until the other answers. [USD]

    Args: volume, requests over today's, shape (months, k). [1]    Returns: the same shape; (1, 1) where nothing.
    """
    if not (today.wrong_usd or way.wrong_usd):
        return np.zeros((1, 1))
    before = (np.arange(terms.months) < starts_at(way)) | (way.index == today.index)
    return np.where(before, today.wrong_usd, way.wrong_usd)[:, None] * volume


def _with_errors(flow: Flows, usd: Vec) -> Flows:
    if not usd.any():
        return flow
    cash = flow.cash.copy()
    cash[1:] += usd
    return Flows(flow.cost + usd, cash, flow.resale_usd)


def present_value(cash: Vec, yearly: float) -> Vec:
    """Worth today of payments at the start and at the end of each month.    Args: cash, shape (months + 1, k). [USD]

    sum_t c_t / (1 + r)^(t / 12)
    """
    return np.asarray(discounted(yearly, len(cash) - 1) @ cash)


def npv_usd(cash: Vec, yearly: float) -> float:
    """The same of one future by numpy-financial, shape (months + 1,). [USD]"""
    rate = np.expm1(np.log1p(yearly) / MONTHS_PER_YEAR)
    return float(npf.npv(rate, cash))


def payback_month(today: Vec, then: Vec) -> int | None:
    """The month from whose end on a move has paid less in all than staying would have; None where it never does.

    What machines can be sold for does not count. Args: cash of both, that sale left out, shape (months + 1,). [USD]
    """
    ahead = np.cumsum(today - then)
    behind = np.flatnonzero(ahead < -1e-6)
    if not len(behind):
        return 0
    first = int(behind[-1]) + 1
    return first if first < len(ahead) else None


def peak_funding_usd(today: Vec, then: Vec) -> float:
    """The most money that a move has out beyond what staying would have cost by then. [USD]"""
    return float(max(np.max(np.cumsum(then - today)), 0.0))
