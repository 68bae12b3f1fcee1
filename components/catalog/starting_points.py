"""Starting points from data/starting_points.csv: a workload with its volume and the strategies people compare for it.

Codes stay text here; `share` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field, model_validator

from components.catalog.base import Confidence, Record
from components.catalog.load import DATA, CatalogError, load_catalog, read_rows

STARTING_POINTS = "starting_points.csv"


class StartingPoint(Record):
    """One ready scenario; its volume is stated as users or as requests, never as both."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str = Field(min_length=1, max_length=60)
    description: str = Field(min_length=1)
    workload: str = Field(min_length=1)
    """A workload's code without its volume: "on_device~ttft_ms.2000"."""
    users: float | None = Field(None, gt=0)
    """Times requests per user and day of the workload."""
    requests_per_day: float | None = Field(None, gt=0)
    currency: str
    strategies: str = Field(min_length=1)
    """Codes parted by blanks, the baseline first."""
    source_id: str
    """Of the volume."""
    confidence: Confidence

    @model_validator(mode="after")
    def _one_volume(self) -> StartingPoint:
        if (self.users is None) == (self.requests_per_day is None):
            raise ValueError("give users or requests_per_day, one of the two")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the strategies, the baseline first."""
        return tuple(self.strategies.split())

    @property
    def preset(self) -> str:
        """Id of the workload."""
        return self.workload.partition("~")[0]


def read_starting_points(folder: Path = DATA) -> Mapping[str, StartingPoint]:
    """The starting points of a data folder by id, in the file's order.

    Raises: CatalogError naming file, row and rule.
    """
    found: dict[str, StartingPoint] = {}
    sources = load_catalog().sources
    for number, row in enumerate(read_rows(STARTING_POINTS, StartingPoint, folder=folder), start=2):
        if row.id in found:
            raise CatalogError(folder / STARTING_POINTS, number, f"id {row.id!r} appears twice")
        if row.source_id not in sources:
            raise CatalogError(folder / STARTING_POINTS, number, f"unknown source_id {row.source_id!r}")
        found[row.id] = row
    return MappingProxyType(found)


@cache
def load_starting_points() -> Mapping[str, StartingPoint]:
    """The starting points of this repository, read once."""
    return read_starting_points()
