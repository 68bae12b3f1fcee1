"""nginx with the rules of the README before running apps; for browser tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import ROOT

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
START_LIMIT_S = 10


def rules() -> str:
    """The rules as the README has them."""
    (found,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    return str(found)


def _configuration(folder: Path, port: int, apps: tuple[int, int]) -> str:
    """A whole configuration: the rules with the ports of a test, and what a Debian machine has around them."""
    told = rules()
    for written, used in (("listen 80;", f"listen {port};"), *zip(("8501", "8502"), map(str, apps), strict=True)):
        assert told.count(written) == 1, written
        told = told.replace(written, used)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\nlog_format app $upstream_addr;\naccess_log {folder}/access.log app;\n{temporary}{told}}}\n"
    )


@contextmanager
def proxied(folder: Path, port: int, apps: tuple[int, int]) -> Iterator[None]:
    """Run nginx on a port before two apps, and stop it at the end: every connection is then cut.

    Args: folder, for its files; `access.log` has the app that answered, a line each.
    """
    assert NGINX is not None
    folder.mkdir(exist_ok=True)
    (folder / "nginx.conf").write_text(_configuration(folder, port, apps), encoding="utf-8")
    command = [NGINX, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command)
    try:
        limit = time.monotonic() + START_LIMIT_S
        while not _answers(port):
            log = folder / "error.log"
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"nginx did not start:\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
