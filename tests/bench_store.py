"""How long saving takes: `save_ms`, `load_ms`, `list_ms`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from components.share.data_tables import packed_tables
from components.store import Draft, Reader, Store, open_engine, where
from tests.bench_parts import Median, Note, Report

MANY = 10_000
READER = Reader("a" * 64)
DRAFT = Draft("Support chat", "v=1&w=support_chat&" + "s0=custom~" * 100, {"headline": "80 % less"}, "d", "e")


def bench_store(report: Report, note: Note, median_ms: Median) -> None:
    """A file of SQLite that holds many scenarios.

    Args: as `bench_parts`.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Store(open_engine(where({"FOUR_LAYERS_DATA": str(Path(folder))})))
        fill(store)
        number, tables = count(), packed_tables()
        save: Callable[[], object] = lambda: store.save(  # noqa: E731
            replace(DRAFT, note=str(next(number))), READER, tables=tables
        )
        note(f"save, load, list: SQLite on disk, {MANY:,} scenarios, data of {len(tables) / 1e3:.0f} kB; median of 15")
        report("save_ms", median_ms(save), "ms")
        key = store.list(READER, size=1).rows[0].id
        report("load_ms", median_ms(lambda: store.open(key, READER)), "ms")
        report("list_ms", median_ms(lambda: store.list(READER)), "ms")
        store._engine.dispose()


def fill(store: Store) -> None:
    """Many scenarios in one transaction, as `save` writes them."""
    from sqlalchemy import insert

    from components.store.database import WRITES
    from components.store.tables import SCENARIOS, VERSIONS

    at = "2026-11-28T00:00:{:02d}.{:06d}Z"
    rows = [(f"{i:022d}", at.format(i % 60, i)) for i in range(MANY)]
    with store._engine.execution_options(**WRITES).begin() as db:
        db.execute(insert(SCENARIOS), [
            {"id": i, "owner": READER.owner, "team": "", "visibility": "link", "name": i, "number": 1, "headline": "",
             "saved_at": t, "deleted_at": None} for i, t in rows
        ])  # fmt: skip
        db.execute(insert(VERSIONS), [
            {"id": i, "number": 1, "name": i, "note": "", "author": "", "owner": READER.owner, "link": DRAFT.link,
             "answer": "{}", "data_version": "d", "engine_version": "e", "saved_at": t, "base": None} for i, t in rows
        ])  # fmt: skip
