"""Copies one team's rows from one database into another that has the same tables, still empty."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from blocker.store.tables import metadata

_ROWS_AT_ONCE = 1000


def copy_rows(source: Connection, target: Connection, team: str) -> None:
    """Everything of the team; parents before what refers to them."""
    for table in metadata.sorted_tables:
        query = select(table).where(table.c.team == team)
        for rows in source.execute(query).mappings().partitions(_ROWS_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in rows])
