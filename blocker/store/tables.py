"""The store's tables, as this version of the program knows them.

Times are ISO 8601 texts in UTC, lengths whole seconds, lists and maps JSON.  `team` is in each key,
so that several teams can share one store.  A change here needs a migration in `migrations/`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = "0005"
"""The newest migration; a store that says something else is migrated or refused."""

metadata = MetaData()

sprints = Table(
    "sprints",
    metadata,
    Column("team", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    PrimaryKeyConstraint("team", "number"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("team", String(80), nullable=False),
    Column("id", String(64), nullable=False),
    Column("position", Integer, nullable=False),  # the order in which tasks came in
    Column("title", Text, nullable=False),
    Column("owner", String(80), nullable=False),
    Column("estimate", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due", String(40)),
    Column("not_before", String(40)),
    Column("after", JSON, nullable=False),  # [[task, lag], ...]
    Column("outcome", Text),
    Column("campaign", Text),
    Column("sprint", Integer),
    Column("state", String(16), nullable=False),
    Column("id_is_made", Boolean, nullable=False),
    Column("imported", JSON),  # the cells of its last import, as written
    Column("shortest", Integer),
    Column("longest", Integer),
    PrimaryKeyConstraint("team", "id"),
)

day_limits = Table(
    "day_limits",
    metadata,
    Column("team", String(80), nullable=False),
    Column("member", String(80), nullable=False),
    Column("day", String(10), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("because", Text),
    PrimaryKeyConstraint("team", "member", "day"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team", String(80), nullable=False),
    Column("command", String(16), nullable=False),
    Column("asker", String(80)),  # NULL: nobody was named
    Column("sprint", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("undone", String(40)),
)

intents = Table(
    "intents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team", String(80), nullable=False),
    Column("run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("member", String(80), nullable=False),
    Column("calendar", Text, nullable=False),
    Column("uid", String(120), nullable=False),
    Column("before", JSON),  # the block as it stood, NULL when none did
    Column("after", JSON),  # the block as it is to stand, NULL when it is to go
    Column("state", String(16), nullable=False),
    Index("intents_by_run", "team", "run"),
    Index("intents_by_state", "team", "state"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("team", String(80), nullable=False),
    Column("calendar", Text, nullable=False),
    Column("uid", String(120), nullable=False),
    Column("member", String(80), nullable=False),
    Column("task", String(64), nullable=False),
    Column("sprint", Integer, nullable=False),
    Column("block", JSON, nullable=False),  # as last written
    Column("revision", Text, nullable=False),
    PrimaryKeyConstraint("team", "calendar", "uid"),
)

calendar_copies = Table(
    "calendar_copies",
    metadata,
    Column("team", String(80), nullable=False),
    Column("reader", String(16), nullable=False),  # a fingerprint of their key
    Column("name", String(32), nullable=False),  # what stands for the calendar, to its reader
    Column("content", LargeBinary, nullable=False),  # encrypted
    Column("read_at", String(40), nullable=False),
    PrimaryKeyConstraint("team", "reader", "name"),
)

commitments = Table(
    "commitments",
    metadata,
    Column("team", String(80), nullable=False),
    Column("number", Integer, nullable=False),  # in the order of acceptance, from 1
    Column("sprint", Integer, nullable=False),
    Column("content", Text, nullable=False),  # canonical JSON, as it was sealed
    Column("seal", String(64), nullable=False),  # SHA-256 of the content
    PrimaryKeyConstraint("team", "number"),
    UniqueConstraint("team", "sprint"),
)

amendments = Table(
    "amendments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team", String(80), nullable=False),
    Column("sprint", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("task", String(64)),
    Column("member", String(80)),
    Column("content", JSON, nullable=False),
    Index("amendments_by_sprint", "team", "sprint"),
)

closings = Table(
    "closings",
    metadata,
    Column("team", String(80), nullable=False),
    Column("sprint", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    PrimaryKeyConstraint("team", "sprint"),
)

completions = Table(
    "completions",
    metadata,
    Column("team", String(80), nullable=False),
    Column("task", String(64), nullable=False),
    Column("member", String(80), nullable=False),
    Column("content", JSON, nullable=False),
    PrimaryKeyConstraint("team", "task"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("team", String(80), nullable=False),
    Column("id", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    PrimaryKeyConstraint("team", "id"),
)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team", String(80), nullable=False),
    Column("at", String(40), nullable=False),
    Column("who", String(80)),  # NULL: nobody was named
    Column("what", Text, nullable=False),
    Index("log_by_team", "team", "id"),
)
