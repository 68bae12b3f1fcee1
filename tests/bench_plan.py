"""How long decisions over volume take: every way to buy at two hundred volumes, with crossovers and bill."""

from __future__ import annotations

from collections.abc import Callable

from components.catalog.load import load_catalog
from components.engine.plan import break_even
from components.share.presets import first_screen

ROUNDS = 9
Report = Callable[[str, float, str], None]
Note = Callable[[str], None]
Median = Callable[..., float]


def bench_plan(report: Report, note: Note, median_ms: Median) -> None:
    """The page Rent, own or API for the first screen.

    Args: report, takes name, value and unit; note, what a value was measured on; median_ms, the time of work. [ms]
    """
    catalog, scenario = load_catalog(), first_screen()
    found = break_even(scenario, 1, catalog)
    note(
        f"break_even: {len(found.lines) + len(found.left_out)} ways at {len(found.requests_per_day)} volumes, "
        f"{len(found.crossovers)} crossovers solved; median of {ROUNDS}, beside evaluate_one_ms"
    )
    report("break_even_ms", median_ms(lambda: break_even(scenario, 1, catalog), rounds=ROUNDS), "ms")
