"""Every table of a comparison as CSV for spreadsheets and as Parquet for programs, in one ZIP."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np

from components.exports.compared import HEADS, compared
from components.exports.findings import Assumed, assumptions
from components.exports.pack import Pack, Table, clean
from components.exports.plan_tables import plan_tables
from components.share.table import comparison_csv, safe


def tables(pack: Pack) -> bytes:
    """A ZIP: each table twice, all figures with formulas and sources as CSV, and a text of where they come from."""
    facts = pack.facts()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, (heads, rows) in every_table(pack).items():
            file.writestr(f"{name}.csv", as_csv(heads, rows))
            file.writestr(f"{name}.parquet", _as_parquet(heads, rows, dict(facts)))
        file.writestr("all-figures.csv", comparison_csv(pack.scenario, pack.result, pack.catalog))
        file.writestr("about.txt", "\n".join(f"{label}: {words}" for label, words in facts) + "\n")
    return out.getvalue()


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark that spreadsheets know; text that they would run gets an apostrophe, no value stays empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([["" if cell is None else safe(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _as_parquet(heads: Sequence[str], rows: Sequence[Sequence[Any]], facts: dict[str, str]) -> bytes:
    """Columns of numbers or of text; where the table comes from stands in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {head: [row[i] for row in rows] for i, head in enumerate(heads)}
    table = pa.table(columns).replace_schema_metadata({k.encode(): v.encode() for k, v in facts.items()})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def every_table(pack: Pack) -> dict[str, Table]:
    """Each table by the stem of its file; money in USD where the head says so, else as written."""
    sources = [(key, words, _url(pack, key)) for key, words in pack.sources().items()]
    return {
        "strategies": (HEADS, [tuple(line) for line in compared(pack)]),
        "costs": _costs(pack),
        "savings": _savings(pack),
        "volume": _volume(pack),
        **plan_tables(pack),
        "assumptions": (Assumed._fields, [tuple(one) for one in assumptions(pack)]),
        "steps": _steps(pack),
        "sources": (("source_id", "source", "address"), sources),
    }


def _url(pack: Pack, key: str) -> str:
    known = pack.catalog.sources.get(key)
    return known.url if known else ""


def _costs(pack: Pack) -> Table:
    rows = [
        (pack.name(i), part.replace("_", " "), usd)
        for i, answer in enumerate(pack.result.answers)
        for part, usd in answer.cost_parts_usd_per_month.items()
        if usd
    ]
    return ("strategy", "part", "cost_usd_per_month"), rows


def _savings(pack: Pack) -> Table:
    heads = ("strategy", "layer", "levers", "saving_usd_per_month", "fair_share_usd_per_month", "low_usd_per_month",
             "high_usd_per_month")  # fmt: skip
    rows = [
        (
            pack.name(told.index),
            step.label,
            clean(", ".join(step.levers)),
            step.waterfall,
            step.shapley,
            step.low,
            step.high,
        )
        for told in pack.result.attributions
        for step in told.steps
    ]
    return heads, rows


def _volume(pack: Pack) -> Table:
    curves = pack.result.curves
    rows = [
        (pack.name(i), float(volume), _known(curves.cost_usd_per_month[i, k]), _known(curves.idle_usd_per_month[i, k]),
         _known(curves.utilisation[i, k]))
        for i in range(len(curves.names))
        for k, volume in enumerate(curves.requests_per_day)
    ]  # fmt: skip
    return ("strategy", "requests_per_day", "cost_usd_per_month", "idle_usd_per_month", "utilisation"), rows


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _steps(pack: Pack) -> Table:
    heads = ("strategy", "topic", "figure", "value", "unit", "formula", "inputs", "basis", "confidence", "sources")
    rows = [
        (pack.name(i), step.topic, step.name, step.value, step.unit, clean(step.formula),
         "; ".join(f"{name} {words}" for name, words in step.inputs), step.basis, step.confidence,
         "; ".join(step.sources))
        for i, answer in enumerate(pack.result.answers)
        for step in answer.ledger
    ]  # fmt: skip
    return heads, rows
