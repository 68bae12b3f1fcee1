"""A search's answer to take away: as JSON for programs, as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from components.engine.search import Found, Mix, Option, Ranked, Requirements
from components.share.link import strategy_code, workload_code
from components.share.table import json_ready, safe
from components.wording.figures import figures_of


def _figures(option: Option) -> dict[str, Any]:
    return {figure.name: getattr(option, figure.name) for figure in figures_of("option")}


def option_row(option: Option) -> dict[str, Any]:
    """One configuration as plain values: its code for a link, its seller, its figures."""
    head = {"code": strategy_code(option.strategy), "kind": option.kind, "seller": option.seller}
    return head | _figures(option)


def _line(number: int, ranked: Ranked) -> dict[str, Any]:
    s = ranked.option.strategy
    changed = {name: value for name, value in s.model_dump().items() if value != type(s).model_fields[name].default}
    named = {"rank": number, "reason": ranked.reason, "misses": ranked.missed}
    return named | option_row(ranked.option) | {"strategy": changed}


def _mix(mix: Mix) -> dict[str, Any]:
    """A mix: both services with their workloads, and the whole."""
    parts = {
        "base": option_row(mix.base) | {"workload": workload_code(mix.base_workload)},
        "peak": option_row(mix.peak) | {"workload": workload_code(mix.peak_workload)},
    }
    return {
        "sentence": mix.sentence,
        "cost_usd_per_month": mix.cost_usd_per_month,
        "base_share": mix.base_share,
    } | parts


def found_json(requirements: Requirements, found: Found) -> str:
    """The whole answer; missing figures are null."""
    content = {
        "requirements": requirements.model_dump(mode="json"),
        "counts": found.counts,
        "problems": found.problems,
        "stopped": found.stopped,
        "ranked": [_line(i + 1, line) for i, line in enumerate(found.ranked)],
        "why": found.why,
        "mixes": [_mix(mix) for mix in found.mixes],
        "relaxations": [
            {"limit": r.limit, "sentence": r.sentence, "needed": r.needed, **option_row(r.option)}
            for r in found.relaxations
        ],
        "baseline": option_row(found.baseline) if found.baseline else None,
        "fronts": {f"{a}/{b}": [option_row(o) for o in points] for (a, b), points in found.fronts.items()},
    }
    return json.dumps(json_ready(content), indent=1, ensure_ascii=False, allow_nan=False)


def found_csv(found: Found, data_date: str) -> bytes:
    """The ranked list, UTF-8 with a mark that spreadsheets know; units stand in the heads."""
    heads = {figure.name: figure.head for figure in figures_of("option")}
    columns = ["rank", "code", "kind", "seller", *heads.values(), "misses", "reason", "data_date"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    for i, line in enumerate(found.ranked):
        row = {heads.get(name, name): value for name, value in _line(i + 1, line).items()}
        row |= {"data_date": data_date, "misses": line.missed or "nothing"}
        writer.writerow({key: safe(cell) for key, cell in row.items()})
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
