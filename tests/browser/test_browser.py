"""The app as a reader meets it: in Chromium, on a server of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Opener
from tests.browser.server import Server
from tests.browser.watch import ANSWER, CHART, ERROR, FRAME, Seen, open_page

PAGES = [path.stem for path in sorted((Path(__file__).parents[2] / "pages").glob("[a-z]*.py"))]
"""Address of each page: its file's name."""
WITHOUT_CHARTS = frozenset({"board_pack", "claims", "saved"})


def _clean(page: Page, seen: Seen, server: Server) -> None:
    """Nothing left this machine, nothing broke in the browser, on the page or in the server."""
    assert page.locator(ERROR).count() == 0
    assert seen.away == []
    assert seen.errors == []
    assert "Traceback" not in server.log.read_text(errors="replace")


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


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_is_the_first_thing_a_fresh_server_sees(name: str, fresh_server: Server, new_page: Opener) -> None:
    """Streamlit would run the page alone, without its sidebar, until `st.navigation` has run once."""
    page, seen = new_page()
    answer = open_page(page, f"{fresh_server.url}/{name}?cur=EUR&s0=h100-default&s1=groq&s2=four-layers")
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
    _clean(page, seen, fresh_server)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_answers_in_the_readers_mode_and_axe_finds_nothing(
    name: str, scheme: str, server: Server, new_page: Opener
) -> None:
    page, seen = new_page(color_scheme=scheme)
    answer = open_page(page, f"{server.url}/{name}")
    assert page.locator("h1").all_inner_texts() == [answer]
    box = page.locator(ANSWER).bounding_box()
    assert box is not None
    assert box["y"] < 300, "the answer stands on the first screen"
    assert _brightness(page) > 200 if scheme == "light" else _brightness(page) < 60
    assert violations(page) == []
    _clean(page, seen, server)


@pytest.mark.parametrize(("name", "scheme"), [*((name, "light") for name in PAGES), ("compare", "dark")])
def test_a_phone_has_no_sideways_scroll(name: str, scheme: str, server: Server, new_page: Opener) -> None:
    page, seen = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True, is_mobile=True)
    open_page(page, f"{server.url}/{name}")
    assert _sideways(page) <= 0
    _clean(page, seen, server)


def test_the_font_is_ours(server: Server, new_page: Opener) -> None:
    page, _ = new_page()
    open_page(page, server.url)
    assert page.evaluate("document.fonts.check('16px Inter')")
    assert "Inter" in page.evaluate(f"getComputedStyle(document.querySelector('{ANSWER}')).fontFamily")
