"""Copies of calendars that are far away, with their sync tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_copies",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("read_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("team", "calendar"),
    )
