"""A team in a folder of its own, and the program run on it as a person runs it."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from blocker.commands.audit import audit
from blocker.commands.book import Request, book
from blocker.domain.interval import Interval
from blocker.workspace import open_workspace

CONFIG = """\
team:
  id: small
  name: Small Team
  timezone: Europe/Paris
  hours: {mon-fri: 09:00-12:00 13:00-17:00}
sprints: {first: 2026-01-05, length: 2 weeks, name: "S{number}"}
members:
  - id: ana
    name: Ana Ruiz
    email: ana@small.example
    calendars: {busy: [{ics: ana.ics}], blocks: {ics: out/ana.ics}}
  - id: ben
    name: Ben Carter
    email: ben@small.example
    role: manager
    calendars: {busy: [{ics: ben.ics}], blocks: {ics: out/ben.ics}}
"""

EMPTY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nEND:VCALENDAR\r\n"

HEADER = "id,title,owner,estimate,priority,due,not_before,after,outcome,sprint\n"


@dataclass
class Ran:
    """What a run of the program gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass
class Team:
    """A folder with a config, calendars and a store; `now` is the morning S27 begins."""

    folder: Path
    now: str = "2027-01-04T08:00"
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def tasks(self, *rows: str, name: str = "tasks.csv") -> str:
        self.write(name, HEADER + "".join(f"{row}\n" for row in rows))
        return name

    def calendar(self, member: str, *events: str) -> None:
        """A calendar of events, each the lines between BEGIN and END."""
        texts = [
            "\r\n".join(
                ["BEGIN:VEVENT", f"UID:m{k}-{member}", *event.strip().split("\n"), "END:VEVENT"]
            )
            for k, event in enumerate(events)
        ]
        self.write(
            f"{member}.ics",
            EMPTY.replace("END:VCALENDAR", "\r\n".join([*texts, "END:VCALENDAR"])),
        )

    def arguments(self, *words: str) -> list[str]:
        return ["-c", str(self.folder / "config.yaml"), "--now", self.now, *words]

    def run(self, *words: str, now: str | None = None, **more) -> Ran:
        """In a process of its own, without a terminal."""
        arguments = ["-c", "config.yaml", *(["--now", now or self.now]), *words]
        done = subprocess.run(
            [sys.executable, "-m", "blocker", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONUTF8": "1", **self.environment},
            check=False,
            **more,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def book(self, *words: str, **more) -> Ran:
        return self.run("book", *words, "--format", "json", **more)

    def audit(self, *words: str, **more) -> Ran:
        return self.run("audit", *words, "--format", "json", **more)

    def blocks(self, member: str) -> str:
        path = self.folder / "out" / f"{member}.ics"
        return path.read_bytes().decode() if path.exists() else ""

    # In this process: quick, for tests of the jobs themselves

    def open(self, now: str | None = None, asker: str | None = None):
        return open_workspace(self.folder / "config.yaml", now or self.now, asker, {})

    def booked(self, *rows: str, now: str | None = None, asker: str | None = None, **request):
        """Book in this process; with rows, of a file with them.  Returns the Booking."""
        if rows:
            request["file"] = self.folder / self.tasks(*rows)
        return book(self.open(now, asker), Request(**request))

    def audited(self, now: str | None = None, **more):
        return audit(self.open(now), **more).report

    def standing(self, member: str = "ana") -> dict[str, Interval]:
        """The blocks in a member's calendar: 'T-1/1' to when."""
        return {
            f"{event.mark.task}/{event.mark.part}": event.interval
            for event in self.read(member)
            if event.mark
        }

    def read(self, member: str = "ana"):
        workspace = self.open()
        person = workspace.team.member(member)
        ref = person.blocks
        window = Interval(workspace.now - timedelta(days=60), workspace.now + timedelta(days=60))
        return workspace.calendar(ref, person).events(window).events

    def edit(self, member: str, old: str, new: str, *, count: int = 1) -> None:
        """A person edits the calendar of blocks by hand."""
        text = self.blocks(member)
        assert old in text, f"{old!r} is not in the calendar:\n{text}"
        self.write(f"out/{member}.ics", text.replace(old, new, count))

    def delete(self, member: str, task: str) -> None:
        """A person deletes the first block of a task."""
        text = self.blocks(member)
        events = re.findall(r"BEGIN:VEVENT.*?END:VEVENT\r\n", text, re.DOTALL)
        gone = next(one for one in events if f"X-BLOCKER-TASK:{task}\r\n" in one)
        self.write(f"out/{member}.ics", text.replace(gone, ""))


def meeting(start: str, end: str, *lines: str) -> str:
    """A meeting in January 2027 by the clock in Paris: '5 10:00'."""
    stamps = []
    for text in (start, end):
        day, clock = text.split()
        stamps.append(f"202701{int(day):02d}T{clock.replace(':', '')}00")
    return "\n".join(
        [
            f"DTSTART;TZID=Europe/Paris:{stamps[0]}",
            f"DTEND;TZID=Europe/Paris:{stamps[1]}",
            "SUMMARY:Private meeting",
            *lines,
        ]
    )


def paris(day: int, clock: str, hours: float = 1) -> Interval:
    """A span in January 2027 by the clock in Paris."""
    hour, minute = clock.split(":")
    start = datetime(2027, 1, day, int(hour), int(minute), tzinfo=ZoneInfo("Europe/Paris"))
    return Interval(start, start + timedelta(hours=hours))
