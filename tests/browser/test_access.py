"""Who cannot see, reads with a screen reader, or enlarges: axe finds nothing, and nothing is cut."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.test_browser import PAGES, violations
from tests.browser.watch import ANSWER, open_page


def test_a_reader_hears_words_and_no_names_of_icons(server: Server, new_page: Opener) -> None:
    """Icons are letters of a font: "link Copy link expand_more" was read out."""
    page, _ = new_page()
    open_page(page, f"{server.url}/compare")
    expect(page.get_by_role("button", name="Copy link", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("name", "width", "height", "scale"),
    [*((name, 1024, 768, 1) for name in PAGES), ("compare", 720, 450, 2), ("plan", 720, 450, 2)],
)
def test_no_label_is_cut_on_a_projector_or_at_twice_the_size(
    name: str, width: int, height: int, scale: int, server: Server, new_page: Opener
) -> None:
    page, _ = new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    open_page(page, f"{server.url}/{name}")
    cut = page.locator(".stMetric p, .stMetric label, .stMain h1, .stMain h2, .stButton p").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    )
    assert cut == []


def test_the_answer_stays_in_sight_while_a_phone_shows_its_menu(server: Server, new_page: Opener) -> None:
    page, _ = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_page(page, f"{server.url}/compare")
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 900)")
    page.get_by_role("button", name="Expand sidebar").click()
    drawer = page.locator(".stSidebar")
    expect(drawer.get_by_role("link", name="Find the best")).to_be_visible()
    page.wait_for_timeout(600)  # it slides in
    answer, menu = page.locator(ANSWER).bounding_box(), drawer.bounding_box()
    assert answer is not None
    assert menu is not None
    assert answer["y"] >= 0
    assert answer["y"] + answer["height"] <= menu["y"]


def test_axe_finds_nothing_in_the_field_for_a_logo(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, f"{server.url}/board_pack")
    page.get_by_role("button", name="Logo").click()
    page.locator("[data-testid=stFileUploaderDropzone][role=group]").wait_for()
    assert violations(page) == []
