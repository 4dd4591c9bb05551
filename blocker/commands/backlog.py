"""`backlog`: what waits for no sprint yet, in the order in which `pull` offers it (M6)."""

from __future__ import annotations

from collections.abc import Mapping

from blocker.commands.choosing import choose_members
from blocker.commands.deciding import refuse_others_work
from blocker.commands.one_task import task_named
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.task import Task
from blocker.domain.task_change import Backlog
from blocker.store.records import StoredTask
from blocker.workspace import Workspace


def list_backlog(workspace: Workspace, named: tuple[str, ...] = ()) -> Backlog:
    """The backlog's open tasks of the members in question, with their ranks among all."""
    members = {member.id for member in choose_members(workspace, named)}
    with workspace.store(rehearse=True) as store:
        waiting = _waiting(store.tasks())
    ranked = enumerate(waiting, 1)
    return Backlog(tuple((k, task) for k, task in ranked if task.owner in members), len(waiting))


def rank_in_backlog(
    workspace: Workspace,
    name: str,
    *,
    above: str | None = None,
    below: str | None = None,
    top: bool = False,
) -> Backlog:
    """Move a task of the backlog above or below another, or to the top.  The whole backlog.

    Raises WrongUse unless it is told one place, and for an unknown task; Refused for a task that
    is not in the backlog.
    """
    if (above is not None) + (below is not None) + top != 1:
        raise WrongUse("say where to: one of --above TASK, --below TASK, --top")
    with workspace.store() as store:
        known = store.tasks()
        moved = _in_backlog(workspace, known, name)
        refuse_others_work(workspace, moved)
        order = [task.id for task in _waiting(known) if task.id != moved.id]
        place = 0
        if (other := above or below) is not None:
            beside = _in_backlog(workspace, known, other)
            if beside.id == moved.id:
                raise WrongUse(f"{moved.id} cannot stand above or below itself")
            place = order.index(beside.id) + (below is not None)
        order.insert(place, moved.id)
        who = workspace.asker_id
        with store.transaction():
            store.rank_tasks(order)
            store.log(workspace.now, who, f"ranked {moved.id} number {place + 1} of the backlog")
    tasks = tuple((k, known[one].task) for k, one in enumerate(order, 1))
    return Backlog(tasks, len(order), moved)


def _waiting(known: Mapping[str, StoredTask]) -> list[Task]:
    """Open tasks of no sprint, by rank."""
    return [one.task for one in known.values() if one.task.sprint is None and one.task.is_owed]


def _in_backlog(workspace: Workspace, known: Mapping[str, StoredTask], name: str) -> Task:
    task = task_named(known, name)
    if task.is_owed and task.sprint is None:
        return task
    where = f"is {task.state}"
    if task.is_owed and task.sprint is not None:
        where = f"is in {workspace.team.sprints.sprint(task.sprint).name}"
    raise Refused(f"{task.named} {where}, not in the backlog")
