"""What stands on a page can be read: no word of a chart is hidden, on any page."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.test_browser import PAGES
from tests.browser.watch import CHART, open_page

WORDS = ".js-plotly-plot .textpoint text, .js-plotly-plot .annotation-text"
HIDDEN = """words => [...document.querySelectorAll(words)]
  .filter(e => e.textContent.trim() && !(e.getBoundingClientRect().width > 0)).map(e => e.textContent)"""


@pytest.mark.parametrize("name", [name for name in PAGES if name not in {"claims", "board_pack"}])
def test_no_word_of_a_chart_has_no_size(name: str, server: Server, new_page: Opener) -> None:
    """The slow case of the tightest target stood in the document with zero size: just beyond a logarithmic axis."""
    page, _ = new_page(viewport={"width": 1440, "height": 6000})  # charts are drawn when near the screen
    open_page(page, f"{server.url}/{name}")
    assert page.locator(CHART).count() > 0
    assert page.evaluate(HIDDEN, WORDS) == []
