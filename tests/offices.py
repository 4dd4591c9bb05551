"""The small team with its calendars at one provider, and what happens to requests on their way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blocker.workspace import Workspace, open_workspace
from tests.dav_servers import DavServer
from tests.desks import DavDesk, Desk, FileDesk, GoogleDesk, blocks_on
from tests.google_server.exchange import Request
from tests.google_team import google_team
from tests.odd_server import Asked, Reply, in_front_of, odd_server
from tests.team import CONFIG, Team

MEMBERS = ("ana", "ben")
ROWS = ("T-1,Landing page,ana,3h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,", "T-3,Report,ben,1h,,,,,,")
EACH_ONCE = {"T-1/1": 1, "T-1/2": 1, "T-2/1": 1, "T-3/1": 1}
"""The blocks of these tasks, once booked."""
PATIENCE_SECONDS = 120
"""A program that does not end by then is held to hang."""


class Machine(Team):
    """The team as one machine has it; the jobs see its environment as the program does."""

    def open(self, now: str | None = None, asker: str | None = None) -> Workspace:
        config = self.folder / "config.yaml"
        return open_workspace(config, now or self.now, asker, self.environment)

    def start(self, *words: str, under: Sequence[str] = ()) -> subprocess.Popen[str]:
        """The program in a process of its own, perhaps `under` another."""
        return subprocess.Popen(
            [*under, sys.executable, "-m", "blocker", *self.arguments(*words)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **self.environment},
        )


Act = Callable[[], object]
BEFORE, AFTER = "before", "after"


@dataclass
class Road:
    """The way of requests to a server: what befalls them, counted from now on."""

    _due: dict[tuple[str, bool, int], tuple[Act, bool]] = field(default_factory=dict)
    _count: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def befalls(
        self, number: int, when: str, act: Act, *, of_writes: bool = False, breaks: bool = False
    ) -> None:
        """Act before, or after, the request of that number is carried out; 1 is the next.

        `of_writes` counts only those that may change a calendar; `breaks`: then the connection
        breaks, before or after.
        """
        with self._lock:
            self._due[when, of_writes, self._count[when, of_writes] + number] = act, breaks

    def clear(self) -> None:
        with self._lock:
            self._due.clear()

    def comes_by(self, when: str, *, is_write: bool) -> bool:
        """Whether a request, or its answer, gets through."""
        with self._lock:
            found = []
            for of_writes in (False, True) if is_write else (False,):
                self._count[when, of_writes] += 1
                found.append(self._due.pop((when, of_writes, self._count[when, of_writes]), None))
        due = [one for one in found if one is not None]
        for act, _ in due:
            act()
        return not any(breaks for _, breaks in due)


@dataclass
class Office:
    """The team, its calendars of blocks, and the road to them, None where they are files."""

    machine: Machine
    desks: dict[str, Desk]
    road: Road | None = None

    def killed_at(self, number: int, when: str, *words: str, of_writes: bool = False) -> None:
        """The program runs until that request, and is killed before or after it."""
        run: Future[subprocess.Popen[str]] = Future()

        def kill() -> None:
            run.result(PATIENCE_SECONDS).kill()

        assert self.road is not None
        self.road.befalls(number, when, kill, of_writes=of_writes, breaks=True)
        run.set_result(self.machine.start(*words))
        out, err = run.result().communicate(timeout=PATIENCE_SECONDS)
        assert run.result().returncode == -signal.SIGKILL, out + err

    def stands(self) -> Counter[str]:
        """How often each block stands, by task and part."""
        return Counter(
            f"{one.task}/{one.part}" for desk in self.desks.values() for one in blocks_on(desk)
        )

    def nothing_is_left_to_do(self, *rows: str) -> None:
        """Booking again changes nothing, to the last byte or field, and the audit is content."""
        assert self.machine.audited().ok
        before = self.all_there_is()
        again = self.machine.booked(*rows)
        assert {change.kind for one in again.members for change in one.changes} == {"keep"}
        assert self.all_there_is() == before

    def all_there_is(self) -> dict[str, object]:
        """Everything in the calendars of blocks, to the last byte or field."""
        return {member: desk.everything() for member, desk in self.desks.items()}

    def another_machine(self) -> Machine:
        """One with a store of its own, and the same calendars."""
        folder = self.machine.folder / "another machine"
        folder.mkdir()
        for file in self.machine.folder.iterdir():
            if file.is_file():
                (folder / file.name).write_bytes(file.read_bytes())
        return Machine(folder, environment={**self.machine.environment, "TMPDIR": str(folder)})


@contextmanager
def ics_office(folder: Path) -> Iterator[Office]:
    machine = Machine(folder)
    machine.write("config.yaml", CONFIG)
    for member in MEMBERS:
        machine.calendar(member)
    yield Office(machine, {one: FileDesk(folder / "out" / f"{one}.ics") for one in MEMBERS})


@contextmanager
def dav_office(folder: Path, server: DavServer) -> Iterator[Office]:
    """A new calendar for each member; the program reaches them through a server in front."""
    road, answer = Road(), in_front_of(server)

    def answer_on_the_road(asked: Asked) -> Reply | None:
        is_write = asked.method in ("PUT", "DELETE")
        if not (_is_whole(asked.headers, asked.body) and road.comes_by(BEFORE, is_write=is_write)):
            return None
        reply = answer(asked)
        return reply if road.comes_by(AFTER, is_write=is_write) else None

    urls = {member: server.new_calendar() for member in MEMBERS}
    with odd_server(answer_on_the_road) as front:
        machine = Machine(folder, environment={"DAV_PASSWORD": server.password})
        calendars = {
            member: f"{{caldav: {url.replace(server.root, front.root)}, "
            f"username: {server.username}, password_env: DAV_PASSWORD}}"
            for member, url in urls.items()
        }
        machine.write("config.yaml", _config(calendars))
        desks: dict[str, Desk] = {one: DavDesk(server, url) for one, url in urls.items()}
        yield Office(machine, desks, road)


def _is_whole(headers: Mapping[str, str], body: bytes) -> bool:
    """A program that dies in the middle of a request has asked for nothing."""
    return len(body) == int(headers.get("content-length", 0))


def _config(calendars: dict[str, str]) -> str:
    """The small team, each with this calendar alone."""
    alone = re.sub(r"busy: \[[^]]*\], ", "", CONFIG)
    return re.sub(
        r"blocks: \{ics: out/(\w+)\.ics\}", lambda found: f"blocks: {calendars[found[1]]}", alone
    )


@contextmanager
def google_office(folder: Path) -> Iterator[Office]:
    """All that the program writes there goes in batches."""
    road = Road()

    def meet(when: str) -> Callable[[Request], None]:
        def met(request: Request) -> None:
            if request.in_batch or request.name.startswith("oauth."):
                return
            is_whole = _is_whole(request.headers, request.body)
            if not (is_whole and road.comes_by(when, is_write=request.name == "batch")):
                raise ConnectionAbortedError("the test breaks this connection")

        return met

    with google_team(folder) as (google, team):
        machine = Machine(folder, environment=team.environment)
        desks: dict[str, Desk] = {
            one: GoogleDesk(google, google.calendar(f"{one}@small.example")) for one in MEMBERS
        }
        google.faults.before("*", meet(BEFORE), times=None)
        google.faults.after("*", meet(AFTER), times=None)
        yield Office(machine, desks, road)


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """At the provider that the test's parameter names: ics, radicale or google."""
    if request.param == "radicale":
        opened = dav_office(tmp_path, request.getfixturevalue("radicale"))
    else:
        opened = {"ics": ics_office, "google": google_office}[request.param](tmp_path)
    with opened as found:
        yield found
