"""The server attacked: crowds, long searches, oversized messages, a machine without a home."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from components.engine.search import Requirements
from components.share.question_link import question_code
from tests.attack.visitor import ask, finished, joined, visit
from tests.browser.server import Server, serve

SLOWEST = question_code(Requirements(cache=0.2, defer=0.2, compress=0.8, grade="E", places=()))
JOINS, STAY = 50, 500
GROWTH_BYTES = 60e6


def _resident(server: Server) -> int:
    return int(psutil.Process(server.pid).memory_info().rss)


def test_fifty_join_at_once(server: Server) -> None:
    visit(server.url)
    with ThreadPoolExecutor(JOINS) as pool:
        waits_s = list(pool.map(lambda _: visit(server.url), range(JOINS)))
    assert len(waits_s) == JOINS
    assert max(waits_s) < 60


def test_memory_is_given_back_when_readers_leave(server: Server) -> None:
    """After the first hundred, which fill what all readers share, hundreds more leave nothing behind."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: visit(server.url), range(100)))
        before = _resident(server)
        list(pool.map(lambda _: visit(server.url), range(STAY - 100)))
    assert _resident(server) - before < GROWTH_BYTES


def test_ten_of_the_slowest_searches_leave_others_their_pages(server: Server) -> None:
    visit(server.url)
    links = [f"find={SLOWEST}&w=support_chat~requests_per_day.{700_000 + i}" for i in range(10)]
    with ExitStack() as lines:
        for link in links:
            ask(lines.enter_context(joined(server.url)), link, "find")
        waits_s = [visit(server.url) for _ in range(3)]
    assert max(waits_s) < 15


def test_an_oversized_message_ends_its_sender_only(server: Server) -> None:
    with joined(server.url) as line, pytest.raises(ConnectionClosed):
        line.send(b"x" * 3_000_000)
        finished(line)
    assert visit(server.url) < 60


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_page_that_takes_no_file_takes_none(method: str, server: Server) -> None:
    line = HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    try:
        line.request(method, "/_stcore/upload_file/nobody/nothing", b"x" * 3_000_000)
        status = line.getresponse().status
    except OSError:
        status = 400  # the server hung up before it had read the whole
    finally:
        line.close()
    assert status >= 400
    assert visit(server.url) < 60


def test_a_machine_without_a_home_serves(tmp_path: Path) -> None:
    with serve(tmp_path / "log", HOME="/nonexistent") as homeless:
        assert visit(homeless.url) < 60
