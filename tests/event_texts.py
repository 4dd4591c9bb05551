"""Events as iCalendar texts: as files and CalDAV servers keep them, and people edit them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_EVENT = re.compile(r"BEGIN:VEVENT\r?\n.*?END:VEVENT\r?\n", re.DOTALL)


@dataclass(frozen=True, order=True)
class Seen:
    """One event; `name` tells it apart on its desk.

    `uid`, `task` and `part` are what a block says of itself, empty for any other event.
    """

    start: datetime
    end: datetime
    name: str
    title: str
    uid: str = ""
    task: str = ""
    part: str = ""


def events_in(text: str) -> list[str]:
    """The events of a calendar."""
    return _EVENT.findall(text)


def _lines(text: str) -> dict[str, str]:
    """The first line of each name, unfolded, from the name's end on."""
    found: dict[str, str] = {}
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        name = re.split("[;:]", line, maxsplit=1)[0]
        found.setdefault(name, line.removeprefix(name))
    return found


def _instant(line: str) -> datetime:
    """';TZID=Europe/Paris:20270105T090000' or ':20270105T080000Z'."""
    options, _, stamp = line.rpartition(":")
    if stamp.endswith("Z"):
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = ZoneInfo(options.rpartition("TZID=")[2].strip('"'))
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def uid_of(event: str) -> str:
    return _lines(event)["UID"][1:]


def seen_in(name: str, event: str) -> Seen:
    """What a person sees of an event."""
    lines = _lines(event)
    seen = Seen(_instant(lines["DTSTART"]), _instant(lines["DTEND"]), name, lines["SUMMARY"][1:])
    if "X-BLOCKER-TASK" not in lines:
        return seen
    task, part = lines["X-BLOCKER-TASK"][1:], lines["X-BLOCKER-PART"][1:].split("/")[0]
    return replace(seen, uid=uid_of(event), task=task, part=part)


def moved(event: str, start: datetime, end: datetime) -> str:
    """With another time, in UTC as some programs write it."""
    for name, moment in (("DTSTART", start), ("DTEND", end)):
        stamp = f"{name}:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        event = re.sub(rf"^{name}[;:][^\r\n]*", stamp, event, count=1, flags=re.MULTILINE)
    return event


def copied(event: str, uid: str, start: datetime, end: datetime) -> str:
    """With another time under another UID."""
    return re.sub(r"^UID:[^\r\n]*", f"UID:{uid}", moved(event, start, end), flags=re.MULTILINE)


def foreign(uid: str, title: str, start: datetime, end: datetime) -> str:
    """What another program writes, with more to it than ours does."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261201T080000Z",
        *(
            f"{name};TZID=Europe/Paris:{moment.astimezone(PARIS):%Y%m%dT%H%M%S}"
            for name, moment in (("DTSTART", start), ("DTEND", end))
        ),
        f"SUMMARY:{title}",
        "LOCATION:Room 4\\, second floor",
        "X-KEEP;X-WHY=because:me",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Soon",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
    ]
    return "\r\n".join([*lines, ""])
