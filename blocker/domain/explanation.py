"""Answers about one task: why it stands where it stands or nowhere, and what a fix changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from blocker.domain.interval import Interval
from blocker.domain.member import Member
from blocker.domain.plan import Remedy, Unbooked
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class Fix:
    """What applying a remedy changes.

    `before` and `after` are the tasks it touches, a new one only in `after`; `sprints` names their
    sprints by number.  `limit` says in words which day's limit is raised.  `ask` is what a person
    has to be asked, since no program can do it; then nothing is changed.  `is_done`: it was saved.
    """

    task: Task
    number: int
    remedy: Remedy
    sprint: Sprint
    sprints: Mapping[int, str]
    before: tuple[Task, ...] = ()
    after: tuple[Task, ...] = ()
    limit: str | None = None
    ask: str | None = None
    is_done: bool = False


class InTheWay(StrEnum):
    """Why a stretch of time before a task's next block is not for it."""

    OUTSIDE_HOURS = "outside_hours"
    WAITS = "waits"
    BUSY = "busy"
    BLOCK = "block"
    TOO_SHORT = "too_short"
    REST = "rest"
    DAY_LIMIT = "day_limit"
    RESERVE = "reserve"
    BREAK = "break"
    MORE_BLOCKS = "more_blocks"
    NOT_PREFERRED = "not_preferred"
    WISHES = "wishes"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A stretch of time before a task's next block and what fills it.

    `task` is the other task of a block, or the one waited for; `title` a meeting's, where whoever
    asks may see it.
    """

    kind: InTheWay
    span: Interval
    task: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a task stands where it stands, or does not fit.

    `settled` says what a task is that nothing is planned for (done, dropped, in the backlog), and
    then nothing else is known of it.  `blocks` are where it stands or would be booked, `to_come` of
    them those that `book` would write.  `opens` and `due` bound it.  `hindrances` lie before its
    next block.  `competing` are other tasks that want the same time; `last_start` is the latest at
    which those of its blocks that may move could begin, `slack` the working time until then; None
    where none may.
    """

    task: Task
    member: Member | None = None
    sprint: Sprint | None = None
    state: SprintState = SprintState.PLANNED
    settled: str | None = None
    opens: datetime | None = None
    due: datetime | None = None
    blocks: tuple[Interval, ...] = ()
    to_come: frozenset[Interval] = frozenset()
    hindrances: tuple[Hindrance, ...] = ()
    competing: tuple[str, ...] = ()
    last_start: datetime | None = None
    slack: timedelta | None = None
    lack: Unbooked | None = None
    tasks: Mapping[str, Task] = field(default_factory=dict)
    """All that the store knows, by id."""
    now: datetime | None = None
    """None with `settled`: then no time matters."""

    @property
    def fits(self) -> bool:
        return self.lack is None

    @property
    def waiting(self) -> tuple[Interval, ...]:
        """The blocks that have not begun yet."""
        return tuple(span for span in self.blocks if self.now is None or span.start >= self.now)
