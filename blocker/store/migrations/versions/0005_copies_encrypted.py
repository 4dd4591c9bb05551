"""Copies of calendars encrypted, each reader's own; those in plain text go, being only copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("calendar_copies")
    op.create_table(
        "calendar_copies",
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("reader", sa.String(16), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("read_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("team", "reader", "name"),
    )
