"""Tasks: what somebody means to do, how long it takes, and until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from blocker.domain.moment import Moment

TASK_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LOWEST_PRIORITY = 4


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    PULLED = "pulled"


OWED_STATES = (TaskState.OPEN, TaskState.PULLED)
"""The states in which a task's time must stand in the calendar."""


@dataclass(frozen=True, slots=True)
class After:
    """A task that must be finished first, and the elapsed time that must pass since."""

    task: str
    lag: timedelta = timedelta()

    def __str__(self) -> str:
        """As a tasks file spells it: `T-008`, `T-008+2d`, `T-008+36h`."""
        if not self.lag:
            return self.task
        hours = self.lag // timedelta(hours=1)
        return f"{self.task}+{hours // 24}d" if hours % 24 == 0 else f"{self.task}+{hours}h"


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work of one owner.

    `sprint` is a sprint's number, None for the backlog.  `id_is_made` says that the id was made
    from the title, so nobody writes it in a calendar.  `shortest` and `longest` bound the lengths
    of its blocks, as written; None leaves that to the owner's rules.  Raises ValueError for an id
    of other characters, a length that is not positive, or a priority outside 1 to 4.
    """

    id: str
    title: str
    owner: str
    estimate: timedelta
    priority: int = 3
    due: Moment | None = None
    not_before: Moment | None = None
    after: tuple[After, ...] = ()
    outcome: str | None = None
    campaign: str | None = None
    sprint: int | None = None
    state: TaskState = TaskState.OPEN
    id_is_made: bool = False
    shortest: timedelta | None = None
    longest: timedelta | None = None

    def __post_init__(self) -> None:
        if not TASK_ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is not a task id")
        if self.estimate <= timedelta():
            raise ValueError(f"the estimate of {self.id} is not positive")
        own_lengths = (self.shortest, self.longest)
        if any(length is not None and length <= timedelta() for length in own_lengths):
            raise ValueError(f"the shortest or longest block of {self.id} is not positive")
        if not 1 <= self.priority <= LOWEST_PRIORITY:
            raise ValueError(f"priority {self.priority} of {self.id} is not 1 to {LOWEST_PRIORITY}")

    @property
    def named(self) -> str:
        """As sentences name it: 'T-014 “Landing page”'."""
        return f"{self.id} “{self.title}”"

    @property
    def is_owed(self) -> bool:
        return self.state in OWED_STATES
