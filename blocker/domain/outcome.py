"""Outcomes: the few results that a quarter is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blocker.domain.finding import OutcomeAudit
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task

OUTCOME_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year, in a team's own calendar.  Raises ValueError outside 1 to 4.

    >>> str(Quarter.parse("2027q1")), str(Quarter.of(date(2027, 5, 1)))
    ('2027-Q1', '2027-Q2')
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a year has four quarters, not {self.number}")

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """`2027-Q1` or `2027Q1`.  Raises ValueError."""
        match = _QUARTER.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no quarter; write it like 2027-Q1")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def of_sprint(cls, sprint: Sprint) -> Quarter:
        """The one in which the sprint's middle day lies."""
        days = (sprint.last_day - sprint.first_day).days
        return cls.of(sprint.first_day + timedelta(days=days // 2))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measurable result of a quarter.  Raises ValueError for an id of other characters."""

    id: str
    title: str
    quarter: Quarter
    owner: str | None = None
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        if not OUTCOME_ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is not an outcome's id")


FEWEST, MOST = 3, 7
"""So many outcomes are agreed for a quarter (M12)."""


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """An outcome that was added, changed or closed; `before` is None for a new one.

    `serving` are open tasks that name it.
    """

    outcome: Outcome
    before: Outcome | None = None
    serving: tuple[Task, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """The hours that serve an outcome; `known` is None where only tasks name it."""

    hours: OutcomeAudit
    known: Outcome | None = None


@dataclass(frozen=True, slots=True)
class OutcomeList:
    """Outcomes with their hours over the sprints of a quarter, of all where `quarter` is None.

    `live` are the sprints whose calendars were read, `recorded` those that had been closed.
    """

    now: datetime
    quarter: Quarter | None
    lines: tuple[OutcomeLine, ...]
    live: tuple[Sprint, ...] = ()
    recorded: tuple[Sprint, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
