"""Working hours minus busy time, rests and gaps, cut to the grid of one member's wall clock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from blocker.domain.hours import DAY_MINUTES, WorkingHours, days_of, instant
from blocker.domain.interval import Interval

Span = tuple[int, int]
"""Half-open, in whole UTC seconds since 1970 here and in a group's units elsewhere."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
DAY_SECONDS = DAY_MINUTES * 60


def seconds_down(moment: datetime) -> int:
    """UTC seconds since 1970, rounded down."""
    return (moment - _EPOCH) // _SECOND


def seconds_up(moment: datetime) -> int:
    """UTC seconds since 1970, rounded up."""
    return -((_EPOCH - moment) // _SECOND)


def length_up(span: timedelta) -> int:
    """Whole seconds, rounded up."""
    return -(-span // _SECOND)


def as_instant(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Free time inside one local day; both ends lie on the member's grid.  UTC seconds."""

    day: date
    start: int
    end: int


def widened(spans: Iterable[Interval], by: timedelta) -> list[Span]:
    """Spans grown by `by` on both sides, rounded outwards to whole seconds."""
    return [(seconds_down(span.start - by), seconds_up(span.end + by)) for span in spans]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as disjoint, sorted spans."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def without(start: int, end: int, holes: Sequence[Span]) -> list[Span]:
    """What is left of one span when disjoint, sorted `holes` are taken out."""
    found: list[Span] = []
    first = bisect_left(holes, (start, start))
    if first and holes[first - 1][1] > start:
        first -= 1
    for k in range(first, len(holes)):
        if holes[k][0] >= end:
            break
        if holes[k][0] > start:
            found.append((start, holes[k][0]))
        start = max(start, holes[k][1])
    if start < end:
        found.append((start, end))
    return found


@lru_cache(maxsize=4096)
def grid_parts(day: date, zone: ZoneInfo, step: int) -> tuple[tuple[int, int, int], ...]:
    """Stretches of a local day with one grid each: (start, end, a grid point), UTC seconds.

    The grid is where the wall clock shows a multiple of `step` seconds.  An ordinary day, and one
    whose clock change is a multiple of the step, is one part; else the change divides the day.
    """
    start = seconds_down(instant(day, 0, zone))
    end = seconds_down(instant(day, DAY_MINUTES, zone))
    shift = end - start - DAY_SECONDS
    if shift % step == 0:
        return ((start, end, start),)
    low, high = -1, DAY_MINUTES
    while high - low > 1:  # the first minute at which the clock disagrees with elapsed time
        middle = (low + high) // 2
        if seconds_down(instant(day, middle, zone)) - start == middle * 60:
            low = middle
        else:
            high = middle
    change = start + (high if shift > 0 else low) * 60
    parts = ((start, change, start), (change, end, start + shift))
    return tuple(part for part in parts if part[0] < part[1])


def on_grid(day: date, span: Span, zone: ZoneInfo, step: int) -> list[Stretch]:
    """A span of one local day, its start rounded up to the grid and its end down."""
    found = []
    for first, last, origin in grid_parts(day, zone, step):
        start, end = max(span[0], first), min(span[1], last)
        start += (origin - start) % step
        end -= (end - origin) % step
        if start < end:
            found.append(Stretch(day, start, end))
    return found


def free_stretches(
    hours: WorkingHours, window: Interval, blocked: Iterable[Span], step: int
) -> list[Stretch]:
    """All of the working hours inside `window` that is not `blocked`, on the grid, in order.

    No stretch crosses a local midnight.  `blocked` and `step` are in seconds.
    """
    holes = merged(blocked)
    found: list[Stretch] = []
    lowest, highest = seconds_up(window.start), seconds_down(window.end)
    for day in days_of(window, hours.zone):
        for span in hours.on(day):
            start = max(seconds_up(span.start), lowest)
            end = min(seconds_down(span.end), highest)
            if start < end:
                for part in without(start, end, holes):
                    found.extend(on_grid(day, part, hours.zone, step))
    return found


def round_up(value: int, step: int) -> int:
    return -(-value // step) * step


def fill(length: int, shortest: int, longest: int, rest: int, step: int) -> int:
    """The most block time that one free stretch can hold, all in the same unit.

    n blocks with their rests hold min(n * longest, length - (n - 1) * rest), which grows with n
    until the stretch is full, so only the two numbers around that are looked at.
    """
    rest = round_up(rest, step)
    length -= length % step
    most = (length + rest) // (shortest + rest)
    if most < 1:
        return 0
    around = (length + rest) // (longest + rest)
    return max(
        min(n * longest, length - (n - 1) * rest)
        for n in {min(max(around, 1), most), min(around + 1, most)}
    )
