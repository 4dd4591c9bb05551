"""Takes the rows of a tasks file into the tasks a store knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blocker.commands.choosing import sprint_number
from blocker.commands.task_source import Source, read_table
from blocker.domain.errors import Refused
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.store.records import StoredTask
from blocker.workspace import Workspace

if TYPE_CHECKING:
    from blocker.intake.tasks_file import TaskRow

_DEFAULT_PRIORITY = 3
_SHOWN = 20
"""So many ids are named in one sentence."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import makes of the store: all tasks as they will be, and what to say about it.

    `changed` are the tasks to save, `gone` the ids that the file no longer names, `pruned` those of
    them that are dropped for it.
    """

    tasks: dict[str, StoredTask]
    changed: tuple[StoredTask, ...]
    added: int
    gone: tuple[str, ...]
    pruned: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def take_in(
    workspace: Workspace,
    file: Source,
    known: Mapping[str, StoredTask],
    states: Mapping[int, SprintState],
    sprint: Sprint,
    *,
    prune: bool = False,
) -> TakenIn:
    """Read a tasks file and merge it into what is known; nothing is saved here.

    Raises WrongInput with all of the file's mistakes, Refused with all rows that a frozen sprint
    does not let in.
    """
    table = read_table(workspace, file, {name: one.task for name, one in known.items()}).tasks
    tasks = dict(known)
    changed = []
    refused = []
    for row in table.rows:
        stored = known.get(row.id)
        if stored is None:
            fresh = _new_task(workspace, row, sprint)
            if _is_frozen(fresh.sprint, states):
                state = states[fresh.sprint or 0]
                refused.append(f"{file}:{row.line}: {row.id} is new, and its sprint is {state}")
            tasks[row.id] = StoredTask(fresh, dict(row.cells))
        else:
            tasks[row.id] = StoredTask(
                _updated(row, stored, states), {**(stored.imported or {}), **row.cells}
            )
        if tasks[row.id] != stored:
            changed.append(tasks[row.id])
    if refused:
        raise Refused("\n".join([*refused, "nothing was taken in; use --sprint next or backlog"]))
    gone = _gone(tasks, {row.id for row in table.rows}, sprint)
    pruned = gone if prune else ()
    dropped = {name: _dropped(tasks[name]) for name in pruned}
    tasks |= dropped
    changed += dropped.values()
    notes = table.notes if prune else (*table.notes, *_said_of_gone(file, gone))
    added = sum(one.task.id not in known for one in changed)
    return TakenIn(tasks, tuple(changed), added, gone, pruned, tuple(notes))


def _dropped(stored: StoredTask) -> StoredTask:
    """Without its last import a dropped task is one that a file dropped, and may reopen."""
    return StoredTask(replace(stored.task, state=TaskState.DROPPED))


def _said_of_gone(file: Source, gone: Sequence[str]) -> Iterator[str]:
    if gone:
        more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        listed = ", ".join(gone[:_SHOWN]) + more
        yield f"{file} no longer names {listed}; they stay (--prune drops them)"


def _gone(
    tasks: Mapping[str, StoredTask], named: Collection[str], sprint: Sprint
) -> tuple[str, ...]:
    """Open tasks of this sprint that once came from a file and are no longer in it."""
    return tuple(
        name
        for name, stored in tasks.items()
        if name not in named
        and stored.imported is not None
        and stored.task.is_owed
        and stored.task.sprint == sprint.number
    )


def _new_task(workspace: Workspace, row: TaskRow, sprint: Sprint) -> Task:
    return Task(
        row.id,
        row.title,
        row.owner,
        row.estimate,
        row.priority or _DEFAULT_PRIORITY,
        row.due,
        row.not_before,
        row.after or (),
        row.outcome,
        row.campaign,
        _sprint_of(workspace, row, sprint.number),
        id_is_made=row.id_is_made,
        shortest=row.shortest,
        longest=row.longest,
    )


def _sprint_of(workspace: Workspace, row: TaskRow, default: int | None) -> int | None:
    """The sprint's number a row means, None for the backlog."""
    if row.sprint is None:
        return default
    if row.sprint.number is not None:
        return row.sprint.number
    if row.sprint.word is None or row.sprint.word == "backlog":
        return None
    running = workspace.team.sprints.number_at(workspace.now)
    return sprint_number(workspace.team, row.sprint.word, running)


_FIELDS = {
    "title": "title",
    "owner": "owner",
    "estimate": "estimate",
    "priority": "priority",
    "due": "due",
    "not_before": "not_before",
    "after": "after",
    "outcome": "outcome",
    "campaign": "campaign",
    "shortest": "shortest",
    "longest": "longest",
}
"""The columns whose cells overwrite a known task's attribute of that name."""


def _updated(row: TaskRow, stored: StoredTask, states: Mapping[int, SprintState]) -> Task:
    """A known task with the cells that are new since its last import."""
    task = stored.task
    if task.state is TaskState.DROPPED and stored.imported is None:
        task = replace(task, state=TaskState.OPEN)
    before = stored.imported or {}
    fresh = {column for column, cell in row.cells.items() if before.get(column) != cell}
    changes: dict[str, Any] = {
        attribute: value
        for column, attribute in _FIELDS.items()
        if column in fresh and (value := getattr(row, attribute)) is not None
    }
    task = replace(task, **changes)
    is_settled = task.state in (TaskState.DONE, TaskState.DROPPED) or _is_frozen(
        task.sprint, states
    )
    is_named = "sprint" in fresh and row.sprint is not None and row.sprint.number is not None
    if is_named and row.sprint and not is_settled and not _is_frozen(row.sprint.number, states):
        task = replace(task, sprint=row.sprint.number)
    return task


def _is_frozen(sprint: int | None, states: Mapping[int, SprintState]) -> bool:
    return sprint is not None and states.get(sprint, SprintState.PLANNED) is not SprintState.PLANNED
