"""What a remedy makes of the tasks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.commands.freeze import Gate
from blocker.commands.promises import promise_of
from blocker.domain.hours import day_of
from blocker.domain.moment import DateMoment, Moment, SprintMoment
from blocker.domain.plan import Remedy, RemedyKind
from blocker.domain.sprint import Sprint
from blocker.domain.task import After, Task, TaskState
from blocker.domain.team import Team

_LONGEST_ID = 64


def tasks_after(
    remedy: Remedy, task: Task, sprint: Sprint, gate: Gate, taken: Collection[str]
) -> tuple[Task, ...]:
    """The task as the remedy leaves it, and the new one of a split; empty if it changes none.

    `task` is the one that the remedy names, of `sprint`; `taken` are ids in use.
    """
    match remedy.kind:
        case RemedyKind.DEFER:
            return (put_off(task, gate),)
        case RemedyKind.EXTEND_DUE:
            assert remedy.until is not None
            zone = gate.team.member(task.owner).zone
            is_relative = isinstance(task.due, SprintMoment)
            return (replace(task, due=moment_at(remedy.until, zone, sprint, is_relative)),)
        case RemedyKind.SHORTEN:
            return (replace(task, estimate=task.estimate - (remedy.less or timedelta())),)
        case RemedyKind.SPLIT:
            less = remedy.less or timedelta()
            rest = put_off(task, gate)
            rest = replace(
                rest,
                id=_rest_id(task.id, taken),
                estimate=less,
                after=(After(task.id),),
            )
            return replace(task, estimate=task.estimate - less), rest
        case RemedyKind.REASSIGN:
            assert remedy.member is not None
            return (replace(task, owner=remedy.member),)
        case RemedyKind.FREE_TIME | RemedyKind.RAISE_DAY_LIMIT:
            return ()


def put_off(task: Task, gate: Gate) -> Task:
    """The task in the next sprint that takes tasks; a due date that leaves no time there goes."""
    return in_sprint(task, gate.next_open(task.sprint or 0), gate.team)


def in_sprint(task: Task, number: int, team: Team) -> Task:
    """The task in another sprint; a due date that leaves no time there goes."""
    state = TaskState.OPEN if task.state is TaskState.PULLED else task.state
    moved = replace(task, sprint=number, state=state)
    is_members = any(member.id == task.owner for member in team.members)
    if is_members and promise_of(moved, team.sprints.sprint(number), team).window is None:
        moved = replace(moved, due=None)
    return moved


def moment_at(instant: datetime, zone: ZoneInfo, sprint: Sprint, is_relative: bool) -> Moment:
    """An instant as a due moment by the wall clock of `zone`; midnight is the end of a day."""
    wall = instant.astimezone(zone)
    day, minutes = day_of(instant, zone), wall.hour * 60 + wall.minute
    at = minutes or None
    if at is None:
        day -= timedelta(days=1)
    if not is_relative or day < sprint.first_day:
        return DateMoment(day, at)
    return SprintMoment((day - sprint.first_day).days // 7 + 1, day.weekday(), at)


def _rest_id(task: str, taken: Collection[str]) -> str:
    """An id for what is left of a task: `T-020-rest`, `T-020-rest-2`."""
    number = 1
    while True:
        tail = "-rest" if number == 1 else f"-rest-{number}"
        name = task[: _LONGEST_ID - len(tail)] + tail
        if name not in taken:
            return name
        number += 1
