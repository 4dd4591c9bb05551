"""`task`: looks at the work itself."""

from __future__ import annotations

from blocker.commands.choosing import choose_members, choose_sprint
from blocker.domain.task import Task
from blocker.workspace import Workspace


def list_tasks(
    workspace: Workspace,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    *,
    backlog: bool = False,
) -> list[Task]:
    """The tasks of a sprint or of the backlog, of the members in question, as they came in."""
    members = {member.id for member in choose_members(workspace, named)}
    with workspace.store(rehearse=True) as store:
        tasks = [stored.task for stored in store.tasks().values()]
        states = store.sprint_states()
    number = None
    if not backlog:
        number = choose_sprint(workspace, sprint_word, tasks, states).number
    return [task for task in tasks if task.sprint == number and task.owner in members]
