"""The Evidence page: its answer and its picture on one screen, and a claim's scenario in a tab of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.visit import Visit
from tests.browser.watch import ANSWER, ERROR, FIGURE, FRAME, open_page

STILL = """() => !document.getAnimations().some(
  one => one.playState === "running" && one.effect.getComputedTiming().iterations !== Infinity)"""


@pytest.mark.parametrize("visit", ["evidence"], indirect=True)
def test_the_answer_the_errors_and_the_picture_fit_one_screen(visit: Visit) -> None:
    page = visit.look()
    tops = [
        page.locator(where).first.evaluate("e => e.getBoundingClientRect().top")
        for where in (ANSWER, ".st-key-evidence_metrics", ".st-key-evidence_scatter .js-plotly-plot")
    ]
    assert tops == sorted(tops)
    assert tops[-1] < 450, "half of the first screen is left for the picture"
    assert page.locator(FIGURE).count() == 4
    visit.clean()


@pytest.mark.parametrize("visit", ["evidence"], indirect=True)
def test_no_label_of_a_figure_is_cut_on_a_phone(visit: Visit) -> None:
    page = visit.look(390, 844, phone=True)
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.st-key-evidence_metrics p')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    assert cut == []


def test_a_claims_scenario_opens_beside_ones_own(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, f"{server.url}/claims?s0=naive~name.Mine")
    page.locator("[data-testid=stExpander] summary").filter(has_text="five hundred times").click()
    link = page.get_by_role("link", name="Open this scenario").first
    expect(link).to_be_visible()
    page.wait_for_function(STILL)  # the block slides open: a click on its way is lost
    with page.context.expect_page(timeout=60_000) as opened:
        link.click()
    compare = opened.value
    expect(compare.locator(ANSWER)).to_be_visible(timeout=60_000)
    expect(compare.locator(FRAME)).to_contain_text("Groq 3 LPX")
    assert compare.locator(ERROR).count() == 0
    expect(page.locator(FRAME)).to_contain_text("Mine")


def test_words_find_a_figure(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, f"{server.url}/evidence")
    page.get_by_role("radio", name="Every figure").or_(page.get_by_role("button", name="Every figure")).first.click()
    box = page.locator(".st-key-evidence_search input")
    box.fill("h200 memory")
    box.press("Enter")
    said = page.get_by_text("A figure that no source states")
    expect(said).to_have_text(re.compile(r"^[1-9]\d{0,2} figures"), timeout=30_000)
    assert page.locator(ERROR).count() == 0
