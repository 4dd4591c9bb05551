"""Opens a store: the database behind a URL, in the schema this program knows.

A rehearsal works on a copy in memory, so that it can do everything and leave no trace.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from blocker.domain.errors import Unreachable
from blocker.store import tables
from blocker.store.schema import Say
from blocker.store.store import Store
from blocker.store.tables import SCHEMA


class Database(Protocol):
    """What each kind of database knows to do, as a module."""

    def place_of(self, url: URL) -> str: ...

    def reason_of(self, problem: Exception, url: URL) -> str: ...

    def opened(
        self, url: URL, team: str, rehearse: bool, say: Say
    ) -> AbstractContextManager[Engine]: ...

    def migrated(self, url: URL) -> AbstractContextManager[tuple[Connection, str | None]]: ...


@contextmanager
def open_store(
    address: str | URL, team: str, *, rehearse: bool = False, say: Say = lambda _: None
) -> Iterator[Store]:
    """The store of one team.  Raises Unreachable with what to do.

    Unless it is a rehearsal, only one process at a time holds a team's store open for changing:
    what was read stays true until it is written.  `address` is a SQLAlchemy URL.  `say` hears that
    a shared store was made.
    """
    url, kind = _parsed(address)
    with ExitStack() as stack, _plain_words(url, kind):
        try:
            engine = stack.enter_context(kind.opened(url, team, rehearse, say))
        except OSError as problem:
            raise _unreachable(url, kind, problem) from problem
        yield Store(engine, team)


def migrate_store(address: str, team: str, at: datetime, who: str) -> str | None:
    """Bring a store's tables forward to this program's schema, and log it; the schema before.

    None where there was no store yet.  All of it happens, or nothing.  Raises Unreachable.
    """
    url, kind = _parsed(address)
    with _plain_words(url, kind), kind.migrated(url) as (connection, before):
        if before != SCHEMA:
            what = f"brought the store from schema {before or 'none'} to {SCHEMA}"
            entry = {"team": team, "at": at.isoformat(), "who": who, "what": what}
            connection.execute(insert(tables.log).values(entry))
    return before


def place_of(address: str) -> str:
    """What messages call a store: never with a password.  Raises Unreachable."""
    url, kind = _parsed(address)
    return kind.place_of(url)


def _parsed(address: str | URL) -> tuple[URL, Database]:
    """A database URL, and what its kind of database knows to do.  Raises Unreachable."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise Unreachable(f"store: {address!r} is not a database URL") from None
    match url.get_backend_name():
        case "sqlite":
            from blocker.store import on_sqlite

            return url, on_sqlite
        case "postgresql":
            from blocker.store import on_postgresql

            return url, on_postgresql
    raise Unreachable(
        f"store: {url.get_backend_name()} is not supported by this version; "
        "use sqlite:///PATH or postgresql+psycopg://HOST/DATABASE"
    )


@contextmanager
def _plain_words(url: URL, kind: Database) -> Iterator[None]:
    """What a database cannot do becomes Unreachable."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as problem:
        raise _unreachable(url, kind, problem) from problem


def _unreachable(url: URL, kind: Database, problem: Exception) -> Unreachable:
    return Unreachable(f"store {kind.place_of(url)}: {kind.reason_of(problem, url)}")
