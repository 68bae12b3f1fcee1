"""The page on paper: one sheet of A4 and of Letter, nothing cut, no controls, and where it comes from at its foot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.visit import Scheme, Visit

SHEETS = {"A4": (794, 1123), "Letter": (816, 1056)}
"""Width and height. [CSS px]"""
MARGIN = 38
"""10 mm. [CSS px]"""


def _sheets(page: Page, size: str) -> int:
    sheets = page.pdf(format=size, margin={"top": "10mm", "bottom": "10mm", "left": "10mm", "right": "10mm"})
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", sheets))


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_compare_is_one_sheet(visit: Visit, scheme: Scheme) -> None:
    page = visit.look(scheme=scheme)
    assert {size: _sheets(page, size) for size in SHEETS} == dict.fromkeys(SHEETS, 1)


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
@pytest.mark.parametrize("window", [(1440, 900), (1024, 768), (390, 844)])
def test_nothing_is_cut_and_nothing_asks(visit: Visit, window: tuple[int, int]) -> None:
    """As the sheet is laid out: every chart inside its width, the sentence first, the sources last."""
    page = visit.look(*window)
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
