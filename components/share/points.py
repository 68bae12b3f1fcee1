"""Measurements as a CSV: read with a sentence for each problem, written back with predictions beside them."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from pydantic import ValidationError

from components.catalog.evidence import MeasuredPoint, Point
from components.engine.evidence import Metric, Prediction

AT_ONCE = 5000
"""Rows that are read, predicted and written together."""
NEEDED = ("model", "accelerator_id", "accelerators", "input_tokens", "output_tokens", "concurrency")
TO_FIT = (*NEEDED, "group_id")
MEASURED = (
    "output_tokens_per_s_total", "output_tokens_per_s_per_accelerator", "output_tokens_per_s_per_user", "ttft_s",
    "tpot_ms",
)  # fmt: skip
PREDICTED: Mapping[Metric, tuple[str, float]] = {
    "throughput": ("predicted_output_tokens_per_s_per_accelerator", 1.0),
    "tpot": ("predicted_tpot_ms", 1e3),
    "ttft": ("predicted_ttft_s", 1.0),
}
"""Column of a figure and what turns SI into its unit."""
ADDED = (*(f"{name}{end}" for name, _ in PREDICTED.values() for end in ("", "_low", "_high")), "basis", "reason")
ALIASES = {"source_date": "value_date"}
"""Columns of published tables under the names used here."""
MOST_PROBLEMS = 20


class PointsError(Exception):
    """A file that cannot be used at all; the message is the sentence to print."""


@dataclass(slots=True)
class Read:
    """One row of a file: its cells, and the measurement or what is wrong with it."""

    cells: dict[str, str]
    point: Point | None
    problem: str = ""


@dataclass(slots=True)
class Summary:
    """What came of a file."""

    rows: int = 0
    answered: int = 0
    problems: list[str] = field(default_factory=list)
    """The first ones, one sentence each."""


def _lines(source: TextIO) -> Iterator[list[str]]:
    try:
        yield from csv.reader(source, strict=True)
    except UnicodeDecodeError:
        raise PointsError("the file is not UTF-8: save it as CSV UTF-8.") from None
    except csv.Error as reason:
        raise PointsError(f"the file is not a CSV: {reason}.") from None


def _header(rows: Iterator[list[str]], needed: Sequence[str]) -> list[str]:
    header = [name.strip() for name in next(rows, [])]
    if not any(header):
        raise PointsError("the file is empty: the first line must name the columns.")
    header[0] = header[0].removeprefix("\ufeff")
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and separator in header[0]:
            raise PointsError(f"the columns are separated by {word}: use commas.")
    if missing := [name for name in needed if name not in header]:
        raise PointsError(f"columns missing: {', '.join(missing)}.")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise PointsError(f"columns that appear twice: {', '.join(twice)}.")
    return header


def _sentence(number: int, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    column, given = first["loc"][0] if first["loc"] else "row", first.get("input")
    return f"row {number}, {column}: {str(first['msg']).lower()}, not {str(given)[:40]!r}."


def _point(kind: type[Point], cells: Mapping[str, str], defaults: Mapping[str, str]) -> Point:
    given = {ALIASES.get(name, name): value.strip() for name, value in cells.items() if value.strip()}
    fields = {name: value for name, value in given.items() if name in kind.model_fields}
    return kind.model_validate({**defaults, **fields})


def _read(
    source: TextIO, kind: type[Point], needed: Sequence[str], defaults: Mapping[str, str]
) -> tuple[list[str], Iterator[Read]]:
    lines = _lines(source)
    header = _header(lines, needed)

    def rows() -> Iterator[Read]:
        for number, line in enumerate(lines, start=2):
            if not line:
                continue
            cells = dict(zip(header, itertools.chain(line, itertools.repeat("")), strict=False))
            if len(line) > len(header):
                yield Read(cells, None, f"row {number}: {len(line)} cells under {len(header)} columns.")
                continue
            try:
                yield Read(cells, _point(kind, cells, defaults))
            except ValidationError as error:
                yield Read(cells, None, _sentence(number, error))

    return header, rows()


def _written(read: Read, prediction: Prediction) -> dict[str, str]:
    cells = dict.fromkeys(ADDED, "") | {"basis": prediction.basis, "reason": prediction.reason}
    for metric, found in prediction.values.items():
        name, unit = PREDICTED[metric]
        cells |= {f"{name}{end}": f"{value * unit:.6g}" for end, value in
                  (("", found.base), ("_low", found.low), ("_high", found.high))}  # fmt: skip
    return read.cells | cells


def predict_file(source: TextIO, sink: TextIO, predict: Callable[[Sequence[Point]], Sequence[Prediction]]) -> Summary:
    """Copy a CSV of measurements with predictions, a part at a time; columns it does not know stay as they are.

    Args:
        source, sink: streams of text.
        predict: the predictions of some points, in order.
    Raises: PointsError for a file that cannot be used at all.
    """
    header, rows = _read(source, Point, NEEDED, {"benchmark": "stated"})
    writer = csv.DictWriter(sink, [name for name in header if name not in ADDED] + list(ADDED), lineterminator="\n",
                            extrasaction="ignore")  # fmt: skip
    writer.writeheader()
    summary = Summary()
    while part := list(itertools.islice(rows, AT_ONCE)):
        answers = iter(predict([read.point for read in part if read.point is not None]))
        for read in part:
            answer = Prediction(reason=read.problem) if read.point is None else next(answers)
            writer.writerow(_written(read, answer))
            summary.answered += bool(answer.values)
        summary.rows += len(part)
        _note(summary, part)
    return summary


def points_table(points: Sequence[MeasuredPoint], predictions: Sequence[Prediction]) -> str:
    """Measurements with their predictions as CSV, the columns of `predict_file`."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, [*MeasuredPoint.model_fields, *ADDED], lineterminator="\n")
    writer.writeheader()
    for point, prediction in zip(points, predictions, strict=True):
        cells = {name: _cell(value) for name, value in point.model_dump().items()}
        writer.writerow(_written(Read(cells, point), prediction))
    return sink.getvalue()


def _cell(value: object) -> str:
    """As data/ writes it: empty is not published."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _note(summary: Summary, part: Iterable[Read]) -> None:
    found = [read.problem for read in part if read.problem]
    summary.problems += found[: max(MOST_PROBLEMS - len(summary.problems), 0)]


def measured_file(source: TextIO) -> tuple[tuple[MeasuredPoint, ...], tuple[str, ...]]:
    """Measurements to fit, and a sentence for each row that cannot be used.

    Raises: PointsError for a file that cannot be used at all.
    """
    blank = {"benchmark": "stated", "point_id": "-", "model_kind": "dense", "accelerator_class": "-", "source_id": "-",
             "value_date": "", "confidence": "medium"}  # fmt: skip
    header, rows = _read(source, MeasuredPoint, TO_FIT, blank)
    if not set(header) & set(MEASURED):
        raise PointsError(f"no measured column: at least one of {', '.join(MEASURED)}.")
    read = list(rows)
    points = tuple(row.point for row in read if isinstance(row.point, MeasuredPoint))
    return points, tuple(row.problem for row in read if row.problem)
