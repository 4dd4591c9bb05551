"""How much later a booked task could still begin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.domain.interval import Interval
from blocker.scheduling.changed import joined, work_of
from blocker.scheduling.planner import Effort, plan_whole
from blocker.scheduling.problem import Desk, Problem

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Leeway:
    """When the movable blocks of a task begin, and the latest moment at which they could."""

    begins: datetime
    last: datetime


def leeway(problem: Problem, task: str) -> Leeway | None:
    """How late the movable blocks of a task could begin, all others unchanged.

    `problem` is the question with everything standing (`as_booked`).  None where the task has no
    blocks that may move.  Found by halving: a later start never leaves more room.
    """
    work = work_of(problem, task)
    desk = next(one for one in problem.desks if one.member == work.member)
    moving = [one for one in desk.standing if one.task == task and one.is_movable]
    if not moving or work.window is None:
        return None
    minutes = sum((one.counted for one in moving), _ZERO)
    alone = _alone(joined(problem, {work.member}), task, desk, minutes)
    first = min(one.interval.start for one in moving)
    step = desk.rules.step
    low, high = 0, max(0, (work.window.end - first) // step)
    found = first
    while low < high:
        middle = (low + high + 1) // 2
        start = _start_from(alone, task, first + middle * step)
        if start is None:
            high = middle - 1
        else:
            low, found = max(middle, (start - first) // step), start
    return Leeway(first, found)


def _alone(problem: Problem, task: str, desk: Desk, minutes: timedelta) -> Problem:
    """Only this task is to be placed; the others stay in for their order."""
    works = tuple(
        replace(one, missing=minutes, is_whole=True)
        if one.task == task
        else replace(one, missing=_ZERO)
        for one in problem.works
    )
    standing = tuple(one for one in desk.standing if not (one.task == task and one.is_movable))
    desks = tuple(
        replace(one, standing=standing) if one.member == desk.member else one
        for one in problem.desks
    )
    return replace(problem, desks=desks, works=works, may_release=False)


def _start_from(problem: Problem, task: str, moment: datetime) -> datetime | None:
    """Where the task begins when it may not begin before a moment, None where it has no room."""
    work = work_of(problem, task)
    assert work.window is not None
    if moment >= work.window.end:
        return None
    later = replace(work, window=Interval(moment, work.window.end))
    works = tuple(later if one.task == task else one for one in problem.works)
    plans = plan_whole(replace(problem, works=works), effort=Effort.QUICK)
    if any(lack.task == task for one in plans for lack in one.unbooked):
        return None
    return min(new.interval.start for one in plans for new in one.new if new.task == task)
