"""How machine time is bought: rent, spot, commitments, dedicated capacity, own machines, users' devices."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from components.catalog.prices import ChosenPrice, middle_80, purchase_price, rental_price
from components.engine.economics.power import kilowatts
from components.engine.economics.staff import SOURCES, servers_per_chip
from components.engine.economics.terms import Purchase, likely_factors
from components.engine.facts.book import KeptPerBook
from components.wording.vocabulary import WAYS_TO_BUY

if TYPE_CHECKING:
    from components.catalog.records import Accelerator, DedicatedPrice
    from components.engine.facts.book import Book
    from components.engine.facts.trust import Basis
    from components.engine.scenario import Buy, Strategy


DISCOUNTS = {"spot": "spot_discount", "reserved-1yr": "reserved_discount_1y", "reserved-3yr": "reserved_discount_3y"}
"""Economic figure used where no seller of a chip states such a price."""


NOTHING = Purchase(
    kind="rent", usd_per_chip_hour=0, overhead_share=0, capex_usd_per_chip=0, years=1, cost_of_capital=0,
    residual_share=0, maintenance_share=0, kw_per_chip=0, pue=1, usd_per_kwh=0, carbon_kg_per_kwh=0,
    colo_usd_per_kw_month=0, sold_together=1, servers_per_chip=0, paid_hours_factor=1, provider="", rule="",
    basis="modelled", confidence="medium",
)  # fmt: skip


def site_terms(book: Book, chip: Accelerator, place_id: str) -> tuple[Purchase, tuple[str, ...]]:
    """What holds for every rent at a place: power, carbon, its share of a server. Second: why it is impossible."""
    place = book.place(place_id)
    if place is None:
        known = ", ".join(sorted(book.tables.places))
        return NOTHING, (f"the place {place_id!r} is not known: choose one of {known}",)
    power, _ = kilowatts(book, chip)
    base = replace(
        NOTHING,
        kw_per_chip=power,
        pue=book.value(place.pue),
        carbon_kg_per_kwh=book.value(place.carbon) / 1e3,
        servers_per_chip=servers_per_chip(chip),
        sources=(book.source(place.carbon), *(book.source(figure) for figure in SOURCES)),
    )
    return base, ()


def _discounted(book: Book, chip: Accelerator, buy: Buy, provider: str | None) -> tuple[ChosenPrice | None, str]:
    """Price of a kind of rent, and how it was derived where no seller states it."""
    stated = rental_price(book.catalog, chip.id, buy, provider)
    if stated is not None or buy == "on-demand":
        return stated, ""
    full = rental_price(book.catalog, chip.id, "on-demand", provider)
    if full is None:
        return None, ""
    discount = book.value(DISCOUNTS[buy])
    usd, low, high, *likely = (price * (1 - discount) for price in (full.usd, full.low, full.high, *full.likely))
    note = f"no {WAYS_TO_BUY[buy].price} price of {chip.name} is published: on-demand less the usual {discount:.0%}"
    source = book.source(DISCOUNTS[buy])
    return full._replace(usd=usd, low=low, high=high, likely=(likely[0], likely[1]), source_id=source), note


def _rent(book: Book, chip: Accelerator, strategy: Strategy, base: Purchase) -> tuple[Purchase, tuple[str, ...]]:
    """Terms of rented machines."""
    found, derived = _discounted(book, chip, strategy.buy, strategy.provider or None)
    price, listed = strategy.own_usd_per_chip_hour, found.usd if found else 0.0
    if price is None:
        price = book.prices.usd_per_chip_hour(chip.id)
    if found is None and price is None:
        seller = f" at {strategy.provider}" if strategy.provider else ""
        return base, (f"no published price for {chip.name}{seller}: enter your own price per chip-hour",)
    own, usd = price is not None, listed if price is None else price
    halls = book.tables.pue_of(strategy.provider)
    basis: Basis = "estimated" if derived and not own else "modelled"
    purchase = replace(
        base,
        usd_per_chip_hour=usd,
        overhead_share=book.value("hidden_cost_over_gpu_rate"),
        pue=book.value(halls),
        paid_hours_factor=1 + (book.value("spot_overhead") if strategy.buy == "spot" else 0),
        provider="own price" if own else strategy.provider or (found.row.provider if found and found.row else ""),
        rule="own price" if own else derived or (found.rule if found else ""),
        basis=basis,
        confidence="low" if derived and not own else (found.confidence if found and not own else "high"),
        low_usd_per_chip_hour=usd if own or found is None else found.low,
        high_usd_per_chip_hour=usd if own or found is None else found.high,
        likely=(1.0, 1.0) if own or found is None else likely_factors(usd, found.likely),
        market=f"{chip.id} {strategy.buy}",
        sources=(*base.sources, book.source(halls), *((found.source_id,) if found and not own else ())),
    )
    return purchase, ()


def _dedicated(book: Book, chip: Accelerator, strategy: Strategy, base: Purchase) -> tuple[Purchase, tuple[str, ...]]:
    """Terms of capacity that a platform runs."""
    rows: list[tuple[float, DedicatedPrice]] = sorted(
        (
            (row.usd_per_accelerator_hour, row)
            for row in book.catalog.dedicated
            if row.accelerator_id == chip.id
            and row.usd_per_accelerator_hour is not None
            and strategy.provider in {"", row.provider}
        ),
        key=lambda pair: pair[0],
    )
    own = strategy.own_usd_per_chip_hour
    if not rows and own is None:
        seller = f" at {strategy.provider}" if strategy.provider else ""
        return base, (f"no published dedicated price for {chip.name}{seller}: enter your own price per chip-hour",)
    usd, row = rows[(len(rows) - 1) // 2] if rows else (0.0, None)
    median = bool(rows) and own is None and not strategy.provider
    purchase = replace(
        base,
        kind="dedicated",
        pue=book.value(book.tables.pue_of("")),
        usd_per_chip_hour=usd if own is None else own,
        provider="own price" if own is not None or row is None else row.provider,
        rule="own price" if own is not None or row is None else f"{row.product}: median of {len(rows)} offers",
        confidence="high" if own is not None or row is None else row.confidence,
        low_usd_per_chip_hour=rows[0][0] if rows and own is None else (own or 0.0),
        high_usd_per_chip_hour=rows[-1][0] if rows and own is None else (own or 0.0),
        likely=likely_factors(usd, middle_80([price for price, _ in rows])) if median else (1.0, 1.0),
        market=f"{chip.id} dedicated",
        sources=(*base.sources, row.source_id) if row is not None and own is None else base.sources,
    )
    return purchase, ()


def sold_together(chip: Accelerator) -> float:
    """Chips of a system that nobody sells in parts: those that share its fabric; 1 for a card of its own. [1]"""
    return float(chip.chips_per_system or 1) if (chip.scale_up_domain_chips or 1) > 1 else 1.0


RESALE_YEARS = 3.0
"""Age of which the resale value is published. [years]"""


def value_left(share: float, years: float) -> float:
    """What is left of a price after some years, losing the same share in each: share^(years / 3). [1]

    Args: share, of the price that is left at the published age of three years [1]; years, of use [years].
    """
    return float(share ** (years / RESALE_YEARS))


def _owned(book: Book, chip: Accelerator, strategy: Strategy, base: Purchase) -> tuple[Purchase, tuple[str, ...]]:
    """Terms of machines that are bought: capital, upkeep, power and space."""
    place = book.tables.places[strategy.place]
    tariff = book.prices.power if place.electricity is None else book.value(place.electricity)
    if tariff is None:
        return base, (f"no electricity price is published for {place.label}: choose another place",)
    found = purchase_price(book.catalog, chip.id)
    price, listed = strategy.own_usd_per_chip, found.usd if found else 0.0
    if found is None and price is None:
        return base, (f"no published price for {chip.name}: enter your own price per chip",)
    own, usd = price is not None, listed if price is None else price
    bare = found is not None and not found.includes_host and not own
    host = book.value("capex_overhead_share") if bare else 0.0
    rule = "own price" if own or found is None else found.rule
    purchase = replace(
        base,
        kind="owned",
        capex_usd_per_chip=usd * (1 + host) * (1 + book.value("owned_install_share")),
        years=book.value("deprec_economic_years"),
        cost_of_capital=book.value("cost_of_capital"),
        residual_share=value_left(book.value("residual_value_36m"), book.value("deprec_economic_years")),
        maintenance_share=book.value("maintenance_share"),
        usd_per_kwh=tariff,
        colo_usd_per_kw_month=book.value("colo_us_primary"),
        sold_together=sold_together(chip),
        likely=(1.0, 1.0) if own or found is None else likely_factors(usd, found.likely),
        market=f"{chip.id} owned",
        provider="own price" if own else (found.row.provider if found and found.row else ""),
        rule=rule + (f", plus {host:.0%} for the host" if host else ""),
        confidence="high" if own or found is None else found.confidence,
        sources=(
            *base.sources,
            book.source(place.electricity or ""),
            *((found.source_id,) if found and not own else ()),
        ),
    )
    return purchase, ()


def edge_terms(book: Book, chip: Accelerator, place_id: str) -> tuple[Purchase, tuple[str, ...]]:
    """A user's own device: mains energy, and the share of the device that is charged. Second: why it has no price.

    Carbon is NaN where the place is not known: the grid's intensity is not published then.
    """
    price, share = purchase_price(book.catalog, chip.id), book.value("edge_device_share")
    faults = () if price or not share else (f"no published price for {chip.name}: choose another device",)
    power, unknown = kilowatts(book, chip)
    if unknown and chip.tdp_w is None:
        power = book.value("edge_device_watts") / 1e3
    place = book.place(place_id)
    terms = replace(
        NOTHING,
        kind="edge",
        capex_usd_per_chip=price.usd * share if price else 0.0,
        years=book.value("deprec_economic_years"),
        cost_of_capital=book.value("cost_of_capital"),
        kw_per_chip=power * book.value("edge_battery_factor"),
        usd_per_kwh=book.value("edge_electricity_usd_per_kwh"),
        carbon_kg_per_kwh=book.value(place.carbon) / 1e3 if place else math.nan,
        provider="users' own devices",
        rule="the device exists already; its energy is charged",
        basis="estimated",
        confidence="low",
        sources=(book.source("edge_electricity_usd_per_kwh"), chip.source_id),
    )
    return terms, faults


_TERMS: KeptPerBook[tuple[str, Buy, str, str, float | None], tuple[Purchase, tuple[str, ...]]] = KeptPerBook()


def purchase_terms(book: Book, chip: Accelerator, strategy: Strategy) -> tuple[Purchase, tuple[str, ...]]:
    """Terms of one chip as the strategy buys it, and why it cannot be bought so; kept per distinct purchase.

    Args:
        book: facts and economic figures.
        chip: what is bought.
        strategy: buy, provider, place and price are read. An own price holds for the main chip only.
    """
    key = (chip.id, strategy.buy, strategy.provider, strategy.place, strategy.price)
    return _TERMS.of(book, key, lambda: _purchase_terms(book, chip, strategy))


def _purchase_terms(book: Book, chip: Accelerator, strategy: Strategy) -> tuple[Purchase, tuple[str, ...]]:
    base, faults = site_terms(book, chip, strategy.place)
    if faults:
        return base, faults
    if strategy.buy == "dedicated":
        return _dedicated(book, chip, strategy, base)
    if strategy.buy == "owned":
        return _owned(book, chip, strategy, base)
    return _rent(book, chip, strategy, base)
