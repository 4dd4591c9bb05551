"""`task`: looks at the work itself."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.commands.choosing import choose_members, choose_sprint
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
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
