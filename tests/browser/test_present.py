"""Presenting: a link opens it, keys move through it, every view fits a projector and is read from the back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.visit import Visit
from tests.browser.watch import ANSWER, PATIENCE_MS, wait_idle

BAR = ".fl-bar"
VIEW = "[data-fl-view]"
VIEW_QUIET_MS = 200
"""A view stands when nothing moved for this long."""
LARGE = frozenset({"compare", "plan"})
"""Pages that are shown on the larger screen too."""
LEAST_PX = 15
"""Height of the smallest words of a chart on a screen of 768 lines: one fiftieth. [CSS px]"""


def _smallest(page: Page) -> float:
    """Height of a line of the smallest words in the view. [CSS px]"""
    return float(
        page.evaluate(
            """view => Math.min(99, ...[...document.querySelectorAll(`${view} :is(text, .fl-legend span, p, th, td)`)]
            .filter(e => e.textContent.trim() && e.getBoundingClientRect().height)
            .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.currentCSSZoom ?? 1)))""",
            VIEW,
        )
    )


def _leave(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator(BAR)).to_have_count(0)


def _each_view_fits(page: Page, width: int, height: int) -> None:
    count = page.evaluate("window.fourLayersPresent.views()")
    assert count >= 1
    for at in range(count):
        expect(page.locator(BAR)).to_contain_text(f"{at + 1} of {count}.")
        wait_idle(page, VIEW_QUIET_MS)
        assert page.evaluate("[innerWidth, innerHeight]") == [width, height]
        box = page.locator(VIEW).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] >= -1
        assert box["y"] + box["height"] <= height, at
        assert _smallest(page) >= LEAST_PX * height / 768 * 0.9, at
        assert not page.locator(".stSidebar, .stAppHeader, .stDownloadButton, .stButton").filter(visible=True).count()
        page.keyboard.press("ArrowRight")


def test_every_view_fits_the_screen(visit: Visit) -> None:
    screens = [(1024, 768), *([(1920, 1080)] if visit.name in LARGE else [])]
    for width, height in screens:
        page = visit.look(width, height)
        page.locator(".fl-start").click()
        try:
            _each_view_fits(page, width, height)
        finally:
            _leave(page)
    visit.clean()


def test_a_link_opens_a_presentation_keys_move_and_escape_leaves(server: Server, new_page: Opener) -> None:
    page, seen = new_page(viewport={"width": 1024, "height": 768})
    page.goto(f"{server.url}/compare?present=1", wait_until="commit")
    page.wait_for_selector(BAR, timeout=PATIENCE_MS)
    wait_idle(page)
    _each_view_fits(page, 1024, 768)
    _leave(page)
    expect(page.locator(".stSidebar")).to_be_visible()
    expect(page.locator(ANSWER)).to_be_visible()
    assert "present=1" not in page.evaluate("location.href")
    page.locator(".fl-start").click()
    expect(page.locator(BAR)).to_contain_text("1 of 8.")
    assert "present=1" in page.evaluate("location.href")
    for key, place in (("PageDown", 2), (" ", 3), ("ArrowLeft", 2), ("End", 8), ("ArrowRight", 8), ("Home", 1)):
        page.keyboard.press(key)
        expect(page.locator(BAR)).to_contain_text(f"{place} of 8.")
    _leave(page)
    expect(page.locator(ANSWER)).to_be_visible()
    assert (seen.away, seen.errors) == ([], [])
