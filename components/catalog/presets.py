"""Presets of a strategy, from data/strategy_presets.csv: a name, a sentence and a code, which `share` reads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from components.catalog.base import Record
from components.catalog.load import DATA, CatalogError, read_rows

PRESETS = "strategy_presets.csv"


class StrategyPreset(Record):
    """A named starting point of a strategy."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Head of the codes that start from it: it stands in links, so it never changes."""
    label: str = Field(min_length=1, max_length=60)
    description: str = Field(min_length=1)
    code: str = ""
    """Differences from the default strategy: "weights.fp8~kv.fp8"."""


def read_presets(folder: Path = DATA) -> Mapping[str, StrategyPreset]:
    """The presets of a data folder by id, in the file's order.    Raises: CatalogError naming file, row and rule."""
    found: dict[str, StrategyPreset] = {}
    for number, row in enumerate(read_rows(PRESETS, StrategyPreset, folder=folder), start=2):
        if row.id in found:
            raise CatalogError(folder / PRESETS, number, f"id {row.id!r} appears twice")
        found[row.id] = row
    return MappingProxyType(found)


@cache
def load_presets() -> Mapping[str, StrategyPreset]:
    """The presets of this repository, read once."""
    return read_presets()
