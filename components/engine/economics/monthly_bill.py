"""Monthly cost of machines in parts that add up exactly, and the part of it that prompts carry. USD."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from components.engine.economics.terms import PurchaseTerms
from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import HOURS_PER_MONTH

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
    "api_fee",
]


PARTS: tuple[Part, ...] = get_args(Part)


IDLE: frozenset[str] = frozenset({"compute_idle"})
"""Parts that are paid for and not used."""
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
_BOUGHT = Symbol("chips bought", "chips", "in whole systems")
IDLE_OWNED = Formula(
    "payment * (chips bought - chips * busy hours / hours per month)",
    "USD/month", (_PAYMENT, _BOUGHT, _CHIPS, _BUSY, _MONTH), _MONEY,
)  # fmt: skip
_METERED = (Symbol("electricity", "kWh/month"), Symbol("tariff", "USD/kWh"))
POWER = Formula("electricity * tariff", "USD/month", _METERED, _MONEY)
_SPACE = (Symbol("power", "kW", "per chip, all-in"), Symbol("space", "USD/kW"))
FACILITY = Formula("replicas * chips * power * space", "USD/month", (_REPLICAS, _CHIPS, *_SPACE), _MONEY)
_OVER = (Symbol("compute", "USD/month", "busy and idle"), Symbol("overhead", "%", "network, storage and egress", 100))
OVERHEADS = Formula("compute * overhead", "USD/month", _OVER, _MONEY)
_KEPT = (_BOUGHT, _PRICE, Symbol("upkeep", "%", "of it per year", 100))
UPKEEP = Formula("chips bought * price * upkeep / 12", "USD/month", _KEPT, _MONEY)
_DAILY = (Symbol("daily", "USD/day", "router, compressor and response cache"), Symbol("days per month", "days"))
BESIDE_THE_MODEL = Formula("daily * days per month", "USD/month", _DAILY, _MONEY)
DEVICES = Formula("devices * payment", "USD/month", (Symbol("devices", ""), _PAYMENT), _MONEY)


ROUNDING = 1e-9
"""Share of a system that is rounding, not one more system. [1]"""


@dataclass(frozen=True, slots=True)
class Usage(Rows):
    """What replicas do in a month; every field has shape (n,)."""

    paid_hours: Vec
    """Replica-hours needed; a purchase may have to pay more of them. [h]"""
    busy_hours: Vec
    """Of these, at work. [h]"""
    replicas: Vec
    """Machines that exist, spares included: what an owner pays for. Devices at the edge. [1]"""
    kwh: Vec
    """Electricity at the meter, PUE included. [kWh]"""


@dataclass(frozen=True, slots=True)
class Cost(Rows):
    """USD per month of machines by part; the parts' sum in the order of `PARTS` is the total, to the last bit."""

    compute_busy: Vec
    compute_idle: Vec
    """Paid and not used. [USD/month]"""
    power: Vec
    facility: Vec
    staff: Vec
    support_overheads: Vec
    devices: Vec

    @property
    def total(self) -> Vec:
        """The sum of all parts. [USD/month]"""
        machines = self.compute_busy + self.compute_idle + self.power + self.facility
        return machines + self.staff + self.support_overheads + self.devices

    def parts(self, row: int = 0) -> dict[str, float]:
        """Each of `PARTS` to its figure, of one row; machines have no bill of tokens. [USD/month]"""
        return dict.fromkeys(PARTS, 0.0) | {name: float(getattr(self, name)[row]) for name in Cost.__slots__}

    def plus(self, other: Cost) -> Cost:
        """Two purchases together, such as a prefill and a decode pool."""
        return Cost(*(getattr(self, name) + getattr(other, name) for name in Cost.__slots__))


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Cost per unit; None where there is no such unit: no traffic, no output."""

    usd_per_mtok_input: float | None
    usd_per_mtok_output: float | None
    usd_per_mtok_blended: float | None
    """Over prompt and output tokens together, at the workload's own ratio. [USD/Mtok]"""
    usd_per_request: float | None


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


def chips_bought(chips: Vec, sold_together: Vec) -> Vec:
    """Chips of the whole systems that hold so many: nobody sells four chips of a rack.    Args, returns: [1]"""
    return np.asarray(np.ceil(chips / sold_together - ROUNDING) * sold_together)


def monthly_cost(terms: PurchaseTerms, usage: Usage) -> Cost:
    """Cost of a month of machines, by part.

    Rented, dedicated: chips x price x hours paid. Owned: annuity x chips in whole systems, whatever the hours. Both
    split by busy hours; power and space are priced wherever their price is not 0, maintenance where something is
    owned. Edge: annuity of the devices. Overheads are a share of compute. People follow the whole strategy
    (`staff.py`): 0 here.
    """
    t, u = terms, usage
    payment = annuity_usd_per_month(t.capex_usd_per_chip, t.years, t.cost_of_capital, t.residual_share)
    fleet = u.replicas * t.chips
    bought = np.where(t.owned, chips_bought(fleet, t.sold_together), fleet)
    paid_hours = u.paid_hours * t.paid_hours_factor
    hours = np.where(t.owned, u.replicas * HOURS_PER_MONTH, paid_hours)
    compute = np.where(t.owned, bought * payment, paid_hours * t.chips * t.usd_per_chip_hour)
    compute = np.where(t.edge, 0.0, compute)
    at_work = np.where(t.owned, fleet * payment, compute)
    busy = np.where(t.edge, 0.0, at_work) * np.clip(u.busy_hours / np.where(hours > 0, hours, 1.0), 0, 1)
    kept = np.where(t.owned | t.edge, bought * t.capex_usd_per_chip * t.maintenance_share / 12, 0.0)
    return Cost(
        compute_busy=busy,
        compute_idle=compute - busy,
        power=u.kwh * t.usd_per_kwh,
        facility=fleet * t.kw_per_chip * t.colo_usd_per_kw_month,
        staff=np.zeros_like(fleet),
        support_overheads=compute * t.overhead_share + kept,
        devices=np.where(t.edge, fleet * payment, 0.0),
    )


def prompt_share(isl: float, osl: float, prefill_occupancy_s: float, decode_occupancy_s: float) -> float:
    """Share of what machines cost that prompts carry: S / (S + o t(b) / b), that of tokens where no time is known. [1]

    Args: prompt and output [tokens]; machine time of one prompt, S, and of one answer, o t(b) / b [s].
    """
    if osl <= 0 or isl <= 0:
        return 1.0 if osl <= 0 else 0.0
    worked_s = prefill_occupancy_s + decode_occupancy_s
    return prefill_occupancy_s / worked_s if worked_s > 0 else isl / (isl + osl)


def unit_cost(usd: float, share: float, requests: float, isl: float, osl: float) -> UnitCost:
    """Cost per million tokens and per request; input x tokens in + output x tokens out = the month's cost.

    Args: cost of a month [USD]; share of it that prompts carry [1]; requests [1/month]; prompt and output [tokens].
    """
    tokens_in, tokens_out = requests * isl, requests * osl
    share = share if tokens_out else 1.0

    def per(part_usd: float, units: float) -> float | None:
        return part_usd / units if units > 0 and math.isfinite(part_usd) else None

    return UnitCost(
        per(usd * share * 1e6, tokens_in),
        per(usd * (1 - share) * 1e6, tokens_out),
        per(usd * 1e6, tokens_in + tokens_out),
        per(usd, requests),
    )
