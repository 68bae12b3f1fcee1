"""Who cannot see, reads with a screen reader, or enlarges: axe finds nothing, and nothing is cut."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.test_browser import violations
from tests.browser.visit import Visit
from tests.browser.watch import ANSWER, open_page

TWICE = frozenset({"compare", "plan"})


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
def test_a_reader_hears_words_and_no_names_of_icons(visit: Visit) -> None:
    """Icons are letters of a font: "link Copy link expand_more" was read out."""
    expect(visit.look().get_by_role("button", name="Copy link", exact=True)).to_be_visible()


def test_no_label_is_cut_on_a_projector_or_at_twice_the_size(visit: Visit) -> None:
    windows = [(1024, 768, 1), *([(720, 450, 2)] if visit.name in TWICE else [])]
    for width, height, scale in windows:
        page = visit.look(width, height, scale=scale)
        cut = page.locator(".stMetric p, .stMetric label, .stMain h1, .stMain h2, .stButton p").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        )
        assert cut == [], (width, height, scale)


def test_the_answer_stays_in_sight_while_a_phone_shows_its_menu(server: Server, new_page: Opener) -> None:
    page, _ = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_page(page, f"{server.url}/compare")
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 900)")
    page.get_by_role("button", name="Expand sidebar").click()
    drawer = page.locator(".stSidebar")
    link = drawer.get_by_role("link", name="Find the best")
    expect(link).to_be_visible()
    link.click(trial=True)  # once the drawer has slid in and stands still
    answer, menu = page.locator(ANSWER).bounding_box(), drawer.bounding_box()
    assert answer is not None
    assert menu is not None
    assert answer["y"] >= 0
    assert answer["y"] + answer["height"] <= menu["y"]


@pytest.mark.parametrize("visit", ["board_pack"], indirect=True)
def test_axe_finds_nothing_in_the_field_for_a_logo(visit: Visit) -> None:
    page = visit.look()
    page.get_by_role("button", name="Logo").click()
    page.locator("[data-testid=stFileUploaderDropzone][role=group]").wait_for()
    found = violations(page)
    page.keyboard.press("Escape")
    assert found == []
