"""Rent, own or API: answer and picture on one screen, cold, on a phone and in the dark; the link shows the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.visit import Scheme, Visit, clean
from tests.browser.watch import ANSWER, open_page

PICTURE = ".st-key-even_curves .js-plotly-plot"


def _first_screen(page: Page, answer: str, height: int) -> None:
    assert "you are at" in answer
    answer_top, picture_top = (
        page.locator(where).first.evaluate("e => e.getBoundingClientRect().top") for where in (ANSWER, PICTURE)
    )
    assert answer_top < picture_top < 0.6 * height


@pytest.mark.parametrize("visit", ["break_even"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answer_and_the_picture_stand_on_the_first_screen(visit: Visit, scheme: Scheme) -> None:
    _first_screen(visit.look(scheme=scheme), visit.answer, 900)
    visit.clean()


def test_the_answer_and_the_picture_stand_on_the_first_screen_of_a_phone(server: Server, new_page: Opener) -> None:
    page, seen = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    _first_screen(page, open_page(page, f"{server.url}/break_even"), 844)
    clean(page, seen, server)


def test_a_shared_link_shows_the_same_picture(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    answer = open_page(page, f"{server.url}/break_even?even=1~near&pr=life.3&s0=h200-owned&s1=h100-tuned")
    page.get_by_role("button", name="Copy link").first.click()
    shared = page.locator("[data-testid=stCode] code").first.inner_text()
    assert "even=1" in shared
    other, _ = new_page()
    assert open_page(other, shared) == answer
    ticks = []
    for where in (page, other):
        where.locator(f"{PICTURE} .xtick text").first.wait_for(state="attached")
        ticks.append(where.locator(f"{PICTURE} .xtick text").all_text_contents())
    assert ticks[0] == ticks[1]
    assert "2M" in ticks[0], "the decade around today"
