"""Zones that a calendar file defines itself: VTIMEZONE read into a tzinfo (RFC 5545, 3.6.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from blocker.calendars.text.content_lines import ContentLine, content_lines
from blocker.calendars.text.expansion import Budget, TooMuchWork, expand
from blocker.calendars.text.outline import Component
from blocker.calendars.text.recurrence import Until, parse_rule
from blocker.calendars.text.values import NotUnderstood, parse_moment
from blocker.calendars.text.zone_names import zone_named

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
_EARLIEST, _LATEST = datetime(1970, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  (wall)


@dataclass(frozen=True, slots=True)
class _Observance:
    """One STANDARD or DAYLIGHT part: when it begins, by the clock before it, and both offsets."""

    onsets: tuple[datetime, ...]
    before: timedelta
    after: timedelta


class DefinedZone(tzinfo):
    """A zone as its VTIMEZONE defines it."""

    def __init__(self, name: str, observances: Iterable[_Observance]) -> None:
        changes = sorted(
            ((onset - part.before, part.before, part.after) for part in observances
             for onset in part.onsets),
            key=lambda change: change[0],
        )  # fmt: skip
        self._name = name
        self._changes = [change[0] for change in changes]
        self._offsets = [changes[0][1], *(change[2] for change in changes)]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset in force at a wall time; of two the one before the change, or fold's."""
        if moment is None:
            return self._offsets[0]
        wall = moment.replace(tzinfo=None)
        about = bisect_right(self._changes, wall - self._offsets[0])
        near = range(max(0, about - 2), min(len(self._offsets), about + 3))
        candidates = [
            self._offsets[index]
            for index in near
            if self._holds(index, wall - self._offsets[index])
        ]
        if candidates:
            return candidates[-1 if moment.fold else 0]
        # a wall time that a change skips: the offset before it
        furthest = max(self._offsets[index] for index in near)
        return self._offsets[bisect_right(self._changes, wall - furthest)]

    def _holds(self, index: int, utc: datetime) -> bool:
        return (index == 0 or self._changes[index - 1] <= utc) and (
            index == len(self._changes) or utc < self._changes[index]
        )

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> str:
        return self._name

    def fromutc(self, moment: datetime) -> datetime:
        utc = moment.replace(tzinfo=None)
        offset = self._offsets[bisect_right(self._changes, utc)]
        wall = utc + offset
        fold = int(self.utcoffset(wall) != offset)
        return wall.replace(tzinfo=self, fold=fold)


def read_zone(component: Component, data: bytes, budget: Budget) -> tuple[str, tzinfo] | None:
    """A VTIMEZONE's TZID and zone, or None when it cannot be understood.

    A zone that carries X-LIC-LOCATION with a name that is known is that zone.
    """
    properties: dict[str, ContentLine] = {}
    for start, piece in component.pieces(data):
        for line in content_lines(piece, start):
            if isinstance(line, ContentLine):
                properties.setdefault(line.name, line)
    if "TZID" not in properties:
        return None
    name = properties["TZID"].value.strip()
    if "X-LIC-LOCATION" in properties:
        known = zone_named(properties["X-LIC-LOCATION"].value)
        if known:
            return name, known
    parts = []
    for start, end in component.children[:500]:
        try:
            parts.append(_observance(data[start:end], start, budget))
        except (NotUnderstood, TooMuchWork, KeyError, OverflowError):
            return None
    parts = [part for part in parts if part.onsets]
    return (name, DefinedZone(name, parts)) if parts else None


def _observance(data: bytes, offset: int, budget: Budget) -> _Observance:
    lines = [line for line in content_lines(data, offset) if isinstance(line, ContentLine)]
    single = {line.name: line.value for line in reversed(lines)}
    before, after = (_offset(single[key]) for key in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = parse_moment(single["DTSTART"])[0]
    onsets = {start}
    for line in lines:
        if line.name == "RDATE":
            for text in line.value.split(",")[:2000]:
                onsets.add(_local(*parse_moment(text.partition("/")[0]), before))
        elif line.name == "RRULE":
            rule = parse_rule(line.value)
            high = _end_of(rule.until, before)
            low = start if rule.count else max(start, _EARLIEST)
            onsets.update(expand(rule, start, low, high, budget))
    return _Observance(tuple(sorted(onsets)), before, after)


def _local(wall: datetime, is_date: bool, is_utc: bool, before: timedelta) -> datetime:
    return wall + before if is_utc else wall


def _end_of(until: Until | None, before: timedelta) -> datetime:
    if until is None:
        return _LATEST
    if until.is_date:
        return until.wall + timedelta(days=1, seconds=-1)
    return min(_LATEST, until.wall + before if until.is_utc else until.wall)


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        raise NotUnderstood(f"{text} is no offset")
    span = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    if span >= timedelta(hours=24):
        raise NotUnderstood(f"{text} is no offset")
    return span if found[1] == "+" else -span
