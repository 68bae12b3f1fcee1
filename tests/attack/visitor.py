"""A visitor without a browser: the app's WebSocket, spoken as the page does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 120.0


@contextmanager
def joined(url: str) -> Iterator[ClientConnection]:
    """A connection that has asked for nothing yet."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60, close_timeout=1) as line:  # type: ignore[list-item]
        yield line


def ask(line: ClientConnection, query: str = "", page: str = "") -> None:
    """Ask for a page with the words of an address."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    line.send(message.SerializeToString())


def received(line: ClientConnection) -> list[ForwardMsg]:
    """All messages until the page stands, also of runs that ended early for another.

    Raises: AssertionError if the page broke.
    """
    begin, messages = time.monotonic(), list[ForwardMsg]()
    while time.monotonic() - begin < PATIENCE_S:
        sent = line.recv(timeout=PATIENCE_S)
        assert isinstance(sent, bytes)
        message = ForwardMsg()
        message.ParseFromString(sent)
        messages.append(message)
        assert not message.delta.new_element.HasField("exception"), message.delta.new_element.exception.message
        if (
            message.WhichOneof("type") == "script_finished"
            and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return messages
    raise AssertionError("the run did not end")


def finished(line: ClientConnection) -> float:
    """Read until the page stands.    Returns: how long that took. [s]    Raises: AssertionError if the page broke."""
    begin = time.monotonic()
    received(line)
    return time.monotonic() - begin


def visit(url: str, query: str = "", page: str = "") -> float:
    """Join, read one page, leave.    Returns: how long the page took. [s]"""
    with joined(url) as line:
        ask(line, query, page)
        return finished(line)
