"""Power, energy and carbon of a fleet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.formula import Formula, Symbol
from components.engine.facts.periods import HOURS_PER_MONTH

ELECTRICITY = Formula(
    "chips * power * PUE * (busy hours + idle share * (powered hours - busy hours))",
    "kWh/month",
    (
        Symbol("chips", "chips", "per replica"),
        Symbol("power", "kW", "per chip, all-in"),
        Symbol("PUE", ""),
        Symbol("busy hours", "h"),
        Symbol("idle share", "%", "of full power", 100),
        Symbol("powered hours", "h"),
    ),
    "docs/engine.md#energy",
)


CARBON = Formula(
    "electricity * intensity",
    "kg CO2e/month",
    (Symbol("electricity", "kWh/month"), Symbol("intensity", "kg/kWh", "in use only")),
    "docs/engine.md#energy",
)


@dataclass(frozen=True, slots=True)
class Energy(Rows):
    """A fleet's electricity; every field has shape (n,)."""

    power_kw: Vec
    """Mean facility power over the month. [kW]"""
    kwh_per_month: Vec
    carbon_kg_per_month: Vec
    """Electricity in use only, without the making of the machines; NaN where the grid is not known. [kgCO2e]"""

    def plus(self, other: Energy) -> Energy:
        """Two fleets together, such as prefill and decode."""
        return Energy(
            self.power_kw + other.power_kw,
            self.kwh_per_month + other.kwh_per_month,
            self.carbon_kg_per_month + other.carbon_kg_per_month,
        )


def energy(
    *,
    powered_hours: Vec,
    busy_hours: Vec,
    chips: Vec,
    kw_per_chip: Vec,
    idle_power_share: Vec,
    pue: Vec,
    carbon_kg_per_kwh: Vec,
) -> Energy:
    """Electricity of replicas that are powered for some hours and busy for fewer.

    kWh = chips kW PUE (busy + idle share (powered - busy))
    Args:
        powered_hours: replica-hours per month under power. [h]
        busy_hours: of these, at work. [h]
        chips: per replica. [1]
        kw_per_chip: all-in, with the chip's share of its host, under load. [kW]
        idle_power_share: power when idle over power under load. [1]
        pue: facility power over IT power. [1]
        carbon_kg_per_kwh: grid intensity. [kgCO2e/kWh]
    Returns: `Energy`.
    """
    busy = np.minimum(busy_hours, powered_hours)
    kwh = chips * kw_per_chip * pue * (busy + idle_power_share * (powered_hours - busy))
    return Energy(kwh / HOURS_PER_MONTH, kwh, kwh * carbon_kg_per_kwh)
