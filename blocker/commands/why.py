"""`why`: why a task stands where it stands, or does not fit, and what would make it fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from blocker.commands.case import Case
from blocker.commands.choosing import sprint_numbered
from blocker.commands.one_task import Looked, look_at, nothing_planned, task_named
from blocker.commands.privacy import may_be_named
from blocker.commands.reading import Tell, silent
from blocker.commands.remedying import meetings_of, standing_after
from blocker.domain.errors import Unreachable
from blocker.domain.explanation import Explanation, Hindrance, InTheWay
from blocker.domain.interval import Interval, clip, total
from blocker.domain.plan import ChangeKind
from blocker.domain.task import Task
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.hindrances import in_the_way
from blocker.scheduling.problem import Problem
from blocker.scheduling.slack import leeway
from blocker.workspace import Workspace


def why(
    workspace: Workspace, name: str, *, effort: str = "normal", tell: Tell = silent
) -> Explanation:
    """Plan the task's sprint for its owner as `book` would now, and explain the task's part.

    Changes nothing.  Raises WrongUse for an unknown task, Unreachable when the owner's calendars
    are, WrongInput for a calendar file that is wrong.
    """
    with workspace.store(rehearse=True) as store:
        known = {task: stored.task for task, stored in store.tasks().items()}
        task = task_named(store.tasks(), name)
        settled = nothing_planned(workspace, task)
        if settled is not None:
            team, number = workspace.team, task.sprint
            sprint = sprint_numbered(team, number) if number is not None else None
            state = store.sprint_state(number)
            return Explanation(task, None, sprint, state, settled, tasks=known)
        looked = look_at(workspace, store, task, effort, tell)
    if looked.errors:
        raise Unreachable("\n".join(looked.errors))
    if looked.lack is None:
        tell("looking how late it could begin", 0.9)
    return _explained(workspace, looked, task, known)


def _explained(
    workspace: Workspace, looked: Looked, task: Task, known: Mapping[str, Task]
) -> Explanation:
    case = looked.case
    promise = case.scene.promises[task.id]
    stand = case.stands[task.owner]
    ours = [change for change in looked.member.changes if change.block.task == task.id]
    fresh = (ChangeKind.CREATE, ChangeKind.MOVE)
    blocks = {one.block.interval for one in ours if one.kind is not ChangeKind.REMOVE}
    blocks |= {one.event.interval for one in stand.kept if one.task == task.id and not one.is_ours}
    found = Explanation(
        task,
        looked.member.member,
        case.scene.sprint,
        case.scene.state,
        None,
        promise.not_before,
        promise.due,
        tuple(sorted(blocks)),
        frozenset(one.block.interval for one in ours if one.kind in fresh),
        lack=looked.lack,
        tasks=known,
        now=case.scene.now,
    )
    if case.planned.problem is None or not blocks:
        return found
    problem = standing_after(case)
    opens = max(promise.not_before, case.scene.now)
    late = leeway(problem, task.id) if looked.lack is None else None
    return replace(
        found,
        hindrances=_titled(workspace, case, task, in_the_way(problem, task.id, opens)),
        competing=_competing(problem, task) if found.waiting else (),
        last_start=None if late is None else late.last,
        slack=None if late is None else _working(case, task, late.begins, late.last),
    )


def _titled(
    workspace: Workspace, case: Case, task: Task, found: tuple[Hindrance, ...]
) -> tuple[Hindrance, ...]:
    """Meetings with their titles where whoever asks may see them."""
    if task.owner not in may_be_named(workspace):
        return found
    events = meetings_of(case.stands[task.owner])
    return tuple(
        replace(
            one,
            title=next(
                (event.title for event in events if event.interval.contains(one.span)), None
            ),
        )
        if one.kind is InTheWay.BUSY
        else one
        for one in found
    )


def _competing(problem: Problem, task: Task) -> tuple[str, ...]:
    """Other tasks of the owner with blocks where this one may lie."""
    work = work_of(problem, task.id)
    if work.window is None:
        return ()
    desk = desk_of(problem, task.owner)
    there = [one for one in desk.standing if one.interval.overlaps(work.window)]
    there.sort(key=lambda one: one.interval)
    return tuple(dict.fromkeys(one.task for one in there if one.task != task.id))


def _working(case: Case, task: Task, start: datetime, end: datetime) -> timedelta:
    """The owner's working time between two moments."""
    if start >= end:
        return timedelta()
    span = Interval(start, end)
    return total(clip(case.scene.team.member(task.owner).hours.within(span), span))
