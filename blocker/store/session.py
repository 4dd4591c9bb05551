"""One team's part of an open database: reads, and changes all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, String, Table, select


class Session:
    """One team's part of an open store.

    Reads see what is committed; changes happen inside `transaction`, all or none.
    """

    def __init__(self, engine: Engine, team: str) -> None:
        self._engine = engine
        self._team = team
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside become true together, or none does."""
        with self._engine.begin() as connection:
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def _rows(self, table: Table, *conditions: Any, order: Any = None) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.team == self._team, *conditions)
        columns = table.primary_key.columns if order is None else (order,)
        query = query.order_by(*map(self._alike_everywhere, columns))
        if self._connection is not None:
            return self._connection.execute(query).all()
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _alike_everywhere(self, order: Any) -> Any:
        """PostgreSQL would sort texts as the database's language does, SQLite by their letters."""
        is_text = isinstance(order.type, String)
        is_language = is_text and self._engine.dialect.name == "postgresql"
        return order.collate("C") if is_language else order

    def _change(self, statement: Any, rows: Sequence[Mapping[str, Any]] = ()) -> Any:
        if self._connection is None:
            raise RuntimeError("a change to the store needs a transaction")
        return self._connection.execute(statement, rows or None)
