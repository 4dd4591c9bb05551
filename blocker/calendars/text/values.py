"""Values: dates, times, durations and periods of iCalendar (RFC 5545, 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from blocker.domain.hours import instant

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt](\d\d)(\d\d)(\d\d)?([Zz])?)?")
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE,
)


class NotUnderstood(ValueError):
    """A value that breaks the format's rules; the message is a plain clause for a person."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as an iCalendar file writes it.

    `wall` is what the clock shows, without zone; for a date its midnight.  `zone` is None for a
    floating time and for a date.
    """

    wall: datetime
    zone: tzinfo | None = None
    is_date: bool = False

    @property
    def is_floating(self) -> bool:
        return self.zone is None and not self.is_date

    def at(self, home: ZoneInfo) -> datetime:
        """The UTC instant; dates and floating times are in the zone `home`.

        Raises NotUnderstood outside the years that a calendar has.
        """
        return to_instant(self.wall, None if self.is_date else self.zone, home, self.is_date)

    def shown_in(self, zone: tzinfo | None, home: ZoneInfo) -> datetime:
        """The wall time that clocks in `zone` (None: in `home`) show at this moment."""
        if self.is_date or self.zone is None or self.zone is zone:
            return self.wall
        return _plain(lambda: self.wall.replace(tzinfo=self.zone).astimezone(zone or home))


def to_instant(
    wall: datetime, zone: tzinfo | None, home: ZoneInfo, is_date: bool = False
) -> datetime:
    """The UTC instant of a wall time in `zone`, or in `home` without one.

    A time that a clock change skips is read with the offset before it, one that comes twice is the
    first (RFC 5545, 3.3.5); a date is the day's first instant.  Raises NotUnderstood.
    """
    if zone is UTC:
        return wall.replace(tzinfo=UTC)
    try:
        if is_date:
            return instant(wall.date(), 0, home)
        return wall.replace(tzinfo=zone or home).astimezone(UTC)
    except (OverflowError, ValueError):
        raise NotUnderstood(f"the year {wall.year} is out of range") from None


def _plain(convert: object) -> datetime:
    try:
        moment: datetime = convert()  # type: ignore[operator]  # found by name
    except (OverflowError, ValueError):
        raise NotUnderstood("a year is out of range") from None
    return moment.replace(tzinfo=None, fold=0)


def parse_moment(text: str) -> tuple[datetime, bool, bool]:
    """A DATE or DATE-TIME as (wall time, is it a date, is it UTC).  Raises NotUnderstood.

    >>> parse_moment("20270104T090000Z")
    (datetime.datetime(2027, 1, 4, 9, 0), False, True)
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise NotUnderstood(f"“{shown(text)}” is no date")
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        if hour is None:
            return datetime(int(year), int(month), int(day)), True, False  # noqa: DTZ001  (a day)
        wall = datetime(  # noqa: DTZ001  (a wall clock: its zone comes later)
            int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59)
        )
    except ValueError:
        raise NotUnderstood(f"“{shown(text)}” is no date") from None
    return wall, False, utc is not None


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event lasts: whole days by the wall clock, then exact time."""

    days: int = 0
    exact: timedelta = timedelta()

    @property
    def about(self) -> timedelta:
        return timedelta(days=self.days) + self.exact

    def end_of(
        self, wall: datetime, zone: tzinfo | None, home: ZoneInfo, is_date: bool
    ) -> datetime:
        """The UTC instant at which something ends that begins at a wall time."""
        try:
            last = wall + timedelta(days=self.days)
            if is_date:
                last += timedelta(days=self.exact // timedelta(days=1))
                return to_instant(last, None, home, True)
            return to_instant(last, zone, home) + self.exact
        except OverflowError:
            raise NotUnderstood("it ends out of range") from None


def parse_duration(text: str) -> Length:
    """A DURATION (RFC 5545, 3.3.6).  Raises NotUnderstood; a negative one is none of an event's.

    >>> parse_duration("P1DT2H").about
    datetime.timedelta(days=1, seconds=7200)
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()[1:]):
        raise NotUnderstood(f"“{shown(text)}” is no duration")
    sign, weeks, days, hours, minutes, seconds = found.groups()
    if sign == "-":
        raise NotUnderstood(f"its duration {shown(text)} is negative")
    exact = timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    return Length(int(weeks or 0) * 7 + int(days or 0), exact)


def shown(text: str) -> str:
    """A piece of a file as a message may show it: short, without control characters."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text.strip())
    return plain if len(plain) <= 40 else plain[:39] + "…"


def utc_text(moment: datetime) -> str:
    """An instant as iCalendar writes it in UTC."""
    utc = moment.astimezone(UTC)
    return f"{date_text(utc)}T{utc:%H%M%S}Z"


def date_text(day: date) -> str:
    """A date as iCalendar writes it, in four digits of year whatever the system."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def shifted(day: date, by: timedelta) -> date:
    """The day so much later, or the last one there is."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta() else date.min
