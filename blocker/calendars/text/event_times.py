"""Event times: when a VEVENT begins, ends and comes again, as far as it says so rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from blocker.calendars.text.content_lines import ContentLine
from blocker.calendars.text.recurrence import Rule, parse_rule
from blocker.calendars.text.values import (
    Length,
    NotUnderstood,
    Stamp,
    date_text,
    parse_duration,
    parse_moment,
    shifted,
    shown,
)
from blocker.calendars.text.zones import UnknownZone, Zones
from blocker.domain.interval import Interval

LONGEST = timedelta(days=5 * 366)
"""An event that lasts longer is taken for a mistake."""
MOST_DATES = 50_000
"""RDATEs of one event near the window; more are refused."""

_LISTED = re.compile(r"\d{8}(?:[Tt]\d{4,6}[Zz]?)?(?:/.*)?")


class BadTimes(NotUnderstood):
    """Times that make no event.

    `span` is what they speak of, where that can be read.  `is_harmless_if_free` says that nobody
    needs to know of an event that takes no time.
    """

    def __init__(
        self,
        message: str,
        offset: int | None,
        span: Interval | None = None,
        *,
        is_harmless_if_free: bool = False,
    ) -> None:
        self.offset = offset
        self.span = span
        self.is_harmless_if_free = is_harmless_if_free
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Note:
    """A part of an event's times that could not be read.

    `is_narrow`: it makes no instance appear elsewhere, as a lost exception does not.
    """

    message: str
    offset: int
    is_narrow: bool


@dataclass(slots=True)
class Times:
    """When an event is, and the parts of that which could not be read.

    `unknown_zone` names a TZID nobody knows; `start` is then guessed to be in the owner's zone.
    `dates` are RDATEs with a length of their own or None.
    """

    start: Stamp
    length: Length
    recurrence: Stamp | None = None
    and_future: bool = False
    rules: list[Rule] = field(default_factory=list)
    not_rules: list[Rule] = field(default_factory=list)
    dates: list[tuple[Stamp, Length | None]] = field(default_factory=list)
    not_dates: list[Stamp] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unknown_zone: tuple[str, int] | None = None

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.dates)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is needed to read a time: the owner's zone, the file's zones, and the days of interest.

    EXDATEs and RDATEs outside `first` to `last` are passed over unread.
    """

    home: ZoneInfo
    zones: Zones
    first: date
    last: date


def read_times(lines: dict[str, list[ContentLine]], clocks: Clocks) -> Times:
    """The times of one event by its properties.  Raises BadTimes."""
    if "DTSTART" not in lines:
        raise BadTimes("the event has no start (DTSTART)", None)
    for name, words in (("DTSTART", "starts"), ("DTEND", "ends")):
        if len({line.value.strip() for line in lines.get(name, [])}) > 1:
            raise BadTimes(f"the event has two different {words}", lines[name][1].offset)
    line = lines["DTSTART"][0]
    unknown: tuple[str, int] | None = None
    try:
        start, unknown = _stamp(line, clocks)
        start.at(clocks.home)
    except NotUnderstood as problem:
        raise BadTimes(f"the event's start cannot be read: {problem}", line.offset) from None
    times = Times(start, Length(), unknown_zone=unknown)
    times.length = _length(lines, times, clocks)
    _read_recurrence(lines, times, clocks)
    return times


def _stamp(line: ContentLine, clocks: Clocks) -> tuple[Stamp, tuple[str, int] | None]:
    """A property's moment, and the name of its zone if nobody knows that one."""
    return _stamp_of(line.value, line, clocks)


def _stamp_of(text: str, line: ContentLine, clocks: Clocks) -> tuple[Stamp, tuple[str, int] | None]:
    wall, is_date, is_utc = parse_moment(text)
    if is_date:
        return Stamp(wall, is_date=True), None
    if is_utc:
        return Stamp(wall, UTC), None
    name = line.parameters.get("TZID")
    if not name:
        return Stamp(wall), None
    try:
        return Stamp(wall, clocks.zones.named(name)), None
    except UnknownZone:
        return Stamp(wall), (name, line.offset)


def _length(lines: dict[str, list[ContentLine]], times: Times, clocks: Clocks) -> Length:
    if "DTEND" in lines:
        length, line = _until_end(lines["DTEND"][0], times, clocks), lines["DTEND"][0]
    elif "DURATION" in lines:
        line = lines["DURATION"][0]
        try:
            length = parse_duration(line.value)
        except NotUnderstood as problem:
            raise BadTimes(
                f"the event's end cannot be read: {problem}", line.offset, _moment(times, clocks)
            ) from None
        if times.start.is_date and length.exact:
            length = Length(length.days + -(-length.exact // timedelta(days=1)))
    else:
        return Length(1) if times.start.is_date else Length()
    if length.about > LONGEST:
        years = length.about.days // 365
        raise BadTimes(
            f"the event lasts {years} years, which must be a mistake",
            line.offset,
            is_harmless_if_free=True,
        )
    return Length(max(1, length.days)) if times.start.is_date else length


def _moment(times: Times, clocks: Clocks) -> Interval:
    """The least that an event without a readable end takes: its first minute or day."""
    start = times.start.at(clocks.home)
    day = Length(1).end_of(times.start.wall, None, clocks.home, True)
    return Interval(start, day if times.start.is_date else start + timedelta(minutes=1))


def _until_end(line: ContentLine, times: Times, clocks: Clocks) -> Length:
    try:
        end, unknown = _stamp(line, clocks)
        first, last = times.start.at(clocks.home), end.at(clocks.home)
    except NotUnderstood as problem:
        raise BadTimes(
            f"the event's end cannot be read: {problem}", line.offset, _moment(times, clocks)
        ) from None
    times.unknown_zone = times.unknown_zone or unknown
    if last < first:
        near = first - last <= timedelta(days=1)
        raise BadTimes(
            "the event ends before it begins",
            line.offset,
            Interval(last, first) if near else _moment(times, clocks),
        )
    if end.is_date != times.start.is_date:
        kinds = ("a date", "a time") if times.start.is_date else ("a time", "a date")
        raise BadTimes(
            f"the event begins with {kinds[0]} and ends with {kinds[1]}",
            line.offset,
            Interval(first, last)
            if first < last and last - first <= LONGEST
            else _moment(times, clocks),
        )
    if end.is_date:
        return Length((end.wall - times.start.wall).days)
    return Length(0, last - first)


def _read_recurrence(lines: dict[str, list[ContentLine]], times: Times, clocks: Clocks) -> None:
    for name, rules in (("RRULE", times.rules), ("EXRULE", times.not_rules)):
        for line in lines.get(name, []):
            if not line.value.strip():
                continue  # "RRULE:", as CalendarLabs writes for what does not repeat
            try:
                rules.append(parse_rule(line.value))
            except NotUnderstood as problem:
                message = f"the event repeats in a way that cannot be understood: {problem}"
                times.notes.append(Note(message, line.offset, name == "EXRULE"))
    for text, line in _near(lines, "EXDATE", clocks, timedelta()):
        stamp = _listed(text, line, times, clocks)
        if stamp:
            times.not_dates.append(stamp)
    for text, line in _near(lines, "RDATE", clocks, times.length.about):
        _add_date(text, line, times, clocks)
        if len(times.dates) > MOST_DATES:
            raise BadTimes(f"the event has more than {MOST_DATES} dates", line.offset)
    if "RECURRENCE-ID" in lines:
        line = lines["RECURRENCE-ID"][0]
        times.recurrence = _listed(line.value, line, times, clocks) or times.start
        times.and_future = line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def _near(
    lines: dict[str, list[ContentLine]], name: str, clocks: Clocks, margin: timedelta
) -> Iterator[tuple[str, ContentLine]]:
    """The values of a list that lie in the days of interest, or are no dates at all."""
    first = date_text(shifted(clocks.first, -margin))
    last = date_text(clocks.last)
    for line in lines.get(name, []):
        yield from ((text, line) for text in _chosen(line, first, last))


def _chosen(line: ContentLine, first: str, last: str) -> Iterator[str]:
    for raw in line.value.split(","):
        text = raw.strip()
        if first <= text[:8] <= last:
            if text:
                yield text
        elif text and not _LISTED.fullmatch(text):
            yield text


def _listed(text: str, line: ContentLine, times: Times, clocks: Clocks) -> Stamp | None:
    """One date of a list; None, with a note, when it cannot be read."""
    try:
        stamp, unknown = _stamp_of(text.partition("/")[0], line, clocks)
    except NotUnderstood as problem:
        message = f"the event's {line.name} cannot be read: {problem}"
        times.notes.append(Note(message, line.offset, line.name != "RDATE"))
        return None
    if unknown and unknown[0] != (times.unknown_zone or ("",))[0]:
        message = f"the event's {line.name} is in an unknown zone “{shown(unknown[0])}”"
        times.notes.append(Note(message, line.offset, line.name != "RDATE"))
    if stamp.is_floating and times.start.zone is not None:
        return Stamp(stamp.wall, times.start.zone)
    return stamp


def _add_date(text: str, line: ContentLine, times: Times, clocks: Clocks) -> None:
    stamp = _listed(text, line, times, clocks)
    if stamp is None:
        return
    period_end = text.partition("/")[2]
    if not period_end:
        times.dates.append((stamp, None))
        return
    try:
        if period_end.upper().startswith(("P", "+P", "-P")):
            length = parse_duration(period_end)
        else:
            end = _stamp_of(period_end, line, clocks)[0]
            length = Length(0, end.at(clocks.home) - stamp.at(clocks.home))
        if length.about < timedelta():
            raise NotUnderstood(f"{shown(text)} ends before it begins")
        times.dates.append((stamp, length))
    except NotUnderstood as problem:
        message = f"the event's RDATE cannot be read: {problem}"
        times.notes.append(Note(message, line.offset, is_narrow=False))
        times.dates.append((stamp, None))
