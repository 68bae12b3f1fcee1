"""Who cannot see, reads with a screen reader, or enlarges: axe finds nothing, and nothing is cut."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.test_browser import PAGES
from tests.browser.watch import open_page


def _found(page: Page) -> list[str]:
    """What axe finds, best practices included, each with the first place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(name: str, scheme: str, server: Server, new_page: Opener) -> None:
    page, _ = new_page(color_scheme=scheme)
    open_page(page, f"{server.url}/{name}")
    assert _found(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_title(name: str, server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    answer = open_page(page, f"{server.url}/{name}")
    assert page.locator("h1").all_inner_texts() == [answer]
