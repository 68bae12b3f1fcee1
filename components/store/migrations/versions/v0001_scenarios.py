"""Scenarios, their versions, the tables of data they used, decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("team", sa.String(255), nullable=False),
        sa.Column("visibility", sa.String(8), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
        sa.Column("deleted_at", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_scenarios"),
    )
    op.create_index("ix_scenarios_owner_saved_at", "scenarios", ["owner", "saved_at", "id"])
    op.create_index("ix_scenarios_team_saved_at", "scenarios", ["team", "saved_at", "id"])
    op.create_index("ix_scenarios_deleted_at", "scenarios", ["deleted_at"])
    op.create_table(
        "versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("data_version", sa.String(64), nullable=False),
        sa.Column("engine_version", sa.String(64), nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
        sa.Column("base", sa.Integer),
        sa.PrimaryKeyConstraint("id", "number", name="pk_versions"),
        sa.ForeignKeyConstraint(["id"], ["scenarios.id"], name="fk_versions_id_scenarios", ondelete="CASCADE"),
    )
    op.create_table(
        "datasets",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("tables", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_datasets"),
    )
    op.create_table(
        "decisions",
        sa.Column("key", sa.Integer, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("strategy", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("review_on", sa.String(10), nullable=False),
        sa.Column("watches", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("decided_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_decisions"),
        sa.ForeignKeyConstraint(
            ["id", "number"], ["versions.id", "versions.number"], name="fk_decisions_id_versions", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_decisions_id", "decisions", ["id"])
