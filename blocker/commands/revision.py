"""What a command makes of the store besides blocks, kept in one transaction with what it books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from blocker.domain.commitment import Amendment, Completion
from blocker.domain.task import Task
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Revision:
    """All tasks as they will be, and what is to be saved of it.

    `finished`: tasks that are done, with what their owner says they took; `completions` is made of
    it once calendars are read.  `about`: only the blocks of these tasks may change, None for all of
    the sprint's.  `what` is one sentence for the log.
    """

    tasks: Mapping[str, StoredTask]
    changed: tuple[StoredTask, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    finished: Mapping[str, timedelta | None] = field(default_factory=dict)
    completions: tuple[Completion, ...] = ()
    reopened: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    may_use_reserve: bool = True
    """Whether it is what the reserve of an accepted sprint is kept for."""
    about: frozenset[str] | None = None
    what: str = ""

    def save(self, workspace: Workspace, store: Store) -> None:
        """Keep it, inside a transaction of the caller's."""
        store.save_tasks(self.changed)
        store.amend(self.amendments)
        for name in self.reopened:
            store.reopen(name)
        for one in self.completions:
            store.complete(one)
        if self.what:
            who = workspace.asker_id
            store.log(workspace.now, who, self.what)


def with_tasks(known: Mapping[str, StoredTask], *tasks: Task) -> tuple[StoredTask, ...]:
    """These tasks to be saved; their last import stays known, so the same file changes nothing."""
    return tuple(
        StoredTask(task, known[task.id].imported if task.id in known else None) for task in tasks
    )


def revised(known: Mapping[str, StoredTask], *tasks: Task) -> dict[str, StoredTask]:
    """All tasks, these among them."""
    return {**known, **{one.task.id: one for one in with_tasks(known, *tasks)}}
