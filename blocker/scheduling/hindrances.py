"""What stands in the way of a task before its next block, stretch by stretch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blocker.domain.explanation import Hindrance, InTheWay
from blocker.domain.hours import day_of, local_day, spans_on
from blocker.domain.interval import Interval, clip, intersect, subtract, total
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.problem import Desk, Problem, Standing, Work
from blocker.scheduling.rooms import first_day, usable_by_week

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
    question = _Question(problem, desk, work, first, tuple(one.interval for one in others))
    found += _outside(before, hours)
    for span in hours:
        found += _taken(span, desk.busy, others)
        for free in subtract([span], [*desk.busy, *(one.interval for one in others)]):
            found.append(Hindrance(question.why_free(free), free))
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


@dataclass(frozen=True, slots=True)
class _Question:
    """Why the task's next block, `first`, does not lie where time is free; `others` are not its."""

    problem: Problem
    desk: Desk
    work: Work
    first: Interval
    others: tuple[Interval, ...]

    @property
    def least(self) -> timedelta:
        return min(self.work.shortest or self.desk.rules.shortest, self.first.length)

    def why_free(self, free: Interval) -> InTheWay:
        """Why a free stretch was not taken, the plainest reason first."""
        desk, rules, least = self.desk, self.desk.rules, self.least
        room = self._with_own_place(free)
        if room.length < least:
            return InTheWay.TOO_SHORT
        clear = max((one.length for one in self._clear(room)), default=_ZERO)
        if clear < least:
            return InTheWay.REST
        day = day_of(free.start, desk.hours.zone)
        if (left := self._left_of_day(day)) < least:
            return InTheWay.DAY_LIMIT
        if (kept := self._left_of_week(day)) < least:
            return InTheWay.RESERVE
        if _is_break(desk, room, self.others, least):
            return InTheWay.BREAK
        if min(clear, left, kept) < self.first.length:
            return InTheWay.MORE_BLOCKS
        wished = spans_on(day, rules.prefer, desk.hours.zone)
        if rules.prefer and total(intersect([free], wished)) < min(least, free.length):
            return InTheWay.NOT_PREFERRED
        return InTheWay.WISHES

    def _with_own_place(self, free: Interval) -> Interval:
        """The stretch and, where the block follows at once, the place that it would leave."""
        is_next = free.end == self.first.start and free.length >= self.desk.rules.step
        return Interval(free.start, self.first.end) if is_next else free

    def _clear(self, room: Interval) -> list[Interval]:
        """What rests and gaps leave of a stretch, where the block would begin sooner."""
        rules = self.desk.rules
        near = [one.widen(rules.rest) for one in self.others]
        near += [one.widen(rules.gap) for one in self.desk.busy]
        left = subtract([room], near)
        return [one for one in left if one.start + rules.step <= self.first.start]

    def _elsewhere(self, span: Interval) -> timedelta:
        """The block time in a span if the next block lay elsewhere."""
        blocks = (one.interval for one in self.desk.standing if one.interval != self.first)
        return sum((part.length for one in blocks if (part := one.meet(span))), _ZERO)

    def _left_of_day(self, day: date) -> timedelta:
        limit = self.desk.limit_on(day)
        if limit is None:
            return timedelta.max
        return limit - self._elsewhere(local_day(day, self.desk.hours.zone))

    def _left_of_week(self, day: date) -> timedelta:
        """What `reserve` leaves of the day's week of the sprint."""
        problem, reserve = self.problem, self.desk.rules.reserve
        if not reserve:
            return timedelta.max
        week = (day - first_day(problem)).days // 7
        usable = usable_by_week(problem, self.desk, problem.sprint or problem.horizon)
        seconds, _ = usable.get(week, (0, 0))
        start = first_day(problem) + timedelta(days=7 * week)
        days = [local_day(start + timedelta(days=k), self.desk.hours.zone) for k in range(7)]
        taken = self._elsewhere(Interval(days[0].start, days[-1].end))
        return timedelta(seconds=int(seconds * (1 - reserve))) - taken


def _is_break(desk: Desk, free: Interval, blocks: Sequence[Interval], least: timedelta) -> bool:
    """Whether a block in a free stretch would leave a break no room."""
    day = day_of(free.start, desk.hours.zone)
    for rule in desk.rules.breaks:
        between = spans_on(day, (rule.between,), desk.hours.zone)
        rest = subtract(between, [*desk.busy, *blocks])
        room = [one for one in rest if one.length >= rule.keep]
        if len(room) == 1 and (part := room[0].meet(free)) and part.length - rule.keep < least:
            outside = subtract([free], between)
            return max((one.length for one in outside), default=_ZERO) < least
    return False
