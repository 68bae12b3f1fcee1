"""What a limit may name: chip makers, sellers, ways to pay, places."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from components.catalog.levers import load_levers
from components.engine.scenario import Buy

if TYPE_CHECKING:
    from components.catalog.records import Accelerator
    from components.engine.facts.book import Book


def vendors(book: Book) -> tuple[str, ...]:
    """Makers of chips, by the alphabet."""
    return tuple(sorted({chip.vendor for chip in book.catalog.accelerators.values()}, key=str.lower))


def providers(book: Book) -> tuple[str, ...]:
    """Clouds that rent machines and platforms that sell tokens or capacity, by the alphabet."""
    c = book.catalog
    rented = {row.provider for row in c.rentals} | {row.provider for row in c.dedicated}
    return tuple(sorted(rented | {row.provider for row in c.api_prices}, key=str.lower))


def buys(_book: Book) -> tuple[str, ...]:
    """Ways to pay."""
    return get_args(Buy)


def places(book: Book) -> tuple[str, ...]:
    """Where machines may stand."""
    return tuple(book.tables.places)


def not_for_data_centres(chip: Accelerator) -> bool:
    """Whether the licence of a chip's software excludes data centres."""
    return (chip.like or chip.id) in load_levers().not_for_data_centres
