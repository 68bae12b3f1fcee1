"""The app in its own process and a Chromium that keeps to itself; for browser tests, timings and pictures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_LIMIT_S = 60


class ChromiumMissingError(RuntimeError):
    """No Chromium; browser tests then fail, they do not skip."""


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    pid: int
    started_s: float
    """From starting the process to the first healthy reply."""
    log: Path


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serve(
    log: Path, script: str = "app.py", port: int = 0, *, under: Sequence[str] = (), **environ: str
) -> Iterator[Server]:
    """Start the app on a port, a free one without one given, and stop it at the end; its output goes to `log`.

    Args:
        under: a command that starts the one that follows it.
        environ: variables of the process beside those of this one.
    """
    port = port or free_port()
    url = f"http://localhost:{port}"
    command = [*under, sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.address", "localhost", "--server.headless", "true"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "COV_CORE_"))}
    environment["PYTHONPATH"] = str(ROOT)
    environment |= environ
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            while not _healthy(url):
                if process.poll() is not None or time.perf_counter() - began > START_LIMIT_S:
                    raise RuntimeError(f"the app did not start:\n{log.read_text(errors='replace')}")
                time.sleep(0.02)
            yield Server(url, process.pid, time.perf_counter() - began, log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def chromium_path() -> str:
    """Chromium from CHROMIUM or the search path."""
    given = os.environ.get("CHROMIUM")
    found = given or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if not found:
        raise ChromiumMissingError("no Chromium: install the package `chromium`, or set CHROMIUM to its path")
    return found


def launch(playwright: Playwright) -> Browser:
    """Chromium without a window and without errands of its own."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
