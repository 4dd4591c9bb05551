"""`close`: a sprint ends; what is unfinished goes on, and what came of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from blocker.commands.audit import Records, audited_now, records_of
from blocker.commands.checked import completion_of, earlier_in, settle_checked
from blocker.commands.choosing import choose_sprint, member_named, sprint_numbered
from blocker.commands.deciding import manager_asking
from blocker.commands.effects import in_sprint
from blocker.commands.freeze import gate_of
from blocker.commands.reading import Tell, silent
from blocker.commands.record import closing_of
from blocker.commands.revision import with_tasks
from blocker.domain.closing import Closing, ClosingPreview, Decision, Unfinished, Whither
from blocker.domain.errors import Refused, Unreachable, WrongUse
from blocker.domain.finding import TaskAudit
from blocker.domain.hours import day_text, moment_text
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unseen:
    """Members, by any name, without whose calendars a sprint may be closed, and why."""

    members: tuple[str, ...] = ()
    because: str | None = None


def preview(
    workspace: Workspace,
    word: str | None = None,
    tell: Tell = silent,
    unseen: Unseen | None = None,
) -> ClosingPreview:
    """What closing would decide about.  Changes nothing.

    Raises Refused for a sprint that is closed, has not begun, or has nothing to close; Unreachable
    where a calendar is, unless its member is among the `unseen`.
    """
    with workspace.store(rehearse=True) as store:
        return _preview(workspace, store, word, tell, unseen or Unseen())[0]


def close(
    workspace: Workspace,
    word: str | None,
    decisions: Mapping[str, Decision],
    tell: Tell = silent,
    unseen: Unseen | None = None,
) -> Closing:
    """End the sprint: all in one transaction.

    `decisions` are about each unfinished task, by id.  Raises WrongUse and Refused where nobody
    may decide or the sprint cannot be closed, Refused where a task is unfinished that nothing was
    decided about.
    """
    manager = manager_asking(workspace, "close")
    unseen = unseen or Unseen()
    if unseen.members and not (unseen.because or "").strip():
        raise WrongUse("to close without a calendar needs its reason: --because TEXT")
    with workspace.store() as store:
        shown, records = _preview(workspace, store, word, tell, unseen)
        undecided = [one.task.id for one in shown.unfinished if one.task.id not in decisions]
        if undecided:
            raise Refused(
                f"{shown.sprint.name} has unfinished tasks that nothing was decided about: "
                f"{', '.join(undecided)}; see: blocker close {shown.sprint.name} --preview"
            )
        after = [_after(workspace, one, decisions[one.task.id], shown) for one in shown.unfinished]
        known = store.tasks()
        tasks = {name: one.task for name, one in known.items()}
        closing = closing_of(workspace, manager, shown, records, decisions, tasks)
        earlier = earlier_in(store)
        with store.transaction():
            store.save_tasks(with_tasks(known, *after))
            settle_checked(workspace, store, shown.report, shown.checked)
            for one in shown.unfinished:
                if decisions[one.task.id].to is Whither.DONE:
                    done = completion_of(one.task, one.stood, None, workspace.now, earlier)
                    store.complete(done)
            store.close(closing)
            store.set_sprint_state(shown.sprint.number, SprintState.CLOSED)
            store.log(workspace.now, manager.id, f"closed {shown.sprint.name}{_without(unseen)}")
        return closing


def _preview(
    workspace: Workspace, store: Store, word: str | None, tell: Tell, unseen: Unseen
) -> tuple[ClosingPreview, Records]:
    workspace = workspace.amended(store.amendments())
    states = store.sprint_states()
    tasks = {name: one.task for name, one in store.tasks().items()}
    sprint = _sprint(workspace, word, tasks.values(), states)
    state = states.get(sprint.number, SprintState.PLANNED)
    _refuse_state(workspace, store, sprint, state)
    records = records_of(store, sprint)
    audited = audited_now(workspace, sprint, tasks, records, workspace.team.members, tell)
    report = audited.report
    passed = {member_named(workspace.team, who, "--waive-unreadable").id for who in unseen.members}
    if errors := [said for member, said in audited.unreached if member not in passed]:
        raise Unreachable("\n".join(errors))
    audits = {task.task: task for member in report.members for task in member.tasks}
    left = [
        task
        for task in tasks.values()
        if task.sprint == sprint.number and task.is_owed and task.id not in audited.checked
    ]
    following = gate_of(workspace, states).next_open(sprint.number)
    unfinished = tuple(_unfinished(task, audits.get(task.id)) for task in left)
    there = sprint_numbered(workspace.team, following)
    return ClosingPreview(sprint, state, report, unfinished, there, audited.checked), records


def _without(unseen: Unseen) -> str:
    """What the log says of calendars that were not seen."""
    if not unseen.members:
        return ""
    return f" without the calendars of {', '.join(unseen.members)}: {unseen.because}"


def _sprint(
    workspace: Workspace,
    word: str | None,
    tasks: Iterable[Task],
    states: Mapping[int, SprintState],
) -> Sprint:
    """The one named; else the first that is accepted, or over with open tasks, and not closed."""
    tasks = list(tasks)
    if word is not None:
        return choose_sprint(workspace, word, tasks, states)
    running = workspace.team.sprints.number_at(workspace.now)
    waiting = [number for number, state in states.items() if state is SprintState.ACCEPTED]
    waiting += [
        task.sprint
        for task in tasks
        if task.sprint is not None
        and task.sprint < running
        and task.is_owed
        and states.get(task.sprint) is not SprintState.CLOSED
    ]
    if not waiting:
        raise Refused("no sprint is accepted or over and still open, so there is none to close")
    return sprint_numbered(workspace.team, min(waiting))


def _refuse_state(workspace: Workspace, store: Store, sprint: Sprint, state: SprintState) -> None:
    if state is SprintState.CLOSED:
        before = store.closings().get(sprint.number)
        who = ""
        if before is not None:
            when = moment_text(before.closed_at, workspace.team.zone)
            who = f" by {workspace.team.name_of(before.closed_by)}, {when}"
        raise Refused(f"{sprint.name} was closed already{who}")
    zone = workspace.team.zone
    if sprint.interval.start > workspace.now:
        begins = day_text(sprint.interval.start, zone)
        raise Refused(f"{sprint.name} begins {begins}, so there is nothing to close yet")
    if state is SprintState.PLANNED and sprint.interval.end > workspace.now:
        raise Refused(
            f"{sprint.name} was not accepted and is not over, so there is nothing to close yet"
        )


def _unfinished(task: Task, audited: TaskAudit | None) -> Unfinished:
    stood = audited.stood if audited else timedelta()
    left = task.estimate - stood
    if left > timedelta():
        return Unfinished(task, stood, Decision(Whither.NEXT, left))
    return Unfinished(task, stood, Decision(Whither.DONE))


def _after(
    workspace: Workspace,
    one: Unfinished,
    decision: Decision,
    shown: ClosingPreview,
) -> Task:
    """The task once its sprint is closed."""
    match decision.to:
        case Whither.DONE:
            return replace(one.task, state=TaskState.DONE)
        case Whither.DROP:
            return replace(one.task, state=TaskState.DROPPED)
        case Whither.BACKLOG:
            left = replace(one.task, estimate=decision.remaining)
            return replace(left, sprint=None, state=TaskState.OPEN)
        case Whither.NEXT:
            left = replace(one.task, estimate=decision.remaining)
            return in_sprint(left, shown.following.number, workspace.team)
