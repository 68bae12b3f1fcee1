"""`calibrate`: fit the engine's constants to measurements and store them, or say how far they would move."""

from __future__ import annotations

import argparse
import hashlib
import io
from collections.abc import Sequence

import numpy as np

from components.catalog.base import Source
from components.catalog.evidence import benchmark_traits
from components.catalog.load import DATA, load_catalog
from components.catalog.parameters import (
    AccuracyRow,
    OffsetRow,
    RangeRow,
    StructureRow,
    load_parameters,
    read_priors,
)
from components.catalog.write_calibration import (
    CalibrationTables,
    Constant,
    source_id_of,
    write_calibration,
    write_structures,
)
from components.commands.files import InputError, opened, say
from components.engine.evidence import Calibration, FitInput, ItemError, Rules, fit_input, moved, nested
from components.engine.evidence import calibrate as fit_and_validate
from components.share.points import PointsError, measured_file

FEW = 6
"""Groups below which an error or a range deserves low confidence. [1]"""


def fingerprint(data: bytes) -> str:
    """What tells one set of measurements from another: the start of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:12]


def tables_of(found: Calibration, *, date: str, data: bytes) -> CalibrationTables:
    """A calibration as rows of data/.

    Args:
        found: the calibration.
        date: of the calibration, "2026-11-24".
        data: the measurements' file, for its fingerprint.
    """
    key = source_id_of(date)
    values, low, high = np.exp(found.theta), np.exp(found.low), np.exp(found.high)
    fitted = [
        (f, Constant(float(v), float(min(v, a)), float(max(v, b))))
        for f, v, a, b in zip(found.case.space.free, values, low, high, strict=True)
    ]
    return CalibrationTables(
        constants={f.name: c for f, c in fitted if f.scope == "global"},
        offsets=tuple(
            OffsetRow(scope=f.scope, key=f.key, parameter=f.name, multiplier=c.value, low=c.low, high=c.high,
                      source_id=key, value_date=date, confidence="medium")
            for f, c in fitted if f.scope != "global"
        ),
        accuracy=tuple(
            AccuracyRow.model_validate(
                {"regime": e.regime, "metric": e.metric, "median_error": e.median, "p90_error": e.p90,
                 "groups": e.groups, "source_id": key, "value_date": date,
                 "confidence": "low" if e.groups < FEW else "medium"}
            )
            for e in found.errors
        ),
        ranges=tuple(
            RangeRow(kind=s.kind, metric=s.metric, low_factor=s.low_factor, high_factor=s.high_factor,
                     figures=s.figures, groups=s.groups, held=s.held, source_id=key, value_date=date,
                     confidence="low" if s.groups < FEW else "medium")
            for s in found.spreads
        ),
        source=Source(source_id=key, title=_title(found, data), published=date, accessed=date),
    )  # fmt: skip


def _title(found: Calibration, data: bytes) -> str:
    groups = len({point.group_id for point in found.case.points})
    return (
        f"Four Layers calibration: {len(found.case.space.free)} shrunken numbers fitted to {len(found.case.points):,} "
        f"published measurements in {groups} groups (SHA-256 {fingerprint(data)}), cross-validated by group"
    )


def structures_of(found: Sequence[ItemError], *, date: str, data: bytes) -> tuple[tuple[StructureRow, ...], Source]:
    """A nested validation as rows of data/ and their source; arguments as of `tables_of`."""
    key = f"four-layers-nested-validation-{date}"
    rows = tuple(
        StructureRow.model_validate(
            {"structure": row.structure, "metric": row.error.metric, "median_error": row.error.median,
             "p90_error": row.error.p90, "groups": row.error.groups, "kept_in": row.kept_in, "folds": row.folds,
             "source_id": key, "value_date": date, "confidence": "low" if row.error.groups < FEW else "medium"}
        )
        for row in found
    )  # fmt: skip
    title = f"Four Layers nested validation: offsets chosen inside each fold (measurements SHA-256 {fingerprint(data)})"
    return rows, Source(source_id=key, title=title, published=date, accessed=date)


def _measured(name: str) -> tuple[FitInput, bytes]:
    """What can be fitted of a file of measurements, and the file; a sentence for each row that cannot be used."""
    try:
        with opened(name) as source:
            text = source.read()
        points, problems = measured_file(io.StringIO(text))
        case = fit_input(points, load_catalog(), load_parameters(), Rules(*read_priors(), benchmark_traits()))
    except UnicodeDecodeError:
        raise InputError(f"{name}: the file is not UTF-8: save it as CSV UTF-8.") from None
    except (PointsError, ValueError) as reason:
        raise InputError(f"{name}: {reason}") from None
    for problem in (*problems, *(f"{point}: {reason}." for point, reason in case.skipped)):
        say(problem)
    return case, text.encode()


def calibrate(arguments: argparse.Namespace) -> str:
    """Fit the engine's constants to measurements and store them in data/, or say how far they would move.

    With `nested`, the constants stay, and what is stored is how far a structure that each fold chose for itself errs.
    """
    case, data = _measured(arguments.measured)
    try:
        return (_nested if arguments.nested else _calibrated)(arguments, case, data)
    except ValueError as reason:
        raise InputError(f"{arguments.measured}: {reason}") from None


def _calibrated(arguments: argparse.Namespace, case: FitInput, data: bytes) -> str:
    found = fit_and_validate(case, workers=arguments.workers, say=say)
    lines = [
        f"{e.regime:8s} {e.metric:10s} median {e.median:.1%}  p90 {e.p90:.1%}  {e.groups} groups" for e in found.errors
    ]
    lines.append(f"largest move of a constant: {moved(found, load_parameters()):.2%}; data {fingerprint(data)}")
    if not arguments.dry_run:
        write_calibration(tables_of(found, date=arguments.date, data=data), DATA)
        lines.append(f"stored in {DATA}")
    return "\n".join(lines)


def _nested(arguments: argparse.Namespace, case: FitInput, data: bytes) -> str:
    found = nested(case, workers=arguments.workers, say=say)
    lines = [
        f"{row.structure:12s} {row.error.metric:10s} median {row.error.median:.1%}  p90 {row.error.p90:.1%}  "
        f"kept in {row.kept_in} of {row.folds}"
        for row in found
    ]
    if not arguments.dry_run:
        write_structures(*structures_of(found, date=arguments.date, data=data), DATA)
        lines.append(f"stored in {DATA}")
    return "\n".join(lines)
