"""Look-ups over the catalog that every evaluation shares: cached once per catalog and parameters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from components.catalog.levers import LeverTables, Place, load_levers
from components.catalog.load import Catalog

if TYPE_CHECKING:
    from components.catalog.parameters import Parameters


T = TypeVar("T")


BOOKS = 8


ENTRIES = 20_000


@dataclass(eq=False)
class Book:
    """One catalog with its lever tables, parameters and caches. Compared by identity."""

    catalog: Catalog
    parameters: Parameters
    tables: LeverTables = field(default_factory=load_levers)
    cache: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """The value under a hashable key, computed at its first use."""
        found = self.cache.get(key)
        if found is None:
            if len(self.cache) >= ENTRIES:
                self.cache.clear()
            found = self.cache[key] = make()
        return found

    @cached_property
    def _values(self) -> dict[str, float]:
        economics = {k: e.base for k, e in self.catalog.economics.items() if e.base is not None}
        return economics | {k: lever.value for k, lever in self.tables.levers.items()}

    def value(self, key: str) -> float:
        """Base value of a lever or an economic figure, in the table's unit.    Raises: KeyError for an unknown id."""
        return self._values[key]

    def source(self, key: str) -> str:
        """Source id of a lever or an economic figure."""
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


_BOOKS: OrderedDict[tuple[int, int], Book] = OrderedDict()


def book_of(catalog: Catalog, parameters: Parameters) -> Book:
    """The shared book of a catalog; the last few are kept."""
    key = (id(catalog), id(parameters))
    book = _BOOKS.get(key)
    if book is None:
        book = _BOOKS[key] = Book(catalog, parameters)
        while len(_BOOKS) > BOOKS:
            _BOOKS.popitem(last=False)
    return book
