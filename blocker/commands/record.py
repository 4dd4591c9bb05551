"""What came of a sprint, written down when it is closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from blocker.auditing.audit import grouped
from blocker.auditing.drift import kept
from blocker.auditing.held import Held, held_to
from blocker.commands.audit import Records
from blocker.domain.closing import ClosedTask, Closing, ClosingPreview, Decision, Fate, Whither
from blocker.domain.commitment import Amendment, AmendmentKind, PromisedTask
from blocker.domain.finding import Left, TaskAudit
from blocker.domain.member import Member
from blocker.domain.task import Task, TaskState
from blocker.workspace import Workspace

NONE = timedelta()

_ELSEWHERE = (AmendmentKind.SWAPPED_OUT, AmendmentKind.CARRIED)
"""After these what is left of a task is in another sprint, or in the backlog."""


def closing_of(
    workspace: Workspace,
    manager: Member,
    shown: ClosingPreview,
    records: Records,
    decisions: Mapping[str, Decision],
    tasks: Mapping[str, Task],
) -> Closing:
    """The record of the sprint, from the calendars as they are at its end."""
    commitment, amendments = records.accepted.commitment, records.accepted.amendments
    held = held_to(commitment, amendments, tasks)
    members = shown.report.members
    promised, standing = sum((m.committed for m in members), NONE), NONE
    if commitment is not None:
        promised = commitment.promised
        standing = _kept_unseen(held, {m.member for m in members}, tasks)
        standing -= _to_come(held, shown, decisions)
    closed = [
        *_in_sprint(shown, decisions, held.left),
        *_gone(shown, commitment.tasks if commitment else (), amendments, held.left, tasks),
    ]
    ids = {one.id for one in commitment.tasks} if commitment else set()
    pulled = {one.task for one in amendments if one.kind is AmendmentKind.PULLED}
    closed = [
        replace(one, was_promised=one.id in ids, was_pulled=one.id in pulled) for one in closed
    ]
    return Closing(
        workspace.team.id,
        shown.sprint.number,
        shown.sprint.name,
        workspace.now,
        manager.id,
        commitment is not None,
        promised,
        sum((m.kept if commitment else m.on_calendar for m in members), standing),
        sum((task.stood for task in closed), NONE),
        tuple(closed),
        promised - held.promised if commitment else NONE,
    )


def _kept_unseen(held: Held, seen: set[str], tasks: Mapping[str, Task]) -> timedelta:
    """What is kept of the promises of those who have left the team."""
    still = [kept(one, tasks.get(one.id), NONE) for one in held.tasks if one.owner not in seen]
    return sum((one.kept for one in held.left if one.member not in seen), sum(still, NONE))


def _to_come(held: Held, shown: ClosingPreview, decisions: Mapping[str, Decision]) -> timedelta:
    """Time of unfinished tasks that still stands after the sprint was closed: it goes."""
    audits = {task.task: task for member in shown.report.members for task in member.tasks}
    going = NONE
    for one in held.tasks:
        decision, audited = decisions.get(one.id), audits.get(one.id)
        if decision is not None and audited is not None and decision.to is not Whither.DONE:
            there = min(audited.counted, one.estimate)
            going += there - min(audited.stood, there)
    return going


def _in_sprint(
    shown: ClosingPreview, decisions: Mapping[str, Decision], left: Iterable[Left]
) -> Iterator[ClosedTask]:
    """The tasks that are in the sprint at its end, each with what others did of it before."""
    audits = [(task, member.member) for member in shown.report.members for task in member.tasks]
    known = {task.task for task, _ in audits}
    audits += [
        (_never_seen(one.task), one.task.owner)
        for one in shown.unfinished
        if one.task.id not in known
    ]
    parts = grouped(left, lambda one: one.task)
    for task, owner in audits:
        by_others = sum((one.stood for one in parts.get(task.task, ())), NONE)
        yield _closed(task, owner, decisions.get(task.task), shown, by_others)


def _never_seen(task: Task) -> TaskAudit:
    """A task whose owner has left the team: there is no calendar to look into."""
    return TaskAudit(
        task.id, task.title, task.outcome, task.state, task.estimate, timedelta(), (), ()
    )


def _closed(
    task: TaskAudit,
    owner: str,
    decision: Decision | None,
    shown: ClosingPreview,
    by_others: timedelta,
) -> ClosedTask:
    fate, remaining, to = Fate.CARRIED, NONE, None
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
        task.estimate + by_others,
        task.standing + by_others,
        task.stood + by_others,
        fate,
        was_promised=False,
        was_pulled=False,
        remaining=remaining,
        to=to,
        by_others=by_others,
    )


def _gone(
    shown: ClosingPreview,
    promised: Iterable[PromisedTask],
    amendments: Iterable[Amendment],
    left: Iterable[Left],
    tasks: Mapping[str, Task],
) -> Iterator[ClosedTask]:
    """Tasks that were taken out of the sprint while it ran, or whose owner left the team."""
    known = {task.task for member in shown.report.members for task in member.tasks}
    known |= {one.task.id for one in shown.unfinished}
    last = {one.task: one for one in amendments if one.kind in _ELSEWHERE}
    parts = grouped(left, lambda one: one.task)
    first = {one.id: one for one in promised}
    for name in dict.fromkeys([*first, *parts]):
        now = tasks.get(name)
        if name in known or (name not in first and now is None):
            continue
        about = first.get(name, now)
        assert about is not None, "it was promised, or the store has it"
        yield _left(about, now, last.get(name), parts.get(name, ()), shown.sprint.number)


def _left(
    about: PromisedTask | Task,
    now: Task | None,
    last: Amendment | None,
    parts: Iterable[Left],
    sprint: int,
) -> ClosedTask:
    """A task that left; `last` says how, None where its owner did instead."""
    fate = Fate.CARRIED
    if now is None or now.state is TaskState.DROPPED:
        fate = Fate.DROPPED
    elif now.state is TaskState.DONE and now.sprint == sprint:
        fate = Fate.DONE
    stood = {one.member: one.stood for one in parts}
    whole = sum(stood.values(), NONE)
    owner, estimate = about.owner, about.estimate
    remaining, to = (now.estimate, now.sprint) if now else (NONE, None)
    if last is not None:
        owner, remaining, to = last.member or owner, -last.minutes, last.to or None
        estimate = whole + remaining
    is_carried = fate is Fate.CARRIED
    return ClosedTask(
        about.id,
        about.title,
        owner,
        about.outcome,
        estimate,
        whole,
        whole,
        fate,
        was_promised=False,
        was_pulled=False,
        remaining=remaining if is_carried else NONE,
        to=to if is_carried else None,
        by_others=whole - stood.get(owner, NONE),
    )
