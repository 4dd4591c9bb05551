"""Recurrence rules: what an RRULE says (RFC 5545, 3.3.10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from blocker.calendars.text.values import NotUnderstood, parse_moment, shown

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
MOST_TIMES_A_PERIOD = 500
"""A rule whose BY-lists name more times of one day is refused as nonsense."""


class Frequency(IntEnum):
    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@dataclass(frozen=True, slots=True)
class Until:
    """The end of a rule: a wall time that may be UTC, or a whole date."""

    wall: datetime
    is_date: bool
    is_utc: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One recurrence rule.  `by_day` holds (ordinal or 0, weekday from Monday = 0)."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_position: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def has_by(self) -> bool:
        """Any BY-part at all."""
        return any(
            (
                self.by_month,
                self.by_week,
                self.by_year_day,
                self.by_month_day,
                self.by_day,
                self.by_hour,
                self.by_minute,
                self.by_second,
                self.by_position,
            )
        )

    @property
    def names_no_day(self) -> bool:
        """Every day it names does not exist in any year, such as 30 February."""
        if not (self.by_month and self.by_month_day) or self.frequency is Frequency.WEEKLY:
            return False
        return all(
            abs(day) > _longest(month) for month in self.by_month for day in self.by_month_day
        )


def _longest(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def _numbers(key: str, text: str, low: int, high: int, negative: bool) -> tuple[int, ...]:
    found: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        if not re.fullmatch(r"[+-]?\d{1,4}", part):
            raise NotUnderstood(f"its rule has {key}={shown(text)}")
        number = int(part)
        if not (low <= number <= high or (negative and low <= -number <= high)):
            raise NotUnderstood(f"its rule has {key}={shown(part)}")
        found.add(number)
    return tuple(sorted(found))


def _days(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _DAY.fullmatch(part)
        if not match or match[1] in ("0", "+0", "-0", "00") or abs(int(match[1] or 1)) > 53:
            raise NotUnderstood(f"its rule has BYDAY={shown(part)}")
        found.append((int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(dict.fromkeys(found))


_LISTS: dict[str, tuple[str, int, int, bool]] = {
    "BYMONTH": ("by_month", 1, 12, False),
    "BYWEEKNO": ("by_week", 1, 53, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYSECOND": ("by_second", 0, 60, False),
    "BYSETPOS": ("by_position", 1, 366, True),
}


def _single(key: str, text: str) -> tuple[str, object] | None:
    """The field and value of a part that is no list; None for parts without effect."""
    if key == "FREQ" and text in Frequency.__members__:
        return "frequency", Frequency[text]
    if key == "INTERVAL" and re.fullmatch(r"\d{1,9}", text) and int(text):
        return "interval", int(text)
    if key == "COUNT" and text.startswith("-"):
        return None  # Exchange writes COUNT=-1 for a rule without end
    if key == "COUNT" and re.fullmatch(r"\d{1,12}", text) and int(text):
        return "count", int(text)
    if key == "UNTIL":
        wall, is_date, is_utc = parse_moment(text)
        return "until", Until(wall, is_date, is_utc)
    if key == "WKST" and text in WEEKDAYS:
        return "week_start", WEEKDAYS.index(text)
    if key == "BYDAY":
        return "by_day", _days(text)
    if (key, text) in (("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")):
        return None
    raise NotUnderstood(f"its rule has {shown(key)}={shown(text)}")


def parse_rule(text: str) -> Rule:
    """The rule that an RRULE's or EXRULE's value spells.  Raises NotUnderstood.

    >>> parse_rule("FREQ=MONTHLY;BYDAY=MO,2TU").by_day
    ((0, 0), (2, 1))
    """
    fields: dict[str, object] = {}
    for part in filter(None, (piece.strip() for piece in text.upper().split(";"))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise NotUnderstood(f"its rule has “{shown(part)}”")
        if key in _LISTS:
            name, low, high, negative = _LISTS[key]
            fields[name] = _numbers(key, value, low, high, negative)
        elif found := _single(key, value):
            fields[found[0]] = found[1]
    if "frequency" not in fields:
        raise NotUnderstood("its rule has no FREQ")
    build: Callable[..., Rule] = Rule
    return _checked(build(**fields))


def _checked(rule: Rule) -> Rule:
    if rule.names_no_day:
        raise NotUnderstood("its rule names a day that no year has")
    if rule.by_week and rule.frequency is not Frequency.YEARLY:
        raise NotUnderstood("its rule has BYWEEKNO and is not yearly")
    times = 1
    for level, values in enumerate((rule.by_hour, rule.by_minute, rule.by_second)):
        if rule.frequency < Frequency.HOURLY + level:
            times *= max(1, len(values))
    if times > MOST_TIMES_A_PERIOD:
        raise NotUnderstood(f"its rule names {times} times for each day")
    return rule


def week_of(day: date, week_start: int) -> tuple[int, int, int]:
    """(year, number, number counted from the year's end) of the week a day lies in.

    The first week of a year is the first with four days in it; weeks begin on `week_start`.
    """
    middle = day.toordinal() - (day.weekday() - week_start) % 7 + 3
    year = date.fromordinal(max(1, middle)).year
    number = (middle - date(year, 1, 1).toordinal()) // 7 + 1
    last = date(year, 12, 31).toordinal()
    to_go = (last - middle) // 7
    return year, number, -to_go - 1
