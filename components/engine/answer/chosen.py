"""The chosen replica of a fleet, as batches of one row: what it is, what it must serve and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.engine.economics.energy import energy
from components.engine.economics.monthly_bill import annuity_usd_per_month, chips_bought
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.outcome.batch import Batch
from components.engine.replica.record import Physics
from components.engine.serving.peak import Service

if TYPE_CHECKING:
    from components.engine.economics.hours import Hours
    from components.engine.economics.terms import Purchase, PurchaseTerms
    from components.engine.facts.arrays import Vec
    from components.engine.outcome.evaluation import Fleet
    from components.engine.strategy.records import Deployment


HEADS = {"main": "", "routed": "routed share: ", "edge": "edge share: "}
"""What a step's name begins with, by the part of the traffic a deployment serves."""


WHOSE = {"main": "", "routed": "routed", "edge": "edge"}
"""What a symbol's name begins with, likewise."""


def only(values: Vec) -> float:
    """The value of an array of one."""
    return float(values[0])


class ChipGroup(NamedTuple):
    """Chips of one kind in a fleet, as they are bought and used."""

    whose: str
    """Empty for the chips that decode."""
    purchase: Purchase
    terms: PurchaseTerms
    hours: Hours
    replicas: float
    """Spares included. [1]"""

    @property
    def chips(self) -> float:
        """Per replica. [1]"""
        return only(self.terms.chips)

    @property
    def paid_h(self) -> float:
        """Replica-hours needed in a month, spot replacements left out. [h]"""
        return only(self.hours.paid)

    @property
    def busy_h(self) -> float:
        """Of the paid ones. [h]"""
        return min(only(self.hours.busy), self.powered_h)

    @property
    def powered_h(self) -> float:
        """Replica-hours under power: owned machines always, devices while they work. [h]"""
        if self.purchase.kind == "owned":
            return self.replicas * HOURS_PER_MONTH
        return min(only(self.hours.busy), self.paid_h) if self.purchase.kind == "edge" else self.paid_h

    @property
    def bought(self) -> float:
        """Chips of whole systems where they are owned. [1]"""
        return only(chips_bought(self.replicas * self.terms.chips, self.terms.sold_together))

    @property
    def compute_usd_per_month(self) -> float:
        """Rent of the paid hours, or payments for all machines. [USD/month]"""
        t = self.purchase
        if t.kind == "owned":
            return self.bought * payment_usd_per_month(t)
        return 0.0 if t.kind == "edge" else self.paid_h * t.paid_hours_factor * self.chips * t.usd_per_chip_hour

    def kwh_per_month(self, idle_power_share: Vec) -> float:
        """Electricity at the meter. [kWh/month]"""
        used = energy(
            powered_hours=np.array([self.powered_h]),
            busy_hours=np.array([self.busy_h]),
            chips=self.terms.chips,
            kw_per_chip=self.terms.kw_per_chip,
            idle_power_share=idle_power_share,
            pue=self.terms.pue,
            carbon_kg_per_kwh=self.terms.carbon_kg_per_kwh,
        )
        return only(used.kwh_per_month)


def payment_usd_per_month(t: Purchase) -> float:
    """Level monthly payment for one owned chip. [USD/month]"""
    terms = (t.capex_usd_per_chip, t.years, t.cost_of_capital, t.residual_share)
    return only(annuity_usd_per_month(*(np.array([term]) for term in terms)))


@dataclass(frozen=True, slots=True)
class Chosen:
    """One fleet's choice."""

    deployment: Deployment
    batch: Batch
    """One row."""
    service: Service
    hours: Hours
    pool_hours: Hours
    kwh_per_month: float
    carbon_kg_per_month: float

    @classmethod
    def of(cls, fleet: Fleet) -> Chosen:
        """The row that the fleet chose."""
        row, c = np.array([fleet.chosen]), fleet.computed
        return cls(
            fleet.deployment,
            fleet.batch.take(row),
            c.service.take(row),
            c.hours.take(row),
            c.pool_hours.take(row),
            only(c.energy.kwh_per_month[row]),
            only(c.energy.carbon_kg_per_month[row]),
        )

    @property
    def head(self) -> str:
        """What the names of its steps begin with."""
        return HEADS[self.deployment.role]

    @property
    def pooled(self) -> bool:
        """Whether prompts are read on machines of their own."""
        return bool(self.batch.pooled[0])

    @property
    def prompt_machine(self) -> Physics:
        """What reads the prompts."""
        return self.batch.pool if self.pooled else self.batch.physics

    @property
    def groups(self) -> tuple[ChipGroup, ...]:
        """Chips that are paid for, those that decode first."""
        d, s, b = self.deployment, self.service, self.batch
        rows = (
            ("", d.purchase, b.main, self.hours, only(s.replicas)),
            ("SRAM", d.sram_purchase, b.sram, self.hours, only(s.replicas)),
            ("prefill", d.pool_purchase, b.beside, self.pool_hours, only(s.prefill_replicas)),
        )
        return tuple(
            ChipGroup(whose, purchase, terms, hours, replicas)
            for whose, purchase, terms, hours, replicas in rows
            if purchase is not None and only(terms.chips) > 0
        )
