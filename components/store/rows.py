"""Between rows of the database and records: text that any database takes, times as text that sorts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from components.store.records import Decision, Listed, Reader, Taken, Version, Watch

if TYPE_CHECKING:
    from sqlalchemy import Row


def clean(text: str, longest: int) -> str:
    """Text that every database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def stamp(at: datetime) -> str:
    """A time as text that sorts: "2026-11-28T09:30:00.123456Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(text: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def version_of(row: Row[Any]) -> Version:
    """A version."""
    return Version(
        id=row.id,
        number=row.number,
        name=row.name,
        note=row.note,
        author=row.author,
        link=row.link,
        answer=json.loads(row.answer),
        data_version=row.data_version,
        engine_version=row.engine_version,
        saved_at=time_of(row.saved_at),
        base=row.base,
    )


def listed_of(row: Row[Any], reader: Reader) -> Listed:
    """A scenario as the list shows it to a reader."""
    return Listed(
        id=row.id,
        name=row.name,
        number=row.number,
        saved_at=time_of(row.saved_at),
        visibility=row.visibility,
        mine=row.owner == reader.owner,
        deleted_at=None if row.deleted_at is None else time_of(row.deleted_at),
        headline=row.headline,
    )


def taken_of(row: Row[Any]) -> Taken:
    """A decision."""
    watches = tuple(Watch(**watch) for watch in json.loads(row.watches))
    return Taken(
        key=row.key,
        id=row.id,
        number=row.number,
        decision=Decision(row.strategy, row.reason, row.review_on, watches),
        author=row.author,
        decided_at=time_of(row.decided_at),
    )
