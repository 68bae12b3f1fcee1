"""A server that goes and comes back under an open page: nothing of the reader's is lost, and the page goes on."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.server import free_port, serve
from tests.browser.watch import ANSWER, ERROR, FRAME, SLIDER, open_page, wait_idle

QUERY = "s0=h100-default~name.Mine&s1=four-layers&cur=EUR&w=support_chat~requests_per_day.2000000"
CONNECTED = "[data-test-connection-state=CONNECTED]"
DIALOG = "[data-testid=stDialog], [role=dialog]"


def test_a_restarted_server_goes_on_with_the_scenario(tmp_path: Path, new_page: Opener) -> None:
    port = free_port()
    page, _ = new_page()
    with serve(tmp_path / "first", port=port) as server:
        before = open_page(page, f"{server.url}/compare?{QUERY}")
        assert "€" in before
    with serve(tmp_path / "second", port=port):
        expect(page.locator(CONNECTED)).to_be_attached(timeout=60_000)
        page.wait_for_timeout(1000)
        wait_idle(page)
        for _ in range(2):  # a new session knows nothing of the first press: it must lose nothing by it
            page.locator(SLIDER).focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(1000)
            wait_idle(page)
            expect(page.locator(FRAME)).to_contain_text("Mine")
            expect(page.locator(ANSWER)).to_contain_text("€")
            assert page.locator(DIALOG).count() == 0
        expect(page.locator(ANSWER)).not_to_have_text(before, timeout=30_000)
        assert "name.Mine" in page.evaluate("location.href")
        assert page.locator(ERROR).count() == 0
