"""`task`: looks at the work itself."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.commands.choosing import choose_members, choose_sprint, sprint_numbered
from blocker.commands.one_task import task_named
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.task_change import TaskView
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks of one sprint; of the backlog when `sprint` is None."""

    sprint: Sprint | None
    state: SprintState
    tasks: tuple[Task, ...]


def list_tasks(
    workspace: Workspace,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    *,
    backlog: bool = False,
) -> TaskList:
    """The tasks of a sprint or of the backlog, of the members in question, as they came in."""
    members = {member.id for member in choose_members(workspace, named)}
    with workspace.store(rehearse=True) as store:
        tasks = [stored.task for stored in store.tasks().values()]
        states = store.sprint_states()
    sprint = None if backlog else choose_sprint(workspace, sprint_word, tasks, states)
    number = sprint.number if sprint else None
    return TaskList(
        sprint,
        states.get(number or 0, SprintState.PLANNED),
        tuple(task for task in tasks if task.sprint == number and task.owner in members),
    )


def show_task(workspace: Workspace, name: str) -> TaskView:
    """All that the store knows of one task; plans nothing.  Raises WrongUse for an unknown one."""
    with workspace.store(rehearse=True) as store:
        known = {name: one.task for name, one in store.tasks().items()}
        task = task_named(store.tasks(), name)
        states = store.sprint_states()
        amendments = [one for one in store.amendments() if one.task == task.id]
        completions = {one.task: one for one in store.completions()}
    return TaskView(
        task,
        sprint_numbered(workspace.team, task.sprint) if task.sprint else None,
        states.get(task.sprint or 0, SprintState.PLANNED),
        tuple(amendments),
        completions.get(task.id),
        tuple(known[after.task] for after in task.after if after.task in known),
        tuple(
            one
            for one in known.values()
            if one.is_owed and task.id in {after.task for after in one.after}
        ),
    )
