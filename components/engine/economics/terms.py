"""What is agreed with a seller: terms of machine time and of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal, NamedTuple

import numpy as np

from components.catalog.records import Confidence
from components.engine.facts.arrays import Mask, Rows, Vec
from components.engine.facts.trust import Basis

Kind = Literal["rent", "owned", "dedicated", "edge"]
"""Rented chips, bought chips, dedicated capacity on a platform, users' devices."""


@dataclass(slots=True)
class Purchase:
    """How machine time is paid for; `monthly_cost` turns it into money. USD, SI unless the name says otherwise."""

    kind: Kind
    usd_per_chip_hour: float
    """Rent with spot and reserved terms in it; 0 where owned. [USD/h]"""
    overhead_share: float
    """Storage, egress and control plane above rent. [1]"""
    capex_usd_per_chip: float
    """Machine with host and network, installed; 0 where rented. [USD]"""
    years: float
    cost_of_capital: float
    """[1/year]"""
    residual_share: float
    """Of the price, at the end of `years`. [1]"""
    maintenance_share: float
    """Of the price. [1/year]"""
    kw_per_chip: float
    """At full load, host share included. [kW]"""
    pue: float
    usd_per_kwh: float
    """0 where the rent contains power. [USD/kWh]"""
    carbon_kg_per_kwh: float
    """NaN where it is not published. [kgCO2e/kWh]"""
    colo_usd_per_kw_month: float
    """0 where rented. [USD/kW-month]"""
    sold_together: float
    """Chips of a system that is bought whole; 1 where single chips can be paid for. [1]"""
    servers_per_chip: float
    """Share of a server that people look after; 0 on users' devices. [1]"""
    paid_hours_factor: float
    """Hours paid over hours needed: spot replacements. [1]"""
    provider: str
    rule: str
    """How the price was chosen, as a sentence part."""
    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...] = ()
    low_usd_per_chip_hour: float = 0.0
    high_usd_per_chip_hour: float = 0.0
    likely: tuple[float, float] = (1.0, 1.0)
    """Low and high of the price over the price, where the market's is taken; 1 where it is given. [1]"""
    market: str = ""
    """What moves the price of everybody who buys so: chip and way to buy."""


def likely_factors(usd: float, likely: tuple[float, float]) -> tuple[float, float]:
    """Ends of a price over the price itself; at most 1 and at least 1. [1]"""
    if not usd:
        return 1.0, 1.0
    return min(likely[0] / usd, 1.0), max(likely[1] / usd, 1.0)


class Bought(NamedTuple):
    """A group of chips in each replica, bought together."""

    purchase: Purchase
    chips: float
    """Per replica; 0 where the replica has no such group. [1]"""


@dataclass(frozen=True, slots=True)
class PurchaseTerms(Rows):
    """Purchases of groups of chips; every field has shape (n,), those of `Purchase` with its units."""

    owned: Mask
    edge: Mask
    """Users' devices."""
    chips: Vec
    """Per replica; 0 where the replica has no such group. [1]"""
    usd_per_chip_hour: Vec
    overhead_share: Vec
    capex_usd_per_chip: Vec
    years: Vec
    cost_of_capital: Vec
    residual_share: Vec
    maintenance_share: Vec
    kw_per_chip: Vec
    pue: Vec
    usd_per_kwh: Vec
    carbon_kg_per_kwh: Vec
    colo_usd_per_kw_month: Vec
    paid_hours_factor: Vec
    sold_together: Vec
    servers_per_chip: Vec

    @classmethod
    def of_purchases(cls, groups: Sequence[Bought]) -> PurchaseTerms:
        """One row per group, in order."""
        figures = np.array([_FIGURES(group.purchase) for group in groups], dtype=np.float64).T.copy()
        return cls(
            np.array([group.purchase.kind == "owned" for group in groups]),
            np.array([group.purchase.kind == "edge" for group in groups]),
            np.array([group.chips for group in groups], dtype=np.float64),
            *figures,
        )


def at_price(terms: PurchaseTerms, factor: Vec) -> PurchaseTerms:
    """The same purchases with chips at `factor` times their price, shape (n,). [1]"""
    return replace(
        terms,
        usd_per_chip_hour=terms.usd_per_chip_hour * factor,
        capex_usd_per_chip=terms.capex_usd_per_chip * factor,
    )


_FIGURES = attrgetter(*PurchaseTerms.__slots__[3:])
"""What an array of terms takes from a purchase as it is."""


@dataclass(slots=True)
class MeasuredSpeed:
    """What one user saw of a hosted model."""

    ttft_s: float | None
    tokens_per_s: float | None
    low_tokens_per_s: float | None
    high_tokens_per_s: float | None
    kind: str
    """independent, telemetry, vendor; "not published" without a measurement."""
    confidence: Confidence
    source: str


@dataclass(slots=True)
class TokenTerms:
    """Per-token purchase. USD per token."""

    usd_per_token_input: float
    usd_per_token_cached: float
    usd_per_token_output: float
    usd_per_month: float
    """Fixed, whatever the tokens. [USD/month]"""
    writes_cache: bool
    """Prompt tokens that are not cached are billed as written to the cache, at `usd_per_token_input`."""
    cached_share: float
    """Prompt tokens billed as cached. [1]"""
    batch_discount: float
    """Taken off the deferred share; 0 where no batch price is known. [1]"""
    deferred_share: float
    isl: float
    osl: float
    speed: MeasuredSpeed
    provider: str
    rule: str
    confidence: Confidence
    sources: tuple[str, ...] = ()
    context_tokens: int | None = None
    """Most tokens of one request, None where the list does not say. [tokens]"""
    dearer_when_long: bool = False
    """Whether the list has a dearer price for long prompts, which is not used."""
