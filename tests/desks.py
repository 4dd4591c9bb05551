"""Calendars of blocks as people see and change them: a file's text, a server's events.

Nothing here goes through the program's own providers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree

from tests.dav_servers import MAKE_CALENDAR, DavServer
from tests.event_texts import Seen, copied, events_in, foreign, moved, seen_in, uid_of
from tests.google_server import GoogleServer
from tests.google_server.calendars import Calendar as GoogleCalendar
from tests.team import EMPTY

_NUMBER = count(1)


class Desk(Protocol):
    """One member's calendar of blocks."""

    def events(self) -> list[Seen]:
        """All that stands there, by time."""
        ...

    def put(self, title: str, start: datetime, end: datetime) -> str:
        """A person makes an event with more to it than the program writes; gives its name."""
        ...

    def copy(self, name: str, start: datetime, end: datetime) -> str:
        """A person puts a copy of an event elsewhere; gives its name."""
        ...

    def move(self, name: str, start: datetime, end: datetime) -> None:
        """A person gives an event another time."""
        ...

    def delete(self, name: str) -> Callable[[], object]:
        """A person deletes an event; gives the way to take that back, such as out of the bin."""
        ...

    def everything(self) -> Mapping[str, object]:
        """All that the calendar keeps of each event, by name, to the last byte or field."""
        ...


def blocks_on(desk: Desk) -> list[Seen]:
    """The blocks that stand there, by time."""
    return [one for one in desk.events() if one.task]


@dataclass
class FileDesk:
    """A calendar file; events are named by their UIDs."""

    path: Path

    def _text(self) -> str:
        return self.path.read_bytes().decode() if self.path.exists() else EMPTY

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(text.encode())

    def events(self) -> list[Seen]:
        return sorted(seen_in(uid_of(text), text) for text in events_in(self._text()))

    def put(self, title: str, start: datetime, end: datetime) -> str:
        uid = f"theirs-{next(_NUMBER)}"
        self._add(foreign(uid, title, start, end))
        return uid

    def copy(self, name: str, start: datetime, end: datetime) -> str:
        uid = f"copy-{next(_NUMBER)}"
        self._add(copied(self.everything()[name], uid, start, end))
        return uid

    def move(self, name: str, start: datetime, end: datetime) -> None:
        event = self.everything()[name]
        self._write(self._text().replace(event, moved(event, start, end)))

    def delete(self, name: str) -> Callable[[], object]:
        event = self.everything()[name]
        self._write(self._text().replace(event, ""))
        return lambda: self._add(event)

    def _add(self, event: str) -> None:
        """In the place of one that has its UID."""
        text = self._text().replace(self.everything().get(uid_of(event), event), "")
        self._write(text.replace("END:VCALENDAR", f"{event}END:VCALENDAR"))

    def everything(self) -> dict[str, str]:
        return {uid_of(text): text for text in events_in(self._text())}


_ALL = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/>
<c:calendar-data/></d:prop><c:filter><c:comp-filter name="VCALENDAR"/></c:filter>
</c:calendar-query>"""


@dataclass
class DavDesk:
    """A calendar on a CalDAV server; events are named by their addresses there."""

    server: DavServer
    url: str

    def everything(self) -> dict[str, tuple[str, str]]:
        """Of each its ETag and its text."""
        headers = {"Depth": "1", "Content-Type": "application/xml"}
        listed = self.server.request("REPORT", self.url, _ALL, **headers)
        return {
            str(found.findtext("{DAV:}href")): (
                str(found.findtext(".//{DAV:}getetag")),
                str(found.findtext(".//{urn:ietf:params:xml:ns:caldav}calendar-data")),
            )
            for found in ElementTree.fromstring(listed.content)
        }

    def _put(self, name: str, text: str) -> None:
        address = self.server.root + name
        self.server.request("PUT", address, text, **{"Content-Type": "text/calendar"})

    def events(self) -> list[Seen]:
        return sorted(
            seen_in(name, event)
            for name, (_, text) in self.everything().items()
            for event in events_in(text)
        )

    def put(self, title: str, start: datetime, end: datetime) -> str:
        uid = f"theirs-{next(_NUMBER)}"
        event = foreign(uid, title, start, end)
        name = self._name(uid)
        self._put(name, EMPTY.replace("END:VCALENDAR", f"{event}END:VCALENDAR"))
        return name

    def copy(self, name: str, start: datetime, end: datetime) -> str:
        uid = f"copy-{next(_NUMBER)}"
        _, text = self.everything()[name]
        (event,) = events_in(text)
        self._put(self._name(uid), text.replace(event, copied(event, uid, start, end)))
        return self._name(uid)

    def take_away(self) -> Callable[[], object]:
        """The calendar is gone; gives the way to bring it back from a backup."""
        kept = self.everything()
        self.server.request("DELETE", self.url)

        def bring_back() -> None:
            self.server.request("MKCALENDAR", self.url, MAKE_CALENDAR.format(name="Work"))
            for name, (_, text) in kept.items():
                self._put(name, text)

        return bring_back

    def _name(self, uid: str) -> str:
        return f"{self.url.removeprefix(self.server.root)}{uid}.ics"

    def move(self, name: str, start: datetime, end: datetime) -> None:
        _, text = self.everything()[name]
        (event,) = events_in(text)
        self._put(name, text.replace(event, moved(event, start, end)))

    def delete(self, name: str) -> Callable[[], object]:
        _, text = self.everything()[name]
        self.server.request("DELETE", self.server.root + name)
        return lambda: self._put(name, text)


@dataclass
class GoogleDesk:
    """A calendar of our own Google; events are named by their ids."""

    server: GoogleServer
    calendar: GoogleCalendar

    def take_away(self) -> Callable[[], object]:
        """The calendar is gone, or is no longer shared; gives the way to bring it back."""
        self.server.remove_calendar(self.calendar.id)
        return lambda: self.server.state.calendars.update({self.calendar.id: self.calendar})

    def events(self) -> list[Seen]:
        return sorted(map(self._seen, self.calendar.events()))

    def _seen(self, event: dict[str, Any]) -> Seen:
        start, end = (
            datetime.fromisoformat(event[name]["dateTime"]).astimezone(UTC)
            for name in ("start", "end")
        )
        seen = Seen(start, end, event["id"], event["summary"])
        own = event.get("extendedProperties", {}).get("private", {})
        if "blockerTask" not in own:
            return seen
        part = own["blockerPart"].split("/")[0]
        return replace(seen, uid=own["blockerUid"], task=own["blockerTask"], part=part)

    def put(self, title: str, start: datetime, end: datetime) -> str:
        more = {
            "location": "Room 4, second floor",
            "attendees": [{"email": "client@else.example", "responseStatus": "accepted"}],
            "extendedProperties": {"private": {"keep": "me"}},
            "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 15}]},
        }
        return str(self.calendar.put(title, start, end, **more)["id"])

    def copy(self, name: str, start: datetime, end: datetime) -> str:
        event = self.calendar.event(name)
        kept = ("description", "colorId", "extendedProperties", "reminders", "eventType")
        more = {key: event[key] for key in kept if key in event}
        return str(self.calendar.put(event["summary"], start, end, **more)["id"])

    def move(self, name: str, start: datetime, end: datetime) -> None:
        self.calendar.move(name, start, end)

    def delete(self, name: str) -> Callable[[], object]:
        self.calendar.delete(name)
        return lambda: self.calendar.restore(name)

    def everything(self) -> dict[str, dict[str, Any]]:
        return {event["id"]: event for event in self.calendar.events()}
