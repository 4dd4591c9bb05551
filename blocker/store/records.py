"""What a store remembers besides tasks: runs, what they meant to write, and what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from blocker.domain.block import TimeBlock
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task and the cells of its last import as they were written, None when never imported."""

    task: Task
    imported: Mapping[str, str] | None = None


UNDO = "undo"
"""The command of a run that reverses another; it cannot itself be undone."""


class IntentState(StrEnum):
    OPEN = "open"
    """Saved, and nobody knows yet whether the calendar has it."""
    DONE = "done"
    CHANGED = "changed"
    """Somebody changed the event first: theirs stands."""
    GIVEN_UP = "given_up"
    """A crashed run's; a later one looked, did not find it, and planned anew."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One write that is to happen: `before` as it stood, `after` as it is to stand."""

    calendar: str
    member: str
    uid: str
    before: TimeBlock | None
    after: TimeBlock | None
    id: int = 0
    run: int = 0
    state: IntentState = IntentState.OPEN


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A block as this program last wrote it, and the revision that the calendar then gave."""

    calendar: str
    block: TimeBlock
    revision: str


@dataclass(frozen=True, slots=True)
class Run:
    """One `book` or `pull` that changed calendars."""

    id: int
    command: str
    asker: str | None
    sprint: int
    at: datetime
