"""Own figures in use, as sentences that name what they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.catalog.prices import purchase_price, rental_price
from components.engine.economics.per_token import own_terms
from components.engine.facts.book import KeptPerBook

if TYPE_CHECKING:
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy
    from components.engine.strategy.records import Deployment


def _chip_price(book: Book, strategy: Strategy, price: float) -> str:
    """Own price of a chip, or of its hour, against the list."""
    owned = strategy.buy == "owned"
    unit = "USD per chip" if owned else "USD per chip-hour"
    chip = book.catalog.accelerators.get(strategy.hardware)
    listed = None
    if chip is not None:
        kind = strategy.buy if strategy.buy in {"spot", "reserved-1yr", "reserved-3yr"} else "on-demand"
        listed = purchase_price(book.catalog, chip.id) if owned else rental_price(book.catalog, chip.id, kind)
    instead = f" instead of {listed.usd:,.2f} (list)" if listed is not None else ", no list price is published"
    return f"own price {price:,.2f} {unit}{instead}"


_SENTENCES: KeptPerBook[tuple[str, str, float], str] = KeptPerBook()


def own_figures(book: Book, strategy: Strategy, deployments: list[Deployment]) -> tuple[str, ...]:
    """A sentence for every own price."""
    found: list[str] = []
    price = strategy.own_usd_per_chip if strategy.buy == "owned" else strategy.own_usd_per_chip_hour
    if price is not None:
        key = (strategy.hardware, strategy.buy, price)
        found.append(_SENTENCES.of(book, key, lambda: _chip_price(book, strategy, price)))
    if strategy.buy == "api":
        found += own_terms(strategy)
    return tuple(found)
