"""CalDAV servers that others wrote, started as processes on loopback for tests."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

START_WITHIN_S = 60.0
MAKE_CALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>
</d:prop></d:set></c:mkcalendar>"""
NAME_IT = """<?xml version="1.0" encoding="utf-8"?>
<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>{name}</d:displayname></d:prop>
</d:set></d:propertyupdate>"""


@dataclass
class DavServer:
    """A running server.  `home` is the path of the folder that holds Ana's calendars."""

    name: str
    port: int
    home: str
    username: str | None = None
    password: str = "open sesame"
    _count: int = field(default=0)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"{self.root}{self.home}{path}"

    @property
    def options(self) -> dict[str, str]:
        """What a config says beside the address."""
        if self.username is None:
            return {}
        return {"username": self.username, "password_env": "DAV_PASSWORD"}

    def request(self, method: str, url: str, body: str | bytes = b"", **headers: str):
        """As any other program would; fails on an error."""
        if isinstance(body, str):
            headers = {"Content-Type": "application/xml; charset=utf-8", **headers}
        data = body.encode() if isinstance(body, str) else body
        with requests.Session() as session:
            session.trust_env = False
            session.auth = (self.username, self.password) if self.username else None
            answer = session.request(method, url, data=data, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer

    def new_calendar(self, name: str = "Work") -> str:
        """The address of a calendar made just now, with nothing in it."""
        self._count += 1
        url = self.url(f"{os.getpid()}-{self._count}/")
        self.request("MKCALENDAR", url, MAKE_CALENDAR)
        self.request("PROPPATCH", url, NAME_IT.format(name=name))
        return url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A server process, once it takes connections; ended afterwards."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_WITHIN_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            ended = process.poll() is not None
            assert not ended and time.monotonic() < end, log.read_text(errors="replace")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextlib.contextmanager
def radicale_in(folder: Path) -> Iterator[DavServer]:
    """Radicale with a user who signs in."""
    port = free_port()
    server = DavServer("radicale", port, "/ana/", username="ana")
    users, config = folder / "users", folder / "config"
    users.write_text(f"{server.username}:{server.password}\n")
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {users}\nhtpasswd_encryption = plain\n"
        f"delay = 0\n[storage]\nfilesystem_folder = {folder / 'data'}\n"
    )
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    with started(command, port, folder / "log"):
        yield server


@contextlib.contextmanager
def xandikos_in(folder: Path) -> Iterator[DavServer]:
    """Xandikos, which lets everybody in."""
    port = free_port()
    server = DavServer("xandikos", port, "/ana/calendars/")
    command = [sys.executable, "-m", "xandikos", "serve", "-d", str(folder / "data")]
    command += ["--state-dir", str(folder / "state"), "--no-detect-systemd"]
    command += ["--current-user-principal", "/ana/", "--defaults"]
    command += ["-l", "127.0.0.1", "-p", str(port)]
    with started(command, port, folder / "log"):
        yield server


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with radicale_in(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with xandikos_in(tmp_path_factory.mktemp("xandikos")) as server:
        yield server
