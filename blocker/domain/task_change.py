"""What became of one task, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.domain.commitment import Amendment, Completion
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task that was added, edited or dropped by hand; `before` is None for a new one.

    `amendments` record what an accepted sprint allowed, or what was sent on from one.  `waiting`
    are open tasks that wait for it.  `sprint` is where it is now, None for the backlog, and `left`
    where its blocks still stand, None where there are none to free.
    """

    before: Task | None
    after: Task
    sprint: Sprint | None
    left: Sprint | None = None
    amendments: tuple[Amendment, ...] = ()
    waiting: tuple[Task, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TaskView:
    """All that the store knows of one task.

    `before` are the tasks it waits for, `waiting` the open ones that wait for it; `state` is the
    sprint's.
    """

    task: Task
    sprint: Sprint | None
    state: SprintState
    amendments: tuple[Amendment, ...]
    completion: Completion | None
    before: tuple[Task, ...]
    waiting: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Open tasks of the backlog with their ranks from 1, those of some members only.

    `whole` counts all of them.  `moved` is the one whose rank was changed.
    """

    tasks: tuple[tuple[int, Task], ...]
    whole: int
    moved: Task | None = None
