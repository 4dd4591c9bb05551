"""What days, weeks and breaks leave for blocks, as a group's whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from blocker.domain.hours import day_of, days_of, local_day, spans_on
from blocker.domain.interval import Interval, clip
from blocker.domain.member import Break
from blocker.scheduling.axis import Axis
from blocker.scheduling.breaks import ways_to_keep
from blocker.scheduling.facts import Cut, Piece
from blocker.scheduling.free_time import (
    Span,
    Stretch,
    fill,
    free_stretches,
    length_up,
    merged,
    seconds_down,
    seconds_up,
    widened,
)
from blocker.scheduling.problem import Desk, Problem, Standing

_ZERO = timedelta()


def kept(desk: Desk, released: frozenset[str]) -> list[Standing]:
    """The desk's standing blocks that stay."""
    return [block for block in desk.standing if block.key not in released]


def free_for_blocks(desk: Desk, window: Interval) -> list[Stretch]:
    """Where blocks could lie inside a window if none stood there yet."""
    step = length_up(desk.rules.step)
    return free_stretches(desk.hours, window, widened(desk.busy, desk.rules.gap), step)


def first_day(problem: Problem) -> date:
    """The first day of the sprint, from which its weeks count.

    Without it the date at noon of the sprint's first day is taken, which is right in most zones.
    """
    if problem.first_day is not None:
        return problem.first_day
    return ((problem.sprint or problem.horizon).start + timedelta(hours=12)).date()


def day_rooms(
    desk: Desk, index: int, pieces: Sequence[Piece], axis: Axis, released: frozenset[str]
) -> dict[tuple[int, int], int]:
    """What `per_day` leaves for blocks on each day with a free piece, less what stands there."""
    rooms = {}
    step = length_up(desk.rules.step)
    standing = [block.interval for block in kept(desk, released)]
    for day in {piece.day for piece in pieces if piece.desk == index}:
        local = date.fromordinal(day)
        limit = desk.limit_on(local)
        if limit is None:
            continue
        whole = local_day(local, desk.hours.zone)
        taken = sum((span.length for span in clip(standing, whole)), _ZERO)
        room = max(0, length_up(limit) - length_up(taken))
        rooms[index, day] = room // step * step // axis.unit
    return rooms


def week_rooms(
    problem: Problem, desk: Desk, index: int, axis: Axis, released: frozenset[str]
) -> dict[tuple[int, int], int]:
    """What `reserve` leaves for blocks in each week of the sprint, less what stands there.

    The share is of the time that blocks could fill in the whole week, its past days included.
    """
    if not desk.rules.reserve:
        return {}
    first = first_day(problem)
    usable = usable_by_week(problem, desk, problem.sprint or problem.horizon)
    step = length_up(desk.rules.step)
    for block in kept(desk, released):
        week = (day_of(block.interval.start, desk.hours.zone) - first).days // 7
        usable.setdefault(week, (0, 0))
        room, taken = usable[week]
        usable[week] = (room, taken + length_up(block.interval.length))
    return {
        (index, week): max(0, int(room * (1 - desk.rules.reserve)) - taken)
        // step
        * step
        // axis.unit
        for week, (room, taken) in usable.items()
    }


def usable_by_week(problem: Problem, desk: Desk, window: Interval) -> dict[int, tuple[int, int]]:
    """For each week of the sprint (seconds that blocks could fill, 0)."""
    weeks: dict[int, tuple[int, int]] = {}
    for day, seconds in usable_by_day(desk, window).items():
        week = (day - first_day(problem)).days // 7
        weeks[week] = (weeks.get(week, (0, 0))[0] + seconds, 0)
    return weeks


def usable_by_day(desk: Desk, window: Interval) -> dict[date, int]:
    """For each local day with free time the seconds that blocks could fill of it."""
    step = length_up(desk.rules.step)
    days: dict[date, list[Span]] = {}
    for stretch in free_for_blocks(desk, window):
        days.setdefault(stretch.day, []).append((stretch.start, stretch.end))
    usable = {}
    for day, spans in days.items():
        held = _usable_on(desk, day, spans)
        limit = desk.limit_on(day)
        usable[day] = held if limit is None else min(held, length_up(limit) // step * step)
    return usable


def _usable_on(desk: Desk, day: date, spans: Sequence[Span]) -> int:
    """A bound on what blocks could fill of a day's free spans, in seconds.

    Each break is kept where it costs least, as if it were the only one.
    """
    rules = desk.rules
    shortest, longest = length_up(rules.shortest), length_up(rules.longest)
    rest, step = length_up(rules.rest), length_up(rules.step)

    def held(start: int, end: int) -> int:
        return fill(max(0, end - start), shortest, longest, rest, step)

    whole = [held(*span) for span in spans]
    costs = [0]
    if rules.breaks:
        busy = merged(widened(desk.busy, _ZERO))
        stretches = [(index, *span) for index, span in enumerate(spans)]
        for rule in rules.breaks:
            ways = ways_to_keep(
                _between(desk, day, rule), length_up(rule.keep), busy, stretches, step
            )
            costs += [
                min(
                    sum(
                        whole[index] - held(spans[index][0], low) - held(high, spans[index][1])
                        for index, low, high in way
                    )
                    for way in ways or ((),)  # none: nothing needs to be cut
                )
            ]
    return sum(whole) - max(costs)


def _between(desk: Desk, day: date, rule: Break) -> list[Span]:
    return [
        (seconds_up(span.start), seconds_down(span.end))
        for span in spans_on(day, (rule.between,), desk.hours.zone)
    ]


def ways_of_breaks(
    problem: Problem,
    desk: Desk,
    index: int,
    pieces: Sequence[Piece],
    axis: Axis,
    released: frozenset[str],
) -> list[tuple[tuple[Cut, ...], ...]]:
    """For each of the desk's breaks that blocks could take away: the cuts that keep it."""
    if not desk.rules.breaks:
        return []
    taken = merged(
        widened(desk.busy, _ZERO)
        + widened((block.interval for block in kept(desk, released)), _ZERO)
    )
    step = length_up(desk.rules.step)
    found = []
    for day in days_of(problem.horizon, desk.hours.zone):
        own = [
            (piece.index, axis.seconds(piece.start), axis.seconds(piece.end))
            for piece in pieces
            if piece.desk == index and piece.day == day.toordinal()
        ]
        for rule in desk.rules.breaks if own else ():
            between = _between(desk, day, rule)
            ways = ways_to_keep(between, length_up(rule.keep), taken, own, step)
            if ways:
                found.append(
                    tuple(
                        tuple((piece, axis.down(low), axis.up(high)) for piece, low, high in way)
                        for way in ways
                    )
                )
    return found
