"""The schema of an open database, and the way forward to this program's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from blocker.domain.errors import Unreachable
from blocker.store.tables import SCHEMA

Say = Callable[[str], None]
"""Takes a sentence for whoever runs the program."""


def schema_of(connection: Connection, place: str) -> str | None:
    """The schema that is there, at most ours; None where there is none yet.

    `place` names the store.  Raises Unreachable for a newer one, and for another program's.
    """
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is None:
        return None
    if not re.fullmatch(r"\d{4}", found):
        raise Unreachable(f"store {place}: it belongs to another program; name one of its own")
    if found > SCHEMA:
        raise Unreachable(
            f"store {place}: it was written by a newer version of blocker (schema {found}, this "
            f"one knows {SCHEMA}); update blocker"
        )
    return str(found)


def bring_forward(connection: Connection) -> None:
    """Make all tables, or what is new in them, inside the connection's transaction.

    Alembic is imported here only: a store that is up to date does not pay for it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def say_schema(connection: Connection) -> None:
    """Let a database whose tables were made without migrations say what schema it has."""
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:schema)"), {"schema": SCHEMA})
