"""What stands in the way of a task before its next block, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from blocker.domain.explanation import Hindrance, InTheWay
from blocker.domain.hours import day_of, local_day, spans_on
from blocker.domain.interval import Interval, clip, intersect, subtract, total
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.problem import Desk, Problem, Standing

_ZERO = timedelta()


def in_the_way(problem: Problem, task: str, opens: datetime) -> tuple[Hindrance, ...]:
    """Every stretch of working time from `opens` to the task's next block, and what fills it.

    `problem` is the question with everything standing (`as_booked`).  The next block is the first
    that begins at `opens` or later.  Empty when nothing stands in its way, or when there is none.
    """
    work = work_of(problem, task)
    desk = desk_of(problem, work.member)
    own = [one for one in desk.standing if one.task == task and one.interval.start >= opens]
    first = min((one.interval for one in own), default=None)
    if first is None or opens == first.start:
        return ()
    before = Interval(opens, first.start)
    found = [*_waits(problem, task, before)]
    if found:
        before_ready = found[-1].span.end
        if before_ready >= before.end:
            return tuple(found)
        before = Interval(before_ready, before.end)
    hours = list(clip(desk.hours.within(before), before))
    others = [one for one in desk.standing if one not in own]
    found += _outside(before, hours)
    for span in hours:
        found += _taken(span, desk.busy, others)
        for free in subtract([span], [*desk.busy, *(one.interval for one in others)]):
            why = _why_free(problem, desk, task, others, free, first.length)
            found.append(Hindrance(why, free))
    return tuple(sorted(found, key=lambda one: (one.span, one.kind, one.task or "")))


def _waits(problem: Problem, task: str, before: Interval) -> Iterator[Hindrance]:
    """What the task waits for, the last to be finished only."""
    ends: list[tuple[datetime, str]] = []
    for wait in work_of(problem, task).after:
        end = wait.ready
        if end is None:
            blocks = [
                one.interval.end
                for desk in problem.desks
                for one in desk.standing
                if one.task == wait.task
            ]
            end = max(blocks, default=None)
        if end is not None and end + wait.lag > before.start:
            ends.append((min(end + wait.lag, before.end), wait.task))
    if ends:
        end, name = max(ends)
        yield Hindrance(InTheWay.WAITS, Interval(before.start, end), name)


def _outside(before: Interval, hours: list[Interval]) -> list[Hindrance]:
    """The time before the first working hour; nights and weekends after it go without saying."""
    start = hours[0].start if hours else before.end
    if start <= before.start:
        return []
    return [Hindrance(InTheWay.OUTSIDE_HOURS, Interval(before.start, start))]


def _taken(
    span: Interval, busy: Iterable[Interval], others: Iterable[Standing]
) -> Iterator[Hindrance]:
    blocks = {one.interval for one in others}
    for event in sorted(set(busy) - blocks):
        if part := event.meet(span):
            yield Hindrance(InTheWay.BUSY, part)
    for block in others:
        if part := block.interval.meet(span):
            yield Hindrance(InTheWay.BLOCK, part, block.task)


def _why_free(
    problem: Problem,
    desk: Desk,
    task: str,
    beside: Iterable[Standing],
    free: Interval,
    length: timedelta,
) -> InTheWay:
    """Why a free stretch was not taken, the plainest reason first."""
    rules = desk.rules
    least = min(work_of(problem, task).shortest or rules.shortest, length)
    if free.length < least:
        return InTheWay.TOO_SHORT
    others = [one.interval for one in beside]
    near = [one.widen(rules.rest) for one in others] + [one.widen(rules.gap) for one in desk.busy]
    clear = max((one.length for one in subtract([free], near)), default=_ZERO)
    if clear < least:
        return InTheWay.REST
    day = day_of(free.start, desk.hours.zone)
    limit = desk.limit_on(day)
    blocks = [one.interval for one in desk.standing]
    worked = total(intersect(blocks, [local_day(day, desk.hours.zone)]))
    if limit is not None and limit - worked < least:
        return InTheWay.DAY_LIMIT
    if _is_break(desk, free, others, least):
        return InTheWay.BREAK
    if clear < length:
        return InTheWay.MORE_BLOCKS
    wished = spans_on(day, rules.prefer, desk.hours.zone)
    if rules.prefer and total(intersect([free], wished)) < least:
        return InTheWay.NOT_PREFERRED
    return InTheWay.WISHES


def _is_break(desk: Desk, free: Interval, blocks: list[Interval], least: timedelta) -> bool:
    """Whether a block in a free stretch would leave a break no room."""
    day = day_of(free.start, desk.hours.zone)
    for rule in desk.rules.breaks:
        between = spans_on(day, [rule.between], desk.hours.zone)
        rest = subtract(between, [*desk.busy, *blocks])
        room = [one for one in rest if one.length >= rule.keep]
        if len(room) == 1 and (part := room[0].meet(free)) and part.length - rule.keep < least:
            outside = subtract([free], between)
            return max((one.length for one in outside), default=_ZERO) < least
    return False
