"""How long a redraw takes beside the least Streamlit page of the same size, the two by turns on one machine."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import redraw
from tests.browser.server import launch, serve
from tests.browser.watch import CHART, SLIDER

MOVES = 20
LEAST = "tests/least_page.py"
Report = Callable[[str, float, str], None]
Note = Callable[[str], None]


def move(page: Page, key: str) -> float:
    """One step of the slider. [ms until the last chart is drawn]"""
    redraw.start(page)
    page.keyboard.press(key)
    return redraw.redrawn(page)


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url, wait_until="commit")
    page.locator(CHART).first.wait_for(timeout=60_000)
    page.wait_for_timeout(3_000)
    page.locator(SLIDER).focus()
    return page


def bench_redraw(report: Report, note: Note) -> None:
    """Key presses by turns on the first screen and on the least page; the ratio of their medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        here = Path(folder)
        with serve(here / "app") as app, serve(here / "least", LEAST) as least:
            browser = launch(driver)
            pages = {"first_screen": _opened(browser, app.url), "least_page": _opened(browser, least.url)}
            spent: dict[str, list[float]] = {name: [] for name in pages}
            for turn in range(MOVES):
                for name, page in pages.items():
                    page.bring_to_front()
                    spent[name].append(move(page, "ArrowRight" if turn % 2 == 0 else "ArrowLeft"))
            browser.close()
    medians = {name: statistics.median(times) for name, times in spent.items()}
    note("redraw_ratio: " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in medians.items()) + f"; {MOVES} by turns")
    report("redraw_ratio", medians["first_screen"] / medians["least_page"], "1")
