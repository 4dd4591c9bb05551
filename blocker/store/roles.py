"""PostgreSQL's own roles for a shared store: who may write which table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocker.store.on_postgresql import OWNER
from blocker.store.tables import metadata

MARKETER = "blocker_marketer"
_WRITTEN = ("INSERT", "UPDATE", "DELETE")

MARKETERS_MAY: Mapping[str, tuple[str, ...]] = {
    "tasks": _WRITTEN,
    "day_limits": _WRITTEN,
    "runs": ("INSERT", "UPDATE"),
    "intents": ("INSERT", "UPDATE"),
    "receipts": _WRITTEN,
    "calendar_copies": _WRITTEN,
    "amendments": ("INSERT",),
    "completions": _WRITTEN,
    "log": ("INSERT",),
}
"""What marketers may do with each table besides reading it: all that `book`, `done`, `pull` need.

They write no commitment, closing or state of a sprint, and take nothing out of what is recorded.
"""


def grants_sql(database: str | None, people: Iterable[tuple[str, bool]]) -> str:
    """The statements that make the roles and give them their rights; they may be run again.

    `people` are logins and whether each is a manager's; how to make them stands in comments.
    """
    tables = ["alembic_version", *sorted(metadata.tables)]
    counters = ", ".join(
        f"{table.name}_id_seq"
        for table in metadata.sorted_tables
        if "id" in table.c and table.c.id.autoincrement is True
    )
    lines = [
        "-- Roles of blocker. Run it as the owner of the database, once there is a store in it:",
        "--   blocker store roles --sql | psql HOST_AND_DATABASE",
        "-- and again after each: blocker store migrate",
        "BEGIN;",
        *(_make_role(role) for role in (MARKETER, OWNER)),
        f"GRANT {OWNER} TO CURRENT_USER;",
        f"GRANT {MARKETER} TO {OWNER};",
        f"GRANT USAGE ON SCHEMA public TO {MARKETER};",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER};",
        "-- Managers own the tables: they accept, close, purge and migrate.",
        *(f"ALTER TABLE {table} OWNER TO {OWNER};" for table in tables),
        "-- Marketers read everything, and write what book, done and pull need.",
        *(f"GRANT SELECT ON {table} TO {MARKETER};" for table in tables),
        *(
            f"GRANT {', '.join(rights)} ON {table} TO {MARKETER};"
            for table, rights in MARKETERS_MAY.items()
        ),
        f"GRANT USAGE ON SEQUENCE {counters} TO {MARKETER};",
        "COMMIT;",
    ]
    if database:
        name = _quoted(database)
        lines.insert(-1, f"GRANT CONNECT ON DATABASE {name} TO {MARKETER}, {OWNER};")
    lines += ["-- Then each person, with a login of their own:"]
    for login, is_manager in people:
        role = OWNER if is_manager else MARKETER
        lines.append(f"-- CREATE ROLE {_quoted(login)} LOGIN PASSWORD '...' IN ROLE {role};")
    return "\n".join(lines)


def _make_role(role: str) -> str:
    return (
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
    )


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
