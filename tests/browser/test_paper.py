"""The page on paper: one sheet of A4 and of Letter, nothing cut, no controls, and where it comes from at its foot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import open_page

SHEETS = {"A4": (794, 1123), "Letter": (816, 1056)}
"""Width and height. [CSS px]"""
MARGIN = 38
"""10 mm. [CSS px]"""


def _sheets(page: Page, size: str) -> int:
    sheets = page.pdf(format=size, margin={"top": "10mm", "bottom": "10mm", "left": "10mm", "right": "10mm"})
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", sheets))


@pytest.mark.parametrize("size", SHEETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_compare_is_one_sheet(size: str, scheme: str, server: Server, new_page: Opener) -> None:
    page, _ = new_page(color_scheme=scheme)
    open_page(page, f"{server.url}/compare?cur=EUR")
    assert _sheets(page, size) == 1


@pytest.mark.parametrize("viewport", [(1440, 900), (1024, 768), (390, 844)])
def test_nothing_is_cut_and_nothing_asks(viewport: tuple[int, int], server: Server, new_page: Opener) -> None:
    """As the sheet is laid out: every chart inside its width, the sentence first, the sources last."""
    page, _ = new_page(viewport=dict(zip(("width", "height"), viewport, strict=True)))
    open_page(page, f"{server.url}/compare?cur=EUR")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    edges = page.locator(".js-plotly-plot").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    room = min(width for width, _ in SHEETS.values()) - 2 * MARGIN
    assert len(edges) >= 5
    assert max(edges) <= room + 1
    for asks in (".stSidebar", ".stSelectbox", ".stButton", ".stDownloadButton", ".stAppHeader"):
        assert not page.locator(asks).first.is_visible(), asks
    foot = page.locator(".fl-foot").inner_text()
    assert "cur=EUR" in foot
    assert "Sources: " in foot
    assert re.search(r"as of 20\d\d-\d\d-\d\d", foot)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".stAppHeader").is_visible()
    assert "Sources: " not in page.locator(".fl-foot").inner_text()
