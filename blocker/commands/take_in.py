"""Takes the rows of a tasks file into the tasks a store knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blocker.commands.at_the_gate import Late, at_the_gate
from blocker.commands.choosing import sprint_number
from blocker.commands.freeze import Gate, gate_of
from blocker.commands.quarter import unknown_outcomes
from blocker.commands.revision import Revision
from blocker.commands.task_source import Source, read_table
from blocker.domain.outcome import Outcome
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
class TakenIn(Revision):
    """What an import makes of the store, and what to say about it.

    `gone` are the ids that the file no longer names, `pruned` those of them that are dropped for
    it, `routed` those of late requests that were sent to another sprint.
    """

    added: int = 0
    gone: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()
    routed: tuple[str, ...] = ()


def take_in(
    workspace: Workspace,
    file: Source,
    known: Mapping[str, StoredTask],
    states: Mapping[int, SprintState],
    sprint: Sprint,
    *,
    prune: bool = False,
    late: Late | None = None,
    outcomes: Mapping[str, Outcome] | None = None,
) -> TakenIn:
    """Read a tasks file and merge it into what is known; nothing is saved here.

    A task that serves none of the `outcomes`, where there are some, is said to.
    Raises WrongInput with all of the file's mistakes, Refused with all rows that a frozen sprint
    does not let in.
    """
    late = late or Late()
    table = read_table(workspace, file, {name: one.task for name, one in known.items()}).tasks
    gate = gate_of(workspace, states, asked_by=late.asked_by)
    merged = {
        row.id: _merged(workspace, row, known.get(row.id), gate, sprint) for row in table.rows
    }
    lines = {row.id: f"{file}:{row.line}" for row in table.rows}
    through = at_the_gate(lines, known, merged, gate, late)
    tasks = {**known, **through.tasks}
    changed = [one for name, one in through.tasks.items() if one != known.get(name)]
    gone = _gone(tasks, set(merged), sprint)
    dropped = {name: _dropped(tasks[name]) for name in gone} if prune else {}
    drops = [gate.amendments(tasks[name].task, one.task) for name, one in dropped.items()]
    said_of_gone = () if prune else _said_of_gone(file, gone)
    taken = [one.task for one in through.tasks.values()]
    unknown = unknown_outcomes(taken, outcomes or {})
    return TakenIn(
        {**tasks, **dropped},
        (*changed, *dropped.values()),
        (*through.amendments, *chain.from_iterable(drops)),
        notes=(*table.notes, *said_of_gone, *through.notes, *unknown),
        what=f"took in {_name(file)}" if changed or dropped else "",
        added=sum(one.task.id not in known for one in changed),
        gone=gone,
        pruned=tuple(dropped),
        routed=through.routed,
    )


def _name(file: Source) -> str:
    return file.name if isinstance(file, Path) else str(file)


def _merged(
    workspace: Workspace,
    row: TaskRow,
    stored: StoredTask | None,
    gate: Gate,
    sprint: Sprint,
) -> StoredTask:
    """A row's task as it would be were nothing frozen."""
    if stored is None:
        return StoredTask(new_task(workspace, row, sprint), dict(row.cells))
    cells = {**(stored.imported or {}), **row.cells}
    return StoredTask(_updated(row, stored, gate), cells)


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


def new_task(workspace: Workspace, row: TaskRow, sprint: Sprint) -> Task:
    """The task that a row is, in `sprint` unless the row names another."""
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
        sprint_of(workspace, row, sprint.number),
        id_is_made=row.id_is_made,
        shortest=row.shortest,
        longest=row.longest,
    )


def sprint_of(workspace: Workspace, row: TaskRow, default: int | None) -> int | None:
    """The sprint's number a row means, None for the backlog.  Raises WrongUse for no sprint yet."""
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


def _updated(row: TaskRow, stored: StoredTask, gate: Gate) -> Task:
    """A known task with the cells that are new since its last import."""
    task = stored.task
    is_frozen = gate.is_frozen(task.sprint)
    if is_frozen and not task.is_owed:  # what came of it is on record
        return task
    if task.state is TaskState.DROPPED and stored.imported is None and not is_frozen:
        task = replace(task, state=TaskState.OPEN)
    before = stored.imported or {}
    fresh = {column for column, cell in row.cells.items() if before.get(column) != cell}
    changes: dict[str, Any] = {
        attribute: value
        for column, attribute in _FIELDS.items()
        if column in fresh and (value := getattr(row, attribute)) is not None
    }
    task = replace(task, **changes)
    is_settled = task.state in (TaskState.DONE, TaskState.DROPPED) or is_frozen
    is_named = "sprint" in fresh and row.sprint is not None and row.sprint.number is not None
    if is_named and row.sprint and not is_settled and not gate.is_frozen(row.sprint.number):
        task = replace(task, sprint=row.sprint.number)
    return task
