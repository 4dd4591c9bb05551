"""Wall clocks: weekly working hours in a zone, turned into instants one local day at a time.

This module and the calendar room are the only places that reckon with wall-clock time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from blocker.domain.interval import Interval, clip, merge

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, order=True)
class WallSpan:
    """A span of one local day in minutes after its midnight by the wall clock, 0 to 1440.

    Raises ValueError when it is empty, reversed or leaves the day.

    >>> str(WallSpan(9 * 60, 12 * 60 + 30))
    '09:00-12:30'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise ValueError(f"a span of hours lies inside one day and runs forward, not {self}")

    def __str__(self) -> str:
        return f"{wall_text(self.start)}-{wall_text(self.end)}"


Week = tuple[tuple[WallSpan, ...], ...]
"""Seven tuples of spans, Monday first."""


def wall_text(minutes: int) -> str:
    """Minutes after midnight as a clock shows them: 570 is '09:30', 1440 is '24:00'."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the wall clock of `zone` shows `minutes` after midnight of `day`.

    1440 is the next day's midnight.  A time that a clock change skips is the moment of the change;
    a time that comes twice is the first of the two (as RFC 5545, section 3.3.5, reads it).

    >>> instant(date(2027, 3, 28), 150, ZoneInfo("Europe/Paris")).isoformat()   # 02:30 is skipped
    '2027-03-28T01:00:00+00:00'
    """
    if minutes >= DAY_MINUTES:
        day, minutes = day + timedelta(days=1), minutes - DAY_MINUTES
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    late = wall.astimezone(UTC)
    early = wall.replace(fold=1).astimezone(UTC)
    if early >= late:  # an ordinary time, or the first of two
        return late
    return _change_between(early, late, zone)


def _change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second at which the zone's offset is no longer the one it has at `early`."""
    before = early.astimezone(zone).utcoffset()
    low, high = 0, int((late - early).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (early + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return early + timedelta(seconds=high)


def day_text(moment: datetime, zone: ZoneInfo) -> str:
    """The day as messages show it, the same in every locale: 'Tue 5 Jan'."""
    local = moment.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()].capitalize()} {local.day} {MONTHS[local.month - 1]}"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """'Tue 5 Jan 10:00' by the wall clock of `zone`."""
    return f"{day_text(moment, zone)} {moment.astimezone(zone):%H:%M}"


def weekday_text(moment: datetime, zone: ZoneInfo) -> str:
    """'Tue 10:00' by the wall clock of `zone`, where the week is plain."""
    local = moment.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()].capitalize()} {local:%H:%M}"


def span_text(span: Interval, zone: ZoneInfo) -> str:
    """'Tue 5 Jan 10:00-11:30' by the wall clock of `zone`; the second day is named if another.

    >>> start = datetime(2027, 1, 5, 9, tzinfo=UTC)
    >>> span_text(Interval(start, start + timedelta(minutes=90)), ZoneInfo("Europe/Paris"))
    'Tue 5 Jan 10:00-11:30'
    """
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    if start.date() == end.date():
        return f"{moment_text(start, zone)}-{end:%H:%M}"
    if end.date() - start.date() == timedelta(days=1) and not (end.hour or end.minute):
        return f"{moment_text(start, zone)}-24:00"
    return f"{moment_text(start, zone)} - {moment_text(end, zone)}"


def local_day(day: date, zone: ZoneInfo) -> Interval:
    """The day from its first instant to the next day's; 23 or 25 hours long at a clock change."""
    return Interval(instant(day, 0, zone), instant(day, DAY_MINUTES, zone))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day that the zone's wall clock shows."""
    return moment.astimezone(zone).date()


def days_of(window: Interval, zone: ZoneInfo) -> Iterator[date]:
    """The local days that a window touches, in order."""
    day, last = day_of(window.start, zone), day_of(window.end - timedelta.resolution, zone)
    while day <= last:
        yield day
        day += timedelta(days=1)


@lru_cache(maxsize=4096)
def spans_on(day: date, spans: tuple[WallSpan, ...], zone: ZoneInfo) -> tuple[Interval, ...]:
    """Wall-clock spans of one day as instants; a span that a clock change swallows is left out."""
    found = []
    for span in spans:
        start, end = instant(day, span.start, zone), instant(day, span.end, zone)
        if start < end:
            found.append(Interval(start, end))
    return merge(found)


@dataclass(frozen=True, slots=True)
class HoursBetween:
    """Other weekly hours from `first` to `last`, both days included."""

    first: date
    last: date
    week: Week

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"hours from {self.first} to {self.last} end before they begin")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A weekly pattern in a zone, with dated exceptions and holidays.

    Of several `between` that hold for a day the last one counts.  Holidays have no hours.
    """

    zone: ZoneInfo
    week: Week
    between: tuple[HoursBetween, ...] = ()
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for week in (self.week, *(other.week for other in self.between)):
            if len(week) != 7:
                raise ValueError("a week of hours has seven days")
            for spans in week:
                ordered = sorted(spans)
                for first, second in pairwise(ordered):
                    if second.start < first.end:
                        raise ValueError(f"the hours {first} and {second} overlap")

    def spans(self, day: date) -> tuple[WallSpan, ...]:
        """The hours by the wall clock; empty on a free day or a holiday."""
        if day in self.holidays:
            return ()
        week = self.week
        for other in self.between:
            if other.first <= day <= other.last:
                week = other.week
        return week[day.weekday()]

    def on(self, day: date) -> tuple[Interval, ...]:
        """The hours of one local day as instants."""
        return spans_on(day, self.spans(day), self.zone)

    def within(self, window: Interval) -> tuple[Interval, ...]:
        """All hours inside a window, sorted; spans of neighbouring days that touch stay apart."""
        return tuple(
            part for day in days_of(window, self.zone) for part in clip(self.on(day), window)
        )


def same_hours(spans: Sequence[Sequence[WallSpan]]) -> Week:
    """Seven days' spans as a Week, each day sorted."""
    return tuple(tuple(sorted(day)) for day in spans)
