"""Time away as people say it on a command line: `6..8 Jan`, `today`, `2027-01-06 13:00-18:00`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from blocker.domain.hours import MONTHS
from blocker.domain.interval import Interval
from blocker.intake.config_time import time_off_of
from blocker.intake.hours_text import parse_time_off
from blocker.intake.problems import Wrong, shown

_MONTH = r"([A-Za-z]{3})[a-z]*\.?"
_DAYS = re.compile(
    rf"(\d{{1,2}})(?:\s+{_MONTH})?\s*(?:\.\.\.?|-|–)\s*(\d{{1,2}})\s+{_MONTH}(?:\s+(\d{{4}}))?"
)
_DAY = re.compile(rf"(\d{{1,2}})\s+{_MONTH}(?:\s+(\d{{4}}))?(\s+\d{{1,2}}[:\d].*)?")
_NEAR = {"today": 0, "tomorrow": 1}


def parse_time_away(text: str, today: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    """Whole local days of `zone`, or hours of one.  Raises Wrong.

    Without a year it is the next such day, or one of the last thirty.

    >>> def read(text):
    ...     (span,) = parse_time_away(text, date(2027, 1, 4), ZoneInfo("UTC"))
    ...     return f"{span.start:%Y-%m-%d %H:%M} {span.end:%Y-%m-%d %H:%M}"
    >>> read("6..8 Jan"), read("today 13:00-18:00")
    ('2027-01-06 00:00 2027-01-09 00:00', '2027-01-04 13:00 2027-01-04 18:00')
    >>> read("30 Dec..2 Jan")
    '2026-12-30 00:00 2027-01-03 00:00'
    """
    folded = " ".join(text.split())
    word, _, hours = folded.partition(" ")
    if word.lower() in _NEAR:
        day = today + timedelta(days=_NEAR[word.lower()])
        folded = f"{day} {hours}".strip()
    elif match := _DAYS.fullmatch(folded):
        first_day, first_month, last_day, month, year = match.groups()
        last = _day(last_day, month, year, today, text)
        first = _day(first_day, first_month or month, str(last.year), today, text)
        if first > last and first_month:
            first = _day(first_day, first_month, str(last.year - 1), today, text)
        folded = f"{first}..{last}"
    elif match := _DAY.fullmatch(folded):
        day_number, month, year, hours = match.groups()
        folded = f"{_day(day_number, month, year, today, text)} {(hours or '').strip()}".strip()
    try:
        return time_off_of([parse_time_off(folded)], zone)
    except Wrong as wrong:
        raise Wrong(wrong.message, "write 6 Jan, 6..8 Jan or 2027-01-06 13:00-18:00") from None


def _day(day: str, month: str, year: str | None, today: date, text: str) -> date:
    names = [name.lower() for name in MONTHS]
    if month.lower()[:3] not in names:
        raise Wrong(f"{shown(text)}: {month} is no month", "write 6..8 Jan")
    number = names.index(month.lower()[:3]) + 1
    try:
        if year is not None:
            return date(int(year), number, int(day))
        found = date(today.year, number, int(day))
        if found < today - timedelta(days=30):
            return date(today.year + 1, number, int(day))
    except ValueError:
        raise Wrong(f"{shown(text)}: there is no {day} {month}", "write 6..8 Jan") from None
    return found
