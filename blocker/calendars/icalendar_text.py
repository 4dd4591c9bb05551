"""iCalendar text into events: the whole way from a file's bytes to a Listing (RFC 5545).

Nothing here raises for a single broken event: it becomes a Trouble, and the rest counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from blocker.calendars.content_lines import Source, open_source
from blocker.calendars.event_reading import Fault, Reader, Reading, read_event
from blocker.calendars.event_times import Clocks
from blocker.calendars.expansion import Budget
from blocker.calendars.outline import Component, Outline, outline
from blocker.calendars.prefilter import MARGIN, Group, groups
from blocker.calendars.series import Found, instances
from blocker.calendars.values import shifted
from blocker.calendars.zones import Zones
from blocker.domain.event import Event, Listing, Trouble
from blocker.domain.interval import Interval

STEPS_PER_FILE = 400_000
"""Steps that all rules of a file may take together; rules beyond it become troubles."""


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a calendar is read.

    `label` is the calendar's name in messages, `home` the zone of all-day and floating events,
    `addresses` the lower-case addresses under which its owner is invited.
    """

    label: str
    home: ZoneInfo
    addresses: frozenset[str] = frozenset()
    all_day_is_free: bool = False


class CalendarText:
    """One calendar file, read as far as asked.

    Raises CalendarUnreadable when the bytes are no calendar.
    """

    def __init__(self, raw: bytes, owner: Owner) -> None:
        self.owner = owner
        self.source: Source = open_source(raw, owner.label)
        self.outline: Outline = outline(self.source, owner.label)
        self._line_starts: list[int] | None = None
        self._zones = Zones(self.outline.zones, self.source.data)

    @property
    def data(self) -> bytes:
        return self.source.data

    def groups(self, window: Interval | None = None) -> dict[bytes, Group]:
        """The events by UID."""
        return groups(self.outline.events, self.data, window)

    def listing(self, window: Interval, *, only_near: bool = True) -> Listing:
        """Everything that touches the window.

        With `only_near=False` events that lie elsewhere are read too, so that their troubles are
        found; the events given are the same.
        """
        budget = Budget(STEPS_PER_FILE)
        events: list[Event] = []
        troubles: list[Trouble] = []
        for group in self.groups(window if only_near else None).values():
            if group.may_touch:
                found = self.of_group(group.components, window, budget)
                touching = window if only_near else None
                troubles += self._troubles(found, touching)
                events += _certain(found)
        events.sort(key=lambda event: (event.interval.start, event.uid, event.instance))
        return Listing(tuple(events), tuple(troubles))

    def of_group(
        self, components: list[Component], window: Interval, budget: Budget | None = None
    ) -> Found:
        """What the events of one UID come to."""
        owner = self.owner
        clocks = Clocks(
            owner.home,
            self._zones,
            shifted(window.start.date(), -MARGIN - timedelta(days=40)),
            shifted(window.end.date(), MARGIN + timedelta(days=40)),
        )
        reader = Reader(owner.label, clocks, owner.addresses, owner.all_day_is_free)
        revision = revision_of(self.data[one.start : one.end] for one in components)
        readings: list[Reading] = []
        for component in components:
            reading = read_event(component, self.data, reader)
            reading.revision = revision
            readings.append(reading)
        return instances(readings, window, reader, budget or Budget(STEPS_PER_FILE))

    def _troubles(self, found: Found, window: Interval | None) -> Iterable[Trouble]:
        """The faults of one UID as troubles, those left out that certainly lie elsewhere."""
        for reading, fault in found.faults:
            span = fault.span or self._span(found, reading, fault)
            if fault.is_whole and span is None and self._lies_elsewhere(found, reading):
                continue
            if window and span and not span.widen(MARGIN).overlaps(window):
                continue
            yield Trouble(
                self.owner.label, fault.message, reading.uid, self.line_at(fault.offset), span
            )

    def _span(self, found: Found, reading: Reading, fault: Fault) -> Interval | None:
        """For an event that was read but cannot be trusted: the time it seems to take."""
        if not fault.is_whole or reading.times is None or reading.times.repeats:
            return None
        spans = [event.interval for event in found.events if event.uid == reading.uid]
        return spans[0] if spans else None

    @staticmethod
    def _lies_elsewhere(found: Found, reading: Reading) -> bool:
        """It has times, and by these it does not touch the window."""
        return reading.times is not None and not any(
            event.uid == reading.uid for event in found.events
        )

    def line_at(self, offset: int) -> int:
        """The number of the file's line at an offset."""
        if self._line_starts is None:
            self._line_starts = self.source.line_starts()
        return self.source.line_at(offset, self._line_starts)


def _certain(found: Found) -> list[Event]:
    """The events of a UID, unless one of its VEVENTs cannot be trusted as a whole."""
    doubted = any(fault.is_whole and reading.times for reading, fault in found.faults)
    return [] if doubted else found.events


def revision_of(texts: Iterable[bytes]) -> str:
    """What tells one state of an event from another: a hash of its bytes."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.rstrip(b"\r\n"))
        digest.update(b"\n")
    return digest.hexdigest()[:20]
