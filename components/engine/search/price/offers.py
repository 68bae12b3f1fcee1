"""Every way to buy one chip as prices and energy per chip-hour paid, per chip, per chip-hour at work and per month."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from components.catalog.prices import NOT_A_SELLER
from components.engine.economics.energy import energy
from components.engine.economics.monthly_bill import Usage, monthly_cost
from components.engine.economics.purchase import purchase_terms, site_terms
from components.engine.economics.terms import Bought, PurchaseTerms
from components.engine.facts.arrays import Rows, Vec
from components.engine.facts.book import KeptPerBook
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.trust import BASES, CONFIDENCE
from components.engine.scenario import Buy, Scale, Strategy
from components.engine.strategy.trust import trust_of_chip

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.search.ask.limits import OfferFigure
    from components.engine.search.ask.replicas import Question


RENTS: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr")


COMMITTED = frozenset({"reserved-1yr", "reserved-3yr"})


PROBE = 1e6
"""Hours, chips or kWh at which a price is read off the engine's own bill. [1]"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to buy a chip."""

    buy: Buy
    provider: str
    """As in `Strategy`: empty for the market's median and for own machines."""
    place: str


@dataclass(frozen=True, slots=True)
class OfferPrices(Rows):
    """What a month costs by what a replica needs of it, people left out; fields of shape (offers,)."""

    usd_per_chip_hour: Vec
    """Per chip-hour paid. [USD/h]"""
    usd_per_chip_month: Vec
    """Per chip that exists: space and idle power. [USD/month]"""
    usd_per_chip_bought_month: Vec
    """Per chip of the systems that are bought: capital and upkeep. [USD/month]"""
    usd_per_busy_chip_hour: Vec
    """Per chip-hour at work: the energy of work. [USD/h]"""
    owned: Vec
    """1 where the chips are owned, so that more people look after them, else 0. [1]"""


@dataclass(frozen=True, slots=True)
class OfferEnergy(Rows):
    """Energy at the meter by what a replica needs of it; fields of shape (classes,)."""

    kwh_per_chip_hour: Vec
    """Per chip-hour paid, where power follows the hours paid. [kWh/h]"""
    kwh_per_chip_month: Vec
    """Per chip that exists, where it is powered around the clock. [kWh/month]"""
    kwh_per_busy_chip_hour: Vec
    """Per chip-hour at work, beyond idle. [kWh/h]"""
    carbon_kg_per_kwh: Vec


@dataclass(frozen=True, slots=True)
class Offers:
    """All ways to buy one chip, those of the same energy together."""

    chip: Accelerator
    offers: list[Offer]
    prices: OfferPrices
    energy: OfferEnergy
    starts: NDArray[np.intp]
    """First offer of each energy class. Shape (classes,)."""
    confidence: NDArray[np.intp]
    """Position in `CONFIDENCE`; larger is weaker. Shape (offers,)."""
    basis: NDArray[np.intp]
    """Position in `BASES`; larger is weaker. Shape (offers,)."""

    @property
    def energy_class(self) -> NDArray[np.intp]:
        """Energy class of each offer. Shape (offers,)."""
        return np.asarray(np.searchsorted(self.starts, np.arange(len(self.offers)), side="right") - 1)

    @property
    def committed(self) -> NDArray[np.bool_]:
        """Whether an offer binds for years: it is paid around the clock, so it cannot follow the load."""
        return np.array([o.buy in COMMITTED for o in self.offers])

    def possible(self, scale: Scale) -> NDArray[np.bool_]:
        """Offers that can be scaled so."""
        return np.ones(len(self.offers), dtype=bool) if scale == "fixed" else ~self.committed

    def take(self, kept: NDArray[np.bool_]) -> Offers:
        """The offers that a mask selects."""
        rows = np.flatnonzero(kept)
        used, starts = np.unique(self.energy_class[rows], return_index=True)
        return replace(
            self, offers=[self.offers[i] for i in rows], prices=self.prices.take(rows), energy=self.energy.take(used),
            starts=starts.astype(np.intp), confidence=self.confidence[rows], basis=self.basis[rows],
        )  # fmt: skip


_PUBLISHED: KeptPerBook[None, dict[str, dict[tuple[Buy, str], None]]] = KeptPerBook()


def _sellers(book: Book, chip: Accelerator) -> list[tuple[Buy, str]]:
    """Kind of rent and seller: the market's median, each seller with a published price."""
    found = {(buy, ""): None for buy in RENTS} | _PUBLISHED.of(book, None, lambda: _published(book)).get(chip.id, {})
    return list(found)


def _published(book: Book) -> dict[str, dict[tuple[Buy, str], None]]:
    """Sellers with a published hourly price, by chip."""
    found: dict[str, dict[tuple[Buy, str], None]] = {}
    for row in book.catalog.rentals:
        stated = row.current and row.usd_per_accelerator_hour and row.price_type in RENTS
        if stated and not row.provider.startswith(NOT_A_SELLER):
            found.setdefault(row.accelerator_id, {})[row.price_type, row.provider] = None  # type: ignore[index]
    for offer in book.catalog.dedicated:
        if offer.accelerator_id and offer.usd_per_accelerator_hour is not None:
            found.setdefault(offer.accelerator_id, {})["dedicated", offer.provider] = None
    return found


def _prices(rows: PurchaseTerms, energy: OfferEnergy) -> OfferPrices:
    """The monthly bill by what it multiplies, read off the engine's own; energy is paid where it is used."""
    none = np.zeros_like(rows.chips)

    single = replace(rows, sold_together=none + 1)
    given = replace(single, capex_usd_per_chip=none)

    def bill(terms: PurchaseTerms, *, paid_h: float = 0.0, replicas: float = 0.0, kwh: float = 0.0) -> Vec:
        return monthly_cost(terms, Usage(none + paid_h, none, none + replicas, none + kwh)).total / PROBE

    usd_per_kwh, usd_per_space = bill(single, kwh=PROBE), bill(given, replicas=PROBE)
    return OfferPrices(
        usd_per_chip_hour=bill(single, paid_h=PROBE) + usd_per_kwh * energy.kwh_per_chip_hour,
        usd_per_chip_month=usd_per_space + usd_per_kwh * energy.kwh_per_chip_month,
        usd_per_chip_bought_month=bill(single, replicas=PROBE) - usd_per_space,
        usd_per_busy_chip_hour=usd_per_kwh * energy.kwh_per_busy_chip_hour,
        owned=rows.owned.astype(np.float64),
    )


def _energy(book: Book, rows: PurchaseTerms) -> OfferEnergy:
    """Energy of every offer: own machines are powered around the clock, others while they are paid."""
    one = np.ones_like(rows.chips)

    def used(busy: float) -> Vec:
        return energy(
            powered_hours=one,
            busy_hours=one * busy,
            chips=one,
            kw_per_chip=rows.kw_per_chip,
            idle_power_share=one * book.value("idle_power_share"),
            pue=rows.pue,
            carbon_kg_per_kwh=one,
        ).kwh_per_month

    owned, idle = rows.owned, used(0.0)
    return OfferEnergy(
        kwh_per_chip_hour=np.where(owned, 0.0, idle),
        kwh_per_chip_month=np.where(owned, idle * HOURS_PER_MONTH, 0.0),
        kwh_per_busy_chip_hour=used(1.0) - idle,
        carbon_kg_per_kwh=rows.carbon_kg_per_kwh,
    )


_OFFERS: KeptPerBook[tuple[str, tuple[str, ...]], Offers | None] = KeptPerBook()


def offers_of(ask: Question, chip: Accelerator, places: tuple[str, ...]) -> Offers | None:
    """Every way to buy a chip at the given places; None where nobody sells it."""
    return _OFFERS.of(ask.book, (chip.id, places), lambda: _offers(ask.book, chip, places))


def _rents(book: Book, chip: Accelerator, place: str) -> list[tuple[Buy, str, Purchase]]:
    """Every rent of a chip at a place."""
    found = []
    for buy, seller in _sellers(book, chip):
        strategy = Strategy(hardware=chip.id, buy=buy, provider=seller, place=place)
        terms, faults = purchase_terms(book, chip, strategy)
        if not faults:
            found.append((buy, seller, terms))
    return found


def _elsewhere(book: Book, chip: Accelerator, terms: Purchase, place: str) -> Purchase:
    """A rent at another place: its grid differs, the seller's halls do not."""
    there = site_terms(book, chip, place)[0]
    return replace(terms, carbon_kg_per_kwh=there.carbon_kg_per_kwh)


@dataclass(slots=True)
class _Draft:
    """Offers while they are gathered."""

    offers: list[Offer] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    trust: list[tuple[int, int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, offer: Offer, terms: Purchase) -> None:
        """One offer."""
        self.offers.append(offer)
        self.bought.append(Bought(terms, 1))
        self.trust.append((CONFIDENCE.index(terms.confidence), BASES.index(terms.basis)))


def _gathered(book: Book, chip: Accelerator, places: tuple[str, ...]) -> _Draft:
    draft = _Draft()
    rents = _rents(book, chip, places[0])
    for place in places:
        for pue in dict.fromkeys(terms.pue for _, _, terms in rents):
            draft.starts.append(len(draft.offers))
            for buy, seller, terms in rents:
                if terms.pue == pue:
                    here = terms if place == places[0] else _elsewhere(book, chip, terms, place)
                    draft.add(Offer(buy, seller, place), here)
        own = Strategy(hardware=chip.id, buy="owned", place=place)
        terms, faults = purchase_terms(book, chip, own)
        if not faults:
            draft.starts.append(len(draft.offers))
            draft.add(Offer("owned", "", place), terms)
    return draft


def _offers(book: Book, chip: Accelerator, places: tuple[str, ...]) -> Offers | None:
    draft = _gathered(book, chip, places)
    if not draft.offers:
        return None
    rows, starts = PurchaseTerms.of_purchases(draft.bought), np.array(draft.starts, dtype=np.intp)
    used = _energy(book, rows)
    confidence, basis = np.array(draft.trust, dtype=np.intp).T
    return Offers(
        chip=chip, offers=draft.offers, prices=_prices(rows, used), energy=used.take(starts), starts=starts,
        confidence=confidence, basis=basis,
    )  # fmt: skip


class MachineTrust(NamedTuple):
    """How sure an answer on a chip can be, larger is weaker."""

    confidence: int
    """Position in `CONFIDENCE`."""
    basis: int
    """Position in `BASES`."""


_TRUST: KeptPerBook[str, MachineTrust] = KeptPerBook()


def machine_trust(book: Book, chip: Accelerator) -> MachineTrust:
    """How sure an answer can be by its chip alone."""

    def make() -> MachineTrust:
        found = trust_of_chip(book, chip)
        return MachineTrust(max(map(CONFIDENCE.index, found.confidence)), BASES.index(found.basis))

    return _TRUST.of(book, chip.id, make)


def _cheapest(figures: Vec, group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Offers that some replica may prefer: none other of its group is at most as large in every coefficient.

    What coefficients multiply is never negative, so nothing that is left out can be the cheapest. Of equals, the first.
    """
    left = np.lexsort((np.arange(len(figures)), *figures.T[::-1]))
    kept: list[int] = []
    while len(left):
        first, rest = left[0], left[1:]
        kept.append(int(first))
        worse = (figures[rest] >= figures[first]).all(axis=1) & (group[rest] == group[first])
        left = rest[~worse]
    return np.array(sorted(kept), dtype=np.intp)


def undominated(offers: Offers, *, rests_on: tuple[OfferFigure, ...], group: NDArray[np.intp] | None = None) -> Offers:
    """Offers that some replica may prefer: dominated ones are dropped, per group.

    Args:
        offers: ways to buy one chip.
        rests_on: what counts beside prices and energy, in which offers differ.
        group: of each offer; an offer is dropped only for one of its group. Shape (offers,).
    """
    used = offers.energy.take(offers.energy_class)
    columns = [getattr(offers.prices, name) for name in OfferPrices.__slots__]
    columns += [used.kwh_per_chip_hour, used.kwh_per_chip_month, used.kwh_per_busy_chip_hour]
    columns += [getattr(used, name) for name in rests_on]
    mask = np.zeros(len(offers.offers), dtype=bool)
    mask[_cheapest(np.stack(columns, axis=1), np.zeros(len(mask), dtype=np.intp) if group is None else group)] = True
    return offers.take(mask)
