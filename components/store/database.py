"""Where saved scenarios are: a file of SQLite in one folder, or the PostgreSQL that `DATABASE_URL` names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER, URL = "FOUR_LAYERS_DATA", "DATABASE_URL"
"""Variables of the environment."""
FILE = "four-layers.db"
BUSY_MS = 5000
"""How long a writer waits for another."""
CONNECT_S = 3
"""How long a server may take to answer a call."""
WRITES = {"writes": True}
"""Option of a connection that will write: on SQLite it takes the lock at once, so that two writers queue."""
_LOCK = 0x46_4C_41_59
"""Key of PostgreSQL's lock while tables are brought up to date."""


class StoreOffError(RuntimeError):
    """Saving does not work now; the message says why and what to change."""


def where(environment: dict[str, str] | None = None) -> str:
    """Address of the database.

    Args: environment, the process's without one.
    Raises: StoreOffError where no folder is named and the process has no home.
    """
    given = dict(os.environ) if environment is None else environment
    url = given.get(URL, "").strip()
    if url:
        scheme, found, rest = url.partition("://")
        return f"postgresql+psycopg://{rest}" if found and scheme in {"postgres", "postgresql"} else url
    folder = given.get(FOLDER, "").strip()
    if not folder:
        try:
            home = given.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        except RuntimeError as reason:
            raise StoreOffError(f"Saving is off: set {FOLDER} to a folder that the app may write to.") from reason
        folder = str(Path(home) / "four-layers")
    return f"sqlite:///{Path(folder).expanduser().absolute() / FILE}"


def open_engine(url: str) -> Engine:
    """Connect, and bring the tables up to date where they are older.

    Raises: StoreOffError with what to change.
    """
    with said_plainly():
        if url.startswith("sqlite:///"):
            folder = Path(url.removeprefix("sqlite:///")).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as reason:
                raise StoreOffError(
                    f"Saving is off: the folder {folder} cannot be made ({reason.strerror}). "
                    f"Set {FOLDER} to one that the app may write to."
                ) from reason
        kept: dict[str, Any] = {}
        if url.startswith("postgresql"):
            kept = {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_S}}
        engine = create_engine(url, **kept)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        try:
            _migrate(engine)
        except Exception:
            engine.dispose()
            raise
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Transactions are begun by `_begin_sqlite`; readers see the last version while one writes."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError:  # a read-only file: reading goes on
        return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    """Bring the tables to the latest revision, one process at a time; nothing is written where they are there."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    latest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == latest:
            return
    with engine.execution_options(**WRITES).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if MigrationContext.configure(connection).get_current_revision() != latest:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as reason:
                raise StoreOffError(
                    "Saving is off: the database was made by a newer version of the app. Update the app."
                ) from reason


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what a database complains of into one sentence that says what to change."""
    try:
        yield
    except (DBAPIError, ArgumentError, SQLAlchemyError, ImportError) as fault:
        raise StoreOffError(f"Saving is off: {_cause(fault)} Your scenario is safe in its link.") from fault


CAUSES: tuple[tuple[str, str], ...] = (
    ("readonly", "the database is read-only. Give the app write access to it."),
    ("read-only", "the database is read-only. Give the app write access to it."),
    ("permission denied", "the database refuses this user. Give the app the right to write."),
    ("disk is full", "the disk of the database is full. Make room, then save again."),
    ("no space left", "the disk of the database is full. Make room, then save again."),
    ("locked", "the database is busy with another writer. Save again in a moment."),
    ("malformed", "the file of the database is damaged. Put the last backup in its place."),
    ("not a database", "the file of the database is damaged. Put the last backup in its place."),
)
"""What the drivers say, in the order in which it is looked for, and what is said here."""


def _cause(fault: Exception) -> str:
    said = str(getattr(fault, "orig", None) or fault).lower()
    return next((words for sign, words in CAUSES if sign in said), "the database cannot be reached. Check its address.")


def as_row(value: Any) -> str:
    """A record as compact JSON."""
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
