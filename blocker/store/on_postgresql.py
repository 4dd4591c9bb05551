"""A store on PostgreSQL, shared by several machines.

One connection does all of a run's work and holds an advisory lock of the team's as long: when it
is lost, by a killed program too, so is the lock, and nothing more of that run can be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from blocker.domain.errors import Unreachable
from blocker.store.copying import copy_rows
from blocker.store.on_sqlite import in_memory
from blocker.store.postgresql_errors import LOST, reason_of
from blocker.store.postgresql_tls import options_of, refuse_if_open
from blocker.store.schema import Say, bring_forward, say_schema, schema_of
from blocker.store.tables import SCHEMA, metadata

__all__ = ["migrated", "opened", "place_of", "reason_of"]

_OTHERS_SECONDS = 600.0
"""So long another run may take: it may wait for slow servers, several times."""
_PATIENCE_SECONDS = 60.0
"""So long a table may be locked by somebody who is not us."""
OWNER = "blocker_manager"
"""The role that owns the tables where `blocker store roles --sql` was followed."""
_IS_OWNER = (
    "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles JOIN pg_tables ON tableowner = rolname "
    "WHERE rolname = :role AND tablename = 'alembic_version'"
)
_LOCK_NOT_AVAILABLE = "55P03"


def place_of(url: URL) -> str:
    """What messages call it: without a password, without what follows the database's name."""
    plain = url.set(drivername="postgresql", query={})
    return plain.render_as_string(hide_password=True)


@contextmanager
def opened(url: URL, team: str, rehearse: bool, say: Say) -> Iterator[Engine]:
    """The database; a rehearsal's is a copy of the team's rows in memory, as of one moment.

    An empty database gets its tables; one of an older schema is a manager's to bring forward.
    """
    with _connected(url) as engine:
        if not rehearse and _make_tables_if_empty(engine, url):
            say(f"store {place_of(url)}: the database was empty; a new store was made in it")
        _wait(engine, url, func.pg_advisory_lock_shared(_schema_key()))
        if rehearse:
            copy = _copied(engine, url, team)
        else:
            _wait(engine, url, func.pg_advisory_lock(_key(f"team {team}")))
            _stay_in_one_session(engine, url)
            with engine.connect() as connection:
                _require_ours(schema_of(connection, place_of(url)), url)
            yield engine
            return
    try:
        yield copy
    finally:
        copy.dispose()


@contextmanager
def migrated(url: URL) -> Iterator[tuple[Connection, str | None]]:
    """Bring the schema forward when no run of any team uses it; with the schema there was.

    One transaction, which what is done inside belongs to: all of it happens, or nothing.
    """
    with _connected(url) as engine:
        _wait(engine, url, func.pg_advisory_lock(_schema_key()))
        _stay_in_one_session(engine, url)
        with engine.begin() as connection:
            before = schema_of(connection, place_of(url))
            if before != SCHEMA:
                if connection.execute(text(_IS_OWNER), {"role": OWNER}).scalar():
                    connection.execute(text(f"SET LOCAL ROLE {OWNER}"))
                bring_forward(connection)
            yield connection, before


@contextmanager
def _connected(url: URL) -> Iterator[Engine]:
    """One connection and no more: a second one would not hold the first one's locks."""
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=1,
        max_overflow=0,
        connect_args=options_of(url),
        use_native_hstore=False,
    )
    has_connected = False
    made: list[Any] = []

    @event.listens_for(engine, "do_connect")
    def on_connect(*_: Any) -> None:
        nonlocal has_connected
        if has_connected:
            raise Unreachable(f"store {place_of(url)}: {LOST}")
        has_connected = True

    @event.listens_for(engine, "connect")
    def on_connected(connection: Any, _record: object) -> None:
        made.append(connection)
        refuse_if_open(url, connection, place_of(url))

    try:
        yield engine
    finally:
        engine.dispose()
        for connection in made:  # one that is in use, or was refused, the pool does not close
            connection.close()


def _wait(engine: Engine, url: URL, lock: Any) -> None:
    """Take a lock that lasts as long as the connection."""
    with engine.connect() as connection:
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        # a machine that vanished is noticed, and its locks go, within two minutes
        for name, value in _KEEPALIVES.items():
            own.execute(text(f"SET {name} = {value}"))
        own.execute(text(f"SET lock_timeout = '{_OTHERS_SECONDS}s'"))
        try:
            own.execute(select(lock))
        except DBAPIError as problem:
            if getattr(problem.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            raise Unreachable(
                f"store {place_of(url)}: another run of blocker has held it for ten minutes; "
                "wait for it to end, then try again"
            ) from None
        own.execute(text(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'"))


def _stay_in_one_session(engine: Engine, url: URL) -> None:
    """From now on each transaction must be where the locks are.

    A pooler may serve the next one by another session, which holds none of them.
    """
    with engine.connect() as connection:
        found = connection.execute(_HOLDS_A_LOCK).scalar_one()
        session = connection.exec_driver_sql(_SESSION).scalar_one()

    def elsewhere() -> Unreachable:
        return Unreachable(
            f"store {place_of(url)}: a pooler serves each transaction by another session, where "
            "locks hold nothing; connect past the pooler, or let it pool by session"
        )

    if not found:
        raise elsewhere()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.exec_driver_sql(_SESSION).scalar_one() != session:
            raise elsewhere()


_SESSION = "SELECT pg_backend_pid()"
_HOLDS_A_LOCK = text(
    "SELECT EXISTS (SELECT FROM pg_locks "
    "WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted)"
)

_KEEPALIVES = {
    "tcp_keepalives_idle": 60,
    "tcp_keepalives_interval": 15,
    "tcp_keepalives_count": 4,
}


def _key(what: str) -> int:
    """The number of a lock: this program's, by what it locks."""
    digest = hashlib.sha256(f"blocker {what}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _schema_key() -> int:
    """Runs share it; whoever changes the tables has it alone."""
    return _key("schema")


def _make_tables_if_empty(engine: Engine, url: URL) -> bool:
    place = place_of(url)
    with engine.begin() as connection:
        if schema_of(connection, place) is not None:
            return False
        connection.execute(select(func.pg_advisory_xact_lock(_schema_key())))
        if schema_of(connection, place) is not None:  # somebody was first
            return False
        bring_forward(connection)
        return True


def _require_ours(found: str | None, url: URL) -> None:
    if found != SCHEMA:
        raise Unreachable(
            f"store {place_of(url)}: its tables are those of an earlier version (schema {found}, "
            f"this one needs {SCHEMA}); a manager brings them forward with: blocker store migrate"
        )


def _copied(engine: Engine, url: URL, team: str) -> Engine:
    copy = in_memory()
    metadata.create_all(copy)
    with engine.connect() as connection, copy.begin() as target:
        snapshot = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        if (found := schema_of(snapshot, place_of(url))) is not None:
            _require_ours(found, url)
            copy_rows(snapshot, target, team)
        say_schema(target)
    return copy
