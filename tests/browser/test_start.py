"""Starting points and the typed volume in a browser: few clicks, and the address carries what they led to."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from components.share.starting_points import starts
from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import ANSWER, FRAME, open_page, wait_idle

PICK = f"{FRAME} .st-key-pick_start input"
BACK = f"{FRAME} .st-key-back_to_before button"
TYPED = f"{FRAME} .st-key-load_typed input"


def _answer(page: Page) -> str:
    return page.locator(ANSWER).inner_text()


def _in_address(page: Page, part: str) -> None:
    page.wait_for_function("part => decodeURIComponent(location.href).includes(part)", arg=part)
    wait_idle(page)


def test_a_starting_point_takes_two_clicks_and_its_link_opens_cold(server: Server, new_page: Opener) -> None:
    page, seen = new_page()
    before = open_page(page, server.url)
    start = starts()["coding-agents"]
    page.locator(PICK).click()
    page.get_by_role("option", name=start.label).click()
    _in_address(page, start.workload_code)
    taken, address = _answer(page), page.evaluate("location.href")
    assert taken != before
    other, _ = new_page()
    assert open_page(other, address) == taken
    page.locator(BACK).first.click()
    expect(page.locator(ANSWER)).to_have_text(before)
    assert seen.errors == []


def test_a_volume_is_typed_and_seen(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    before = open_page(page, server.url)
    page.locator(TYPED).fill("2.3M")
    page.locator(TYPED).press("Enter")
    _in_address(page, "requests_per_day.2300000")
    assert _answer(page) != before
    page.locator(TYPED).fill("5,000 users")
    page.locator(TYPED).press("Enter")
    _in_address(page, "requests_per_day.18500")
    expect(page.locator(TYPED)).to_have_value("5,000 users")


def test_a_dear_target_is_taken_in_one_click(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    before = open_page(page, f"{server.url}/?w=coding_agent&s0=h100-default&s1=naive")
    page.locator(".st-key-take_target button").first.click()
    _in_address(page, "coding_agent~tpot_ms.25")
    assert _answer(page) != before
