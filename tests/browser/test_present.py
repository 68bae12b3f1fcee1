"""Presenting: a link opens it, keys move through it, every view fits a projector and is read from the back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.test_browser import PAGES
from tests.browser.watch import ANSWER, PATIENCE_MS, open_page

BAR = ".fl-bar"
VIEW = "[data-fl-view]"
LEAST_PX = 15
"""Height of the smallest words of a chart on a screen of 768 lines: one fiftieth. [CSS px]"""


def _open(page: Page, url: str) -> int:
    """Views of the page that a link opens."""
    page.goto(url, wait_until="commit")
    page.wait_for_selector(BAR, timeout=PATIENCE_MS)
    page.wait_for_selector(".fl-foot", state="attached", timeout=PATIENCE_MS)
    page.wait_for_timeout(1500)
    return int(page.evaluate("window.fourLayersPresent.views()"))


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


@pytest.mark.parametrize(
    ("name", "width", "height"), [*((name, 1024, 768) for name in PAGES), ("compare", 1920, 1080), ("plan", 1920, 1080)]
)
def test_every_view_fits_the_screen(name: str, width: int, height: int, server: Server, new_page: Opener) -> None:
    page, seen = new_page(viewport={"width": width, "height": height})
    count = _open(page, f"{server.url}/{name}?present=1")
    assert count >= 1
    for at in range(count):
        expect(page.locator(BAR)).to_contain_text(f"{at + 1} of {count}.")
        page.wait_for_timeout(400)
        box = page.locator(VIEW).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] >= -1
        assert box["y"] + box["height"] <= height, (name, at)
        assert _smallest(page) >= LEAST_PX * height / 768 * 0.9, (name, at)
        assert not page.locator(".stSidebar, .stAppHeader, .stDownloadButton, .stButton").filter(visible=True).count()
        page.keyboard.press("ArrowRight")
    assert seen.errors == []
    assert seen.away == []


def test_keys_move_and_escape_leaves(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, f"{server.url}/compare")
    page.locator(".fl-start").click()
    expect(page.locator(BAR)).to_contain_text("1 of 7.")
    assert "present=1" in page.evaluate("location.href")
    for key, place in (("PageDown", 2), (" ", 3), ("ArrowLeft", 2), ("End", 7), ("ArrowRight", 7), ("Home", 1)):
        page.keyboard.press(key)
        expect(page.locator(BAR)).to_contain_text(f"{place} of 7.")
    page.keyboard.press("Escape")
    expect(page.locator(BAR)).to_have_count(0)
    expect(page.locator(".stSidebar")).to_be_visible()
    expect(page.locator(ANSWER)).to_be_visible()
    assert "present=1" not in page.evaluate("location.href")
