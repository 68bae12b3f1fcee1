"""A database that is killed, read-only, full, locked, damaged or gone: one sentence, and nothing lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from components.store import ANYBODY, Store, StoreOffError, open_engine, where
from components.store.database import FILE
from tests.store.databases import postgresql
from tests.store.test_store import ANN, DRAFT

OPEN: list[Store] = []
SAFE = "Your scenario is safe in its link."


def opened(folder: Path) -> Store:
    store = Store(open_engine(where({"FOUR_LAYERS_DATA": str(folder)})))
    OPEN.append(store)
    return store


@pytest.fixture(autouse=True)
def _all_closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop()._engine.dispose()


WRITER = """
    from dataclasses import replace
    from pathlib import Path
    from tests.store.test_faults import opened
    from tests.store.test_store import ANN, DRAFT
    store = opened(Path({folder!r}))
    number = 1
    while True:
        saved, _ = store.save(replace(DRAFT, note="x" * 2000), ANN, {id_!r}, base=number, tables=b"0" * 200_000)
        number = saved.number
        print(number, flush=True)
"""


def test_kill_9_during_a_save_leaves_the_last_version_whole(tmp_path: Path) -> None:
    store = opened(tmp_path)
    key = store.save(DRAFT, ANN)[0].id
    said = 1
    for round_ in range(4):
        program = textwrap.dedent(WRITER).format(folder=str(tmp_path), id_=key)
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            said = int(writer.stdout.readline())
            time.sleep(0.02 * round_)
            writer.kill()
            said = max([said, *map(int, writer.stdout.read().split())])
        versions = opened(tmp_path).versions(key, ANN)
        assert versions[0].number >= said
        assert [v.number for v in versions] == list(range(versions[0].number, 0, -1))
        assert versions[-1].note == "first look"
        with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_read_only_database_is_read_and_says_that_saving_is_off(tmp_path: Path) -> None:
    store = opened(tmp_path)
    key = store.save(DRAFT, ANN)[0].id
    engine = open_engine(where({"FOUR_LAYERS_DATA": str(tmp_path)}))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    engine.dispose()
    locked = Store(engine)
    OPEN.append(locked)
    assert locked.open(key, ANN).number == 1
    with pytest.raises(StoreOffError, match=f"read-only.*{SAFE}"):
        locked.save(DRAFT, ANN, key, base=1)
    assert store.open(key, ANN).number == 1


def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path: Path) -> None:
    engine = open_engine(where({"FOUR_LAYERS_DATA": str(tmp_path)}))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 30"))
    engine.dispose()
    store = Store(engine)
    OPEN.append(store)
    key = store.save(DRAFT, ANN)[0].id
    with pytest.raises(StoreOffError, match="full"):
        store.save(DRAFT, ANN, key, base=1, tables=b"0" * 1_000_000)
    assert store.versions(key, ANN)[0].number == 1


def test_a_locked_database_says_so_after_its_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.store.database.BUSY_MS", 50)
    store = opened(tmp_path)
    key = store.save(DRAFT, ANN)[0].id
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreOffError, match="busy with another writer"):
        store.save(DRAFT, ANN, key, base=1)
    assert store.open(key, ANN).number == 1
    other.execute("ROLLBACK")
    assert store.save(DRAFT, ANN, key, base=1)[0].number == 2
    other.close()


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all " * 1000)
    with pytest.raises(StoreOffError, match="damaged"):
        opened(tmp_path)


def test_a_folder_that_cannot_be_made_says_which(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreOffError, match=r"cannot be made .*FOUR_LAYERS_DATA"):
        opened(tmp_path / "file" / "below")


def test_a_database_of_a_newer_app_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).save(DRAFT, ANN)
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreOffError, match="newer version of the app"):
        opened(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        assert db.execute("SELECT count(*) FROM scenarios").fetchone() == (1,)


@pytest.mark.parametrize("url", ["postgresql://four@127.0.0.1:9/none", "nonsense", "mysql://x@localhost/y"])
def test_a_database_that_is_not_there_is_one_sentence(url: str) -> None:
    with pytest.raises(StoreOffError, match=SAFE):
        open_engine(where({"DATABASE_URL": url}))


def test_a_server_that_stops_is_one_sentence_and_back_when_it_is(tmp_path: Path) -> None:
    with postgresql(tmp_path) as url:
        store = Store(open_engine(where({"DATABASE_URL": url})))
        OPEN.append(store)
        key = store.save(DRAFT, ANN)[0].id
        with store._engine.connect() as db:
            db.execute(text("SELECT 1"))
    with pytest.raises(StoreOffError, match="cannot be reached"):
        store.open(key, ANN)


def test_an_old_database_keeps_opening(tmp_path: Path) -> None:
    """A file as the first revision made it, written without the app's own tables."""
    folder = Path(__file__).parent / "old"
    for dump in sorted(folder.glob("*.sql")):
        place = tmp_path / dump.stem
        place.mkdir()
        with closing(sqlite3.connect(place / FILE)) as db, db:
            db.executescript(dump.read_text(encoding="utf-8"))
        store = opened(place)
        assert store.open("kept-since-the-first-v", ANYBODY).name == "Support chat, spring"
        assert store.save(replace(DRAFT, name="Added"), ANN)[0].number == 1
    assert list(folder.glob("*.sql"))


def test_where_it_is_kept() -> None:
    assert where({"DATABASE_URL": "postgres://u:p@h/d"}) == "postgresql+psycopg://u:p@h/d"
    assert where({"FOUR_LAYERS_DATA": "/var/lib/x"}) == f"sqlite:////var/lib/x/{FILE}"
    assert where({"XDG_DATA_HOME": "/home/a/.data"}) == f"sqlite:////home/a/.data/four-layers/{FILE}"


def test_without_a_home_a_folder_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", no_home)
    with pytest.raises(StoreOffError, match="set FOUR_LAYERS_DATA"):
        where({})
