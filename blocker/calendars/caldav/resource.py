"""CalDAV resources: one event, or series, as a server keeps it, and what a write makes of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from blocker.calendars.base import Fate, Put, Receipt, Remove, Write
from blocker.calendars.owner import Owner
from blocker.calendars.text.calendar_edits import EMPTY, CalendarEdits
from blocker.calendars.text.content_lines import ContentLine, content_lines
from blocker.calendars.text.event_reading import Reader, Reading, read_event
from blocker.calendars.text.event_times import Clocks
from blocker.calendars.text.expansion import Budget
from blocker.calendars.text.icalendar_text import CalendarText, revision_of
from blocker.calendars.text.outline import Component
from blocker.calendars.text.plain_text import one_line
from blocker.calendars.text.values import NotUnderstood
from blocker.calendars.text.zones import Zones
from blocker.domain.event import Event, Listing
from blocker.domain.interval import Interval

_OURS = re.compile(r"[0-9a-v]{26}")
_OUR_END = "@blocker"
_TIMES = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")


def name_for(uid: str) -> str:
    """The last part of the address under which an event is put, the same on every machine.

    >>> name_for("863in8d4mchd4hb812h595rn4c@blocker")
    '863in8d4mchd4hb812h595rn4c.ics'
    """
    own = uid.removesuffix(_OUR_END)
    if uid.endswith(_OUR_END) and _OURS.fullmatch(own):
        return f"{own}.ics"
    return hashlib.sha256(uid.encode()).hexdigest()[:32] + ".ics"


@dataclass
class Resource:
    """What stands at one address.

    `etag` is None where the server gives none that can guard a write.  Raises CalendarUnreadable
    when the text is no calendar.
    """

    href: str
    etag: str | None
    raw: bytes
    owner: Owner

    def __post_init__(self) -> None:
        self._text = CalendarText(self.raw, self.owner)
        self._groups = {
            one_line(uid.decode("utf-8", "replace")): group.components
            for uid, group in self._text.groups().items()
        }

    @property
    def uids(self) -> list[str]:
        """The UIDs of its events as we know them, usually one."""
        return [self._known_as(uid) for uid in self._groups]

    def _known_as(self, uid: str) -> str:
        """Our UID, where the server put one of its own into a block at our address.

        A copy that a person made stands at another address and stays a copy.
        """
        name = self.href.rstrip("/").rpartition("/")[2].removesuffix(".ics")
        is_rewritten = (
            len(self._groups) == 1
            and not uid.endswith(_OUR_END)
            and _OURS.fullmatch(name)
            and all(reading.mark for reading in self._readings(uid))
        )
        return name + _OUR_END if is_rewritten else uid

    def listing(self, window: Interval, budget: Budget) -> Listing:
        """Everything in it that touches the window."""
        found = self._text.listing(window, budget=budget)
        return replace(found, events=tuple(map(self._known, found.events)))

    def _known(self, event: Event) -> Event:
        if event.mark is None or event.uid not in self._groups:
            return event
        return replace(event, uid=self._known_as(event.uid), revision=self._meaning(event.uid))

    def revision(self, uid: str) -> str | None:
        """What tells one state of an event from another, None where it is not here.

        The same for the same meaning, however a server sorts, folds or restates it.
        """
        return next(
            (self._meaning(own) for own in self._groups if self._known_as(own) == uid), None
        )

    def _readings(self, uid: str) -> list[Reading]:
        zones = Zones(self._text.outline.zones, self._text.data)
        clocks = Clocks(self.owner.home, zones, date.min, date.min)  # no lists of dates
        reader = Reader(self.owner.label, clocks, self.owner.addresses)
        return [read_event(one, self._text.data, reader) for one in self._groups[uid]]

    def _meaning(self, uid: str) -> str:
        pieces = [
            repr((_span(reading, self.owner), _face(reading), self._also(component)))
            for reading, component in zip(self._readings(uid), self._groups[uid], strict=True)
        ]
        return hashlib.sha256("\n".join(sorted(pieces)).encode()).hexdigest()[:20]

    def _also(self, component: Component) -> Sequence[tuple[str, str]]:
        """What a reading leaves out: the place, and how it comes again."""
        wanted = (*_TIMES, "LOCATION")
        return sorted(
            (line.name, line.value.strip())
            for start, piece in component.pieces(self._text.data)
            for line in content_lines(piece, start)
            if isinstance(line, ContentLine) and line.name in wanted
        )

    def carry_out(self, write: Write, now: datetime) -> tuple[Receipt, bytes]:
        """Decide one write against what stands here: its answer, and the text that it makes.

        Nothing is sent anywhere.
        """
        uid = write.uid
        own = next((one for one in self._groups if self._known_as(one) == uid), uid)
        edits = CalendarEdits(self.raw, self.owner, now)
        receipt = edits.carry_out(self._as_here(write, own))
        if receipt.fate is Fate.DONE and len(self._groups) > 1:
            # a resource of several events is not ours to replace
            return Receipt(write, Fate.CHANGED, receipt.event), b""
        content = edits.content() if receipt.fate is Fate.DONE else b""
        event = receipt.event
        if event is not None:
            made = self if not content else Resource(self.href, None, content, self.owner)
            event = made._known(event)
        return Receipt(write, receipt.fate, event), content

    def _as_here(self, write: Write, own: str) -> Write:
        """The write in terms of this text: its UID, and the revision of its bytes."""
        uid = write.uid
        expected = write.expected
        if expected is not None and expected == self.revision(uid):
            data = self._text.data
            expected = revision_of(data[one.start : one.end] for one in self._groups[own])
        elif expected is not None:
            expected = "another"
        if isinstance(write, Put):
            return Put(replace(write.block, uid=own), expected)
        return Remove(own, expected)


def nothing_at(href: str, owner: Owner) -> Resource:
    """An address where nothing stands yet."""
    return Resource(href, None, EMPTY, owner)


def _span(reading: Reading, owner: Owner) -> object:
    """From when to when, as instants."""
    times = reading.times
    if times is None:
        return None
    try:
        start = times.start
        end = times.length.end_of(start.wall, start.zone, owner.home, start.is_date)
        return start.is_date, str(start.at(owner.home)), str(end)
    except NotUnderstood:
        return repr(times.start)


def _face(reading: Reading) -> object:
    return (
        reading.title,
        reading.description,
        reading.categories,
        reading.cancelled,
        reading.tentative,
        reading.transparent,
        str(reading.answer),
        reading.organizer,
        reading.others_invited,
        repr(reading.mark),
    )
