"""How long things take: `python -m tests.bench [part ...]` prints one `name value unit` a line, sizes on stderr."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from components.catalog.evidence import MEASURED_FILE, measured_points
from components.catalog.load import DATA, load_catalog
from components.commands.parser import main as command
from components.engine.comparison.compare_strategies import compare, evaluate_one
from components.engine.outcome.evaluation import open_book
from components.engine.outcome.variants import evaluate_variants
from components.share.presets import first_screen
from tests.bench_exports import bench_exports
from tests.bench_months import bench_months
from tests.bench_parts import bench_parts
from tests.bench_plan import bench_plan
from tests.bench_redraw import bench_redraw, move
from tests.bench_search import bench_search
from tests.bench_store import bench_store
from tests.browser.server import launch, serve
from tests.browser.watch import CHART, SLIDER, open_page, wait_answer

ROUNDS = 15
VARIANTS = 10_000
MOVES = 30
FACTORS = ("volume_factor", "price_factor", "isl_factor", "osl_factor")


def report(name: str, value: float, unit: str) -> None:
    """One result."""
    print(f"{name} {value:.4g} {unit}", flush=True)


def note(words: str) -> None:
    """What a result was measured on."""
    print(f"# {words}", file=sys.stderr, flush=True)


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of several rounds after one that loads what is loaded once."""
    work()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1e3)
    return statistics.median(spent)


def bench_engine() -> None:
    """The engine alone: one strategy, the first screen, ten thousand variants."""
    catalog, scenario = load_catalog(), first_screen()
    one = scenario.strategies[1]
    note(f"evaluate_one: {one.name}, {scenario.workload.preset}; median of {ROUNDS}")
    report("evaluate_one_ms", median_ms(lambda: evaluate_one(one, scenario.workload, catalog)), "ms")
    note(f"compare_default: {len(scenario.strategies)} strategies with savings and curves; median of {ROUNDS}")
    report("compare_default_ms", median_ms(lambda: compare(scenario, catalog)), "ms")
    book, draw = open_book(catalog), np.random.default_rng(20261123)
    factors = {name: draw.uniform(0.5, 2, VARIANTS) for name in FACTORS}
    for name, strategy in (("", scenario.strategies[0]), ("_speculating", one)):
        note(f"evaluate_10000{name}: {strategy.name}, {VARIANTS} demands, prices and lengths in one call; median of 5")
        work = partial(evaluate_variants, strategy, scenario.workload, book, **factors)
        report(f"evaluate_10000{name}_ms", median_ms(work, rounds=5), "ms")
    measured = DATA / MEASURED_FILE
    note(f"predict_points: {len(measured_points()):,} rows of {MEASURED_FILE}, read, predicted, written; median of 5")
    with contextlib.redirect_stderr(io.StringIO()):
        spent = median_ms(lambda: command(["predict", str(measured), "-o", os.devnull]), rounds=5)
    report("predict_points_s", spent / 1e3, "s")


def cpu_s(pid: int) -> float:
    """Processor time of a process and its children so far."""
    process = psutil.Process(pid)
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def bench_app() -> None:
    """The running app: start, first answer, and a slider that moves."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log") as server, sync_playwright() as driver:
        report("start_to_healthy_s", server.started_s, "s")
        browser = launch(driver)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        start = time.perf_counter()
        page.goto(server.url, wait_until="commit")
        wait_answer(page)
        note("first_answer: a cold server and an empty browser cache, until the answer's sentence is on the page")
        report("first_answer_s", time.perf_counter() - start, "s")
        open_page(page, server.url)
        page.locator(SLIDER).focus()
        for key in ("ArrowRight", "ArrowLeft"):
            move(page, key)
        before = cpu_s(server.pid)
        keys = ["ArrowRight"] * (MOVES // 2) + ["ArrowLeft"] * (MOVES - MOVES // 2)
        spent = sorted(move(page, key) for key in keys)
        used = (cpu_s(server.pid) - before) / MOVES
        note(f"redraw: {MOVES} key presses on requests per day, {page.locator(CHART).count()} charts")
        report("browser_redraw_median_ms", statistics.median(spent), "ms")
        report("browser_redraw_p95_ms", spent[round(0.95 * (MOVES - 1))], "ms")
        report("rerun_cpu_ms", used * 1e3, "ms")
        open_page(page, f"{server.url}/find")
        page.locator(SLIDER).focus()
        note("search_slider_redraw: key presses on requests per day of the Find page, each a search; median of 6")
        moves = [move(page, key) for key in ("ArrowRight",) * 3 + ("ArrowLeft",) * 3]
        report("search_slider_redraw_ms", statistics.median(moves), "ms")
        browser.close()


PARTS: dict[str, Callable[[], None]] = {
    "parts": lambda: bench_parts(report, note, median_ms),
    "exports": lambda: bench_exports(report, note, median_ms),
    "engine": bench_engine,
    "plan": lambda: bench_plan(report, note, median_ms),
    "search": lambda: bench_search(report, note),
    "store": lambda: bench_store(report, note, median_ms),
    "months": lambda: bench_months(report, note, median_ms),
    "app": bench_app,
    "redraw": lambda: bench_redraw(report, note),
}


def main() -> None:
    """The parts that are named, all without a name."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How long things take.")
    told = f"what to time: {', '.join(PARTS)}; all without one"
    parser.add_argument("part", nargs="*", metavar="part", choices=[*PARTS, []], help=told)
    named = parser.parse_args().part
    note(f"{psutil.cpu_count()} processors, load {psutil.getloadavg()[0]:.1f}, data of {load_catalog().data_date}")
    for name, bench in PARTS.items():
        if not named or name in named:
            bench()


if __name__ == "__main__":
    main()
