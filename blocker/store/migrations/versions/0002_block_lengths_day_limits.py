"""Shortest and longest block of a task; day limits raised for one day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("shortest", sa.Integer))
    op.add_column("tasks", sa.Column("longest", sa.Integer))
    op.create_table(
        "day_limits",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("member", sa.String(80), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("because", sa.Text),
        sa.PrimaryKeyConstraint("team", "member", "day"),
    )
