"""Save, open, list, delete: every save is a new version, nothing that was saved is changed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from components.store.database import WRITES, as_row, said_plainly
from components.store.records import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Conflict,
    Decision,
    Draft,
    Listed,
    Page,
    Reader,
    Taken,
    UnknownIdError,
    Version,
    Visibility,
)
from components.store.rights import may_open, may_write, mine
from components.store.rows import clean, listed_of, stamp, taken_of, version_of
from components.store.tables import DATASETS, DECISIONS, SCENARIOS, VERSIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

ID_BYTES = 16
"""Chance in an id: 128 bits, which nobody guesses."""
ID = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT = timedelta(days=30)
"""How long a deleted scenario can be brought back."""
PAGE = 50


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Saved scenarios in one database. Every method raises StoreOffError when the database does not answer."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        """Use a database that `open_engine` prepared; the clock gives UTC."""
        self._engine = engine
        self._writer = engine.execution_options(**WRITES)
        self._clock = clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    # saving
    def save(
        self, draft: Draft, reader: Reader, id_: str = "", base: int | None = None, tables: bytes = b""
    ) -> tuple[Version, Conflict | None]:
        """Keep a scenario as a new version; whatever else is saved meanwhile, nothing is overwritten.

        Args:
            draft: what to keep.
            reader: who saves.
            id_: of the scenario that this continues; empty for a new one.
            base: number of the version that the reader had opened.
            tables: the data that the answer rests on, kept once for each data version; empty keeps none.
        Returns: the version, and the other writer's where one came between.
        Raises: UnknownIdError for one that the reader may not write to.
        """
        at = stamp(self._clock())
        name, note = clean(draft.name, LONGEST_NAME), clean(draft.note, LONGEST_NOTE)
        with self._write() as db:
            last = 0
            if id_:
                found = self._row(db, id_, reader, writing=True)
                last = found.number
            number, key = last + 1, id_ or secrets.token_urlsafe(ID_BYTES)
            shown = {
                "name": name, "number": number, "headline": str(draft.answer.get("headline", "")), "saved_at": at,
            }  # fmt: skip
            if id_:
                db.execute(update(SCENARIOS).where(SCENARIOS.c.id == key).values(**shown))
            else:
                owned = {"id": key, "owner": reader.owner, "team": reader.team, "visibility": draft.visibility}
                db.execute(insert(SCENARIOS).values(**owned, **shown, deleted_at=None))
            base = base if id_ else None
            db.execute(
                insert(VERSIONS).values(
                    id=key, number=number, name=name, note=note, author=reader.name, owner=reader.owner,
                    link=draft.link, answer=as_row(draft.answer), data_version=draft.data_version,
                    engine_version=draft.engine_version, saved_at=at, base=base,
                )
            )  # fmt: skip
            known = select(literal(1)).where(DATASETS.c.version == draft.data_version)
            if tables and db.execute(known).one_or_none() is None:
                kept = self._insert(DATASETS).values(version=draft.data_version, tables=tables)
                db.execute(kept.on_conflict_do_nothing())
            saved = version_of(db.execute(_one_version(key, number)).one())
        between = base is not None and base < last
        return saved, Conflict(theirs=last, yours=number) if between else None

    def show_to(self, id_: str, visibility: Visibility, reader: Reader) -> None:
        """Change who may open a scenario; its owner alone may."""
        with self._write() as db:
            self._owned(db, id_, reader)
            chosen = {"visibility": visibility, "team": reader.team}
            db.execute(update(SCENARIOS).where(SCENARIOS.c.id == id_).values(**chosen))

    # opening
    def open(self, id_: str, reader: Reader, number: int | None = None) -> Version:
        """A version, the last without a number.    Raises: UnknownIdError."""
        with self._read() as db:
            found = self._row(db, id_, reader)
            row = db.execute(_one_version(id_, number or found.number)).one_or_none()
        if row is None:
            raise UnknownIdError
        return version_of(row)

    def versions(self, id_: str, reader: Reader) -> tuple[Version, ...]:
        """All versions, the last first.    Raises: UnknownIdError."""
        with self._read() as db:
            self._row(db, id_, reader)
            rows = db.execute(select(VERSIONS).where(VERSIONS.c.id == id_).order_by(VERSIONS.c.number.desc())).all()
        return tuple(map(version_of, rows))

    def tables(self, data_version: str) -> bytes:
        """The data of a version, as it was given; empty where it was not kept."""
        with self._read() as db:
            wanted = select(DATASETS.c.tables).where(DATASETS.c.version == data_version)
            return bytes(db.execute(wanted).scalar_one_or_none() or b"")

    def may_write(self, id_: str, reader: Reader) -> bool:
        """Whether the reader may save a version of it."""
        with self._read() as db:
            try:
                self._row(db, id_, reader, writing=True)
            except UnknownIdError:
                return False
        return True

    def listed(self, id_: str, reader: Reader) -> Listed:
        """One scenario as the list shows it.    Raises: UnknownIdError."""
        with self._read() as db:
            return listed_of(self._row(db, id_, reader), reader)

    def list(self, reader: Reader, after: str = "", *, deleted: bool = False, size: int = PAGE) -> Page:
        """The reader's own scenarios and those of the team, the last saved first.

        Args: reader; `after` of the page before; deleted, to list what can be brought back instead; rows of a page.
        """
        s = SCENARIOS.c
        if not reader.owner:
            return Page((), "")
        theirs = and_(s.team == reader.team, s.visibility == "team")
        own = s.owner == reader.owner
        wanted = select(SCENARIOS).where(own if deleted or not reader.team else or_(own, theirs))
        wanted = wanted.where(s.deleted_at.is_not(None) if deleted else s.deleted_at.is_(None))
        if after:
            saved_at, _, key = after.partition(" ")
            wanted = wanted.where(or_(s.saved_at < saved_at, and_(s.saved_at == saved_at, s.id < key)))
        with self._read() as db:
            rows = db.execute(wanted.order_by(s.saved_at.desc(), s.id.desc()).limit(size + 1)).all()
        shown = rows[:size]
        following = f"{shown[-1].saved_at} {shown[-1].id}" if len(rows) > size else ""
        return Page(tuple(listed_of(row, reader) for row in shown), following)

    # deleting
    def delete(self, id_: str, reader: Reader) -> None:
        """Put a scenario aside; `bring_back` undoes it for 30 days, after which it is erased."""
        with self._write() as db:
            self._owned(db, id_, reader)
            db.execute(update(SCENARIOS).where(SCENARIOS.c.id == id_).values(deleted_at=stamp(self._clock())))
            self._erase_old(db)

    def bring_back(self, id_: str, reader: Reader) -> None:
        """Undo a deletion.    Raises: UnknownIdError after 30 days."""
        with self._write() as db:
            self._erase_old(db)
            self._owned(db, id_, reader, deleted=True)
            db.execute(update(SCENARIOS).where(SCENARIOS.c.id == id_).values(deleted_at=None))

    def _erase_old(self, db: Connection) -> None:
        """Erase what was deleted more than 30 days ago, and data that no version rests on any more."""
        before = stamp(self._clock() - KEPT)
        db.execute(delete(SCENARIOS).where(SCENARIOS.c.deleted_at < before))
        used = select(VERSIONS.c.data_version)
        db.execute(delete(DATASETS).where(DATASETS.c.version.not_in(used)))

    # decisions
    def decide(self, id_: str, number: int, decision: Decision, reader: Reader) -> Taken:
        """Record a decision on a version.    Raises: UnknownIdError for one that the reader may not write to."""
        with self._write() as db:
            self._row(db, id_, reader, writing=True)
            if db.execute(_one_version(id_, number)).one_or_none() is None:
                raise UnknownIdError
            watches = as_row([asdict(watch) for watch in decision.watches])
            fields = {
                "id": id_, "number": number, "strategy": clean(decision.strategy, LONGEST_NAME),
                "reason": clean(decision.reason, LONGEST_NOTE),
                "review_on": decision.review_on, "watches": watches, "author": reader.name, "owner": reader.owner,
                "decided_at": stamp(self._clock()),
            }  # fmt: skip
            return taken_of(db.execute(insert(DECISIONS).values(**fields).returning(DECISIONS)).one())

    def decisions(self, reader: Reader, id_: str = "") -> tuple[Taken, ...]:
        """Decisions on one scenario, or on all of the reader's; the last first."""
        wanted = select(DECISIONS).join(SCENARIOS, SCENARIOS.c.id == DECISIONS.c.id)
        with self._read() as db:
            if id_:
                self._row(db, id_, reader)
                wanted = wanted.where(DECISIONS.c.id == id_)
            elif not reader.owner:
                return ()
            else:
                wanted = wanted.where(SCENARIOS.c.owner == reader.owner, SCENARIOS.c.deleted_at.is_(None))
            return tuple(map(taken_of, db.execute(wanted.order_by(DECISIONS.c.key.desc())).all()))

    # a reader's own data
    def everything_of(self, reader: Reader) -> dict[str, Any]:
        """All that is kept of a reader, deleted scenarios included, in JSON's types."""
        tables = {"scenarios": SCENARIOS, "versions": VERSIONS, "decisions": DECISIONS}
        found: dict[str, Any] = {}
        with self._read() as db:
            for name, table in tables.items():
                rows = db.execute(select(table).where(table.c.owner == reader.owner)).mappings().all()
                found[name] = [{k: v for k, v in row.items() if k != "owner"} for row in rows] if reader.owner else []
        return found

    def forget(self, reader: Reader) -> int:
        """Erase all scenarios of a reader at once and the name from what the team keeps; returns how many."""
        if not reader.owner:
            return 0
        with self._write() as db:
            count = select(func.count()).select_from(SCENARIOS).where(SCENARIOS.c.owner == reader.owner)
            erased = int(db.execute(count).scalar_one())
            db.execute(delete(SCENARIOS).where(SCENARIOS.c.owner == reader.owner))
            for table in (VERSIONS, DECISIONS):
                db.execute(update(table).where(table.c.owner == reader.owner).values(owner="", author=""))
        return erased

    # who may
    def _row(self, db: Connection, id_: str, reader: Reader, *, writing: bool = False) -> Row[Any]:
        """The scenario, held for writing where it will be.    Raises: UnknownIdError where the reader may not."""
        if not ID.fullmatch(id_):
            raise UnknownIdError
        wanted = select(SCENARIOS).where(SCENARIOS.c.id == id_, SCENARIOS.c.deleted_at.is_(None))
        wanted = wanted.where(may_write(reader) if writing else may_open(reader))
        row = db.execute(wanted.with_for_update() if writing else wanted).one_or_none()
        if row is None:
            raise UnknownIdError
        return row

    def _owned(self, db: Connection, id_: str, reader: Reader, *, deleted: bool = False) -> None:
        if not ID.fullmatch(id_):
            raise UnknownIdError
        s = SCENARIOS.c
        aside = s.deleted_at.is_not(None) if deleted else s.deleted_at.is_(None)
        wanted = select(s.id).where(s.id == id_, mine(reader), aside).with_for_update()
        if db.execute(wanted).one_or_none() is None:
            raise UnknownIdError

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with said_plainly(), self._engine.connect() as db:
            yield db

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """One transaction, kept whole or not at all."""
        with said_plainly(), self._writer.begin() as db:
            yield db


def _one_version(id_: str, number: int) -> Any:
    return select(VERSIONS).where(VERSIONS.c.id == id_, VERSIONS.c.number == number)
