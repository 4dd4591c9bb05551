"""Closing a sprint: what is decided about unfinished tasks, and the record that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blocker.domain.finding import AuditReport
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task


class Whither(StrEnum):
    """Where an unfinished task goes."""

    NEXT = "next"
    BACKLOG = "backlog"
    DONE = "done"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is left of a task, and where it goes.

    Raises ValueError where a task goes on with nothing left.
    """

    to: Whither
    remaining: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.to in (Whither.NEXT, Whither.BACKLOG) and self.remaining <= timedelta():
            raise ValueError("what goes on has time left")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An open task at its sprint's end: what of it stood, and what is proposed for it."""

    task: Task
    stood: timedelta
    proposal: Decision


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """A sprint about to be closed.  `following` is the sprint that `next` means.

    `checked` are tasks that their owners checked off in their calendars: they are done.
    """

    sprint: Sprint
    state: SprintState
    report: AuditReport
    unfinished: tuple[Unfinished, ...]
    following: Sprint
    checked: tuple[str, ...] = ()


class Fate(StrEnum):
    """What became of a task when its sprint was closed."""

    DONE = "done"
    DROPPED = "dropped"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A task at its sprint's end; `to` is where it was carried, None meaning the backlog.

    `standing` is what counted of it at the end, `stood` what of that lies before the end and was
    not said to be missed.  `by_others` is the part of `stood` that is not its owner's work but of
    those who had the task before.
    """

    id: str
    title: str
    owner: str
    outcome: str | None
    estimate: timedelta
    standing: timedelta
    stood: timedelta
    fate: Fate
    was_promised: bool
    was_pulled: bool
    remaining: timedelta = timedelta()
    to: int | None = None
    by_others: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Closing:
    """The record of a sprint that has ended.

    `promised` is all that was accepted, `taken_out` how much of that was taken back on record;
    `standing` is kept: done, or past and not missed.
    """

    team: str
    sprint: int
    sprint_name: str
    closed_at: datetime
    closed_by: str
    was_accepted: bool
    promised: timedelta
    standing: timedelta
    stood: timedelta
    tasks: tuple[ClosedTask, ...]
    taken_out: timedelta = timedelta()

    def count(self, fate: Fate) -> int:
        return sum(task.fate is fate for task in self.tasks)
