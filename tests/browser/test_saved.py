"""A short link in a browser: it opens what was saved, and what is changed then survives a reload."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Server, serve
from tests.browser.watch import SLIDER, open_page, wait_answer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("saved")
    before = os.environ.get("FOUR_LAYERS_DATA")
    os.environ["FOUR_LAYERS_DATA"] = str(folder / "data")
    try:
        with serve(folder / "log") as server:
            yield server
    finally:
        if before is None:
            del os.environ["FOUR_LAYERS_DATA"]
        else:
            os.environ["FOUR_LAYERS_DATA"] = before


def _saved(page: Page, name: str) -> str:
    """The short link after saving the page under a name."""
    page.get_by_test_id("stPopover").filter(has_text="Save").locator("button").first.click()
    field = page.locator(".st-key-save_name input")
    field.fill(name)
    field.press("Tab")
    page.locator(".st-key-save_version button").click()
    page.get_by_text("Saved as version 1").wait_for()
    return str(page.evaluate("location.origin + '/?s=' + new URL(location.href).searchParams.get('s')"))


def test_a_short_link_opens_elsewhere_and_keeps_what_is_changed_then(keeping: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, f"{keeping.url}/?s0=h100-tuned&s1=groq&cur=EUR")
    said = wait_answer(page)
    short = _saved(page, "<b>Spring</b>")
    elsewhere, _ = new_page()
    open_page(elsewhere, short)
    assert wait_answer(elsewhere) == said
    assert "s1=" in elsewhere.evaluate("location.href")
    elsewhere.locator(SLIDER).first.focus()
    elsewhere.keyboard.press("ArrowRight")
    elsewhere.wait_for_function("said => document.querySelector('h1').innerText !== said", arg=said)
    changed = wait_answer(elsewhere)
    elsewhere.wait_for_function("() => location.href.includes('requests_per_day')")
    elsewhere.reload()
    elsewhere.wait_for_function("said => document.querySelector('h1')?.innerText === said", arg=changed)
    again = page.context.new_page()
    open_page(again, f"{keeping.url}/saved")
    assert again.get_by_text("<b>Spring</b>").count() >= 1
    nobody, _ = new_page()
    open_page(nobody, f"{keeping.url}/saved")
    assert wait_answer(nobody) == "Nothing is saved here yet"
