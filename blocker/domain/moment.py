"""Moments as people write them in a plan: a date or a weekday of the sprint, maybe with a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from blocker.domain.hours import DAY_MINUTES, WEEKDAYS, instant, wall_text
from blocker.domain.sprint import Sprint

Edge = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class DateMoment:
    """A calendar date, with minutes after midnight or without."""

    day: date
    minutes: int | None = None

    def __str__(self) -> str:
        return f"{self.day}" + ("" if self.minutes is None else f" {wall_text(self.minutes)}")


@dataclass(frozen=True, slots=True)
class SprintMoment:
    """A weekday (0 is Monday) in the `week`-th seven days of whichever sprint the task is in."""

    week: int
    weekday: int
    minutes: int | None = None

    def __post_init__(self) -> None:
        if self.week < 1 or not 0 <= self.weekday <= 6:
            raise ValueError("weeks count from 1 and a week has seven days")

    def __str__(self) -> str:
        words = f"W{self.week} {WEEKDAYS[self.weekday].capitalize()}"
        return words + ("" if self.minutes is None else f" {wall_text(self.minutes)}")


Moment = DateMoment | SprintMoment

_WORDS = re.compile(r"w(\d{1,2})\s+([a-z]{3})[a-z]*(?:\s+(\d{1,2}):(\d{2}))?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::00)?)?")


def parse_moment(text: str) -> Moment:
    """A moment from its canonical spelling: `2027-01-14`, `2027-01-14 12:00`, `W2 Wed 12:00`.

    Other tools' and locales' spellings are the business of intake.  Raises ValueError.

    >>> parse_moment("w2 wednesday"), str(parse_moment("2027-01-14 9:00"))
    (SprintMoment(week=2, weekday=2, minutes=None), '2027-01-14 09:00')
    """
    text = text.strip()
    if match := _WORDS.fullmatch(text):
        if match[2].lower() not in WEEKDAYS:
            raise ValueError(f"{match[2]} is not a weekday")
        return SprintMoment(
            int(match[1]), WEEKDAYS.index(match[2].lower()), _minutes(match[3], match[4])
        )
    if match := _DATE.fullmatch(text):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return DateMoment(day, _minutes(match[4], match[5]))
    raise ValueError(f"{text!r} is not a moment")


def _minutes(hours: str | None, minutes: str | None) -> int | None:
    if hours is None or minutes is None:
        return None
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > DAY_MINUTES:
        raise ValueError(f"{hours}:{minutes} is not a time of day")
    return value


def resolve(moment: Moment, sprint: Sprint, zone: ZoneInfo, edge: Edge) -> datetime:
    """The UTC instant a moment means for a task of `sprint` whose owner lives in `zone`.

    Without a time it is the day's first instant (`start`) or the next day's first (`end`).
    """
    if isinstance(moment, DateMoment):
        day = moment.day
    else:
        first = sprint.first_day + timedelta(days=7 * (moment.week - 1))
        day = first + timedelta(days=(moment.weekday - first.weekday()) % 7)
    minutes = moment.minutes
    if minutes is None:
        minutes = 0 if edge == "start" else DAY_MINUTES
    return instant(day, minutes, zone)
