"""Reads data/ into one frozen catalog; any fault names the file, the row and the rule it breaks."""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from components.catalog.figures import figures_of
from components.catalog.records import (
    WORKLOAD_PARAMETERS,
    Accelerator,
    AnsweringModel,
    ApiPrice,
    Claim,
    DedicatedPrice,
    Economic,
    Model,
    OptimizationFact,
    ProviderSpeed,
    PublishedFigure,
    Record,
    RentalPrice,
    Source,
    TokenModel,
    Triple,
    WorkloadPreset,
)

DATA = Path(__file__).parents[2] / "data"
R = TypeVar("R", bound=Record)
MAY_BE_ABSENT = frozenset({"ttft_target_ms", "tpot_target_ms", "requests_per_user_day"})
"""Parameters of a workload that may have no value: there is no such target, or requests do not come from users."""
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class CatalogError(ValueError):
    """A table of data/ breaks a rule; the message names file, row (the header is row 1) and rule."""

    def __init__(self, path: Path, row: int, rule: str) -> None:
        """Compose the message, for instance "data/x.csv row 12: unknown source_id 'y'"."""
        super().__init__(f"{path.parent.name}/{path.name} row {row}: {rule}")


@dataclass(frozen=True, eq=False)
class Catalog:
    """Every fact the product knows, read-only. Compared by identity, so that look-ups can be kept per catalog."""

    accelerators: Mapping[str, Accelerator]
    models: Mapping[str, Model]
    token_models: Mapping[str, TokenModel]
    """Sold per token only: no id is also one of `models`."""
    workloads: Mapping[str, WorkloadPreset]
    economics: Mapping[str, Economic]
    sources: Mapping[str, Source]
    rentals: tuple[RentalPrice, ...]
    api_prices: tuple[ApiPrice, ...]
    dedicated: tuple[DedicatedPrice, ...]
    speeds: tuple[ProviderSpeed, ...]
    optimizations: tuple[OptimizationFact, ...]
    claims: tuple[Claim, ...]
    data_date: str
    """The latest full date any value carries."""
    version: str
    """The data date and a digest of all tables: two catalogs with one version hold the same facts."""

    @cached_property
    def answering(self) -> Mapping[str, AnsweringModel]:
        """Every model that can answer, with an architecture or without."""
        return MappingProxyType({**self.models, **self.token_models})

    def figures(self) -> tuple[PublishedFigure, ...]:
        """Every number of data/ in long form, one per row, with its unit and source."""
        tables: dict[str, Iterable[Record]] = {
            "accelerators": self.accelerators.values(),
            "models": self.models.values(),
            "token_models": self.token_models.values(),
            "rental_prices": self.rentals,
            "api_prices": self.api_prices,
            "dedicated_prices": self.dedicated,
            "provider_speeds": self.speeds,
            "workloads": self.workloads.values(),
            "economics": self.economics.values(),
            "optimizations": self.optimizations,
        }
        published = {source.id: source.published for source in self.sources.values()}
        return tuple(figure for name, rows in tables.items() for figure in figures_of(name, rows, published))


def _cells(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield (row number, non-empty cells) of a table."""
    if not path.is_file():
        raise CatalogError(path, 1, "the file is missing")
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, restkey="extra_cells")
        for number, row in enumerate(reader, start=2):
            if "extra_cells" in row or None in row.values():
                raise CatalogError(path, number, f"expected {len(reader.fieldnames or ())} cells")
            yield number, {name: cell for name, cell in row.items() if cell != ""}


def _parse(path: Path, number: int, cells: Mapping[str, Any], record: type[R]) -> R:
    """Validate one row."""
    try:
        return record.model_validate(cells)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = ".".join(str(part) for part in first["loc"])
        raise CatalogError(path, number, f"{column}: {first['msg']}") from error


def read_rows(file: str | Path, record: type[R], *, folder: Path = DATA) -> tuple[R, ...]:
    """Read a table into records; an empty cell takes the default of its column.

    Args:
        file: name inside the data folder, or an absolute path.
        record: the record type of a row.
        folder: the data folder.
    Returns: the records in file order.    Raises: CatalogError naming file, row and rule.
    """
    path = folder / file
    return tuple(_parse(path, number, cells, record) for number, cells in _cells(path))


def _by_key(file: str, rows: tuple[R, ...], *, key: str, folder: Path) -> Mapping[str, R]:
    """Index records by a unique column."""
    found: dict[str, R] = {}
    for number, row in enumerate(rows, start=2):
        value = str(getattr(row, key))
        if value in found:
            raise CatalogError(folder / file, number, f"{key} {value!r} appears twice")
        found[value] = row
    return MappingProxyType(found)


def _check_reference(file: str, rows: Iterable[Record], column: str, known: Mapping[str, Any], folder: Path) -> None:
    """Every stated value of a column must be the key of another table."""
    for number, row in enumerate(rows, start=2):
        value = getattr(row, column)
        if value is not None and value not in known:
            raise CatalogError(folder / file, number, f"unknown {column} {value!r}")


def _check_apart(file: str, rows: Iterable[TokenModel], models: Mapping[str, Model], folder: Path) -> None:
    """A model with an architecture is no token model."""
    for number, row in enumerate(rows, start=2):
        if row.id in models:
            raise CatalogError(folder / file, number, f"id {row.id!r} is also in models.csv: keep its architecture")


def _read_workloads(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, WorkloadPreset]:
    """Gather the long table into one preset per workload."""
    path = folder / "workloads.csv"
    gathered: dict[str, dict[str, Any]] = {}
    last_row: dict[str, int] = {}
    for number, cells in _cells(path):
        workload, label = cells.pop("workload_id", ""), cells.pop("label", "")
        parameter = cells.pop("parameter", "")
        preset = gathered.setdefault(workload, {"id": workload, "label": label})
        last_row[workload] = number
        if parameter not in WORKLOAD_PARAMETERS:
            raise CatalogError(path, number, f"unknown parameter {parameter!r}")
        if parameter in preset:
            raise CatalogError(path, number, f"parameter {parameter!r} of {workload!r} appears twice")
        triple = _parse(path, number, cells, Triple)
        if triple.source_id not in sources:
            raise CatalogError(path, number, f"unknown source_id {triple.source_id!r}")
        if triple.base is None and parameter not in MAY_BE_ABSENT:
            raise CatalogError(path, number, f"{parameter} of {workload!r} has no base: only a target may be absent")
        stated = [value for value in (triple.low, triple.base, triple.high) if value is not None]
        if stated != sorted(stated):
            raise CatalogError(path, number, "low, base and high must ascend")
        preset[parameter] = triple
    return MappingProxyType(
        {key: _parse(path, last_row[key], preset, WorkloadPreset) for key, preset in gathered.items()}
    )


def _version(folder: Path, dates: Iterable[str]) -> tuple[str, str]:
    """Latest full date among the values, and that date with a digest of the tables."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    data_date = max((found for text in dates for found in FULL_DATE.findall(text)), default="undated")
    return data_date, f"{data_date}+{digest.hexdigest()[:8]}"


def read_catalog(folder: Path = DATA) -> Catalog:
    """Read and cross-check every table of a data folder, without caching."""
    sources = _by_key("sources.csv", read_rows("sources.csv", Source, folder=folder), key="source_id", folder=folder)
    accelerator_rows = read_rows("accelerators.csv", Accelerator, folder=folder)
    model_rows = read_rows("models.csv", Model, folder=folder)
    token_rows = read_rows("token_models.csv", TokenModel, folder=folder)
    rentals = read_rows("rental_prices.csv", RentalPrice, folder=folder)
    api_prices = read_rows("api_prices.csv", ApiPrice, folder=folder)
    dedicated = read_rows("dedicated_prices.csv", DedicatedPrice, folder=folder)
    speeds = read_rows("provider_speeds.csv", ProviderSpeed, folder=folder)
    economics = read_rows("economics.csv", Economic, folder=folder)
    optimizations = read_rows("optimizations.csv", OptimizationFact, folder=folder)
    claims = read_rows("claims.csv", Claim, folder=folder)
    accelerators = _by_key("accelerators.csv", accelerator_rows, key="id", folder=folder)
    models = _by_key("models.csv", model_rows, key="id", folder=folder)
    token_models = _by_key("token_models.csv", token_rows, key="id", folder=folder)
    _check_apart("token_models.csv", token_rows, models, folder)
    cited: dict[str, tuple[Record, ...]] = {
        "accelerators.csv": accelerator_rows, "models.csv": model_rows, "token_models.csv": token_rows,
        "rental_prices.csv": rentals,
        "api_prices.csv": api_prices, "dedicated_prices.csv": dedicated, "provider_speeds.csv": speeds,
        "economics.csv": economics, "optimizations.csv": optimizations, "claims.csv": claims,
    }  # fmt: skip
    for file, rows in cited.items():
        _check_reference(file, rows, "source_id", sources, folder)
    _check_reference("rental_prices.csv", rentals, "accelerator_id", accelerators, folder)
    _check_reference("dedicated_prices.csv", dedicated, "accelerator_id", accelerators, folder)
    _check_reference("api_prices.csv", api_prices, "model_id", models, folder)
    _check_reference("provider_speeds.csv", speeds, "model_id", models, folder)
    dates = [row.value_date for rows in (rentals, api_prices, dedicated, economics) for row in rows]
    data_date, version = _version(folder, dates)
    return Catalog(
        accelerators=accelerators,
        models=models,
        token_models=token_models,
        workloads=_read_workloads(folder, sources),
        economics=_by_key("economics.csv", economics, key="id", folder=folder),
        sources=sources,
        rentals=rentals,
        api_prices=api_prices,
        dedicated=dedicated,
        speeds=speeds,
        optimizations=optimizations,
        claims=claims,
        data_date=data_date,
        version=version,
    )


@cache
def load_catalog() -> Catalog:
    """The catalog of this repository, read once."""
    return read_catalog()
