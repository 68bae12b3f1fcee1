"""How long the files of the board pack take."""

from __future__ import annotations

import datetime
import time

from components.catalog.load import load_catalog
from components.exports import deck, paper, snapshot, workbook
from components.exports.pack import pack_of
from components.share.presets import first_screen
from tests.bench_parts import Median, Note, Report


def bench_exports(report: Report, note: Note, median_ms: Median) -> None:
    """Each file of the first screen, from its comparison to bytes.

    Args: as `bench_parts`.
    """
    made = pack_of(first_screen(), load_catalog(), link="https://localhost/compare", made=datetime.date.today())
    started = time.perf_counter()
    planned = made.planned is not None
    report("pack_plan_s", time.perf_counter() - started, "s")
    note(
        f"deck, pdf, report, workbook, html: the first screen, {len(made.result.answers)} strategies, beside the plan "
        f"over time, which is made once for all files ({'made' if planned else 'none'}); pdf is the one page"
    )
    work = {
        "deck": deck.deck,
        "pdf": paper.one_page,
        "report": paper.report,
        "workbook": workbook.workbook,
        "html": snapshot.snapshot,
    }
    for name, make in work.items():
        report(f"{name}_s", median_ms(lambda make=make: make(made)) / 1e3, "s")  # type: ignore[misc]
