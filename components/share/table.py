"""The comparison as a table to take away: one figure a row, with unit, range, basis, date and sources."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from components.catalog.load import Catalog
from components.engine.answer import CALIBRATED, Answer
from components.engine.comparison import Comparison
from components.engine.facts import Range
from components.engine.scenario import Scenario
from components.share.link import canonical_query
from components.wording.figures import figures_of
from components.wording.numbers import NOT_PUBLISHED

COLUMNS = (
    "section", "strategy", "figure", "value", "unit", "low", "high", "found_by", "formula", "inputs", "basis",
    "confidence", "sources", "data_date",
)  # fmt: skip


def safe(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe; None is "not published"."""
    if cell is None:
        return NOT_PUBLISHED
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _source(catalog: Catalog, source_id: str) -> str:
    source = catalog.sources.get(source_id)
    return f"{source.title} ({source.published}) {source.url}".strip() if source else source_id


def _sources(answer: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for step in answer.ledger for source in step.sources))


def _figures(answer: Answer, catalog: Catalog) -> Iterator[dict[str, Any]]:
    shared = {"section": "answer", "strategy": answer.name, "basis": answer.basis, "confidence": answer.confidence}
    shared["sources"] = "; ".join(_source(catalog, s) for s in _sources(answer))
    for figure in figures_of("answer"):
        unpriced = figure.name == "cost_usd_per_month" and not answer.priced
        value: object = None if unpriced else getattr(answer, figure.name)
        limits = {"low": value.low, "high": value.high} if isinstance(value, Range) else {}
        row = shared | {
            "figure": figure.words,
            "unit": figure.unit,
            "value": value.base if isinstance(value, Range) else value,
        }
        yield row | limits | ({"formula": answer.blend} if figure.name == "usd_per_mtok_blended" else {})
    for part, usd in answer.cost_parts_usd_per_month.items():
        yield shared | {"figure": f"cost part: {part}", "value": usd, "unit": "USD/month"}
    for kind in ("reasons", "warnings", "overrides"):
        for sentence in getattr(answer, kind):
            yield shared | {"figure": kind, "value": sentence, "unit": "text"}
    for sentence in answer.own.sentences if answer.own else ():
        yield shared | {"figure": CALIBRATED, "value": sentence, "unit": "text"}


def _steps(answer: Answer, catalog: Catalog) -> Iterator[dict[str, Any]]:
    for step in answer.ledger:
        yield {
            "section": f"ledger: {step.topic}", "strategy": answer.name, "figure": step.name,
            "value": step.value if step.unit else step.formula,
            "unit": step.unit or "text", "found_by": step.found, "formula": step.formula,
            "inputs": "; ".join(f"{k} = {v}" for k, v in step.inputs),
            "basis": step.basis, "confidence": step.confidence,
            "sources": "; ".join(_source(catalog, s) for s in step.sources),
        }  # fmt: skip


def _savings(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Each strategy's saving against the baseline: by layer, in order and as a fair share, and what it is made of."""
    for told, made in zip(comparison.attributions, comparison.makeups, strict=True):
        shared = {"strategy": told.strategy, "unit": "USD/month"}
        for step in told.steps:
            row = shared | {"figure": step.label, "inputs": "; ".join(step.levers)}
            yield row | {"section": "saving: in order", "value": step.waterfall}
            yield row | {"section": "saving: fair share", "value": step.shapley, "low": step.low, "high": step.high}
        for kind, usd in made.saving_by_kind.items():
            yield shared | {"section": "saving: made of", "figure": kind, "value": usd}


def comparison_csv(scenario: Scenario, comparison: Comparison, catalog: Catalog) -> bytes:
    """All answers, their sentences, the savings and every ledger step, UTF-8 with a mark that spreadsheets know."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    rows: list[dict[str, Any]] = [
        {"section": "scenario", "figure": "headline", "value": comparison.headline, "unit": "text"},
        {"section": "scenario", "figure": "workload", "value": comparison.workload_label, "unit": "text"},
        {"section": "scenario", "figure": "volume", "value": comparison.requests_per_day, "unit": "requests/day"},
        {"section": "scenario", "figure": "link", "value": f"?{canonical_query(scenario)}", "unit": "text"},
    ]
    for answer in comparison.answers:
        rows += _figures(answer, catalog)
    rows += _savings(comparison)
    for answer in comparison.answers:
        rows += _steps(answer, catalog)
    for row in rows:
        dated = row | {"data_date": comparison.data_date}
        writer.writerow({key: safe(cell) for key, cell in dated.items()})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def json_ready(value: Any) -> Any:
    """Plain lists and mappings of what JSON can hold; records as mappings, NaN and inf as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return json_ready(asdict(value))
    if isinstance(value, dict):
        return {str(k): json_ready(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(v) for v in value]
    if hasattr(value, "tolist"):
        return json_ready(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def comparison_json(scenario: Scenario, comparison: Comparison) -> str:
    """All answers as JSON: the numbers of the page, money in USD, time in s; NaN and missing are null."""
    told = asdict(comparison)
    for answer, row in zip(comparison.answers, told["answers"], strict=True):
        del row["explain"]
        row["ledger"] = [asdict(step) for step in answer.ledger]
        if not answer.priced:
            row["cost_usd_per_month"] = None
    content = {
        "link": canonical_query(scenario),
        "scenario": scenario.model_dump(),
        "comparison": json_ready(told),
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
