"""Weekly hours, spans of a day and stretches of days as a config spells them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from datetime import date

from blocker.domain.hours import DAY_MINUTES, WEEKDAYS, WallSpan, Week, same_hours
from blocker.domain.moment import DateMoment
from blocker.intake.dates import parse_date
from blocker.intake.problems import Wrong, shown

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_FREE = ("free", "off", "closed", "none", "-")
_SPAN_FORM = "write it as 09:00-12:30"


def parse_days(text: str) -> tuple[int, ...]:
    """Weekdays, Monday 0, from `mon`, `mon-thu`, `sun-thu`, `tue,thu`.  Raises Wrong.

    >>> parse_days("sun-tue, fri")
    (6, 0, 1, 4)
    """
    days: list[int] = []
    for part in re.split(r"[,\s]+(?![-–])", re.sub(r"\s*[-–]\s*", "-", text.strip())):
        first, dash, last = part.partition("-")
        start = _weekday(first, text)
        end = _weekday(last, text) if dash else start
        days += [(start + ahead) % 7 for ahead in range((end - start) % 7 + 1)]
    for day in days:
        if days.count(day) > 1:
            raise Wrong(f"{shown(text)} names {WEEKDAYS[day]} twice", "name each day once")
    return tuple(days)


def _weekday(name: str, text: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    folded = name.casefold()
    for number, day in enumerate(full):
        if len(folded) >= 3 and day.startswith(folded):
            return number
    raise Wrong(
        f"{shown(text)} is no day of the week",
        "write mon, tue, wed, thu, fri, sat, sun, a range (mon-thu) or a list (tue,thu)",
    )


_HOURS = re.compile(r"\s*([A-Za-z,\s–-]+?)\s*:?\s+(?=\d|free\b|off\b)([^A-Za-z]+|free|off)\s*$")


def days_and_spans(text: str) -> dict[str, str]:
    """Days and their hours from one line, as a config has them below `hours`.  Raises Wrong.

    >>> days_and_spans("mon-thu 09:00-17:00; fri: 9:00-12:00 13:00-15:00")
    {'mon-thu': '09:00-17:00', 'fri': '9:00-12:00 13:00-15:00'}
    """
    hours: dict[str, str] = {}
    for part in filter(str.strip, text.split(";")):
        match = _HOURS.match(part)
        if match is None:
            remedy = "write it as mon-thu 09:00-17:00; fri 09:00-13:00"
            raise Wrong(f"{shown(part)} is no days and hours", remedy)
        hours[match[1]] = match[2].strip()
    return hours


def parse_spans(text: str) -> tuple[WallSpan, ...]:
    """Spans of one day, sorted; none for `free`.  Raises Wrong when one is reversed or two overlap.

    >>> [str(span) for span in parse_spans("13:30-24:00 9:00-12:30")]
    ['09:00-12:30', '13:30-24:00']
    """
    if text.strip().casefold() in _FREE:
        return ()
    spans = [_span(match) for match in _SPAN.finditer(text)]
    if not spans or not re.fullmatch(r"[\s,;&]*(?:and\b)?[\s,;&]*", _SPAN.sub("", text)):
        raise Wrong(f"{shown(text)} is no span of hours", _SPAN_FORM)
    spans.sort()
    for first, second in itertools.pairwise(spans):
        if second.start < first.end:
            raise Wrong(f"{first} and {second} overlap", "write each hour once")
    return tuple(spans)


def parse_span(text: str) -> WallSpan:
    """Exactly one span of a day.  Raises Wrong."""
    spans = parse_spans(text)
    if len(spans) != 1:
        raise Wrong(f"{shown(text)} is not one span of hours", _SPAN_FORM)
    return spans[0]


def _span(match: re.Match[str]) -> WallSpan:
    start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
    if start == end:
        raise Wrong(f"{shown(match[0])} has no length", _SPAN_FORM)
    if end < start:
        first, last = match[0].replace("–", "-").replace("—", "-").split("-")
        first, last = first.strip(), last.strip()
        remedy = (
            f"for hours past midnight write two spans: {first}-24:00 on this day"
            f" and 00:00-{last} on the next"
        )
        if end == 0:
            remedy = f"midnight at the end of a day is 24:00: {first}-24:00"
        raise Wrong(f"{shown(match[0])} ends before it begins", remedy)
    return WallSpan(start, end)


def _clock(hours: str, minutes: str) -> int:
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > DAY_MINUTES:
        raise Wrong(f"{hours}:{minutes} is no time of day", "times run from 00:00 to 24:00")
    return value


def make_week(days: Mapping[str, tuple[WallSpan, ...]]) -> Week:
    """A week from spans by day names; the other days are free.  Raises Wrong for a day twice."""
    week: list[tuple[WallSpan, ...]] = [()] * 7
    named: dict[int, str] = {}
    for text, spans in days.items():
        for day in parse_days(text):
            if day in named:
                raise Wrong(
                    f"{WEEKDAYS[day]} stands in {shown(named[day])} and in {shown(text)}",
                    "name each day once",
                )
            named[day] = text
            week[day] = spans
    return same_hours(week)


def parse_day(text: str) -> date:
    """One calendar day.  Raises Wrong.

    >>> parse_day("2027-01-04")
    datetime.date(2027, 1, 4)
    """
    try:
        moment = parse_date(text)
    except Wrong as wrong:
        raise Wrong(wrong.message, "write a day as 2027-01-14") from None
    if not isinstance(moment, DateMoment) or moment.minutes is not None:
        raise Wrong(f"{shown(text)} is no day", "write a day as 2027-01-14")
    return moment.day


_TIME_OFF_FORMS = "write 2026-12-24, 2026-12-28..2026-12-31 or 2027-01-06 13:00-18:00"


def parse_time_off(text: str) -> tuple[date, date, tuple[WallSpan, ...]]:
    """First day, last day, and the spans of that one day when it is not whole.  Raises Wrong.

    >>> parse_time_off("2026-12-28..2026-12-31")[:2]
    (datetime.date(2026, 12, 28), datetime.date(2026, 12, 31))
    """
    days, space, hours = text.strip().partition(" ")
    if space and ".." not in text:
        return (day := _off_day(days, text)), day, parse_spans(hours)
    first, dots, last = text.partition("..")
    start = _off_day(first, text)
    end = _off_day(last.lstrip("."), text) if dots else start
    if end < start:
        raise Wrong(f"{shown(text)} ends before it begins", f"write {end}..{start}")
    if (end - start).days > 3660:
        raise Wrong(f"{shown(text)} is longer than ten years", "is the year right?")
    return start, end, ()


def _off_day(day: str, text: str) -> date:
    try:
        return parse_day(day.strip())
    except Wrong:
        raise Wrong(f"{shown(text)} is no time off", _TIME_OFF_FORMS) from None


def union(spans: Iterable[tuple[WallSpan, ...]]) -> tuple[WallSpan, ...]:
    """Spans from several texts of a list, sorted.  Raises Wrong when two overlap."""
    return parse_spans(" ".join(str(span) for some in spans for span in some) or "free")
