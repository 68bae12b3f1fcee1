"""How long searches take and how much memory they need, over spaces of 10^4 to 10^7 configurations."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from components.catalog.load import load_catalog
from components.engine.outcome.evaluation import open_book
from components.engine.search.ask.requirements import Requirements
from components.engine.search.find import search
from components.engine.search.trade_offs import cost_of_latency, cost_of_quality

ROUNDS = 5
HERE: dict[str, Any] = {"places": ("usa",)}
"""One place: a replica is computed for few prices, the hardest case."""
SIZES: dict[str, Requirements] = {
    "1e4": Requirements(hardware=("h100-sxm", "h200-sxm"), **HERE),
    "1e5": Requirements(**HERE),
    "1e6": Requirements(cache=0.2, defer=0.2, compress=0.8, grade="C", **HERE),
    "1e7": Requirements(breadth="wide", grade="C", **HERE),
}
"""Questions by the order of magnitude of what they evaluate."""
LARGEST = "1e7"
Report = Callable[[str, float, str], None]
Note = Callable[[str], None]


def largest() -> dict[str, float]:
    """The largest search in this process: configurations, seconds, peak memory."""
    book = open_book(load_catalog())
    start = time.perf_counter()
    found = search(SIZES[LARGEST], book)
    spent = time.perf_counter() - start
    return {
        "evaluated": found.counts.evaluated,
        "spent_s": spent,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }


def bench_search(report: Report, note: Note) -> None:
    """The default search of the page, the spaces of all sizes, and the largest in a process of its own."""
    book = open_book(load_catalog())
    start = time.perf_counter()
    found = search(Requirements(), book)
    note(f"search_default: {found.counts.evaluated:,} of {found.counts.space:,} configurations evaluated; "
         f"median of {ROUNDS} after a first of {time.perf_counter() - start:.2f} s")  # fmt: skip
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        search(Requirements(), book)
        spent.append(time.perf_counter() - start)
    report("search_default_s", statistics.median(spent), "s")
    for name, work in (("cost_of_latency", cost_of_latency), ("cost_of_quality", cost_of_quality)):
        start = time.perf_counter()
        work(Requirements(), book)
        note(f"{name}: {time.perf_counter() - start:.2f} s")
    for name, question in SIZES.items():
        if name == LARGEST:
            continue
        search(question, book)
        start = time.perf_counter()
        count = search(question, book).counts.evaluated
        took = time.perf_counter() - start
        note(f"space {name}: {count:,} evaluated in {took:.2f} s, {count / took:,.0f}/s")
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench_search"], check=True, capture_output=True, text=True, timeout=600
    )
    told = json.loads(run.stdout)
    rate = told["evaluated"] / told["spent_s"]
    note(f"space {LARGEST}: {told['evaluated']:,.0f} evaluated in {told['spent_s']:.1f} s, in a fresh process")
    report("search_configurations_per_s", rate, "1/s")
    report("search_peak_rss_mb", told["peak_mb"], "MB")


if __name__ == "__main__":
    print(json.dumps(largest()))
