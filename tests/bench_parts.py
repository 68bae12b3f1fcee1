"""How long the parts of a redraw take: tables, strategies, figures, links."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from components.catalog.load import load_catalog, read_catalog
from components.engine.outcome.evaluation import open_book
from components.engine.scenario import Strategy, Workload
from components.engine.strategy.resolve import resolve
from components.share import link
from tests.charts.make import DRAW
from tests.share.garbage import GARBAGE

MANY = 50
Report = Callable[[str, float, str], None]
Note = Callable[[str], None]
Median = Callable[[Callable[[], object]], float]


def bench_parts(report: Report, note: Note, median_ms: Median) -> None:
    """Each part alone.

    Args:
        report: takes name, value and unit.
        note: takes what a value was measured on.
        median_ms: the time of a piece of work. [ms]
    """
    report("read_catalog_ms", median_ms(read_catalog), "ms")
    book = open_book(load_catalog())
    bought = {"": Strategy(weights="fp8", spec="eagle"), "_tokens": Strategy(buy="api", provider="GroqCloud")}
    for name, strategy in bought.items():

        def many(strategy: Strategy = strategy) -> None:
            for _ in range(MANY):
                resolve(book, strategy, Workload())

        note(f"resolve{name}: one strategy, of {MANY} in a row; 80 are resolved for each redraw")
        report(f"resolve{name}_ms", median_ms(many) / MANY, "ms")
    figures = {name: median_ms(draw) for name, draw in DRAW.items()}
    note("figure_slowest: " + ", ".join(f"{name} {spent_ms:.2g} ms" for name, spent_ms in figures.items()))
    report("figure_slowest_ms", max(figures.values()), "ms")
    note(f"garbage_link_slowest: the slowest of {len(GARBAGE)} links of 100 kB that nobody means")
    report("garbage_link_slowest_ms", max(median_ms(partial(link.read_link, junk)) for junk in GARBAGE), "ms")
