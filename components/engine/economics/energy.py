"""Power, energy and carbon of a fleet."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from components.engine.economics.hours import HOURS_PER_MONTH
from components.engine.facts.arrays import Rows, Vec


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


def footprint(used: Energy | None, rows: list[int], *, whole: bool) -> tuple[float | None, float | None, float | None]:
    """Power [kW], energy [kWh/month] and carbon [kg CO2e/month] of some rows together; None is not published.

    Args:
        used: all rows.
        rows: those that serve together.
        whole: whether they serve everything; what a platform uses for the rest is not published.
    """
    if used is None or not rows or not whole:
        return None, None, None
    sums = [float(column[rows].sum()) for column in (used.power_kw, used.kwh_per_month, used.carbon_kg_per_month)]
    power_kw, kwh, carbon_kg = (None if math.isnan(value) else value for value in sums)
    return power_kw, kwh, carbon_kg
