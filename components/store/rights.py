"""Who may open a saved scenario and who may write to it, as conditions on its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, literal, or_

from components.store.records import Reader
from components.store.tables import SCENARIOS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def mine(reader: Reader) -> ColumnElement[bool]:
    """The reader's own."""
    return and_(SCENARIOS.c.owner == reader.owner, literal(bool(reader.owner)))


def _in_team(reader: Reader) -> ColumnElement[bool]:
    shared = and_(SCENARIOS.c.visibility == "team", SCENARIOS.c.team == reader.team)
    return and_(shared, literal(bool(reader.team)))


def may_open(reader: Reader) -> ColumnElement[bool]:
    """The reader's own, the team's, and what opens by its link."""
    return or_(SCENARIOS.c.visibility == "link", mine(reader), _in_team(reader))


def may_write(reader: Reader) -> ColumnElement[bool]:
    """The reader's own and the team's."""
    return or_(mine(reader), _in_team(reader))
