"""Names that sources give to chips and models beside those of data/, and what is taken where a name leaves it open."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from components.catalog.base import Record
from components.catalog.load import DATA, CatalogError, load_catalog, read_rows

ALIASES_FILE = "also_known_as.csv"


class Alias(Record):
    """One more name of a chip or a model."""

    kind: Literal["chip", "model"]
    name: str = Field(min_length=1)
    """As sources write it; case, separators and makers' names do not matter."""
    id: str
    assumes: str = ""
    """What the name does not say and is taken, in words; empty where it means nothing else."""


@cache
def load_aliases() -> tuple[Alias, ...]:
    """Every further name, read once.    Raises: CatalogError for an id that data/ does not have."""
    rows, catalog = read_rows(ALIASES_FILE, Alias), load_catalog()
    known: Mapping[str, Mapping[str, object]] = MappingProxyType(
        {"chip": catalog.accelerators, "model": catalog.models}
    )
    for number, row in enumerate(rows, start=2):
        if row.id not in known[row.kind]:
            raise CatalogError(DATA / ALIASES_FILE, number, f"unknown {row.kind} {row.id!r}")
    return rows
