"""The Compare page: one screen, hostile links, and a slider that leaves no trail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.redraw import redrawn, start
from tests.browser.server import Server
from tests.browser.visit import Visit
from tests.browser.watch import ANSWER, ERROR, FIGURE, FRAME, SLIDER, open_page


def _move(page: Page) -> None:
    start(page)
    page.locator(SLIDER).focus()
    page.keyboard.press("ArrowRight")
    redrawn(page)


def _whole(page: Page, charts: int = 5) -> None:
    """All charts, no error, and nothing that came with the link has run."""
    expect(page.locator(FIGURE).nth(charts - 1)).to_be_attached()
    assert page.locator(ERROR).count() == 0
    assert "Traceback" not in page.locator("body").inner_text()
    assert page.evaluate("window.__xss") is None


def test_a_deep_link_shows_its_own_strategies(server: Server, new_page: Opener) -> None:
    page, seen = new_page()
    open_page(page, f"{server.url}/compare?s0=naive~name.Before&s1=h100-tuned~name.After&cur=EUR")
    expect(page.locator(FRAME)).to_contain_text("Before")
    expect(page.locator(FRAME)).to_contain_text("After")
    expect(page.locator(".st-key-choices")).to_contain_text("€")
    _whole(page)
    assert seen.away == []


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
def test_the_answer_the_steps_and_the_choices_fit_one_screen(visit: Visit) -> None:
    page = visit.look()
    _whole(page)
    bottoms = [
        page.locator(where).first.evaluate("e => e.getBoundingClientRect().bottom")
        for where in (ANSWER, ".st-key-steps .js-plotly-plot", ".st-key-choices")
    ]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] <= 900
    assert page.locator(".st-key-steps svg.main-svg").first.evaluate("e => e.getBoundingClientRect().height") > 100


def test_garbage_opens_with_a_notice_and_runs_nothing(server: Server, new_page: Opener) -> None:
    """All of it in one address; `tests/test_pages.py` has each alone."""
    script, image = (
        "%3Cscript%3Ewindow.__xss%3D1%3C%2Fscript%3E",
        "%3Cimg%20src%3Dx%20onerror%3D%22window.__xss%3D1%22%3E",
    )
    strategies = f"s0={script}&s1=naive~name.{image}&s2=nothing~a.b&s3={'A' * 5000}"
    page, seen = new_page()
    open_page(page, f"{server.url}/?{strategies}&w=nowhere~isl.-1&cur=DOGE&v=banana")
    expect(page.locator("[data-testid=stMain] [data-testid=stAlert]").first).to_be_visible()
    _whole(page, charts=4)
    assert page.locator("img[src=x]").count() == 0
    assert seen.away == []


def test_a_name_in_the_link_is_text(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    name = "*3Cimg_src*3Dx_onerror*3D*22window.__xss*3D1*22*3E*2A*2Abold*2A*2A"
    open_page(page, f"{server.url}/?s0=naive&s1=h100-tuned~name.{name}")
    _whole(page)
    assert page.locator("img[src=x]").count() == 0


def test_a_slider_redraws_and_adds_no_history(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    entries = page.evaluate("history.length")
    drawn = page.locator(".st-key-steps .main-svg").first.inner_html()
    for _ in range(3):
        _move(page)
    page.wait_for_function("location.href.includes('requests_per_day.')")
    assert re.search(r"requests_per_day\.\d", page.evaluate("location.href"))
    assert page.locator(".st-key-steps .main-svg").first.inner_html() != drawn
    assert page.evaluate("history.length") == entries
    _whole(page)
