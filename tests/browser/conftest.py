"""Fixtures of the browser tests: fresh servers, one Chromium, watched pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.browser.server import Server, launch, serve
from tests.browser.visit import PAGES, QUERY, Visit
from tests.browser.watch import Seen, open_page, watch

expect.set_options(timeout=30_000)
Opener = Callable[..., tuple[Page, Seen]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder; what is looked at in the dark comes last, as a change of mode loads the page."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: _parameter(item, "scheme") == "dark")


def _parameter(item: pytest.Item, name: str) -> str:
    """Value of a parameter of a test; empty without it."""
    spec = getattr(item, "callspec", None)
    return str(spec.params.get(name, "")) if spec else ""


class VisitScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker all tests of a page, or else of a file."""

    def _split_scope(self, nodeid: str) -> str:
        test, _, parameters = nodeid.rstrip("]").partition("[")
        pages = [part for part in parameters.split("-") if part in PAGES]
        return pages[0] if pages else test.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> VisitScheduling:
    """Who runs what under `-n`."""
    return VisitScheduling(config, log)


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


@pytest.fixture(scope="session", params=PAGES)
def visit(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Visit]:
    """A visit to each page in turn; what needs no more than looking shares it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    seen = watch(page)
    answer = open_page(page, f"{server.url}/{request.param}?{QUERY}")
    yield Visit(request.param, page, seen, server, answer, context.new_cdp_session(page))
    context.close()


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
