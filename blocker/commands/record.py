"""What came of a sprint, written down when it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from blocker.commands.audit import Records
from blocker.domain.closing import ClosingPreview, Decision, Whither
from blocker.domain.commitment import (
    AmendmentKind,
    ClosedTask,
    Closing,
    Fate,
    PromisedTask,
)
from blocker.domain.finding import TaskAudit
from blocker.domain.member import Member
from blocker.domain.task import Task, TaskState
from blocker.workspace import Workspace


def closing_of(
    workspace: Workspace,
    manager: Member,
    shown: ClosingPreview,
    records: Records,
    decisions: Mapping[str, Decision],
    tasks: Mapping[str, Task],
) -> Closing:
    """The record of the sprint, from the calendars as they are at its end."""
    commitment = records.accepted.commitment
    promised = {one.id for one in commitment.tasks} if commitment else set()
    pulled = {one.task for one in records.accepted.amendments if one.kind is AmendmentKind.PULLED}
    members = shown.report.members
    audits = [(task, member.member) for member in members for task in member.tasks]
    known = {task.task for task, _ in audits}
    audits += [
        (_never_seen(one.task), one.task.owner)
        for one in shown.unfinished
        if one.task.id not in known
    ]
    closed = [
        _closed(task, owner, decisions.get(task.task), shown, promised, pulled)
        for task, owner in audits
    ]
    if commitment is not None:
        closed += [_left(one, tasks.get(one.id)) for one in commitment.tasks if one.id not in known]
    zero = timedelta()
    return Closing(
        workspace.team.id,
        shown.sprint.number,
        shown.sprint.name,
        workspace.now,
        manager.id,
        commitment is not None,
        commitment.promised if commitment else sum((m.committed for m in members), zero),
        sum((m.kept if commitment else m.on_calendar for m in members), zero),
        sum((task.stood for task in closed), zero),
        tuple(closed),
    )


def _never_seen(task: Task) -> TaskAudit:
    """A task whose owner has left the team: there is no calendar to look into."""
    return TaskAudit(
        task.id, task.title, task.outcome, task.state, task.estimate, timedelta(), (), ()
    )


def _left(promised: PromisedTask, now: Task | None) -> ClosedTask:
    """A task that was promised and taken out of the sprint while it ran."""
    is_dropped = now is None or now.state is TaskState.DROPPED
    return ClosedTask(
        promised.id,
        promised.title,
        promised.owner,
        promised.outcome,
        promised.estimate,
        timedelta(),
        timedelta(),
        Fate.DROPPED if is_dropped else Fate.CARRIED,
        was_promised=True,
        was_pulled=False,
        remaining=timedelta() if is_dropped or now is None else now.estimate,
        to=now.sprint if now is not None else None,
    )


def _closed(
    task: TaskAudit,
    owner: str,
    decision: Decision | None,
    shown: ClosingPreview,
    promised: set[str],
    pulled: set[str | None],
) -> ClosedTask:
    fate, remaining, to = Fate.CARRIED, timedelta(), None
    if task.state is TaskState.DONE or (decision and decision.to is Whither.DONE):
        fate = Fate.DONE
    elif task.state is TaskState.DROPPED or (decision and decision.to is Whither.DROP):
        fate = Fate.DROPPED
    elif decision is not None:
        remaining = decision.remaining
        to = shown.following.number if decision.to is Whither.NEXT else None
    return ClosedTask(
        task.task,
        task.title,
        owner,
        task.outcome,
        task.estimate,
        task.standing,
        task.stood,
        fate,
        task.task in promised,
        task.task in pulled,
        remaining,
        to,
    )
