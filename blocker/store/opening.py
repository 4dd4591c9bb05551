"""Opens a store: the database behind a URL, in the schema this program knows.

A rehearsal works on a copy in memory, so that it can do everything and leave no trace.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from blocker.domain.errors import Unreachable
from blocker.store.store import Store
from blocker.store.tables import SCHEMA

_PATIENCE_SECONDS = 60.0
_OTHERS_SECONDS = 600.0
"""So long another run may take: it may wait for slow servers, several times."""


@contextmanager
def open_store(address: str, team: str, *, rehearse: bool = False) -> Iterator[Store]:
    """The store of one team.  Raises Unreachable with what to do.

    Unless it is a rehearsal, only one process at a time holds a store open for changing: what was
    read stays true until it is written.  `address` is a SQLAlchemy URL.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise Unreachable(f"store: {address!r} is not a database URL") from None
    if url.get_backend_name() != "sqlite":
        raise Unreachable(
            f"store: {url.get_backend_name()} is not supported by this version; use sqlite:///PATH"
        )
    path = Path(url.database) if url.database and url.database != ":memory:" else None
    with ExitStack() as stack:
        try:
            stack.enter_context(_alone(path, rehearse))
            engine = _rehearsal(path) if rehearse else _real(url, path)
            stack.callback(engine.dispose)
            _bring_up_to_date(engine, path)
        except (SQLAlchemyError, sqlite3.Error, OSError) as problem:
            raise _unreachable(path, problem) from problem
        try:
            yield Store(engine, team)
        except (SQLAlchemyError, sqlite3.Error) as problem:
            raise _unreachable(path, problem) from problem


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
    if path is not None and path.exists():
        _recover(path)
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    if path is not None and path.exists():
        original = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            original.backup(copy)
        finally:
            original.close()
    return _prepared(create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool))


def _prepared(engine: Engine) -> Engine:
    """Transactions begin IMMEDIATE: a deferred one fails when two processes meet."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _bring_up_to_date(engine: Engine, path: Path | None) -> None:
    with engine.begin() as connection:
        found = _schema_of(connection)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            raise Unreachable(
                f"store {path}: it was written by a newer version of blocker (schema {found}, this "
                f"one knows {SCHEMA}); update blocker"
            )
        _migrate(connection)


def _schema_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    """Alembic is imported here only: a store that is up to date does not pay for it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _unreachable(path: Path | None, problem: Exception) -> Unreachable:
    return Unreachable(f"store {path or 'in memory'}: {_reason(problem)}")


def _reason(problem: Exception) -> str:
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
