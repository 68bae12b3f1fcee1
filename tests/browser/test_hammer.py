"""A page whose slider is hammered: it stays alive, and Back undoes one decision at a time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from streamlit import config

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import ANSWER, ERROR, FRAME, SLIDER, open_page, wait_idle

PRESSES = 8


def test_no_message_is_sent_as_a_reference() -> None:
    """The browser may have forgotten what a reference names when runs overtake each other."""
    assert config.get_option("global.minCachedMessageSize") > config.get_option("server.maxMessageSize") * 1e6


@pytest.mark.parametrize(("slower", "pause_ms"), [(1, 250), (4, 40)])
def test_a_hammered_slider_leaves_the_page_alive(slower: int, pause_ms: int, server: Server, new_page: Opener) -> None:
    page, seen = new_page()
    open_page(page, server.url)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.locator(SLIDER).focus()
    for _ in range(PRESSES):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(pause_ms)
    wait_idle(page)
    assert "requests_per_day." in page.evaluate("location.href")
    assert page.get_by_text("Connection error").count() == 0
    assert page.locator(ERROR).count() == 0
    assert seen.errors == []


def test_back_undoes_one_decision_at_a_time(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    first = page.evaluate("location.href")
    for chosen in ("EUR", "GBP"):
        page.locator(f"{FRAME} .st-key-cur").locator("input, button, [role=combobox]").first.click()
        page.get_by_role("option", name=chosen).click()
        page.wait_for_function("code => location.href.includes(`cur=${code}`)", arg=chosen, timeout=20_000)
    page.go_back()
    page.wait_for_function("location.href.includes('cur=EUR')", timeout=20_000)
    expect(page.locator(f"{FRAME} .st-key-cur input")).to_have_value("EUR")
    page.go_back()
    page.wait_for_function("url => location.href === url", arg=first, timeout=20_000)
    expect(page.locator(f"{FRAME} .st-key-cur input")).to_have_value("USD")
    assert page.locator(ANSWER).is_visible()
