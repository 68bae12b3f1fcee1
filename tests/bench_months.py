"""How long a plan takes: its draws, what they say of the inputs, and the page after a key press."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from components.catalog.load import load_catalog
from components.engine.comparison import compare
from components.engine.plan import base_plan, case_of, draw_futures, explained, look_ups, model_of, worth_of_knowing
from components.engine.scenario import PlanTerms, Scenario, Strategy, Workload
from tests.browser.server import launch, serve
from tests.browser.watch import ANSWER, SLIDER, open_page, wait_idle

MOVES = 10
SIX = Scenario(
    workload=Workload(preset="support_chat", requests_per_day=3e6),
    strategies=(
        Strategy(name="rented", weights="fp8"),
        Strategy(name="owned", weights="fp8", buy="owned"),
        Strategy(name="reserved", weights="fp8", buy="reserved-1yr"),
        Strategy(name="follows demand", weights="fp8", scale="hourly"),
        Strategy(name="H200, owned", weights="fp8", hardware="h200-sxm", buy="owned"),
        Strategy(name="H200, reserved", weights="fp8", hardware="h200-sxm", buy="reserved-3yr"),
    ),
)
"""Six ways of which five are held, the slowest kind."""
Report = Callable[[str, float, str], None]
Note = Callable[[str], None]
Median = Callable[..., float]


def bench_months(report: Report, note: Note, median_ms: Median) -> None:
    """Draws, inputs, page."""
    catalog = load_catalog()
    result = compare(SIX, catalog)
    found = look_ups(SIX, result, catalog)
    model = model_of(case_of(found, PlanTerms()))
    base = base_plan(model.case)
    note(f"plan_tables: {len(found.tables)} strategies; plan: {len(base.paths)} paths of {base.terms.months} months")
    report("plan_tables_ms", median_ms(lambda: look_ups(SIX, result, catalog), 5), "ms")
    report("plan_base_ms", median_ms(lambda: base_plan(case_of(found, PlanTerms())), 5), "ms")
    note(f"monte_carlo: 10,000 draws of {len(model.unknowns)} inputs; median of 5")
    report("monte_carlo_s", median_ms(lambda: draw_futures(model, base), 5) / 1e3, "s")
    drawn = draw_futures(model, base)

    def inputs() -> None:
        worth_of_knowing(drawn, model.unknowns, 1)
        explained(model, base)

    note("evpi: worth of each input and Sobol indices, draws made; median of 5")
    report("evpi_s", median_ms(inputs, 5) / 1e3, "s")
    _page(report, note)


def _move(page: Page, key: str) -> float:
    """A key press on requests per day: milliseconds until the answer's sentence is another one."""
    before = page.locator(ANSWER).inner_text()
    page.evaluate(
        """() => document.addEventListener("keydown", () => { window.__pressed = performance.now(); },
        { capture: true, once: true })"""
    )
    page.locator(SLIDER).press(key)
    page.wait_for_function(
        """([answer, before]) => {
          const found = document.querySelector(answer);
          if (!found || found.innerText === before) return false;
          window.__answered = performance.now();
          return true;
        }""",
        arg=[ANSWER, before],
        timeout=20_000,
    )
    spent = float(page.evaluate("__answered - __pressed"))
    wait_idle(page)
    return spent


def _page(report: Report, note: Note) -> None:
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log") as server, sync_playwright() as driver:
        browser = launch(driver)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        open_page(page, f"{server.url}/plan")
        page.locator(SLIDER).focus()
        spent = [_move(page, key) for key in ["ArrowRight"] * (MOVES // 2) + ["ArrowLeft"] * (MOVES // 2)]
        note(f"plan_redraw: {MOVES} key presses on requests per day until the plan's sentence stands, draws to follow")
        report("plan_redraw_ms", statistics.median(spent), "ms")
        browser.close()
