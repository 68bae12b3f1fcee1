"""The app behind nginx with the rules that the README gives: pages, previews, metrics, sticky readers, a cut line."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.proxy import NGINX, proxied
from tests.browser.server import Server, free_port, serve
from tests.browser.watch import ANSWER, ERROR, FRAME, SLIDER, open_page, run_through, wait_idle

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx: install the package `nginx`, as .ci/run does")
HOST = "four-layers.localhost"
"""A public name: browsers take every name under localhost for this machine."""
QUERY = "s0=h100-default~name.Mine&s1=four-layers&cur=EUR&w=support_chat~requests_per_day.2000000"
CONNECTED = "[data-test-connection-state=CONNECTED]"
DIALOG = "[data-testid=stDialog], [role=dialog]"


@dataclass(frozen=True)
class Site:
    """Two apps behind a proxy."""

    url: str
    port: int
    apps: tuple[Server, Server]

    @property
    def ports(self) -> tuple[int, int]:
        first, second = (int(app.url.rpartition(":")[2]) for app in self.apps)
        return first, second


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    secret = "of all processes"
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(serve(folder / name, STREAMLIT_SERVER_COOKIE_SECRET=secret)) for name in ("one", "two")
        )
        yield Site(f"http://{HOST}:{port}", port, (first, second))


def _get(url: str, cookie: str = "") -> tuple[int, str, str]:
    """Status, text and the proxy's cookie of a reply."""
    asked = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(asked, timeout=10) as reply:
            mine = [c for c in reply.headers.get_all("Set-Cookie") or () if c.startswith("four_layers=")]
            return reply.status, reply.read().decode(), mine[0].partition(";")[0]
    except urllib.error.HTTPError as error:
        return error.code, "", ""


def _direct(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as reply:
        return int(reply.status)


def test_a_reader_behind_the_proxy_works_as_without_it(site: Site, tmp_path: Path, new_page: Opener) -> None:
    page, seen = new_page()
    with proxied(tmp_path / "nginx", site.port, site.ports):
        before = open_page(page, f"{site.url}/compare?{QUERY}")
        assert "€" in before
        page.locator(SLIDER).focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(ANSWER)).not_to_have_text(before)
        wait_idle(page)
        assert page.locator(ERROR).count() == 0
        assert seen.errors == []
        assert {re.sub(r":\d+.*", "", url) for url in seen.away} <= {f"http://{HOST}"}


def test_metrics_are_kept_from_the_public_and_a_shared_link_has_title_and_description(
    site: Site, tmp_path: Path
) -> None:
    with proxied(tmp_path / "nginx", site.port, site.ports):
        here = f"http://127.0.0.1:{site.port}"
        assert _direct(f"{site.apps[0].url}/_stcore/metrics") == 200
        assert _get(f"{here}/_stcore/metrics")[0] == 404
        assert _get(f"{here}/_stcore/health")[1] == "ok"
        for path in ("", "find", f"compare?{QUERY}"):
            _, text, _ = _get(f"{here}/{path}")
            tags = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]+)"', text))
            assert re.findall(r"<title>(.*?)</title>", text) == ["Four Layers"], path
            assert tags["og:title"].startswith("Four Layers: ")
            assert tags["og:description"] == tags["description"]
            assert tags["og:type"] == "website"
            with urllib.request.urlopen(tags["og:image"], timeout=10) as picture:
                assert picture.headers["Content-Type"] == "image/png"


def test_a_reader_stays_with_one_process(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "nginx"
    with proxied(folder, site.port, site.ports):
        here = f"http://127.0.0.1:{site.port}/_stcore/health"
        readers = [_get(here)[2] for _ in range(12)]
        assert len(set(readers)) == len(readers)
        for cookie in readers:
            for _ in range(3):
                assert _get(here, cookie)[2] == cookie
    lines = (folder / "access.log").read_text().split()[-4 * len(readers) :]
    first, later = lines[: len(readers)], lines[len(readers) :]
    assert set(lines) == {f"127.0.0.1:{port}" for port in site.ports}
    assert [set(later[3 * i : 3 * i + 3]) for i in range(len(readers))] == [{app} for app in first]


def test_a_line_cut_until_the_page_says_so_loses_nothing(site: Site, tmp_path: Path, new_page: Opener) -> None:
    page, _ = new_page()
    with proxied(tmp_path / "nginx", site.port, site.ports):
        before = open_page(page, f"{site.url}/compare?{QUERY}")
        page.locator(SLIDER).focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(ANSWER)).not_to_have_text(before)
        wait_idle(page)
        moved, address = page.locator(ANSWER).inner_text(), page.evaluate("location.href")
    expect(page.locator(DIALOG).first).to_contain_text("not responding", timeout=60_000)
    expect(page.locator(ANSWER)).to_have_text(moved)
    with proxied(tmp_path / "nginx", site.port, site.ports):
        expect(page.locator(CONNECTED)).to_be_attached(timeout=60_000)
        wait_idle(page)
        expect(page.locator(ANSWER)).to_have_text(moved)
        assert page.evaluate("location.href") == address
        page.locator(SLIDER).focus()
        with run_through(page):
            page.keyboard.press("ArrowRight")
        expect(page.locator(ANSWER)).not_to_have_text(moved)
        expect(page.locator(FRAME)).to_contain_text("Mine")
        expect(page.locator(ANSWER)).to_contain_text("€")
        assert page.locator(DIALOG).count() == 0
        assert page.locator(ERROR).count() == 0
