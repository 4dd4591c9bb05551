"""Why a task could not be booked even if nothing else were: limits of its blocks and of days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from blocker.domain.hours import days_of
from blocker.domain.interval import Interval, subtract
from blocker.domain.plan import Obstacle, ObstacleKind, Reason, Unbooked
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.rooms import free_for_blocks, usable_by_day

_SECOND = timedelta(seconds=1)


def with_obstacle(problem: Problem, lack: Unbooked) -> Unbooked:
    """The task left out with what keeps out even one block of it, where that is so.

    Where no proof says anything, it tells at least what was looked for.  Blocks that stand are left
    aside: what competes with the task is said elsewhere.
    """
    if lack.competing or lack.reason not in (Reason.NO_ROOM, Reason.CANNOT_BE_CUT):
        return lack
    work = work_of(problem, lack.task)
    if work.window is None:
        return lack
    desk = desk_of(problem, work.member)
    shortest, longest = _lengths(desk, work)
    if lack.reason is Reason.CANNOT_BE_CUT:
        kind = ObstacleKind.LENGTHS
        return replace(lack, obstacle=Obstacle(kind, work.window, shortest, longest))
    found = _obstacle(desk, work.window, shortest, longest)
    if found is None and lack.certificate is None:
        found = Obstacle(ObstacleKind.NOT_FOUND, work.window, shortest, longest)
    return replace(lack, obstacle=found)


def _lengths(desk: Desk, work: Work) -> tuple[timedelta, timedelta]:
    """The shortest and longest block the task may have; what is less than a block is one."""
    need = desk.rules.round_up(work.missing)
    shortest, longest = desk.rules.block_lengths(work.shortest, work.longest)
    return (need, need) if need < shortest else (shortest, min(need, longest))


def _obstacle(
    desk: Desk, window: Interval, shortest: timedelta, longest: timedelta
) -> Obstacle | None:
    hours = desk.hours.within(window)
    if not hours:
        return Obstacle(ObstacleKind.NO_HOURS, window, shortest, longest)
    if not subtract(hours, desk.busy):
        return Obstacle(ObstacleKind.NO_FREE_TIME, window, shortest, longest)
    day = _Days(desk, window)
    if shortest > day.longest_stretch:
        kind, most = ObstacleKind.STRETCH, day.longest_stretch
    elif not day.can_hold(shortest, with_breaks=False):
        kind, most = ObstacleKind.DAY_LIMIT, day.highest_limit
    elif not day.can_hold(shortest, with_breaks=True):
        kind, most = ObstacleKind.BREAK, timedelta()
    else:
        return None
    return Obstacle(kind, window, shortest, longest, most)


@dataclass(frozen=True, slots=True)
class _Days:
    """What the days of a window could hold if no block stood there."""

    desk: Desk
    window: Interval

    @property
    def longest_stretch(self) -> timedelta:
        stretches = free_for_blocks(self.desk, self.window)
        return max((one.end - one.start for one in stretches), default=0) * _SECOND

    @property
    def highest_limit(self) -> timedelta:
        limits = [self.desk.limit_on(day) for day in days_of(self.window, self.desk.hours.zone)]
        return max(limit for limit in limits if limit is not None)

    def can_hold(self, block: timedelta, *, with_breaks: bool) -> bool:
        """Whether any day has room for one block of that length."""
        rules = replace(self.desk.rules, shortest=block, longest=block)
        if not with_breaks:
            rules = replace(rules, breaks=())
        days = usable_by_day(replace(self.desk, rules=rules), self.window)
        return any(seconds * _SECOND >= block for seconds in days.values())
