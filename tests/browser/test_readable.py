"""What stands on a page can be read: no word of a chart is hidden, on any page."""

from __future__ import annotations

import pytest

from tests.browser.visit import PAGES, WITHOUT_CHARTS, Visit
from tests.browser.watch import CHART, PATIENCE_MS

WORDS = ".js-plotly-plot .textpoint text, .js-plotly-plot .annotation-text"
HIDDEN = """words => [...document.querySelectorAll(words)]
  .filter(e => e.textContent.trim() && !(e.getBoundingClientRect().width > 0)).map(e => e.textContent)"""


@pytest.mark.parametrize("visit", [name for name in PAGES if name not in WITHOUT_CHARTS], indirect=True)
def test_no_word_of_a_chart_has_no_size(visit: Visit) -> None:
    """The slow case of the tightest target stood in the document with zero size: just beyond a logarithmic axis."""
    page = visit.look(1440, 6000)  # charts are drawn when near the screen
    page.locator(CHART).first.wait_for(state="attached", timeout=PATIENCE_MS)
    assert page.evaluate(HIDDEN, WORDS) == []


TITLES = """() => [...document.querySelectorAll(".js-plotly-plot")].map(chart => ({
  lines: chart.querySelectorAll(".gtitle tspan.line").length || 1,
  over: chart.querySelector(".gtitle").getBoundingClientRect().right - chart.getBoundingClientRect().right,
  words: chart.querySelector(".gtitle").textContent}))"""


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
@pytest.mark.parametrize("width", [390, 1440])
def test_titles_are_as_wide_as_their_charts_and_a_phone_has_the_levers_in_full(visit: Visit, width: int) -> None:
    page = visit.look(width, 6000)
    page.locator(CHART).nth(3).wait_for()
    titles = page.evaluate(TITLES)
    assert len(titles) >= 4
    assert all(title["over"] <= 0 for title in titles), titles
    phone = width < 640
    assert any(title["lines"] > 1 for title in titles) == phone, titles
    levers = page.locator(".fl-levers")
    assert levers.is_visible() == phone
    assert "20 % answered from memory, servers follow demand: by the hour" in (levers.text_content() or "")
    names = page.locator(".js-plotly-plot").first.locator(".textpoint text").all_text_contents()
    assert any(name.endswith("…") for name in names) == phone, names
    assert page.evaluate("document.documentElement.scrollWidth") <= width
