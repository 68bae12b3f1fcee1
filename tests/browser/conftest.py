"""Fixtures of the browser tests: fresh servers, one Chromium, watched pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.server import Server, launch, serve
from tests.browser.watch import Seen, watch

expect.set_options(timeout=30_000)
Opener = Callable[..., tuple[Page, Seen]]


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
            return page, watch(page)

        yield opened
