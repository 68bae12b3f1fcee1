"""The tables, in the shape of the latest migration (a test compares the two)."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SCENARIOS = Table(
    "scenarios",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("team", String(255), nullable=False),
    Column("visibility", String(8), nullable=False),
    # Of the last version, so that a list reads one table.
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("saved_at", String(32), nullable=False),
    Column("deleted_at", String(32)),
    Index("ix_scenarios_owner_saved_at", "owner", "saved_at", "id"),
    Index("ix_scenarios_team_saved_at", "team", "saved_at", "id"),
    Index("ix_scenarios_deleted_at", "deleted_at"),
)

VERSIONS = Table(
    "versions",
    METADATA,
    Column("id", String(32), ForeignKey("scenarios.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("link", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("data_version", String(64), nullable=False),
    Column("engine_version", String(64), nullable=False),
    Column("saved_at", String(32), nullable=False),
    Column("base", Integer),
)

DATASETS = Table(
    "datasets",
    METADATA,
    Column("version", String(64), primary_key=True),
    Column("tables", LargeBinary, nullable=False),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("review_on", String(10), nullable=False),
    Column("watches", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("decided_at", String(32), nullable=False),
    ForeignKeyConstraint(["id", "number"], ["versions.id", "versions.number"], ondelete="CASCADE"),
    Index("ix_decisions_id", "id"),
)
