"""iCalendar text into events: the whole way from a file's bytes to a Listing (RFC 5545).

Nothing here raises for a single broken event: it becomes a Trouble, and the rest counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta

from blocker.calendars.owner import Owner
from blocker.calendars.text.content_lines import Source, open_source
from blocker.calendars.text.event_reading import Reader, Reading, read_event
from blocker.calendars.text.event_times import Clocks
from blocker.calendars.text.expansion import Budget
from blocker.calendars.text.outline import Component, Outline, outline
from blocker.calendars.text.plain_text import one_line
from blocker.calendars.text.prefilter import MARGIN, Group, groups
from blocker.calendars.text.series import Found, instances
from blocker.calendars.text.values import shifted
from blocker.calendars.text.zones import Zones
from blocker.domain.event import Event, Listing, Trouble
from blocker.domain.interval import Interval

STEPS_PER_FILE = 400_000
"""Steps that all rules of a file may take together; rules beyond it become troubles."""
REACH = timedelta(days=40)
"""How far from the window an instance may be named that was moved into it."""


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

    def listing(
        self, window: Interval, *, only_near: bool = True, budget: Budget | None = None
    ) -> Listing:
        """Everything that touches the window.

        With `only_near=False` events that lie elsewhere are read too, so that their troubles are
        found; the events given are the same.  `budget` is for texts that are read together.
        """
        budget = budget or Budget(STEPS_PER_FILE)
        events: list[Event] = []
        troubles: list[Trouble] = []
        for uid, group in self.groups(window if only_near else None).items():
            if not group.may_touch:
                continue
            try:
                found = self.of_group(group.components, window, budget)
                troubles += self._troubles(found, window if only_near else None)
                events += found.certain(window)
            except Exception as problem:  # one event must never cost the others
                troubles.append(self._defect(uid, group, problem))
        events.sort(key=lambda event: (event.interval.start, event.uid, event.instance))
        troubles.sort(key=lambda trouble: trouble.line or 0)
        return Listing(tuple(events), tuple(troubles))

    def of_group(
        self, components: list[Component], window: Interval, budget: Budget | None = None
    ) -> Found:
        """What the events of one UID come to.

        Where one of them is in an unknown zone, instances up to a day outside the window are among
        the doubted ones.
        """
        owner = self.owner
        clocks = Clocks(
            owner.home,
            self._zones,
            shifted(window.start.date(), -MARGIN - REACH),
            shifted(window.end.date(), MARGIN + REACH),
        )
        reader = Reader(owner.label, clocks, owner.addresses, owner.all_day_is_free)
        revision = revision_of(self.data[one.start : one.end] for one in components)
        readings: list[Reading] = []
        for component in components:
            reading = read_event(component, self.data, reader)
            reading.revision = revision
            readings.append(reading)
        if any(reading.is_doubted for reading in readings):
            window = window.widen(timedelta(days=1))
        return instances(readings, window, reader, budget or Budget(STEPS_PER_FILE))

    def _troubles(self, found: Found, window: Interval | None) -> Iterator[Trouble]:
        """The faults of one UID as troubles; with a window, those that cannot lie elsewhere."""
        for reading, fault in found.faults:
            given = found.of(reading)
            span = fault.span
            if fault.is_whole and reading.times and not reading.times.repeats and given:
                span = given[0].interval
            if window and not given and (fault.is_narrow or reading.is_doubted):
                continue
            if window and span and not span.widen(MARGIN).overlaps(window):
                continue
            yield Trouble(
                self.owner.label, fault.message, reading.uid, self.line_at(fault.offset), span
            )

    def _defect(self, uid: bytes, group: Group, problem: Exception) -> Trouble:
        """An event that our own reading stumbled over."""
        return Trouble(
            self.owner.label,
            f"the event cannot be understood ({type(problem).__name__})",
            one_line(uid.decode("utf-8", "replace")),
            self.line_at(group.components[0].start),
        )

    def line_at(self, offset: int) -> int:
        """The number of the file's line at an offset."""
        if self._line_starts is None:
            self._line_starts = self.source.line_starts()
        return self.source.line_at(offset, self._line_starts)


def revision_of(texts: Iterable[bytes]) -> str:
    """What tells one state of an event from another: a hash of its bytes."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.rstrip(b"\r\n"))
        digest.update(b"\n")
    return digest.hexdigest()[:20]
