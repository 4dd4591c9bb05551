"""Overrides: which instance of a series a moved one replaces, and what holds from one on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.calendars.text.event_reading import Fault, Reader, Reading
from blocker.calendars.text.values import NotUnderstood, Stamp, date_text, utc_text


def key_of(stamp: Stamp, reader: Reader) -> str:
    """The text that names an instance in every calendar: its date, or its instant in UTC."""
    return date_text(stamp.wall) if stamp.is_date else utc_text(stamp.at(reader.clocks.home))


def day_meant(stamp: Stamp, home: ZoneInfo) -> datetime:
    """The day, as its midnight, that a time names in a series of whole days."""
    is_midnight = stamp.zone is UTC and stamp.wall.hour == stamp.wall.minute == 0
    wall = stamp.wall if is_midnight else stamp.shown_in(None, home)
    return wall.replace(hour=0, minute=0, second=0)


def _as_in(first: Stamp | None, stamp: Stamp, home: ZoneInfo) -> Stamp:
    """A RECURRENCE-ID in the kind of value, date or time, that its series has."""
    if first is None or first.is_date == stamp.is_date:
        return stamp
    if first.is_date:
        return Stamp(day_meant(stamp, home), is_date=True)
    return Stamp(datetime.combine(stamp.wall.date(), first.wall.time()), first.zone)


class Overrides:
    """Moved instances by the instance they replace, and those that hold from one on."""

    def __init__(self, readings: Sequence[Reading], reader: Reader, first: Stamp | None) -> None:
        self.single: dict[str, Reading] = {}
        self.from_then: list[tuple[datetime, Reading]] = []
        for reading in sorted(readings, key=lambda one: one.sequence):
            times = reading.times
            assert times is not None and times.recurrence is not None
            try:
                named = _as_in(first, times.recurrence, reader.clocks.home)
                key, since = key_of(named, reader), named.at(reader.clocks.home)
            except NotUnderstood as problem:
                reading.faults.append(Fault(f"the event {problem}", reading.offset))
                continue
            self.single[key] = reading
            if times.and_future:
                self.from_then.append((since, reading))
        self.from_then.sort(key=lambda pair: pair[0])

    def reach(self) -> timedelta:
        """How far an instance may be moved by what holds from then on."""
        return max((abs(shift_of(reading)) + _length(reading) for _, reading in self.from_then),
                   default=timedelta())  # fmt: skip

    def since(self, moment: datetime) -> Reading | None:
        """What holds for an instance that the series has at a moment."""
        holding = [reading for since, reading in self.from_then if since <= moment]
        return holding[-1] if holding else None


def _length(reading: Reading) -> timedelta:
    assert reading.times is not None
    return reading.times.length.about


def shift_of(reading: Reading) -> timedelta:
    """By how much an override moves what it overrides, on the wall clock of its own zone."""
    times = reading.times
    assert times is not None and times.recurrence is not None
    if times.start.is_date or times.recurrence.is_date:
        return times.start.wall - times.recurrence.wall
    if times.start.zone is None or times.recurrence.zone is None:
        return times.start.wall - times.recurrence.wall
    then = times.recurrence.wall.replace(tzinfo=times.recurrence.zone)
    return times.start.wall - then.astimezone(times.start.zone).replace(tzinfo=None)
