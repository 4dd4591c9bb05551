"""A store in a file of SQLite: one program at a time holds a lock beside it for changing."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from blocker.domain.errors import Unreachable
from blocker.store.schema import Say, bring_forward, schema_of
from blocker.store.tables import SCHEMA

_PATIENCE_SECONDS = 60.0
_OTHERS_SECONDS = 600.0
"""So long another run may take: it may wait for slow servers, several times."""


def place_of(url: URL) -> str:
    """What messages call it."""
    return str(path_of(url) or "in memory")


def path_of(url: URL) -> Path | None:
    """The file, None for a store in memory."""
    return Path(url.database) if url.database and url.database != ":memory:" else None


@contextmanager
def opened(url: URL, team: str, rehearse: bool, say: Say) -> Iterator[Engine]:
    """The database, in this program's schema; a rehearsal's is a copy in memory."""
    path = path_of(url)
    with _alone(path, rehearse):
        engine = _rehearsal(path) if rehearse else _real(url, path)
        try:
            if _schema_at_rest(engine, url) != SCHEMA:
                with engine.begin() as connection:
                    bring_forward(connection)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def migrated(url: URL) -> Iterator[tuple[Connection, str | None]]:
    """Bring the schema forward when no run uses it; with the schema there was.

    One transaction, which what is done inside belongs to: all of it happens, or nothing.
    """
    path = path_of(url)
    with _alone(path, rehearse=False):
        engine = _real(url, path)
        try:
            before = _schema_at_rest(engine, url)
            with engine.begin() as connection:
                if before != SCHEMA:
                    bring_forward(connection)
                yield connection, before
        finally:
            engine.dispose()


def in_memory() -> Engine:
    """An empty database of this process alone."""
    return _of(sqlite3.connect(":memory:", check_same_thread=False))


def _schema_at_rest(engine: Engine, url: URL) -> str | None:
    """The schema; of stores that are to be brought forward what was deleted leaves the file."""
    with engine.begin() as connection:
        found = schema_of(connection, place_of(url))
    if found is not None and found < "0005":
        # until then titles of meetings stood in it, and what was deleted stayed in the file
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("VACUUM")
    return found


@contextmanager
def _alone(path: Path | None, rehearse: bool) -> Iterator[None]:
    if path is None or rehearse:
        yield
        return
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as problem:
        raise Unreachable(
            f"store {path}: its folder cannot be made ({problem.strerror}); "
            "name another place in store: of the config"
        ) from None
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=_OTHERS_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise Unreachable(
            f"store {path}: another run of blocker has held it for ten minutes; "
            "wait for it to end, then try again"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _real(url: URL, path: Path | None) -> Engine:
    if path is not None and not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return _prepared(create_engine(url, connect_args={"timeout": _PATIENCE_SECONDS}))


def _recover(path: Path) -> None:
    """Let SQLite roll back what a killed run left half written; a reader alone may not."""
    if path.with_name(path.name + "-journal").exists():
        with _alone(path, rehearse=False):
            connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.rollback()
            finally:
                connection.close()


def _rehearsal(path: Path | None) -> Engine:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    if path is not None and path.exists():
        _recover(path)
        original = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            original.backup(copy)
        finally:
            original.close()
    return _of(copy)


def _of(connection: sqlite3.Connection) -> Engine:
    return _prepared(create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool))


def _prepared(engine: Engine) -> Engine:
    """Transactions begin IMMEDIATE: a deferred one fails when two processes meet."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted leaves the file, too

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reason_of(problem: Exception, url: URL) -> str:
    """Why it cannot be used, and what to do."""
    cause = getattr(problem, "orig", None) or problem
    words = str(cause)
    if "readonly" in words or "read-only" in words or isinstance(cause, PermissionError):
        return "it cannot be written; check who may write the file and its folder"
    if "disk is full" in words or getattr(cause, "errno", None) == errno.ENOSPC:
        return "the disk is full; free some space and run it again, nothing is booked twice"
    if isinstance(cause, IsADirectoryError):
        return "it is a folder; name a file in it"
    if any(sign in words for sign in ("not a database", "malformed", "no such", "disk I/O error")):
        return "the file is not a blocker store, or it is damaged; restore it from a backup"
    if "unable to open" in words:
        return "it cannot be opened; check the path and who may read it"
    return words
