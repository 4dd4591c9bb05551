"""Commitments, amendments, closings, completions, outcomes, and who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _promises()
    _records()


def _promises() -> None:
    op.create_table(
        "commitments",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sprint", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("team", "number"),
        sa.UniqueConstraint("team", "sprint"),
    )
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("sprint", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("task", sa.String(64)),
        sa.Column("member", sa.String(80)),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_index("amendments_by_sprint", "amendments", ["team", "sprint"])
    op.create_table(
        "closings",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("sprint", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("team", "sprint"),
    )


def _records() -> None:
    op.create_table(
        "completions",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("task", sa.String(64), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("team", "task"),
    )
    op.create_table(
        "outcomes",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("team", "id"),
    )
    op.create_table(
        "log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(80)),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("log_by_team", "log", ["team", "id"])
