"""VTIMEZONE: an IANA zone's rules in the words that calendar programs read (RFC 5545, 3.6.5).

Where a zone changes its clocks by the same rule every year, two rules without end say so; where
it does not (Ramadan in Morocco), each change is written out, `YEARS_AHEAD` years of them.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

YEARS_AHEAD = 25
EARLIEST_RULE = 1990
"""A yearly rule is followed back to this year."""
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UTC_NAMES = frozenset(
    ("UTC", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal")
)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One change of a zone's clocks.  `wall` is what they show at that moment before it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def kind(self) -> str:
        return "DAYLIGHT" if self.after > self.before else "STANDARD"


def is_utc(zone: ZoneInfo) -> bool:
    """Times in this zone are written with Z and need no VTIMEZONE."""
    return zone.key in _UTC_NAMES


def clock_changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[ClockChange]:
    """All changes of the zone's offset in the UTC years given, both included."""
    found: list[ClockChange] = []
    moment = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(min(last_year, 9998) + 1, 1, 1, tzinfo=UTC)
    step = timedelta(days=3)
    while moment < end:
        later = min(moment + step, end)
        before, after = _offset(zone, moment), _offset(zone, later)
        if before != after:
            change = _between(zone, moment, later)
            name = change.astimezone(zone).tzname() or ""
            found.append(ClockChange((change + before).replace(tzinfo=None), before, after, name))
        moment = later
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first whole second with the offset that holds at `high`."""
    before, seconds = _offset(zone, low), int((high - low).total_seconds())
    start, least = low, 0
    while seconds - least > 1:
        middle = (least + seconds) // 2
        if _offset(zone, start + timedelta(seconds=middle)) == before:
            least = middle
        else:
            seconds = middle
    return start + timedelta(seconds=seconds)


@lru_cache(maxsize=64)
def timezone_lines(zone: ZoneInfo, year: int, name: str | None = None) -> tuple[str, ...]:
    """The VTIMEZONE for events from `year` on, as unfolded lines; TZID is `name` or the zone's key.

    It holds from the year before on, and for at least `YEARS_AHEAD` years.
    """
    first, last = max(year - 2, 1), year + YEARS_AHEAD
    changes = clock_changes(zone, min(first, EARLIEST_RULE), last)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name or zone.key}"]
    pair = _longest_pair(changes, first, last)
    changes = [change for change in changes if change.wall.year >= first]
    if pair:
        for change, rule in pair:
            lines += _observance(change, rule)
    else:
        start = datetime(first, 1, 1, tzinfo=UTC)
        offset, label = _offset(zone, start), start.astimezone(zone).tzname() or ""
        long_ago = datetime(1970, 1, 1)  # noqa: DTZ001  (a wall clock)
        lines += _observance(ClockChange(long_ago, offset, offset, label))
        for change in changes:
            lines += _observance(change)
    return (*lines, "END:VTIMEZONE")


def _observance(change: ClockChange, rule: str = "") -> list[str]:
    """One part of a VTIMEZONE.

    A single change names its onset as RDATE too, since some readers (`ical`) see no DTSTART that
    has neither rule nor date.
    """
    return [
        f"BEGIN:{change.kind}",
        f"DTSTART:{change.wall:%Y%m%dT%H%M%S}",
        f"RRULE:{rule}" if rule else f"RDATE:{change.wall:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{offset_text(change.before)}",
        f"TZOFFSETTO:{offset_text(change.after)}",
        f"TZNAME:{change.name}",
        f"END:{change.kind}",
    ]


def offset_text(offset: timedelta) -> str:
    """A UTC offset as iCalendar writes it.

    >>> offset_text(timedelta(hours=-3, minutes=-30))
    '-0330'
    """
    seconds = int(abs(offset).total_seconds())
    text = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}"
    if seconds % 60:
        text += f"{seconds % 60:02d}"
    return ("-" if offset < timedelta() else "+") + text


def _longest_pair(
    changes: Sequence[ClockChange], first: int, last: int
) -> list[tuple[ClockChange, str]] | None:
    """The yearly pair from as early a year on as it holds.

    A rule that begins late makes readers such as `vobject` take London for UTC, since they compare
    zones by their past.
    """
    if not _yearly_pair(changes, first, last):
        return None
    return next(filter(None, (_yearly_pair(changes, y, last) for y in range(EARLIEST_RULE, last))))


def _yearly_pair(
    changes: Sequence[ClockChange], first: int, last: int
) -> list[tuple[ClockChange, str]] | None:
    """The two changes of each year with the rules they follow, None where there are no such two."""
    found = []
    for kind in ("DAYLIGHT", "STANDARD"):
        same = [c for c in changes if c.kind == kind and c.wall.year >= first]
        if [change.wall.year for change in same] != list(range(first, last + 1)):
            return None
        if len({(c.before, c.after, c.name, c.wall.time(), c.wall.month) for c in same}) != 1:
            return None
        nth = _nth_weekday(same)
        if nth is None:
            return None
        found.append((same[0], f"FREQ=YEARLY;BYMONTH={same[0].wall.month};BYDAY={nth}"))
    return sorted(found, key=lambda pair: pair[0].wall)


def _nth_weekday(changes: Sequence[ClockChange]) -> str | None:
    """`-1SU` when all lie on the month's last Sunday, `2SU` on its second; None without a rule."""
    weekdays = {change.wall.weekday() for change in changes}
    if len(weekdays) != 1:
        return None
    weekday = _BYDAY[weekdays.pop()]
    days = [change.wall for change in changes]
    if all(day.day + 7 > calendar.monthrange(day.year, day.month)[1] for day in days):
        return f"-1{weekday}"
    numbers = {(day.day - 1) // 7 + 1 for day in days}
    return f"{numbers.pop()}{weekday}" if len(numbers) == 1 else None
