"""Monthly cost of machines in parts that add up exactly, and the part of it that prompts carry. USD."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from components.engine.economics.hours import HOURS_PER_MONTH
from components.engine.facts.arrays import Rows, Vec

RENTAL, OWNED, DEDICATED, EDGE = 0.0, 1.0, 2.0, 3.0
"""Purchase codes: rented chips, bought chips, dedicated capacity on a platform, users' devices."""


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


IDLE: frozenset[str] = frozenset({"compute_idle"})
"""Parts that are paid for and not used."""


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
    annuity of the devices. Overheads are a share of compute; what is bought per token is billed apart.
    """
    q, u = purchase, usage
    owned, edge = q.code == OWNED, q.code == EDGE
    per_unit = q.chips * annuity_usd_per_month(q.capex_usd_per_chip, q.years, q.cost_of_capital, q.residual_share)
    hours = np.where(owned, u.replicas * HOURS_PER_MONTH, u.paid_hours)
    compute = np.where(owned, u.replicas * per_unit, u.paid_hours * q.chips * q.usd_per_chip_hour)
    compute = np.where(edge, 0.0, compute)
    busy = compute * np.clip(u.busy_hours / np.where(hours > 0, hours, 1.0), 0, 1)
    fleet = u.replicas * q.chips
    kept = np.where(owned | edge, fleet * q.capex_usd_per_chip * q.maintenance_share / 12, 0.0)
    none = np.zeros_like(compute)
    return Cost(
        compute_busy=busy,
        compute_idle=compute - busy,
        power=u.kwh * q.power_usd_per_kwh,
        facility=fleet * q.kw_per_chip * q.space_usd_per_kw_month,
        staff=q.staff_usd_per_month + 0.0,
        support_overheads=compute * q.overhead_share + kept,
        devices=np.where(edge, u.replicas * per_unit, 0.0),
        api_input=none,
        api_cached=none,
        api_output=none,
    )


def _ratio(top: Vec, bottom: Vec, otherwise: float | Vec) -> Vec:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), otherwise)


def input_share(usage: Usage) -> Vec:
    """Share of a fleet's cost that prompts carry, by the machine time they take: S / (S + o t(b) / b). Shape (n,). [1]

    All of it where there is no output, none where there is no prompt.    Source: engine design, section 6.
    """
    u = usage
    tokens_in, tokens_out = u.requests * u.isl, u.requests * u.osl
    worked = _ratio(
        u.prefill_occupancy_s,
        u.prefill_occupancy_s + u.decode_occupancy_s,
        _ratio(tokens_in, tokens_in + tokens_out, 1.0),
    )
    return np.where(tokens_out > 0, np.where(tokens_in > 0, worked, 0.0), 1.0)
