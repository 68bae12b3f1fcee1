"""Databases that the tests of the store run on: a file of SQLite and a PostgreSQL started for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import free_port


def _binaries() -> Path:
    """The newest PostgreSQL of the machine: Debian keeps its programs off the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    given = shutil.which("initdb")
    if not found and given is None:
        raise RuntimeError("no PostgreSQL: install the package `postgresql`")
    return found[-1].parent if found else Path(str(given)).parent


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of its own in an empty folder, stopped at the end; gives its address."""
    programs, port = _binaries(), free_port()
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    data = folder / "data"
    if as_user:
        for part in (folder, *folder.parents):
            if part.stat().st_uid == 0 and part != Path(part.anchor):
                part.chmod(part.stat().st_mode | 0o111)
        shutil.chown(folder, "postgres")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "four", "-N", "-E", "UTF8"],
                   check=True, **quiet)  # type: ignore[call-overload]  # fmt: skip
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [*as_user, programs / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", folder / "log", "-o", settings, "start"], check=True, **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql://four@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)  # type: ignore[call-overload]
