"""Purchases of one chip as coefficients: a month costs chip-hours paid, chips, chip-hours at work, each times a figure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from components.engine import money
from components.engine.answer import BASES
from components.engine.batch import Terms, terms_row
from components.engine.case import Case, stand_on
from components.engine.energy import energy
from components.engine.hours import HOURS_PER_MONTH
from components.engine.physics import Vec
from components.engine.pipeline import purchase_of
from components.engine.purchase import purchase_terms
from components.engine.resolve import CONFIDENCE
from components.engine.scenario import Buy, Strategy

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.book import Book
    from components.engine.deployment import Purchase
    from components.engine.search.rows import Ask

RENTS: tuple[Buy, ...] = ("on-demand", "spot", "reserved-1yr", "reserved-3yr")
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
    terms: list[Purchase]
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

    def take(self, kept: NDArray[np.bool_]) -> Offers:
        """The offers that a mask selects."""
        rows = np.flatnonzero(kept)
        cls = np.searchsorted(self.starts, rows, side="right") - 1
        used, starts = np.unique(cls, return_index=True)
        return replace(
            self, offers=[self.offers[i] for i in rows], terms=[self.terms[i] for i in rows], usd=self.usd[rows],
            starts=starts.astype(np.intp), owned=self.owned[used], kwh=self.kwh[used], carbon=self.carbon[used],
            confidence=self.confidence[rows], basis=self.basis[rows],
        )  # fmt: skip


def _sellers(book: Book, chip: Accelerator) -> list[tuple[Buy, str]]:
    """Kind of purchase and seller: the market's median, each seller with a published price, and own machines."""
    found: dict[tuple[Buy, str], None] = {}
    for buy in RENTS:
        found[buy, ""] = None
        for row in book.catalog.rentals:
            if row.current and row.accelerator_id == chip.id and row.price_type == buy and row.usd_per_accelerator_hour:
                found[buy, row.provider] = None
    for offer in book.catalog.dedicated:
        if offer.accelerator_id == chip.id and offer.usd_per_accelerator_hour is not None:
            found["dedicated", offer.provider] = None
    found["owned", ""] = None
    return list(found)


def _bills(terms: list[Purchase]) -> Vec:
    """Coefficients of the monthly bill, read off the engine's own: paid, chips, kWh, and the month. Shape (n, 4)."""
    rows = Terms.of([terms_row(t, 1, staffed=True) for t in terms])
    none = np.zeros(len(terms))

    def bill(paid: float, replicas: float, kwh: float, staff: float) -> Vec:
        some = replace(rows, staff_usd_per_year=rows.staff_usd_per_year * staff)
        usage = dict.fromkeys((f.name for f in fields(money.Usage)), none) | {
            "paid_hours": paid * rows.paid_hours_factor, "replicas": none + replicas, "kwh": none + kwh,
        }  # fmt: skip
        return money.monthly_cost(purchase_of(some, none + replicas), money.Usage(**usage)).total

    single = [bill(*(PROBE * np.eye(3)[i]), 0.0) / PROBE for i in range(3)]
    return np.stack([*single, bill(0.0, 0.0, 0.0, 1.0)], axis=1)


def _kilowatt_hours(book: Book, terms: list[Purchase]) -> Vec:
    """kWh per chip-hour under power and idle, and further per chip-hour at work. Shape (n, 2)."""
    one = np.ones(len(terms))

    def used(busy: float) -> Vec:
        return energy(
            powered_hours=one,
            busy_hours=one * busy,
            chips=one,
            kw_per_chip=np.array([t.kw_per_chip for t in terms]),
            idle_power_share=one * book.value("idle_power_share"),
            pue=np.array([t.pue for t in terms]),
            carbon_kg_per_kwh=one,
            tokens_per_month=one,
        ).kwh_per_month

    return np.stack([used(0.0), used(1.0) - used(0.0)], axis=1)


def offers_of(ask: Ask, chip: Accelerator, places: tuple[str, ...]) -> Offers | None:
    """Every way to buy a chip at the given places; None where nobody sells it."""
    return ask.book.once(("offers", chip.id, places), lambda: (_offers(ask.book, chip, places),))[0]


def _offers(book: Book, chip: Accelerator, places: tuple[str, ...]) -> Offers | None:
    classes: dict[tuple[bool, str], list[tuple[Offer, Purchase]]] = {}
    for place in places:
        for buy, seller in _sellers(book, chip):
            strategy = Strategy(hardware=chip.id, buy=buy, provider=seller, place=place)
            terms, faults = purchase_terms(book, chip, strategy)
            if not faults:
                classes.setdefault((buy == "owned", place), []).append((Offer(buy, seller, place), terms))
    if not classes:
        return None
    every = [pair for group in classes.values() for pair in group]
    terms_ = [terms for _, terms in every]
    starts = np.cumsum([0, *(len(group) for group in classes.values())])[:-1]
    firsts = [terms_[i] for i in starts]
    owned = np.array([t.kind == "owned" for t in terms_])
    bills, power = _bills(terms_), _kilowatt_hours(book, terms_)
    by_paid = np.where(owned, 0.0, power[:, 0])
    by_chip = np.where(owned, power[:, 0] * HOURS_PER_MONTH, 0.0)
    kwh = np.stack([by_paid, by_chip, power[:, 1]], axis=1)
    usd = np.stack(
        [
            bills[:, 0] + bills[:, 2] * kwh[:, 0],
            bills[:, 1] + bills[:, 2] * kwh[:, 1],
            bills[:, 2] * kwh[:, 2],
            bills[:, 3],
        ],
        axis=1,
    )
    return Offers(
        chip=chip,
        offers=[offer for offer, _ in every],
        terms=terms_,
        usd=usd,
        starts=starts.astype(np.intp),
        owned=owned[starts],
        kwh=kwh[starts],
        carbon=np.array([t.carbon_kg_per_kwh for t in firsts]),
        confidence=np.array([CONFIDENCE.index(t.confidence) for t in terms_]),
        basis=np.array([BASES.index(t.basis) for t in terms_]),
    )


def machine_trust(book: Book, chip: Accelerator) -> tuple[int, int]:
    """What a chip alone says of how sure an answer is: positions in CONFIDENCE and BASES, larger is weaker."""

    def make() -> tuple[int, int]:
        case = Case(book, Strategy(hardware=chip.id), None)  # type: ignore[arg-type]
        stand_on(case, chip)
        return max(map(CONFIDENCE.index, case.confidence)), max(map(BASES.index, case.basis))

    return book.once(("trust", chip.id), make)
