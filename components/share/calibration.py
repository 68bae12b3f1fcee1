"""A calibration as the tables of data/: constants, offsets, errors, ranges and the source that stands behind them."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from components.engine.evidence.calibrate.run import Calibration

FEW = 6
"""Groups below which an error or a range deserves low confidence."""
DIGITS = 4
DATED = re.compile(r"four-layers-calibration-\d{4}-\d{2}-\d{2}")
"""Sources of calibrations; one replaces the last."""


def fingerprint(data: bytes) -> str:
    """What tells one set of measurements from another: the start of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}"


def _rewrite(path: Path, edit: Callable[[dict[str, str]], dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or []), [edit(row) for row in reader]
    _write(path, names, rows)


def _write(path: Path, names: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(names), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_tables(found: Calibration, folder: Path, *, date: str, data: bytes) -> None:
    """Store a calibration: constants keep their row, the other tables are written anew.

    Args:
        found: the calibration.
        folder: the data folder.
        date: of the calibration, "2026-11-24".
        data: the measurements' file, for its fingerprint.
    """
    source_id = f"four-layers-calibration-{date}"
    stamp = {"source_id": source_id, "value_date": date}
    values, low, high = np.exp(found.theta), np.exp(found.low), np.exp(found.high)
    free = found.case.space.free
    constants = {
        f.name: {"value": _number(v), "low": _number(min(v, a)), "high": _number(max(v, b)), **stamp}
        for f, v, a, b in zip(free, values, low, high, strict=True)
        if f.scope == "global"
    }
    _rewrite(folder / "engine_parameters.csv", lambda row: row | constants.get(row["name"], {}))
    offsets = [
        {"scope": f.scope, "key": f.key, "parameter": f.name, "multiplier": _number(v), "low": _number(min(v, a)),
         "high": _number(max(v, b)), **stamp, "confidence": "medium"}
        for f, v, a, b in zip(free, values, low, high, strict=True)
        if f.scope != "global"
    ]  # fmt: skip
    _write(folder / "engine_offsets.csv", offsets[0], offsets)
    errors = [
        {"regime": e.regime, "metric": e.metric, "median_error": _number(e.median), "p90_error": _number(e.p90),
         "groups": str(e.groups), **stamp, "confidence": "low" if e.groups < FEW else "medium"}
        for e in found.errors
    ]  # fmt: skip
    _write(folder / "engine_accuracy.csv", errors[0], errors)
    ranges = [
        {"kind": s.kind, "metric": s.metric, "low_factor": _number(s.low_factor), "high_factor": _number(s.high_factor),
         "figures": str(s.figures), "groups": str(s.groups), **stamp,
         "confidence": "low" if s.groups < FEW else "medium"}
        for s in found.spreads
    ]  # fmt: skip
    _write(folder / "engine_ranges.csv", ranges[0], ranges)
    _cite(folder / "sources.csv", source_id, found, date, data)


def _cite(path: Path, source_id: str, found: Calibration, date: str, data: bytes) -> None:
    groups = len({point.group_id for point in found.case.points})
    title = (
        f"Four Layers calibration: {len(found.case.space.free)} shrunken numbers fitted to {len(found.case.points):,} "
        f"published measurements in {groups} groups (SHA-256 {fingerprint(data)}), cross-validated by group"
    )
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rows = [row for row in reader if not DATED.fullmatch(row["source_id"])]
    rows.append(
        dict.fromkeys(names, "") | {"source_id": source_id, "title": title, "published": date, "accessed": date}
    )
    _write(path, names, rows)
