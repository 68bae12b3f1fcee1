"""Look-ups over the catalog that every evaluation shares: cached once per catalog and parameters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from components.catalog.levers import LeverTables, Place, load_levers
from components.catalog.load import Catalog
from components.catalog.own import OWN_SOURCE, tables_with_own, with_own
from components.catalog.own_records import NOTHING_OWN, Own
from components.engine.facts.own_figures import replaced
from components.engine.scenario import Prices

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


BOOKS = 8


PUBLISHED = Prices()
"""No figure of the reader's own."""
NO_SERVERS = (0.0, 0.0)
"""Nobody is there already."""


ENTRIES = 20_000
"""Values that a function keeps for a book before it begins anew."""


@dataclass(eq=False)
class Book:
    """One catalog with its lever tables, parameters and caches. Compared by identity."""

    catalog: Catalog
    parameters: Parameters
    tables: LeverTables = field(default_factory=load_levers)
    prices: Prices = field(default_factory=Prices)
    """The reader's own figures, which `value`, `ends` and `source` give in the place of published ones."""
    own: Own = NOTHING_OWN
    """The reader's own chips and models, which `catalog` holds."""
    servers_already: tuple[float, float] = NO_SERVERS
    """Servers, and of these owned ones, whose people are there whatever is chosen, hence not charged. [1]"""
    kept: dict[object, dict[Any, Any]] = field(default_factory=dict, repr=False)
    """What `KeptPerBook` holds for this book."""

    @cached_property
    def _own(self) -> Mapping[str, float]:
        return replaced(self.prices, self.catalog)

    @cached_property
    def _values(self) -> dict[str, float]:
        economics = {k: e.base for k, e in self.catalog.economics.items() if e.base is not None}
        return {**economics, **{k: lever.value for k, lever in self.tables.levers.items()}, **self._own}

    def value(self, key: str) -> float:
        """Base value of a lever or an economic figure, in the table's unit.    Raises: KeyError for an unknown id."""
        return self._values[key]

    def published(self, key: str) -> float:
        """Base value of a lever or an economic figure, whatever the reader states, in the table's unit."""
        row = self.tables.levers.get(key)
        found = row.value if row is not None else self.catalog.economics[key].base
        assert found is not None, key
        return found

    def ends(self, key: str) -> tuple[float, float]:
        """Low and high of an economic figure, its base where none is published or the reader states it."""
        base = self.value(key)
        row = self.catalog.economics[key]
        if key in self._own:
            return base, base
        return (base if row.low is None else row.low), (base if row.high is None else row.high)

    def source(self, key: str) -> str:
        """Source id of a lever or an economic figure; that of the reader's own figures where one is stated."""
        if key in self._own:
            return OWN_SOURCE
        row = self.tables.levers.get(key) or self.catalog.economics.get(key)
        return row.source_id if row is not None else ""

    def place(self, key: str) -> Place | None:
        """Where electricity comes from, None for an unknown key."""
        return self.tables.places.get(key)

    @cached_property
    def months(self) -> float:
        """Month of the plan, counted from year 0. [months]"""
        return month_of(self.catalog.data_date)


def month_of(date: str) -> float:
    """Months since year 0 of "YYYY-MM" or "YYYY-MM-DD". [months]"""
    return int(date[:4]) * 12 + int(date[5:7])


class KeptPerBook(Generic[K, V]):
    """What one function worked out, kept for each book under all that decides it; None is a value like others.

    A function declares its own, typed: a key that lacks a part or a value of another kind is an error of types.
    """

    def of(self, book: Book, key: K, make: Callable[[], V]) -> V:
        """The value under a key, worked out at its first use."""
        values: dict[K, V] = book.kept.setdefault(self, {})
        if key not in values:
            if len(values) >= ENTRIES:
                values.clear()
            values[key] = make()
        return values[key]


_BOOKS: OrderedDict[tuple[int, int, Prices, tuple[float, float], Own], Book] = OrderedDict()


def book_of(
    catalog: Catalog,
    parameters: Parameters,
    prices: Prices = PUBLISHED,
    servers_already: tuple[float, float] = NO_SERVERS,
    own: Own = NOTHING_OWN,
) -> Book:
    """The shared book of a catalog under the reader's own figures; the last few used are kept.

    Args:
        catalog: the facts as published.
        parameters: constants of the engine.
        prices: the reader's own figures.
        servers_already: servers and owned ones whose people are there whatever is chosen. [1]
        own: the reader's own chips and models, which the book's catalog holds beside the listed ones.
    """
    key = (id(catalog), id(parameters), prices, servers_already, own)
    book = _BOOKS.get(key)
    if book is None:
        book = _BOOKS[key] = Book(
            with_own(catalog, own),
            parameters,
            tables_with_own(load_levers(), own),
            prices=prices,
            servers_already=servers_already,
            own=own,
        )
        while len(_BOOKS) > BOOKS:
            _BOOKS.popitem(last=False)
    _BOOKS.move_to_end(key)
    return book
