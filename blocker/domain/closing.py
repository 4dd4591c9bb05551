"""Closing a sprint: what is decided about each task that was not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
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
