"""A server that goes and comes back under an open page: nothing of the reader's is lost, and the page goes on."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.attack.visitor import visit
from tests.browser.conftest import Opener
from tests.browser.server import ROOT, free_port, serve
from tests.browser.visit import PAGES
from tests.browser.watch import ANSWER, ERROR, FRAME, SLIDER, open_page, run_through, wait_idle

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
        wait_idle(page)
        for _ in range(2):  # a new session knows nothing of the first press: it must lose nothing by it
            page.locator(SLIDER).focus()
            with run_through(page):
                page.keyboard.press("ArrowRight")
            expect(page.locator(FRAME)).to_contain_text("Mine")
            expect(page.locator(ANSWER)).to_contain_text("€")
            assert page.locator(DIALOG).count() == 0
        expect(page.locator(ANSWER)).not_to_have_text(before, timeout=30_000)
        assert "name.Mine" in page.evaluate("location.href")
        assert page.locator(ERROR).count() == 0


READ_ONLY = ("unshare", "--map-root-user", "--mount", "sh", "-c",
             'mount -o remount,bind,ro / && ! touch "$0" 2>/dev/null && exec "$@"')  # fmt: skip
"""Starts what follows, after the name of a file that cannot be made, where nothing can be written."""


def _no_namespace() -> bool:
    """Whether this machine, as a container without rights, lets nobody mount anything."""
    return subprocess.run([*READ_ONLY, str(ROOT / "written"), "true"], check=False, capture_output=True).returncode != 0


@pytest.mark.skipif(_no_namespace(), reason="this machine grants no mount namespace: no read-only disk can be had")
def test_a_read_only_disk_serves_every_page(tmp_path: Path, new_page: Opener) -> None:
    page, seen = new_page()
    with serve(tmp_path / "log", under=(*READ_ONLY, str(ROOT / "written")), HOME="/nonexistent") as server:
        before = open_page(page, f"{server.url}/compare?{QUERY}")
        page.locator(SLIDER).focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(ANSWER)).not_to_have_text(before)
        assert page.locator(ERROR).count() == 0
        for name in PAGES:
            visit(server.url, QUERY, name)
        assert seen.errors == []
        assert "Traceback" not in server.log.read_text()
    assert not (ROOT / "written").exists()
