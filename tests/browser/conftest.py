"""Fixtures of the browser tests: fresh servers, one Chromium, watched pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.server import Server, launch, serve
from tests.browser.visit import Seen, listen, wait_answer

Opener = Callable[..., tuple[Page, Seen]]
Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests of a worker share."""
    with serve(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited."""
    with serve(tmp_path / "log") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Opener]:
    """Open watched pages, each as a new visitor: `new_page(viewport=..., color_scheme=...)`."""
    with ExitStack() as stack:

        def opened(**how: Any) -> tuple[Page, Seen]:
            context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **how})
            stack.callback(context.close)
            page = context.new_page()
            return page, listen(page)

        yield opened


@pytest.fixture
def open_page(new_page: Opener, server: Server) -> Open:
    """Open an address of the shared server and wait for the answer: `open_page(path, width, height, scheme)`."""

    def opened(path: str = "/", *, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        page, _ = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(server.url + path, wait_until="commit")
        wait_answer(page)
        return page

    return opened
