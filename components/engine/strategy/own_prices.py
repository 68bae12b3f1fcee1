"""Own figures in use, as sentences that name what they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from components.catalog.prices import purchase_price, rental_price
from components.engine.economics.per_token import own_terms
from components.engine.economics.staff import published_team, team_of
from components.engine.facts.book import KeptPerBook
from components.engine.facts.own_figures import OWN_FIGURES, OwnFigure
from components.engine.strategy.own_parts import own_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.engine.economics.terms import Purchase
    from components.engine.facts.book import Book
    from components.engine.scenario import Strategy
    from components.engine.strategy.records import Deployment


def _chip_price(book: Book, strategy: Strategy, chip_id: str, price: float) -> str:
    """Own price of a chip, or of its hour, against the list."""
    owned = strategy.buy == "owned"
    unit = "USD per chip" if owned else "USD per chip-hour"
    chip = book.catalog.accelerators.get(chip_id)
    listed = None
    if chip is not None:
        kind = strategy.buy if strategy.buy in {"spot", "reserved-1yr", "reserved-3yr"} else "on-demand"
        listed = purchase_price(book.catalog, chip.id) if owned else rental_price(book.catalog, chip.id, kind)
    instead = f" instead of {listed.usd:,.2f} (list)" if listed is not None else ", no list price is published"
    return f"own price {price:,.2f} {unit}{instead}"


_SENTENCES: KeptPerBook[tuple[str, str, str, float], str] = KeptPerBook()


def own_figures(book: Book, strategy: Strategy, deployments: list[Deployment]) -> tuple[str, ...]:
    """A sentence for every own figure that the strategy's bill rests on."""
    found = [*own_parts(book, deployments), *_chip_prices(book, strategy, deployments)]
    if strategy.buy == "api":
        found += own_terms(strategy)
    kinds = {purchase.kind for d in deployments for purchase in _purchases(d)}
    found += [_instead(book, figure) for figure in OWN_FIGURES if kinds & set(figure.kinds) and _stated(book, figure)]
    found += _people(book) if kinds - {"edge"} else []
    return tuple(dict.fromkeys(found))


def _purchases(deployment: Deployment) -> Iterator[Purchase]:
    bought = (deployment.purchase, deployment.pool_purchase, deployment.sram_purchase)
    return (purchase for purchase in bought if purchase is not None)


def _chip_prices(book: Book, strategy: Strategy, deployments: list[Deployment]) -> Iterator[str]:
    """The strategy's own price of its chip, and the scenario's prices of the chips that it rents."""
    own = strategy.own_usd_per_chip if strategy.buy == "owned" else strategy.own_usd_per_chip_hour
    prices = {} if own is None else {strategy.hardware: own}
    for d in deployments:
        for chip, purchase in ((d.chip, d.purchase), (d.pool_chip, d.pool_purchase), (d.sram_chip, d.sram_purchase)):
            price = book.prices.usd_per_chip_hour(chip.id) if chip is not None else None
            if chip is not None and price is not None and purchase is not None and purchase.kind == "rent":
                prices.setdefault(chip.id, price)
    for chip_id, price in prices.items():
        key = (chip_id, strategy.hardware, strategy.buy, price)
        yield _SENTENCES.of(book, key, lambda c=chip_id, p=price: _chip_price(book, strategy, c, p))  # type: ignore[misc]


def _stated(book: Book, figure: OwnFigure) -> bool:
    return figure.own(book.prices) is not None and not (book.prices.staff == "none" and figure.of_people)


def _instead(book: Book, figure: OwnFigure) -> str:
    own = figure.own(book.prices) or 0.0
    unit = f" {figure.unit}" if figure.unit else ""
    listed = listed_figure(book, figure)
    instead = "" if listed is None else f" instead of {_said(listed * figure.scale)} (published)"
    return f"own figure: {figure.words}: {_said(own * figure.scale)}{unit}{instead}"


def listed_figure(book: Book, figure: OwnFigure) -> float | None:
    """The published value that an own figure replaces; None where it depends on the place. [unit over scale]"""
    if figure.key:
        return book.published(figure.key)
    if figure.field == "people":
        return round(float(published_team(book).people(np.array([1.0]), np.array([0.0]))[0]), 2)
    return None


def _said(value: float) -> str:
    """All digits of a figure that somebody typed or published: "180,000", "0.0872"."""
    return f"{round(value, 4):,.10g}"


class AskedFigure(NamedTuple):
    """A figure that the reader may replace, as it is asked."""

    figure: OwnFigure
    published: str
    """The published value with its date, for an empty field: "250,000 (2026)"."""


def asked_figures(book: Book) -> tuple[AskedFigure, ...]:
    """Every figure of the sheet with what is published."""
    return tuple(AskedFigure(figure, _published(book, figure)) for figure in OWN_FIGURES)


def _published(book: Book, figure: OwnFigure) -> str:
    listed = listed_figure(book, figure)
    if listed is None:
        return "by place and seller"
    row = book.catalog.economics.get(figure.key)
    dated = f" ({row.value_date})" if row is not None else ""
    return f"{_said(listed * figure.scale)}{dated}"


def asked_chips(book: Book, strategies: Sequence[Strategy]) -> dict[str, str]:
    """Chips that the strategies rent, by id, with the market's price of an hour for an empty field."""
    chips = [s.hardware for s in strategies if s.buy not in {"owned", "dedicated", "api"}]
    found = {}
    for chip in dict.fromkeys(chips):
        if chip in book.catalog.accelerators:
            price = rental_price(book.catalog, chip)
            dated = f" ({price.row.value_date})" if price is not None and price.row is not None else ""
            found[chip] = "no list price" if price is None else f"{price.usd:,.2f}{dated}"
    return found


def _people(book: Book) -> list[str]:
    if book.prices.staff == "none":
        return ["own figure: people are not charged"]
    if book.prices.staff == "difference":
        there = _said(round(float(team_of(book).already[0]), 1))
        return [f"own figure: people are charged beyond the baseline's {there}, who are there"]
    return []
