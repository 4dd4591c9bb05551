"""From the problem's instants to a group's whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import gcd

from blocker.domain.hours import spans_on
from blocker.domain.interval import Interval, merge
from blocker.scheduling.axis import Axis
from blocker.scheduling.facts import Cut, Facts, Job, Option, Piece
from blocker.scheduling.free_time import (
    Stretch,
    free_stretches,
    length_up,
    merged,
    round_up,
    seconds_down,
    seconds_up,
    widened,
)
from blocker.scheduling.plannable import Plannable, plannable_in
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.rooms import day_rooms, first_day, kept, ways_of_breaks, week_rooms

_ZERO = timedelta()


def facts_of(
    problem: Problem,
    desks: Sequence[Desk],
    works: Sequence[Work],
    released: frozenset[str] = frozenset(),
) -> Facts:
    """The facts of one group, its desks and works sorted by id.

    `released` are keys of standing blocks that give way; their tasks need their time anew.
    """
    stretches = {desk.member: _stretches(problem.horizon, desk, released) for desk in desks}
    plans, refused = plannable_in(works, desks, released)
    axis = _axis(desks, plans, stretches)
    pieces: list[Piece] = []
    for index, desk in enumerate(desks):
        shortest = min((plan.shortest for plan in plans if plan.desk == index), default=0)
        wide = [each for each in stretches[desk.member] if each.end - each.start >= shortest]
        pieces.extend(_pieces(problem, desk, index, wide, axis, len(pieces)))
    jobs = _jobs(problem, desks, plans, works, released, pieces, axis)
    day_room: dict[tuple[int, int], int] = {}
    week_room: dict[tuple[int, int], int] = {}
    breaks: list[tuple[tuple[Cut, ...], ...]] = []
    for index, desk in enumerate(desks):
        day_room.update(day_rooms(desk, index, pieces, axis, released))
        week_room.update(week_rooms(problem, desk, index, axis, released))
        breaks.extend(ways_of_breaks(problem, desk, index, pieces, axis, released))
    return Facts(
        unit=axis.unit,
        origin=axis.origin,
        members=tuple(desk.member for desk in desks),
        rests=tuple(round_up(length_up(desk.rules.rest), axis.unit) // axis.unit for desk in desks),
        pieces=tuple(pieces),
        jobs=jobs,
        day_room=day_room,
        week_room=week_room,
        breaks=tuple(breaks),
        refused=refused,
    )


def _stretches(window: Interval, desk: Desk, released: frozenset[str]) -> list[Stretch]:
    blocked = widened(desk.busy, desk.rules.gap)
    blocked += widened((block.interval for block in kept(desk, released)), desk.rules.rest)
    return free_stretches(desk.hours, window, blocked, length_up(desk.rules.step))


def _axis(
    desks: Sequence[Desk], plans: Sequence[Plannable], stretches: Mapping[str, Sequence[Stretch]]
) -> Axis:
    """The unit divides all steps, starts and preferred hours, so nothing has to be rounded."""
    starts = [stretch.start for each in stretches.values() for stretch in each]
    origin = min(starts, default=0)
    unit = 0
    for start in starts:
        unit = gcd(unit, start - origin)
    for desk in desks:
        unit = gcd(unit, length_up(desk.rules.step))
        for days in {stretch.day for stretch in stretches[desk.member]}:
            for span in spans_on(days, desk.rules.prefer, desk.hours.zone):
                unit = gcd(unit, seconds_down(span.start) - origin)
                unit = gcd(unit, seconds_up(span.end) - origin)
    for plan in plans:
        for span in plan.work.avoid:
            unit = gcd(unit, seconds_down(span.start) - origin)
            unit = gcd(unit, seconds_up(span.end) - origin)
    return Axis(max(unit, 1), origin)


def _pieces(
    problem: Problem,
    desk: Desk,
    index: int,
    stretches: Sequence[Stretch],
    axis: Axis,
    first: int,
) -> list[Piece]:
    step = length_up(desk.rules.step) // axis.unit
    rest = round_up(length_up(desk.rules.rest), axis.unit) // axis.unit
    origin = first_day(problem)
    prefer = {
        day: merged(
            (seconds_down(span.start), seconds_up(span.end))
            for span in spans_on(day, desk.rules.prefer, desk.hours.zone)
        )
        for day in {stretch.day for stretch in stretches}
    }
    pieces = []
    for number, stretch in enumerate(stretches):
        wished = [
            (max(start, stretch.start), min(end, stretch.end))
            for start, end in prefer[stretch.day]
            if start < stretch.end and stretch.start < end
        ]
        pieces.append(
            Piece(
                index=first + number,
                desk=index,
                day=stretch.day.toordinal(),
                week=(stretch.day - origin).days // 7,
                start=axis.down(stretch.start),
                end=axis.down(stretch.end),
                step=step,
                rest=round_up(rest, step),
                prefer=axis.span(wished),
            )
        )
    near = [_near(piece, pieces, rest) for piece in pieces]
    return [
        replace(piece, near=found) if found else piece
        for piece, found in zip(pieces, near, strict=True)
    ]


def _near(piece: Piece, pieces: Sequence[Piece], rest: int) -> tuple[int, ...]:
    """The others of a sorted list that are less than a rest away."""
    found = []
    place = piece.index - pieces[0].index
    for others in (pieces[place + 1 :], reversed(pieces[:place])):
        for other in others:
            if max(other.start - piece.end, piece.start - other.end) >= rest:
                break
            found.append(other.index)
    return tuple(sorted(found))


def _jobs(
    problem: Problem,
    desks: Sequence[Desk],
    plans: Sequence[Plannable],
    works: Sequence[Work],
    released: frozenset[str],
    pieces: Sequence[Piece],
    axis: Axis,
) -> tuple[Job, ...]:
    numbers = {plan.work.task: index for index, plan in enumerate(plans)}
    ends, starts = _standing_bounds(problem, desks, released)
    latest = _latest_ends(works, starts)
    options = _Options(pieces)
    jobs = []
    for index, plan in enumerate(plans):
        release, before = _release(plan, numbers, ends, axis)
        due = min(seconds_down(plan.window.end), latest.get(plan.work.task, 1 << 62))
        soft = _soft_due(desks[plan.desk], plan.window)
        end = ends.get(plan.work.task)
        jobs.append(
            Job(
                index=index,
                task=plan.work.task,
                desk=plan.desk,
                priority=plan.work.priority,
                need=plan.need // axis.unit,
                least=plan.least // axis.unit,
                is_whole=plan.is_whole,
                shortest=plan.shortest // axis.unit,
                longest=plan.longest // axis.unit,
                release=axis.up(release),
                due=axis.down(due),
                open_from=release,
                open_until=due,
                soft_due=None if soft is None else axis.down(soft),
                before=before,
                standing_end=None if end is None else axis.up(end),
                options=options(
                    plan.desk, plan.shortest // axis.unit, axis.up(release), axis.down(due)
                ),
                avoid=axis.span(merged(widened(plan.work.avoid, _ZERO))),
            )
        )
    return tuple(jobs)


def _release(
    plan: Plannable, numbers: Mapping[str, int], ends: Mapping[str, int], axis: Axis
) -> tuple[int, tuple[tuple[int, int], ...]]:
    """When a job may begin, in UTC seconds, and the jobs it waits for beyond that, with lags."""
    release = seconds_up(plan.window.start)
    before = set()
    for wait in plan.work.after:
        if wait.ready is not None:
            release = max(release, seconds_up(wait.ready + wait.lag))
        elif wait.task in numbers:
            lag = round_up(length_up(wait.lag), axis.unit) // axis.unit
            before.add((numbers[wait.task], lag))
        elif wait.task in ends:
            release = max(release, ends[wait.task] + length_up(wait.lag))
    return release, tuple(sorted(before))


def _standing_bounds(
    problem: Problem, desks: Sequence[Desk], released: frozenset[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """For each task the end of its last block that stays and the start of its first to come."""
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    for desk in desks:
        for block in kept(desk, released):
            end = seconds_up(block.interval.end)
            ends[block.task] = max(end, ends.get(block.task, end))
            start = seconds_down(block.interval.start)
            starts[block.task] = min(start, starts.get(block.task, start))
    now = seconds_down(problem.horizon.start)
    return ends, {task: start for task, start in starts.items() if start >= now}


def _latest_ends(works: Sequence[Work], starts: Mapping[str, int]) -> dict[str, int]:
    """When a task must be over because a follower's block stands there.

    A follower that has begun already can no longer wait for anything, so it bounds nothing.
    """
    latest: dict[str, int] = {}
    for work in works:
        if work.task in starts:
            for wait in work.after:
                end = starts[work.task] - length_up(wait.lag)
                latest[wait.task] = min(end, latest.get(wait.task, end))
    return latest


def _soft_due(desk: Desk, window: Interval) -> int | None:
    """The moment that lies `margin` of working time before the window's end, None without one."""
    left = desk.rules.margin
    if left <= _ZERO:
        return None
    for span in reversed(merge(desk.hours.within(window))):
        if span.length >= left:
            return seconds_down(span.end - left)
        left -= span.length
    return seconds_down(window.start)


class _Options:
    """Where blocks may lie between two moments; many jobs ask the same."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces: dict[int, list[Piece]] = {}
        for piece in pieces:
            self._pieces.setdefault(piece.desk, []).append(piece)
        self._known: dict[tuple[int, int, int, int], tuple[Option, ...]] = {}

    def __call__(self, desk: int, shortest: int, release: int, due: int) -> tuple[Option, ...]:
        asked = (desk, shortest, release, due)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = tuple(self._found(*asked))
        return found

    def _found(self, desk: int, shortest: int, release: int, due: int) -> Iterator[Option]:
        for piece in self._pieces.get(desk, ()):
            start, end = piece.start, piece.end
            if end - start < shortest or end <= release or due <= start:
                continue
            if start < release:
                start += round_up(release - start, piece.step)
            if due < end:
                end = start + (due - start) // piece.step * piece.step
            if end - start >= shortest:
                yield Option(piece.index, start, end)
