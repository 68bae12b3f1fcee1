"""The answer of every preset on every workload, as last accepted: `python -m tests.golden.presets` prints what differs.

Savings are against the baseline of the first screen, by layer, each layer's mean over all orders: all mixtures of
layers enter them, so that one mixture computed otherwise shows. Layers that cannot be told apart have their saving in
the first one's column, and the others none.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.catalog.levers import load_levers
from components.catalog.load import load_catalog
from components.engine.answer.records import Answer
from components.engine.comparison.compare_strategies import compare
from components.engine.comparison.records import Attribution
from components.engine.facts.trust import Range
from components.engine.scenario import LAYERS, Layer, Scenario, Strategy, Workload
from components.share.presets import FIRST_SCREEN, Preset, presets

FILE = Path(__file__).with_suffix(".csv")
COMMAND = "python -m tests.golden.presets"
KEY = ("preset", "workload")
SAVINGS = tuple(f"saving_{layer}_usd" for layer in LAYERS)
COLUMNS = (*KEY, "feasible", "reason", "usd_per_month", "ttft_p50_s", "ttft_p95_s", "tpot_p50_s", "tpot_p95_s",
           "chips", *SAVINGS)  # fmt: skip
WORDS = ("feasible", "reason")
EMPTY = "none"
DIGITS = 6
CENT_USD = 0.01
"""Savings are differences of costs: below a cent they are what rounding left."""
OTHERS = 5
"""Strategies that a scenario holds beside its baseline."""

Row = Mapping[str, str]
Rows = Mapping[tuple[str, str], Row]
Difference = tuple[str, str, str, str, str, str]
"""Preset, workload, column, old, new, relative change."""


def figure(value: float | None) -> str:
    """A number to six significant digits; empty where there is none."""
    return "" if value is None else f"{float(f'{value:.{DIGITS}g}'):.15g}"


def _base(value: Range | None) -> float | None:
    return None if value is None else value.base


def _saving(attribution: Attribution | None, layer: Layer) -> str:
    found = {} if attribution is None else {step.layers[0]: step.shapley for step in attribution.steps}
    return figure(round(found[layer], 2) + 0.0) if layer in found else ""


def row(preset: str, workload: str, answer: Answer, attribution: Attribution | None) -> Row:
    """One line of the file; a strategy that cannot be priced has no cost, the baseline has no saving."""
    reason = answer.reasons[0].partition(": ")[0] if answer.reasons else ""
    cells = (
        preset,
        workload,
        "yes" if answer.feasible else "no",
        "" if answer.feasible else reason,
        figure(answer.cost_usd_per_month.base if answer.cost_parts_usd_per_month else None),
        figure(answer.ttft_p50_s),
        figure(_base(answer.ttft_p95_s)),
        figure(answer.tpot_p50_s),
        figure(_base(answer.tpot_p95_s)),
        figure(answer.accelerators),
        *(_saving(attribution, layer) for layer in LAYERS),
    )
    return dict(zip(COLUMNS, cells, strict=True))


def fitting(strategy: Strategy, workload: str) -> Strategy:
    """The strategy with a model that can do the work."""
    need = load_levers().needs.get(workload)
    return strategy if need is None else strategy.model_copy(update={"model": need.suggested_model, "student": ""})


def _compared(base: Preset, others: Sequence[Preset], workload: str) -> dict[tuple[str, str], Row]:
    """Rows of the baseline and up to five others on one workload."""
    shown = (base, *others)
    scenario = Scenario(
        workload=Workload(preset=workload), strategies=tuple(fitting(p.strategy, workload) for p in shown)
    )
    result = compare(scenario, load_catalog())
    savings = {a.strategy: a for a in result.attributions}
    return {
        (p.id, workload): row(p.id, workload, a, savings.get(a.name))
        for p, a in zip(shown, result.answers, strict=True)
    }


def computed() -> Rows:
    """Every preset on every workload as the product answers now, by preset and workload, sorted."""
    known = presets()
    base = known[FIRST_SCREEN[0]]
    others = [p for p in known.values() if p.id != base.id]
    rows: dict[tuple[str, str], Row] = {}
    for workload in load_catalog().workloads:
        for start in range(0, len(others), OTHERS):
            rows |= _compared(base, others[start : start + OTHERS], workload)
    return dict(sorted(rows.items()))


def stored(path: Path = FILE) -> Rows:
    """The accepted rows; none before the file is first written."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(r["preset"], r["workload"]): r for r in csv.DictReader(file)}


def write(rows: Rows, path: Path = FILE) -> None:
    """Make these rows the accepted ones."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows.values())


def _same(column: str, old: str, new: str) -> bool:
    """Whether two cells agree: figures within one unit of the sixth digit, savings also within a cent."""
    if old == new or column in WORDS or not (old and new):
        return old == new
    a, b = float(old), float(new)
    if a == b or not (math.isfinite(a) and math.isfinite(b)):
        return a == b
    largest = max(abs(a), abs(b))
    unit = 10.0 ** (math.floor(math.log10(largest)) + 1 - DIGITS)
    allowed = max(unit, CENT_USD) if column in SAVINGS else unit
    return abs(a - b) < 1.01 * allowed


def _change(column: str, old: str, new: str) -> str:
    if column in WORDS or not (old and new) or float(old) == 0:
        return ""
    return f"{100 * (float(new) - float(old)) / abs(float(old)):+.4g} %"


def differences(old: Rows, new: Rows) -> list[Difference]:
    """Each cell that differs, and each row that only one side has."""
    found: list[Difference] = []
    for key in sorted({*old, *new}):
        if key not in old or key not in new:
            found.append(
                (*key, "row", "present" if key in old else "absent", "present" if key in new else "absent", "")
            )
            continue
        before, after = old[key], new[key]
        for column in COLUMNS[len(KEY) :]:
            a, b = before.get(column, ""), after.get(column, "")
            if not _same(column, a, b):
                found.append((*key, column, a or EMPTY, b or EMPTY, _change(column, a, b)))
    return found


def side_by_side(found: Sequence[Difference]) -> str:
    """The differences as an aligned table, and how many there are."""
    table = [("preset", "workload", "column", "old", "new", "change"), *found]
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    rows = len({line[: len(KEY)] for line in found})
    return "\n".join([*lines, f"{len(found)} cells in {rows} rows differ from {FILE.name}"])


def main() -> None:
    """Print what differs; with --write accept it."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"rewrite {FILE.name} with today's answers")
    wanted = parser.parse_args()
    new = computed()
    found = differences(stored(), new)
    print(side_by_side(found) if found else f"{len(new)} rows, none differs from {FILE.name}")
    if wanted.write:
        write(new)
        print(f"{len(new)} rows written to {FILE}")


if __name__ == "__main__":
    main()
