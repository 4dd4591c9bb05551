"""The recorded ways in: what may change in an accepted sprint, and is remembered (M5).

Each finds its task, revises it under the store's lock, and books that task's blocks alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from blocker.commands.audit import audited_now, records_of
from blocker.commands.book import Confirm, book
from blocker.commands.case import Request, Revise
from blocker.commands.choosing import sprint_numbered
from blocker.commands.deciding import refuse_finished
from blocker.commands.freeze import Gate, gate_of
from blocker.commands.one_task import nothing_planned, task_named
from blocker.commands.reading import Tell, silent
from blocker.domain.errors import Refused, Unreachable, WrongUse
from blocker.domain.plan import Booking
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace

Stood = Mapping[str, timedelta]
"""By task, the time that is past and counts."""


def carry_out(
    workspace: Workspace,
    tasks: Sequence[Task],
    revise: Revise,
    *,
    members: Sequence[str] = (),
    command: str = "book",
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Revise these tasks and book what that changes, in the calendars of their owners.

    `members` are further ids of whom calendars may change.  Raises what `book` raises.
    """
    owners = tuple(dict.fromkeys([*(task.owner for task in tasks), *members]))
    known = {member.id for member in workspace.team.members}
    request = Request(
        sprint=str(tasks[0].sprint),
        members=tuple(owner for owner in owners if owner in known),
        dry_run=dry_run,
        revise=revise,
        command=command,
    )
    return book(workspace, request, confirm, tell)


def open_task(workspace: Workspace, name: str) -> Task:
    """An open task of a sprint and of somebody in the team, as it is now.

    Raises WrongUse for an unknown one, Refused for one that is settled, in the backlog, or whose
    owner has left.
    """
    with workspace.store(rehearse=True) as store:
        task = task_named(store.tasks(), name)
    refuse_settled(task)
    if orphaned := nothing_planned(workspace, task):
        raise Refused(orphaned)
    return task


def refuse_settled(task: Task) -> None:
    """Raises Refused for a task that no sprint waits for."""
    refuse_finished(task)
    if task.sprint is None:
        raise Refused(
            f"{task.named} is in the backlog; change it with: blocker task edit {task.id}"
        )


def still_open(store: Store, task: Task) -> Task:
    """The task as it is now that the store is held.

    Raises Refused where somebody settled it, moved it or gave it away meanwhile.
    """
    now = store.tasks()[task.id].task
    refuse_settled(now)
    if (now.sprint, now.owner) != (task.sprint, task.owner):
        raise Refused(f"somebody changed {task.id} meanwhile, so nothing was done; try it again")
    return now


def gate_in(workspace: Workspace, store: Store, because: str | None = None) -> Gate:
    """The gate as it stands now."""
    return gate_of(workspace, store.sprint_states(), because)


def needs_reason(because: str | None, command: str) -> str:
    """Raises WrongUse where no reason is given."""
    if not (because or "").strip():
        raise WrongUse(f"{command} needs its reason, which is kept with it: --because TEXT")
    return (because or "").strip()


def stood_now(workspace: Workspace, tasks: Sequence[Task], tell: Tell = silent) -> Stood:
    """What of these tasks of one sprint lies in the past and counts, as the calendars are now.

    Raises Unreachable where an owner's calendars cannot be read.
    """
    owners = {task.owner for task in tasks}
    with workspace.store(rehearse=True) as store:
        workspace = workspace.amended(store.amendments())
        known = {name: one.task for name, one in store.tasks().items()}
        sprint = sprint_numbered(workspace.team, tasks[0].sprint or 0)
        records = records_of(store, sprint)
    members = [one for one in workspace.team.members if one.id in owners]
    report = audited_now(workspace, sprint, known, records, members, tell).report
    if report.errors:
        raise Unreachable("\n".join(report.errors))
    return {task.task: task.stood for member in report.members for task in member.tasks}
