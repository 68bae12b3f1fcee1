"""The server attacked: crowds, long searches, oversized messages, a machine without a home."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from components.engine.search import Requirements
from components.share.question_link import question_code
from tests.attack.visitor import ask, finished, joined, visit
from tests.browser.server import ROOT, Server, serve

SLOWEST = question_code(Requirements(cache=0.2, defer=0.2, compress=0.8, grade="E", places=()))
JOINS = 50
WARM, STAY = 20, 60
BLOCKS_A_VISIT, GROWTH_BYTES = 250, 4e6
"""What a visit may leave behind: a session that is kept holds 2,400 blocks; without one there are fewer than 70."""
HELD = "blocks held: "
COUNTS = ROOT / "tests" / "attack" / "count"


def _left_behind(server: Server) -> tuple[int, int]:
    """Blocks that Python holds, and bytes of the process, once all have left."""
    limit = time.monotonic() + 30
    while "\nactive_sessions 0\n" not in urlopen(f"{server.url}/_stcore/metrics", timeout=10).read().decode():
        assert time.monotonic() < limit, "a session is still open"
        time.sleep(0.05)
    said = server.log.read_text().count(HELD)
    os.kill(server.pid, signal.SIGUSR1)
    while server.log.read_text().count(HELD) == said:
        assert time.monotonic() < limit, "the process does not answer"
        time.sleep(0.05)
    blocks = int(server.log.read_text().rpartition(HELD)[2].split()[0])
    return blocks, int(psutil.Process(server.pid).memory_info().rss)


def test_fifty_join_at_once(server: Server) -> None:
    visit(server.url)
    with ThreadPoolExecutor(JOINS) as pool:
        waits_s = list(pool.map(lambda _: visit(server.url), range(JOINS)))
    assert len(waits_s) == JOINS
    assert max(waits_s) < 60


def test_memory_is_given_back_when_readers_leave(tmp_path: Path) -> None:
    """After the first, which fill what all readers share, more leave nothing behind.

    Streamlit keeps a session for two minutes after its reader left, 128 of them at most: here for none.
    """
    kept_for_none = partial(serve, PYTHONPATH=f"{COUNTS}:{ROOT}", STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="0")
    with kept_for_none(tmp_path / "log") as server, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: visit(server.url), range(WARM)))
        blocks, resident = _left_behind(server)
        list(pool.map(lambda _: visit(server.url), range(STAY)))
        blocks_then, resident_then = _left_behind(server)
    assert (blocks_then - blocks) / STAY < BLOCKS_A_VISIT
    assert resident_then - resident < GROWTH_BYTES


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
