"""Sprints: numbered stretches of equal length, one after another without a gap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from blocker.domain.hours import day_of, instant
from blocker.domain.interval import Interval


class SprintState(StrEnum):
    PLANNED = "planned"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sprint:
    """One sprint: its number, its name and its local days in the team's zone, both included."""

    number: int
    name: str
    first_day: date
    last_day: date
    zone: ZoneInfo

    @property
    def interval(self) -> Interval:
        """From the first day's first instant to the last day's last, in the team's zone."""
        return Interval(
            instant(self.first_day, 0, self.zone),
            instant(self.last_day + timedelta(days=1), 0, self.zone),
        )


def weeks_in(span: Interval, first_day: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    """A sprint in stretches of seven local days of `zone`; the last may be shorter.

    `first_day` is the sprint's in the team's zone.  They fill the sprint without a gap: where a
    member's midnight is not the team's, the first and the last one reach to the sprint's edges.
    """
    number = max(1, -(-round(span.length / timedelta(days=1)) // 7))
    starts = [instant(first_day + timedelta(days=7 * k), 0, zone) for k in range(1, number)]
    edges = [span.start, *(start for start in starts if start < span.end), span.end]
    return tuple(Interval(start, end) for start, end in pairwise(edges))


@dataclass(frozen=True, slots=True)
class SprintCalendar:
    """All sprints of a team: sprint 1 begins on `first`, each lasts `length_days`.

    `name` is a pattern with `{number}`.  Raises ValueError when it lacks it or the length is not
    positive.

    >>> sprints = SprintCalendar(date(2026, 1, 5), 14, "S{number}", ZoneInfo("Europe/Paris"))
    >>> sprints.sprint(27).first_day, sprints.number_on(date(2027, 1, 17))
    (datetime.date(2027, 1, 4), 27)
    """

    first: date
    length_days: int
    name: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.length_days < 1:
            raise ValueError("a sprint lasts at least a day")
        if self.name.count("{number}") != 1:
            raise ValueError("the sprint's name needs {number} once")

    def sprint(self, number: int) -> Sprint:
        """Raises ValueError below 1."""
        if number < 1:
            raise ValueError(f"sprints count from 1, not {number}")
        first = self.first + timedelta(days=self.length_days * (number - 1))
        last = first + timedelta(days=self.length_days - 1)
        return Sprint(number, self.name.replace("{number}", str(number)), first, last, self.zone)

    def number_on(self, day: date) -> int:
        """The number of the sprint that a day lies in; 0 or less before sprint 1."""
        return (day - self.first).days // self.length_days + 1

    def number_at(self, moment: datetime) -> int:
        """The number of the sprint running at an instant, by the date in the team's zone."""
        return self.number_on(day_of(moment, self.zone))

    def number_named(self, text: str) -> int | None:
        """The number that a sprint's name or plain number means, letter case aside, or None."""
        text = text.strip()
        if re.fullmatch(r"[0-9]{1,6}", text):
            return int(text) or None
        before, after = self.name.casefold().split("{number}")
        match = re.fullmatch(
            re.escape(before) + r"([0-9]{1,6})" + re.escape(after), text.casefold()
        )
        return (int(match[1]) or None) if match else None
