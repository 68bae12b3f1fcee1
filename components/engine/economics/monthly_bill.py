"""Monthly cost in parts that add up exactly, and what it means per token and per request. USD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from components.engine.economics.hours import HOURS_PER_MONTH
from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol

RENTAL, OWNED, DEDICATED, EDGE, API = 0.0, 1.0, 2.0, 3.0, 4.0
"""Purchase codes: rented chips, bought chips, dedicated capacity on a platform, users' devices, per token."""


Part = Literal[
    "compute_busy",
    "compute_idle",
    "power",
    "facility",
    "staff",
    "support_overheads",
    "devices",
    "api_input",
    "api_cached",
    "api_output",
]


PARTS: tuple[Part, ...] = get_args(Part)


_MONEY = "docs/engine.md#money"
_CHIPS = Symbol("chips", "chips", "per replica")
_REPLICAS = Symbol("replicas", "replicas")
_BUSY = Symbol("busy hours", "h")
_RENT = Symbol("price", "USD/h", "per chip")
_PRICE = Symbol("price", "USD", "per chip, installed")
_MONTH = Symbol("hours per month", "h")
_PAYMENT = Symbol("payment", "USD/month", "per chip")
_PAID = (Symbol("paid hours", "h"), Symbol("replacements", "", "hours paid over hours needed"))
BUSY_RENTED = Formula("busy hours * chips * price", "USD/month", (_BUSY, _CHIPS, _RENT), _MONEY)
IDLE_RENTED = Formula(
    "(paid hours * replacements - busy hours) * chips * price", "USD/month", (*_PAID, _BUSY, _CHIPS, _RENT), _MONEY
)
"""Peaks, spares and nights are paid for."""
PAYMENT = Formula(
    "price * (1 - value left / (1 + rate)^months) * rate / (1 - 1 / (1 + rate)^months)",
    "USD/month",
    (
        _PRICE,
        Symbol("value left", "%", "at the end", 100),
        Symbol("rate", "%", "cost of capital of a month", 100),
        Symbol("months", "months", "in use"),
    ),
    _MONEY,
)
BUSY_OWNED = Formula(
    "chips * payment * busy hours / hours per month", "USD/month", (_CHIPS, _PAYMENT, _BUSY, _MONTH), _MONEY
)
IDLE_OWNED = Formula(
    "chips * payment * (replicas - busy hours / hours per month)",
    "USD/month", (_CHIPS, _PAYMENT, _REPLICAS, _BUSY, _MONTH), _MONEY,
)  # fmt: skip
_METERED = (Symbol("electricity", "kWh/month"), Symbol("tariff", "USD/kWh"))
POWER = Formula("electricity * tariff", "USD/month", _METERED, _MONEY)
_SPACE = (Symbol("power", "kW", "per chip, all-in"), Symbol("space", "USD/kW"))
FACILITY = Formula("replicas * chips * power * space", "USD/month", (_REPLICAS, _CHIPS, *_SPACE), _MONEY)
_STAFF = (Symbol("salaries", "USD/year", "loaded, of the least staff"), Symbol("salaries per chip", "USD/year"))
STAFF = Formula(
    "(salaries + salaries per chip * chips * replicas) / 12", "USD/month", (*_STAFF, _CHIPS, _REPLICAS), _MONEY
)
_OVER = (Symbol("compute", "USD/month", "busy and idle"), Symbol("overhead", "%", "network, storage and egress", 100))
OVERHEADS = Formula("compute * overhead", "USD/month", _OVER, _MONEY)
_KEPT = (_REPLICAS, _CHIPS, _PRICE, Symbol("upkeep", "%", "of it per year", 100))
UPKEEP = Formula("replicas * chips * price * upkeep / 12", "USD/month", _KEPT, _MONEY)
_DAILY = (Symbol("daily", "USD/day", "router, compressor and response cache"), Symbol("days per month", "days"))
BESIDE_THE_MODEL = Formula("daily * days per month", "USD/month", _DAILY, _MONEY)
DEVICES = Formula("devices * payment", "USD/month", (Symbol("devices", ""), _PAYMENT), _MONEY)


@dataclass(frozen=True, slots=True)
class Purchase(Rows):
    """How capacity is bought; every field has shape (n,). A field that a code does not use is ignored."""

    code: Vec
    usd_per_chip_hour: Vec
    """Rented or dedicated. [USD/h]"""
    chips: Vec
    """Per replica. [1]"""
    capex_usd_per_chip: Vec
    """With the chip's share of host and network; per device at the edge. [USD]"""
    years: Vec
    """Depreciation. [years]"""
    cost_of_capital: Vec
    """Per year. [1]"""
    residual_share: Vec
    """Value left at the end over the price. [1]"""
    maintenance_share: Vec
    """Per year, of the price. [1]"""
    power_usd_per_kwh: Vec
    """0 where the rent contains power. [USD/kWh]"""
    kw_per_chip: Vec
    """All-in, at full load; sizes the space. [kW]"""
    space_usd_per_kw_month: Vec
    """0 where the rent contains it. [USD/kW-month]"""
    staff_usd_per_month: Vec
    overhead_share: Vec
    """Network, storage, egress and support on top of compute. [1]"""
    api_input_usd_per_token: Vec
    api_cached_usd_per_token: Vec
    api_output_usd_per_token: Vec
    cached_share: Vec
    """Of prompt tokens, billed at the cached price. [1]"""
    batch_discount: Vec
    """Taken off all token prices of batch work. [1]"""
    batch_share: Vec
    """Of traffic, sent as batch work. [1]"""


@dataclass(frozen=True, slots=True)
class Usage(Rows):
    """What is used in a month; every field has shape (n,)."""

    paid_hours: Vec
    """Replica-hours paid. [h]"""
    busy_hours: Vec
    """Of these, at work. [h]"""
    replicas: Vec
    """Machines that exist, spares included: what an owner pays for. Devices at the edge. [1]"""
    kwh: Vec
    """Electricity at the meter, PUE included. [kWh]"""
    requests: Vec
    isl: Vec
    """Prompt tokens per request, cached ones included. [tokens]"""
    osl: Vec
    prefill_occupancy_s: Vec
    """Machine time of a prompt. [s]"""
    decode_occupancy_s: Vec
    """Machine time of an answer. [s]"""


@dataclass(frozen=True, slots=True)
class Cost(Rows):
    """USD per month by part; the parts' sum in the order of `PARTS` is the total, to the last bit."""

    compute_busy: Vec
    compute_idle: Vec
    """Paid and not used. [USD/month]"""
    power: Vec
    facility: Vec
    staff: Vec
    support_overheads: Vec
    devices: Vec
    api_input: Vec
    api_cached: Vec
    api_output: Vec

    @property
    def total(self) -> Vec:
        """The sum of all parts. [USD/month]"""
        total = np.zeros_like(self.staff)
        for name in PARTS:
            total = total + getattr(self, name)
        return total

    def parts(self, row: int = 0) -> dict[str, float]:
        """Name of the part to its figure, of one row. [USD/month]"""
        return {name: float(getattr(self, name)[row]) for name in PARTS}

    def plus(self, other: Cost) -> Cost:
        """Two purchases together, such as a prefill and a decode pool."""
        return Cost(**{name: getattr(self, name) + getattr(other, name) for name in PARTS})


@dataclass(frozen=True, slots=True)
class UnitCost(Rows):
    """Cost per unit; NaN where there is no such unit (no traffic, no output). Every field has shape (n,)."""

    usd_per_mtok_input: Vec
    usd_per_mtok_output: Vec
    usd_per_mtok_blended: Vec
    """Over prompt and output tokens together, at the workload's own ratio. [USD/Mtok]"""
    usd_per_request: Vec
    input_share: Vec
    """Share of the cost that prompts carry. [1]"""


def annuity_usd_per_month(capex_usd: Vec, years: Vec, cost_of_capital: Vec, residual_share: Vec) -> Vec:
    """Level monthly payment that returns the price less what is left of it, with the cost of capital.

    a = (C - R / (1+r)^n) r / (1 - (1+r)^-n), r the monthly rate (1 + annual)^(1/12) - 1; (C - R) / n at rate 0.
    Args: price [USD], life [years], cost of capital per year [1], residual over price [1].    Returns: [USD/month]
    """
    months = 12 * years
    rate = np.expm1(np.log1p(cost_of_capital) / 12)
    worn = -np.expm1(-months * np.log1p(rate))
    factor = np.where(worn > 0, rate / np.where(worn > 0, worn, 1.0), 1 / months)
    back = 1 - worn
    return np.asarray(capex_usd * (1 - residual_share * back) * factor)


def monthly_cost(purchase: Purchase, usage: Usage) -> Cost:
    """Cost of a month, by part.

    Rented, dedicated: chips x price x hours paid. Owned: annuity x chips x machines, whatever the hours. Both split by
    busy hours; power and space are priced wherever their price is not 0, maintenance where something is owned. Edge:
    annuity of the devices. Per token: tokens x price x (1 - discount x batch share). Overheads are a share of compute.
    """
    q, u = purchase, usage
    owned, edge, api = q.code == OWNED, q.code == EDGE, q.code == API
    per_unit = q.chips * annuity_usd_per_month(q.capex_usd_per_chip, q.years, q.cost_of_capital, q.residual_share)
    hours = np.where(owned, u.replicas * HOURS_PER_MONTH, u.paid_hours)
    compute = np.where(owned, u.replicas * per_unit, u.paid_hours * q.chips * q.usd_per_chip_hour)
    compute = np.where(edge | api, 0.0, compute)
    busy = compute * np.clip(u.busy_hours / np.where(hours > 0, hours, 1.0), 0, 1)
    fleet = u.replicas * q.chips
    kept = np.where(owned | edge, fleet * q.capex_usd_per_chip * q.maintenance_share / 12, 0.0)
    priced = np.where(api, u.requests * (1 - q.batch_discount * q.batch_share), 0.0)
    return Cost(
        compute_busy=busy,
        compute_idle=compute - busy,
        power=np.where(api, 0.0, u.kwh * q.power_usd_per_kwh),
        facility=np.where(api, 0.0, fleet * q.kw_per_chip * q.space_usd_per_kw_month),
        staff=q.staff_usd_per_month + 0.0,
        support_overheads=compute * q.overhead_share + kept,
        devices=np.where(edge, u.replicas * per_unit, 0.0),
        api_input=priced * u.isl * (1 - q.cached_share) * q.api_input_usd_per_token,
        api_cached=priced * u.isl * q.cached_share * q.api_cached_usd_per_token,
        api_output=priced * u.osl * q.api_output_usd_per_token,
    )


def _ratio(top: Vec, bottom: Vec, otherwise: float | Vec) -> Vec:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), otherwise)


def unit_cost(cost: Cost, usage: Usage) -> UnitCost:
    """Cost per million tokens and per request; input x tokens in + output x tokens out = the month's cost.

    Prompts carry the share S / (S + o t(b)/b) of what machines cost; of a per-token bill, its prompt lines' share.
    Source: engine design, section 6.
    """
    u = usage
    tokens_in, tokens_out = u.requests * u.isl, u.requests * u.osl
    billed = cost.api_input + cost.api_cached
    worked = _ratio(
        u.prefill_occupancy_s,
        u.prefill_occupancy_s + u.decode_occupancy_s,
        _ratio(tokens_in, tokens_in + tokens_out, 1.0),
    )
    share = _ratio(billed, billed + cost.api_output, worked)
    machines = cost.total - billed - cost.api_output
    mixed = (billed + cost.api_output > 0) & (u.prefill_occupancy_s + u.decode_occupancy_s > 0)
    share = np.where(mixed, _ratio(billed + worked * machines, cost.total, share), share)
    share = np.where(tokens_out > 0, np.where(tokens_in > 0, share, 0.0), 1.0)
    total = cost.total
    return UnitCost(
        usd_per_mtok_input=_ratio(total * share, tokens_in, np.nan) * 1e6,
        usd_per_mtok_output=_ratio(total * (1 - share), tokens_out, np.nan) * 1e6,
        usd_per_mtok_blended=_ratio(total, tokens_in + tokens_out, np.nan) * 1e6,
        usd_per_request=_ratio(total, u.requests, np.nan),
        input_share=share,
    )
