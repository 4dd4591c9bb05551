"""Which of the blocks that stand still keep every hard rule, so that they may stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blocker.domain.hours import day_of, days_of, spans_on
from blocker.domain.interval import Interval, clip, merge, subtract
from blocker.domain.member import Break
from blocker.scheduling.problem import Desk


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block of ours that stands; `window` is where its task may be worked on, None: nowhere.

    `shortest` and `longest` are the task's own, None for the desk's.  `is_remainder`: it is all
    that its task needs besides its other blocks, so it may be shorter than the shortest.
    """

    key: str
    task: str
    interval: Interval
    window: Interval | None
    shortest: timedelta | None = None
    longest: timedelta | None = None
    is_remainder: bool = False


def right(desk: Desk, fixed: Sequence[Interval], candidates: Sequence[Candidate]) -> set[str]:
    """The keys of the candidates that break no hard rule, earlier ones in the list first.

    `fixed` are blocks that stay whatever happens.  A candidate is held against the member's hours
    and busy time, against `fixed`, and against the candidates already found right.
    """
    kept: list[Interval] = list(fixed)
    found = set()
    hours = _Hours(desk)
    for candidate in candidates:
        if hours.allow(candidate) and _keeps_rest(desk, candidate.interval, kept):
            trial = [*kept, candidate.interval]
            if _within_day(desk, candidate.interval, trial) and _leaves_breaks(
                desk, candidate.interval, trial
            ):
                kept.append(candidate.interval)
                found.add(candidate.key)
    return found


class _Hours:
    """The rules that a block keeps or breaks by itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._busy = merge(desk.busy)

    def allow(self, candidate: Candidate) -> bool:
        block, rules = candidate.interval, self._desk.rules
        if candidate.window is None or not candidate.window.contains(block):
            return False
        if block.length > (candidate.longest or rules.longest) or block.length % rules.step:
            return False
        if block.length < (candidate.shortest or rules.shortest) and not candidate.is_remainder:
            return False
        if _since_midnight(block.start, self._desk) % rules.step:
            return False
        wide = block.widen(rules.gap) if rules.gap else block
        if any(span.overlaps(wide) for span in self._busy):
            return False
        return any(span.contains(block) for span in merge(self._desk.hours.within(wide)))


def _since_midnight(moment: datetime, desk: Desk) -> timedelta:
    local = moment.astimezone(desk.hours.zone)
    return timedelta(
        hours=local.hour,
        minutes=local.minute,
        seconds=local.second,
        microseconds=local.microsecond,
    )


def _keeps_rest(desk: Desk, block: Interval, kept: Sequence[Interval]) -> bool:
    wide = block.widen(desk.rules.rest) if desk.rules.rest else block
    return not any(wide.overlaps(other) for other in kept)


def _within_day(desk: Desk, block: Interval, blocks: Sequence[Interval]) -> bool:
    day = day_of(block.start, desk.hours.zone)
    limit = desk.limit_on(day)
    if limit is None:
        return True
    on_it = (other for other in blocks if day_of(other.start, desk.hours.zone) == day)
    return sum((other.length for other in on_it), timedelta()) <= limit


def _leaves_breaks(desk: Desk, block: Interval, blocks: Sequence[Interval]) -> bool:
    """Each break that meetings leave room for still has room beside the blocks.

    One that meetings make impossible is nobody's to keep, as for the planner.
    """
    for day in days_of(block, desk.hours.zone):
        for pause in desk.rules.breaks:
            free = _longest_free(desk, day, pause, desk.busy)
            left = _longest_free(desk, day, pause, [*desk.busy, *blocks])
            if free >= pause.keep > left:
                return False
    return True


def _longest_free(desk: Desk, day: date, pause: Break, taken: Sequence[Interval]) -> timedelta:
    between = spans_on(day, (pause.between,), desk.hours.zone)
    free = subtract(between, [part for span in between for part in clip(taken, span)])
    return max((span.length for span in free), default=timedelta())
