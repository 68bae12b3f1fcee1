"""The app as a reader meets it: in Chromium, on a server of its own."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.attack.visitor import ask, joined, received
from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.visit import QUERY, WITHOUT_CHARTS, Scheme, Visit, clean
from tests.browser.watch import ANSWER, CHART, FRAME, open_page

COLD = ("compare", "break_even")
"""Pages that a browser opens on a fresh server: the first, and one with two words."""


def _sideways(page: Page) -> int:
    """Pixels that the page is wider than its window."""
    return int(
        page.evaluate(
            "() => Math.max(...[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
            ".filter(Boolean).map(e => e.scrollWidth - e.clientWidth))"
        )
    )


def violations(page: Page) -> list[str]:
    """What axe finds, best practices included, each with the first place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} x{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]


def _brightness(page: Page) -> float:
    """Mean of the background's red, green and blue, 0 to 255."""
    colour = page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    channels = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    return sum(channels) / 3


def _opened_as_sent(page: Page, name: str, answer: str) -> None:
    """The page of the address, with the frame and the scenario that the address brings."""
    assert "Groq" in page.locator(FRAME).inner_text()
    if name == "compare":
        assert "€" in page.locator(".st-key-choices").inner_text()
    assert len(answer) > 20
    assert page.locator(FRAME).is_visible()
    assert page.locator(CHART).count() >= (0 if name in WITHOUT_CHARTS else 1)
    assert page.title().endswith(" · Customer-support chat · Four Layers")
    if name == "compare":
        assert re.match(r"\d+ % (less|more) · ", page.title())
    assert page.get_by_text("Page not found").count() == 0
    assert "cur=EUR" in page.evaluate("location.href")


@pytest.mark.parametrize("name", COLD)
def test_a_deep_link_is_the_first_thing_a_fresh_server_sees(name: str, fresh_server: Server, new_page: Opener) -> None:
    """Streamlit would run the page alone, without its sidebar, until `st.navigation` has run once."""
    page, seen = new_page()
    _opened_as_sent(page, name, open_page(page, f"{fresh_server.url}/{name}?{QUERY}"))
    clean(page, seen, fresh_server)


@pytest.mark.parametrize("name", ["find", "saved"])
def test_a_fresh_server_answers_a_link_with_its_page(name: str, fresh_server: Server) -> None:
    """The same without a browser: what the server sends; `tests/test_pages_addresses.py` holds the rule for all."""
    with joined(fresh_server.url) as line:
        ask(line, QUERY, name)
        messages = received(line)
    assert not any(message.HasField("page_not_found") for message in messages)
    menu = [message.navigation for message in messages if message.HasField("navigation")][-1]
    assert {page.page_script_hash: page.url_pathname for page in menu.app_pages}[menu.page_script_hash] == name
    told = b"".join(message.SerializeToString() for message in messages)
    assert b"Groq" in told
    assert " · Customer-support chat · Four Layers".encode() in told
    assert "Traceback" not in fresh_server.log.read_text(errors="replace")


def test_an_address_opens_its_page_as_sent(visit: Visit) -> None:
    page = visit.look()
    _opened_as_sent(page, visit.name, visit.answer)
    assert f"/{visit.name}?" in page.evaluate("location.href")
    visit.clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_answers_in_the_readers_mode_and_axe_finds_nothing(visit: Visit, scheme: Scheme) -> None:
    page = visit.look(scheme=scheme)
    assert page.locator("h1").all_inner_texts() == [visit.answer]
    box = page.locator(ANSWER).bounding_box()
    assert box is not None
    assert box["y"] < 300, "the answer stands on the first screen"
    assert _brightness(page) > 200 if scheme == "light" else _brightness(page) < 60
    assert violations(page) == []
    visit.clean()


def test_a_phone_has_no_sideways_scroll(visit: Visit) -> None:
    assert _sideways(visit.look(390, 844, phone=True)) <= 0
    visit.clean()


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
@pytest.mark.parametrize("scheme", ["dark"])
def test_a_phone_has_no_sideways_scroll_in_the_dark(visit: Visit, scheme: Scheme) -> None:
    assert _sideways(visit.look(390, 844, scheme=scheme, phone=True)) <= 0
    visit.clean()


@pytest.mark.parametrize("visit", ["compare"], indirect=True)
def test_the_font_is_ours(visit: Visit) -> None:
    page = visit.look()
    assert page.evaluate("document.fonts.check('16px Inter')")
    assert "Inter" in page.evaluate(f"getComputedStyle(document.querySelector('{ANSWER}')).fontFamily")
