"""One member's free time as grid steps in gaps laid end to end, for solvers that know no calendar.

Each gap is followed by the rest and one step more, so that a block with its rest ends inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from blocker.domain.hours import day_of, spans_on
from blocker.domain.interval import Interval, clip, subtract, total
from blocker.scheduling.problem import Desk, Problem, Work


@dataclass(frozen=True, slots=True)
class Gap:
    """`start` and `steps` on the axis; `moment` is when it begins."""

    start: int
    steps: int
    moment: datetime


@dataclass(frozen=True, slots=True)
class Axis:
    """The gaps of one desk, and its rules in steps."""

    desk: Desk
    gaps: tuple[Gap, ...]

    @property
    def step(self) -> timedelta:
        return self.desk.rules.step

    @property
    def rest(self) -> int:
        return -(-self.desk.rules.rest // self.step)

    @property
    def shortest(self) -> int:
        return self.desk.rules.shortest // self.step

    @property
    def longest(self) -> int:
        return self.desk.rules.longest // self.step

    @property
    def end(self) -> int:
        return self.gaps[-1].start + self.gaps[-1].steps + self.rest + 1

    def need(self, work: Work) -> int:
        return self.desk.rules.round_up(work.missing) // self.step

    def interval(self, start: int, steps: int) -> Interval:
        """A block on the axis as instants."""
        gap = next(gap for gap in reversed(self.gaps) if gap.start <= start)
        first = gap.moment + (start - gap.start) * self.step
        return Interval(first, first + steps * self.step)

    def starts(self, work: Work, steps: int) -> list[int]:
        """Where a block of so many steps may begin."""
        assert work.window is not None
        return [
            start
            for gap in self.gaps
            for start in range(gap.start, gap.start + gap.steps - steps + 1)
            if work.window.contains(self.interval(start, steps))
        ]

    def preferred(self, start: int, steps: int) -> int:
        """Minutes of a block in preferred hours."""
        block, zone = self.interval(start, steps), self.desk.hours.zone
        spans = spans_on(day_of(block.start, zone), self.desk.rules.prefer, zone)
        return total(clip(spans, block)) // timedelta(minutes=1)

    def day(self, start: int) -> int:
        return day_of(self.interval(start, 1).start, self.desk.hours.zone).toordinal()


def axis_of(problem: Problem) -> Axis:
    """The free gaps of the problem's one desk that hold its shortest block."""
    (desk,) = problem.desks
    rules = desk.rules
    rest = -(-rules.rest // rules.step)
    gaps, cursor = [], 0
    for span in subtract(desk.hours.within(problem.horizon), desk.busy):
        off = (span.start - problem.horizon.start) % rules.step
        first = span.start + (rules.step - off if off else timedelta())
        steps = (span.end - first) // rules.step
        if steps >= rules.shortest // rules.step:
            gaps.append(Gap(cursor, steps, first))
            cursor += steps + rest + 1
    return Axis(desk, tuple(gaps))


def even(steps: int, number: int) -> list[int]:
    """Steps cut into so many blocks, as even as they come."""
    return [steps // number + (k < steps % number) for k in range(number)]


def weights(works: Sequence[Work], least: int) -> dict[int, int]:
    """What leaving out a task of each priority costs: more than all tasks after it together."""
    found, cost = {}, least
    for priority in (4, 3, 2, 1):
        found[priority] = cost
        cost *= 1 + sum(work.priority == priority for work in works)
    return found
