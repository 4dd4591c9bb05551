"""What people do to calendars while the program looks away: the story's lines that begin with `>`.

    > ana moves AL-03 1/2 to 2027-01-08T14:00
    > chloe deletes AL-05 1/2
    > emil checks off AL-06
    > a meeting for ben, 2027-01-06T09:00, 2h: Town hall
    > an invitation for noa, 2027-01-07T09:00, 1h: Vendor pitch

Times are by the member's wall clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

_EVENT = re.compile(r"BEGIN:VEVENT\r?\n.*?END:VEVENT\r?\n", re.DOTALL)
_DOING: list[tuple[re.Pattern[str], Callable[..., None]]] = []


def act(folder: Path, line: str) -> None:
    """Do to the calendars of a team's folder what the line says.  Raises ValueError."""
    for pattern, doing in _DOING:
        match = pattern.fullmatch(line.strip())
        if match:
            doing(folder, *match.groups())
            return
    raise ValueError(f"nobody knows how to do: {line}")


def _says(words: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def keep(doing: Callable[..., None]) -> Callable[..., None]:
        _DOING.append((re.compile(words), doing))
        return doing

    return keep


def _blocks(folder: Path, member: str) -> Path:
    return folder / ".blocker" / "calendars" / f"{member}.ics"


def _block(text: str, task: str, part: str | None) -> str:
    for event in _EVENT.findall(text):
        has_part = part is None or f"X-BLOCKER-PART:{part}\r\n" in event
        if f"X-BLOCKER-TASK:{task}\r\n" in event and has_part:
            return str(event)
    raise ValueError(f"no block {part} of {task} stands")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


@_says(r"(\w+) moves ([\w-]+) (\d+/\d+) to (\S+)")
def _move(folder: Path, member: str, task: str, part: str, to: str) -> None:
    path = _blocks(folder, member)
    event = _block(path.read_bytes().decode(), task, part)
    start, end = (
        datetime.strptime(re.search(rf"{name};TZID=[^:]+:(\S+)", event)[1], "%Y%m%dT%H%M%S")
        for name in ("DTSTART", "DTEND")
    )
    new = datetime.fromisoformat(to)
    moved = event.replace(f"{start:%Y%m%dT%H%M%S}", f"{new:%Y%m%dT%H%M%S}")
    moved = moved.replace(f"{end:%Y%m%dT%H%M%S}", f"{new + (end - start):%Y%m%dT%H%M%S}")
    _edit(path, event, moved)


@_says(r"(\w+) deletes ([\w-]+) (\d+/\d+)")
def _delete(folder: Path, member: str, task: str, part: str) -> None:
    path = _blocks(folder, member)
    _edit(path, _block(path.read_bytes().decode(), task, part), "")


@_says(r"(\w+) checks off ([\w-]+)")
def _check_off(folder: Path, member: str, task: str) -> None:
    path = _blocks(folder, member)
    event = _block(path.read_bytes().decode(), task, None)
    _edit(path, event, event.replace("SUMMARY:", "SUMMARY:✅ ", 1))


@_says(r"a meeting for (\w+), (\S+), (\d+)h: (.+)")
def _meeting(folder: Path, member: str, start: str, hours: str, title: str) -> None:
    _add(folder, member, start, hours, title, ())


@_says(r"an invitation for (\w+), (\S+), (\d+)h: (.+)")
def _invitation(folder: Path, member: str, start: str, hours: str, title: str) -> None:
    address = f"{member}@northwind.example"
    lines = (
        "ORGANIZER:mailto:somebody@elsewhere.example",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{address}",
    )
    _add(folder, member, start, hours, title, lines)


_ZONES = {"ben": "America/New_York", "grace": "America/New_York", "noa": "Asia/Jerusalem"}


def _add(
    folder: Path, member: str, start: str, hours: str, title: str, more: tuple[str, ...]
) -> None:
    path = folder / "fixtures" / "calendars" / f"{member}.ics"
    zone = _ZONES.get(member, "Europe/Paris")
    first = datetime.fromisoformat(start)
    last = first + timedelta(hours=int(hours))
    lines = [
        "BEGIN:VEVENT",
        f"UID:{title.casefold().replace(' ', '-')}-{member}-{start}",
        f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{last:%Y%m%dT%H%M%S}",
        f"SUMMARY:{title}",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    text = path.read_bytes().decode()
    at = text.rindex("END:VCALENDAR")
    path.write_bytes((text[:at] + "\r\n".join(lines) + "\r\n").encode())
