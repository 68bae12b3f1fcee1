"""Purchases of one chip as coefficients: a month costs chip-hours paid, chips, hours at work, each times a figure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.catalog.prices import NOT_A_SELLER
from components.engine.economics.energy import energy
from components.engine.economics.monthly_bill import Usage, monthly_cost
from components.engine.economics.purchase import purchase_terms, site_terms
from components.engine.economics.terms import Bought, PurchaseTerms
from components.engine.facts.arrays import Vec
from components.engine.facts.periods import HOURS_PER_MONTH
from components.engine.facts.trust import BASES, CONFIDENCE
from components.engine.scenario import Buy, Scale, Strategy
from components.engine.strategy.resolution import Resolution, note_trust_of_chip

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.search.ask.replicas import Question


RENTS: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr")


COMMITTED = frozenset({"reserved-1yr", "reserved-3yr"})


PROBE = 1e6
"""Hours or chips at which a coefficient is read off the engine's own bill."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to buy a chip."""

    buy: Buy
    provider: str
    """As in `Strategy`: empty for the market's median and for own machines."""
    place: str


@dataclass(frozen=True, slots=True)
class Offers:
    """All ways to buy one chip, those of the same energy together; arrays of shape (offers,) or (offers, 4)."""

    chip: Accelerator
    offers: list[Offer]
    usd: Vec
    """USD per chip-hour paid, per chip, per chip-hour at work, and per month. Shape (offers, 4)."""
    starts: NDArray[np.intp]
    """First offer of each energy class."""
    owned: NDArray[np.bool_]
    """Of each class."""
    kwh: Vec
    """kWh per chip-hour paid, per chip, per chip-hour at work. Shape (classes, 3)."""
    carbon: Vec
    """Of each class. [kg/kWh]"""
    confidence: NDArray[np.intp]
    """Position in `resolve.CONFIDENCE`; larger is weaker."""
    basis: NDArray[np.intp]

    @property
    def cls(self) -> NDArray[np.intp]:
        """Energy class of each offer."""
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
        used, starts = np.unique(self.cls[rows], return_index=True)
        return replace(
            self, offers=[self.offers[i] for i in rows], usd=self.usd[rows],
            starts=starts.astype(np.intp), owned=self.owned[used], kwh=self.kwh[used], carbon=self.carbon[used],
            confidence=self.confidence[rows], basis=self.basis[rows],
        )  # fmt: skip


def _sellers(book: Book, chip: Accelerator) -> list[tuple[Buy, str]]:
    """Kind of rent and seller: the market's median, each seller with a published price."""
    found = {(buy, ""): None for buy in RENTS} | book.once("sellers", lambda: _published(book)).get(chip.id, {})
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


def _bills(rows: PurchaseTerms) -> Vec:
    """Coefficients of the monthly bill, read off the engine's own: paid, chips, kWh, and the month. Shape (n, 4)."""
    none = np.zeros_like(rows.chips)

    def bill(paid: float, replicas: float, kwh: float, staff: float) -> Vec:
        some = replace(rows, staff_usd_per_year=rows.staff_usd_per_year * staff)
        return monthly_cost(some, Usage(none + paid, none, none + replicas, none + kwh)).total

    month = bill(0.0, 0.0, 0.0, 1.0)
    probes = (bill(PROBE, 0.0, 0.0, 0.0), bill(0.0, PROBE, 0.0, 0.0), bill(0.0, 0.0, PROBE, 0.0))
    return np.stack([*(probe / PROBE for probe in probes), month], axis=1)


def _kilowatt_hours(book: Book, rows: PurchaseTerms) -> Vec:
    """kWh per chip-hour under power and idle, and further per chip-hour at work. Shape (n, 2)."""
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

    return np.stack([used(0.0), used(1.0) - used(0.0)], axis=1)


def offers_of(ask: Question, chip: Accelerator, places: tuple[str, ...]) -> Offers | None:
    """Every way to buy a chip at the given places; None where nobody sells it."""
    return ask.book.once(("offers", chip.id, places), lambda: (_offers(ask.book, chip, places),))[0]


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
    """A rent at another place: the ground it stands on differs."""
    there = site_terms(book, chip, place)[0]
    return replace(terms, pue=there.pue, carbon_kg_per_kwh=there.carbon_kg_per_kwh)


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
        self.bought.append(Bought(terms, 1, staffed=True))
        self.trust.append((CONFIDENCE.index(terms.confidence), BASES.index(terms.basis)))


def _gathered(book: Book, chip: Accelerator, places: tuple[str, ...]) -> _Draft:
    draft = _Draft()
    rents = _rents(book, chip, places[0])
    for place in places:
        if rents:
            draft.starts.append(len(draft.offers))
        for buy, seller, terms in rents:
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
    bills, power = _bills(rows), _kilowatt_hours(book, rows)
    by_paid = np.where(rows.owned, 0.0, power[:, 0])
    by_chip = np.where(rows.owned, power[:, 0] * HOURS_PER_MONTH, 0.0)
    kwh = np.stack([by_paid, by_chip, power[:, 1]], axis=1)
    usd = np.concatenate([bills[:, :2], np.zeros_like(bills[:, :1]), bills[:, 3:]], axis=1)
    usd[:, :3] += bills[:, 2:3] * kwh
    confidence, basis = np.array(draft.trust, dtype=np.intp).T
    return Offers(
        chip=chip, offers=draft.offers, usd=usd, starts=starts, owned=rows.owned[starts], kwh=kwh[starts],
        carbon=rows.carbon_kg_per_kwh[starts], confidence=confidence, basis=basis,
    )  # fmt: skip


def machine_trust(book: Book, chip: Accelerator) -> tuple[int, int]:
    """What a chip alone says of how sure an answer is: positions in CONFIDENCE and BASES, larger is weaker."""

    def make() -> tuple[int, int]:
        case = Resolution(book, Strategy(hardware=chip.id), None)  # type: ignore[arg-type]
        note_trust_of_chip(case, chip)
        return max(map(CONFIDENCE.index, case.confidence)), max(map(BASES.index, case.basis))

    return book.once(("trust", chip.id), make)


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


def undominated(offers: Offers, *, clean: bool, group: NDArray[np.intp] | None = None) -> Offers:
    """The offers of which the cheapest of each group is always one; `clean` where carbon counts too."""
    carbon = (offers.carbon if clean else np.zeros_like(offers.carbon))[offers.cls]
    figures = np.concatenate([offers.usd, offers.kwh[offers.cls], carbon[:, None]], axis=1)
    mask = np.zeros(len(offers.offers), dtype=bool)
    mask[_cheapest(figures, np.zeros(len(mask), dtype=np.intp) if group is None else group)] = True
    return offers.take(mask)
