"""What one strategy costs month by month: load, machines that are held, prices of the day, contracts and purchases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.monthly_bill import annuity_usd_per_month
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import DAYS_PER_MONTH
from components.engine.plan.cost_table import CostTable, Index, Places
from components.engine.plan.terms import MONTHS_PER_YEAR, Terms, compounded, volumes

if TYPE_CHECKING:
    from components.engine.economics.terms import Purchase
    from components.engine.facts.arrays import Mask, Vec
    from components.engine.plan.paths import LookUps
    from components.engine.scenario import Buy

CONTRACT_MONTHS: dict[Buy, int] = {"reserved-1yr": 12, "reserved-3yr": 36}
"""Months for which a reservation holds: what the word says."""


@dataclass(frozen=True, slots=True)
class Way:
    """One strategy as a plan runs it."""

    index: int
    """In the scenario's order; 0 is today's."""
    name: str
    table: CostTable
    owned: bool
    held: int
    """Months for which machines are kept and paid once they are taken: 1, a contract's, or their life."""
    lead: int
    """Months from order to use."""
    years: float
    cost_of_capital: float
    residual_share: float
    upkeep_share: float
    """Upkeep of a month over the price of the machines. [1/month]"""
    overhead_share: float
    """Over rent. [1]"""
    wrong_usd: float
    """What wrong answers, beyond those of the baseline's model as published, cost at today's volume. [USD/month]"""

    @property
    def bought(self) -> bool:
        """Whether machines are paid when they are ordered; today's own ones are paid off month by month."""
        return self.owned and self.index > 0


def way_of(found: LookUps, index: int, table: CostTable, terms: Terms) -> Way:
    """How a strategy is bought, with the plan's terms."""
    outcome = found.outcomes[index]
    bought = [p for d in outcome.resolved.deployments if (p := d.purchase) is not None and p.kind != "edge"]
    main: Purchase | None = bought[0] if bought else None
    owned = main is not None and main.kind == "owned"
    order, rent = (float(np.interp(1.0, table.load, table.part(name))) for name in ("order", "rent"))
    upkeep, over = (float(np.interp(1.0, table.load, table.part(name))) for name in ("upkeep", "overhead"))
    return Way(
        index=index,
        name=found.names[index],
        table=table,
        owned=owned,
        held=terms.life if owned else CONTRACT_MONTHS.get(outcome.resolved.strategy.buy, 1),
        lead=terms.lead if owned else 0,
        years=max(main.years, terms.life / MONTHS_PER_YEAR) if owned and main is not None else 1.0,
        cost_of_capital=main.cost_of_capital if main is not None else 0.0,
        residual_share=main.residual_share if main is not None else 0.0,
        upkeep_share=upkeep / order if order else 0.0,
        overhead_share=over / rent if rent else 0.0,
        wrong_usd=wrong_usd(outcome.resolved.extra_errors_per_1000, found.requests_per_day, terms),
    )


WRONG = Formula(
    "requests * days * errors / 1000 * price",
    "USD/month",
    (
        Symbol("requests", "requests/day"),
        Symbol("days", "days/month"),
        Symbol("errors", "errors in 1,000", "beyond today's model as published, at most"),
        Symbol("price", "USD", "of a wrong answer"),
    ),
    "docs/engine.md#plan",
)


def wrong_usd(extra_errors_per_1000: float | None, requests_per_day: float, terms: Terms) -> float:
    """What wrong answers cost at a volume; 0 where they cost nothing or are not known. [USD/month]"""
    if not terms.wrong_usd or extra_errors_per_1000 is None:
        return 0.0
    return requests_per_day * DAYS_PER_MONTH * extra_errors_per_1000 / 1000 * terms.wrong_usd


class World(NamedTuple):
    """Futures beside one another: what all strategies meet in them."""

    volume: Vec
    """Requests over today's, shape (months, k). [1]"""
    chips: Vec
    """Price of chips over today's, shape (months, k). [1]"""
    tokens: Vec
    """Price of tokens over today's, shape (months, k). [1]"""


class Bearing(NamedTuple):
    """Futures beside one another: what bears on one strategy alone; each of shape (k,) or a number, 1 at the base."""

    speed: Vec | float = 1.0
    """Load that a machine carries over what is modelled."""
    price: Vec | float = 1.0
    """Of its chips, over the market's base."""
    prompts: Vec | float = 1.0
    """Bill of prompts per token sent, over today's."""
    overhead: Vec | float = 1.0
    people: Vec | float = 1.0
    """Number and salary together."""
    power: Vec | float = 1.0
    upkeep: Vec | float = 1.0
    residual: Vec | float = 1.0
    """What is left at the end of the life, over the published."""


BASE = Bearing()


def base_world(terms: Terms) -> World:
    """The one future of the plan's own terms."""
    growth, chips, tokens = (np.array([v]) for v in (terms.growth, 1 + terms.chips, 1 + terms.tokens))
    return World(volumes(growth, terms), compounded(chips, terms.months), compounded(tokens, terms.months))


@dataclass(frozen=True, slots=True)
class Run:
    """A strategy in use from a month on; arrays of shape (months, k), 0 before it begins. [USD] unless said."""

    cost: Vec
    """What the month costs, own machines by level payments: on one month of today's, Compare's bill."""
    payments: Vec
    """Of it, the level payments for machines that were bought: no money that flows."""
    orders: Vec
    """Machines bought for use from this month on."""
    resale: Vec
    """Machines sold at the start of this month because new ones replace them."""
    left: Vec
    """What the machines are worth at the end of the month."""
    rent: Vec
    """Of the cost, rent that a contract holds to."""
    load: Vec
    """Over today's, shape (months, k). [1]"""
    held: Vec
    """Load that the machines taken so far could carry, over today's. [1]"""


def run(way: Way, world: World, terms: Terms, start: Index | int = 0, bearing: Bearing = BASE) -> Run:
    """A strategy's months in every future, from its start on.

    Machines taken under a contract or bought are kept until it ends: the largest load since it began decides what is
    paid, and what is added meanwhile comes at the price of its month and ends with the rest. Bought machines cost their
    level payment a month, orders of their own, and are worth what is not yet paid off: a plan that ends earlier sells
    them at that. A new generation of chips does more work for the money in whatever is taken once it has arrived.
    Args:
        way: the strategy.
        world: its futures.
        terms: months, arrival and gain are read.
        start: month of its first answer, counted from 0, shape (k,) or one for all.
        bearing: what moves this strategy alone.
    Source: docs/engine.md#plan.
    """
    loads = _loads(way, world, terms, np.asarray(start), bearing)
    table, needed = way.table, way.table.at(loads.needed)
    kept = needed if way.held == 1 else table.at(loads.held)
    on, shape = loads.on, loads.needed.shape
    price = world.chips * bearing.price

    def part(name: str, where: Places) -> Vec | float:
        values = table.part(name)
        return where.of(values) if values.any() else 0.0

    rent = _held_rent(part("rent", kept), price, loads)
    order = part("order", kept)
    bought = _bought(way, order, price, loads, bearing) if way.owned else _Bought(*[np.zeros(shape)] * 4)
    spent = rent * (1 + way.overhead_share * bearing.overhead)
    spent = spent + bought.payments + bought.value * way.upkeep_share * bearing.upkeep
    spent = spent + part("space", kept) + part("people", kept) * bearing.people
    spent = spent + part("power", needed) * bearing.power + part("devices", needed)
    t = table.tokens
    spent = spent + world.volume * (world.tokens * (t.prompts * bearing.prompts + t.answers) + t.beside)
    spent = spent + t.fee
    return Run(
        cost=np.where(on, spent, 0.0),
        payments=bought.payments,
        orders=bought.orders,
        resale=bought.resale,
        left=bought.left,
        rent=np.where(on, rent, 0.0) if way.held > 1 else np.zeros(shape),
        load=np.where(on, loads.needed, 0.0),
        held=np.where(on, loads.held, 0.0),
    )


def power_kw(way: Way, ran: Run) -> Vec:
    """Facility power at full load of the own machines that stand, shape (months, k); 0 before it begins. [kW]"""
    return np.where(ran.held > 0, way.table.at(ran.held).of(way.table.power_kw), 0.0)


class _Loads(NamedTuple):
    on: Mask
    """Months in which it is in use."""
    fresh: Mask
    """Whether a contract or a generation of own machines begins."""
    needed: Vec
    held: Vec


def _loads(way: Way, world: World, terms: Terms, start: Index, bearing: Bearing) -> _Loads:
    shape = np.broadcast_shapes(world.volume.shape, (1, *start.shape), (1, *np.shape(bearing.speed)))
    age = np.broadcast_to(np.arange(terms.months)[:, None] - start, shape)
    on = age >= 0
    fresh = on & (age % way.held == 0)
    needed = np.broadcast_to(world.volume / bearing.speed, shape)
    if terms.arrival:
        taken = np.arange(terms.months)[:, None] - age % way.held
        needed = np.where(taken + 1 >= terms.arrival, needed / terms.gain, needed)
    if way.held == 1:
        return _Loads(on, fresh, needed, needed)
    held = np.empty(shape)
    most = np.zeros(shape[1:])
    for t in range(terms.months):
        most = np.where(fresh[t], needed[t], np.maximum(most, needed[t]))
        held[t] = most
    return _Loads(on, fresh, needed, held)


def _added(amount: Vec, fresh: Mask) -> Vec:
    """What is taken in each month: all of it where a contract begins, else what is more than the month before."""
    before = np.concatenate([np.zeros((1, *amount.shape[1:])), amount[:-1]])
    return np.where(fresh, amount, np.maximum(amount - before, 0.0))


def _held_rent(amount: Vec | float, price: Vec, loads: _Loads) -> Vec:
    """Rent of each month: by contract what was taken in it at the price of its month."""
    if isinstance(amount, float):
        return np.zeros(loads.needed.shape)
    if loads.held is loads.needed:
        return np.asarray(amount * price)
    taken = _added(amount, loads.fresh) * price
    paid = np.empty_like(taken)
    total = np.zeros(taken.shape[1:])
    for t in range(len(taken)):
        total = np.where(loads.fresh[t], 0.0, total) + taken[t]
        paid[t] = total
    return paid


class _Bought(NamedTuple):
    payments: Vec
    orders: Vec
    resale: Vec
    left: Vec
    value: Vec = np.zeros(1)
    """Price paid for what stands. [USD]"""


def _bought(way: Way, amount: Vec | float, price: Vec, loads: _Loads, bearing: Bearing) -> _Bought:
    """Own machines: orders, level payments, what is not yet paid off."""
    shape = loads.needed.shape
    orders = np.where(loads.on, _added(np.broadcast_to(amount, shape), loads.fresh) * price, 0.0)
    one = np.ones(shape[1:])
    left_over = one * way.residual_share * bearing.residual
    payment = annuity_usd_per_month(one, one * way.years, one * way.cost_of_capital, left_over)
    rate = np.expm1(np.log1p(way.cost_of_capital) / MONTHS_PER_YEAR)
    value, left, resale = np.empty(shape), np.empty(shape), np.zeros(shape)
    stands = owed = np.zeros(shape[1:])
    for t in range(len(orders)):
        fresh = loads.fresh[t]
        resale[t] = np.where(fresh, owed, 0.0)
        stands = np.where(fresh, 0.0, stands) + orders[t]
        owed = (np.where(fresh, 0.0, owed) + orders[t]) * (1 + rate) - stands * payment
        value[t], left[t] = stands, owed
    return _Bought(value * payment, orders, resale, left, value)
