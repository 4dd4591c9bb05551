"""Tasks, sprints, runs with their intents, and receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sprints",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("team", "number"),
    )
    op.create_table(
        "tasks",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("estimate", sa.Integer, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("due", sa.String(40)),
        sa.Column("not_before", sa.String(40)),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("campaign", sa.Text),
        sa.Column("sprint", sa.Integer),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("id_is_made", sa.Boolean, nullable=False),
        sa.Column("imported", sa.JSON),
        sa.PrimaryKeyConstraint("team", "id"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("command", sa.String(16), nullable=False),
        sa.Column("asker", sa.String(80)),
        sa.Column("sprint", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("undone", sa.String(40)),
    )
    op.create_table(
        "intents",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("uid", sa.String(120), nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_index("intents_by_run", "intents", ["team", "run"])
    op.create_index("intents_by_state", "intents", ["team", "state"])
    op.create_table(
        "receipts",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("uid", sa.String(120), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("task", sa.String(64), nullable=False),
        sa.Column("sprint", sa.Integer, nullable=False),
        sa.Column("block", sa.JSON, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team", "calendar", "uid"),
    )
