"""Stores a calibration in data/: constants keep their rows, offsets, errors and ranges are written anew."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from components.catalog.base import Record, Source
from components.catalog.parameters import AccuracyRow, OffsetRow, RangeRow, StructureRow

DIGITS = 4
"""Significant digits of what is stored. [1]"""
TABLES = ("engine_parameters.csv", "engine_offsets.csv", "engine_accuracy.csv", "engine_ranges.csv", "sources.csv")
"""What a calibration changes."""
STRUCTURE_TABLES = ("engine_structures.csv", "sources.csv")
"""What a nested validation changes."""
ASIDE = ".calibration-"
DATED = re.compile(r"four-layers-calibration-\d{4}-\d{2}-\d{2}")
"""Sources of calibrations; one replaces the last."""
NESTED = re.compile(r"four-layers-nested-validation-\d{4}-\d{2}-\d{2}")
"""Sources of nested validations; one replaces the last."""


class Constant(NamedTuple):
    """A fitted constant with its spread over the folds, in its unit of engine_parameters.csv."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CalibrationTables:
    """What a calibration changes in data/; all rows cite its source."""

    constants: Mapping[str, Constant]
    """By name."""
    offsets: tuple[OffsetRow, ...]
    accuracy: tuple[AccuracyRow, ...]
    ranges: tuple[RangeRow, ...]
    source: Source


def source_id_of(date: str) -> str:
    """The id under which a calibration is cited.    Args: date, "2026-11-24"."""
    return f"four-layers-calibration-{date}"


def write_calibration(tables: CalibrationTables, folder: Path) -> None:
    """Store a calibration in a data folder: all files are written aside first, so that a fault or a kill changes none.

    Raises: OSError if the folder cannot be written; then no table has changed.
    """
    _replace(folder, TABLES, lambda aside: _store(tables, aside))


def write_structures(rows: Sequence[StructureRow], source: Source, folder: Path) -> None:
    """Store a nested validation in a data folder.    Raises: OSError as `write_calibration`."""

    def store(aside: Path) -> None:
        _write_rows(aside / "engine_structures.csv", rows)
        _cite(aside / "sources.csv", source, NESTED)

    _replace(folder, STRUCTURE_TABLES, store)


def _replace(folder: Path, tables: Sequence[str], store: Callable[[Path], None]) -> None:
    for left in folder.glob(f"{ASIDE}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=folder) as name:
        aside = Path(name)
        for table in tables:
            shutil.copyfile(folder / table, aside / table)
        store(aside)
        for table in tables:
            (aside / table).replace(folder / table)


def _store(tables: CalibrationTables, folder: Path) -> None:
    stamp = {"source_id": tables.source.id, "value_date": tables.source.published}
    constants = {
        name: {"value": _cell(c.value), "low": _cell(c.low), "high": _cell(c.high), **stamp}
        for name, c in tables.constants.items()
    }
    _rewrite(folder / "engine_parameters.csv", lambda row: row | constants.get(row["name"], {}))
    _write_rows(folder / "engine_offsets.csv", tables.offsets)
    _write_rows(folder / "engine_accuracy.csv", tables.accuracy)
    _write_rows(folder / "engine_ranges.csv", tables.ranges)
    _cite(folder / "sources.csv", tables.source, DATED)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)


def _rewrite(path: Path, edit: Callable[[dict[str, str]], dict[str, str]]) -> None:
    names, rows = _read(path)
    _write(path, names, [edit(row) for row in rows])


def _write_rows(path: Path, rows: Sequence[Record]) -> None:
    names = list(type(rows[0]).model_fields)
    _write(path, names, [{name: _cell(value) for name, value in row.model_dump().items()} for row in rows])


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


def _write(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _cite(path: Path, source: Source, replaced: re.Pattern[str]) -> None:
    names, rows = _read(path)
    kept = [row for row in rows if not replaced.fullmatch(row["source_id"])]
    _write(path, names, [*kept, dict.fromkeys(names, "") | source.model_dump()])
