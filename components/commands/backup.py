"""`backup`: all saved scenarios in one file, while the app runs."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from components.commands.files import InputError
from components.store import StoreOffError, where

SQLITE = "sqlite:///"


def backup(arguments: argparse.Namespace) -> str:
    """Copy the database of SQLite; for PostgreSQL, say what does it.

    Raises: InputError where there is nothing to copy or no place for it.
    """
    try:
        url = where()
    except StoreOffError as reason:
        raise InputError(str(reason)) from None
    if not url.startswith(SQLITE):
        raise InputError('PostgreSQL backs itself up: pg_dump "$DATABASE_URL" > backup.sql')
    kept, copy = Path(url.removeprefix(SQLITE)), Path(arguments.file)
    if not kept.is_file():
        raise InputError(f"{kept}: nothing has been saved yet; FOUR_LAYERS_DATA names the folder.")
    if copy.exists():
        raise InputError(f"{copy} exists: name a new file.")
    try:
        with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as one, closing(sqlite3.connect(copy)) as other:
            one.backup(other)
            count = other.execute("SELECT count(*) FROM scenarios").fetchone()[0]
    except sqlite3.Error as reason:
        raise InputError(f"{copy}: the copy could not be made ({reason}).") from None
    return f"{copy}: {count} saved scenario{'s' if count != 1 else ''}. To restore, put it in the place of {kept}."
