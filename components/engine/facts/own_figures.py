"""Figures that a reader may put in the place of published ones, for every strategy at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from components.engine.scenario import Prices

if TYPE_CHECKING:
    from components.catalog.load import Catalog


class OwnFigure(NamedTuple):
    """One figure of `Prices` and the published one that it replaces."""

    field: str
    words: str
    """As asked and said."""
    unit: str
    key: str = ""
    """Row of data/economics.csv or data/levers.csv; empty where several rows or a rule are replaced."""
    category: str = ""
    """Category of data/economics.csv whose rows are all replaced."""
    kinds: tuple[str, ...] = ("rent", "dedicated", "owned")
    """Ways to buy that it enters."""
    scale: float = 1.0
    """Shown over stored value: 100 for a share said in percent."""

    @property
    def of_people(self) -> bool:
        """Whether it says nothing once people are not charged."""
        return self.field in {"salary", "people"}

    def own(self, prices: Prices) -> float | None:
        """What the reader states; None where nothing. [unit over scale]"""
        found: float | None = getattr(prices, self.field)
        return found


OWN_FIGURES: tuple[OwnFigure, ...] = (
    OwnFigure("salary", "An engineer, all costs", "USD a year", "staff_cost_loaded"),
    OwnFigure("people", "People for each server of 8 chips", "people"),
    OwnFigure("overhead", "Network, storage and support on top of rent", "%", "hidden_cost_over_gpu_rate",
              kinds=("rent", "dedicated"), scale=100),
    OwnFigure("upkeep", "Upkeep of own machines, of their price a year", "%", "maintenance_share", kinds=("owned",),
              scale=100),
    OwnFigure("power", "Electricity", "USD/kWh", category="electricity", kinds=("owned",)),
    OwnFigure("pue", "Power of the building over power of the machines (PUE)", "", category="pue"),
    OwnFigure("interest", "Cost of capital, a year", "%", "cost_of_capital", kinds=("owned",), scale=100),
    OwnFigure("life", "Life of own machines", "years", "deprec_economic_years", kinds=("owned",)),
    OwnFigure("headroom", "Capacity kept free at peak", "%", "headroom", scale=100),
)  # fmt: skip
"""Every figure but prices of chips and exchange rates, in the order in which it is asked."""


def replaced(prices: Prices, catalog: Catalog) -> Mapping[str, float]:
    """Ids of economic figures and levers to the reader's own value, in the table's unit."""
    found: dict[str, float] = {}
    for figure in OWN_FIGURES:
        value = figure.own(prices)
        if value is None:
            continue
        keys = [figure.key] if figure.key else []
        keys += [k for k, row in catalog.economics.items() if figure.category and row.category == figure.category]
        found |= dict.fromkeys(keys, value)
    return found
