"""The problem of members that are planned together, as whole numbers on one time axis.

A `unit` is the coarsest span of seconds that every grid, window and preferred hour of the group is
a multiple of; instants are units after `origin`.  One desk has one grid step, but its pieces may
begin anywhere on the axis, so members in odd zones and days with a clock change are no special
case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from blocker.domain.interval import Interval
from blocker.domain.plan import Reason
from blocker.scheduling.free_time import Span, as_instant, fill, seconds_down


@dataclass(frozen=True, slots=True)
class Piece:
    """A free stretch of one desk's local day.  `rest` is rounded up to the step.

    `near` are the desk's other pieces that are closer than a rest.  `prefer` is clipped to the
    piece.
    """

    index: int
    desk: int
    day: int
    week: int
    start: int
    end: int
    step: int
    rest: int
    prefer: tuple[Span, ...] = ()
    near: tuple[int, ...] = ()


class Option(NamedTuple):
    """Where a job's blocks may lie in one piece, on its grid; at least its shortest block long."""

    piece: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Job:
    """A task that needs new blocks.

    `need` is a multiple of the desk's step.  `least`: so much it must get (what its released blocks
    gave it).  `open_from` and `open_until` are its window in UTC seconds, unrounded.  `before` are
    (job, lag): this one begins when those are wholly booked and over.  `soft_due`: the wish to be
    finished by then (margin), None without one.  `standing_end` is the end of its last block that
    stays.
    """

    index: int
    task: str
    desk: int
    priority: int
    need: int
    least: int
    is_whole: bool
    shortest: int
    longest: int
    release: int
    due: int
    open_from: int
    open_until: int
    soft_due: int | None
    before: tuple[tuple[int, int], ...]
    standing_end: int | None
    options: tuple[Option, ...]
    avoid: tuple[Span, ...] = ()

    @property
    def fewest(self) -> int:
        """The fewest blocks that hold all of it."""
        return -(-self.need // self.longest)


Cut = tuple[int, int, int]
"""(piece, start, end): no block may lie there."""


@dataclass(frozen=True)
class Facts:
    """One group.  `rooms` bound the sum of blocks in sets of pieces (a day's or a week's).

    `breaks`: of each break the ways to keep it, each the cuts it makes; one of them must hold.
    `refused` are tasks that cannot be planned at all, with the reason.
    """

    unit: int
    origin: int
    members: tuple[str, ...]
    rests: tuple[int, ...]
    pieces: tuple[Piece, ...]
    jobs: tuple[Job, ...]
    day_room: Mapping[tuple[int, int], int]
    week_room: Mapping[tuple[int, int], int]
    breaks: tuple[tuple[tuple[Cut, ...], ...], ...]
    refused: Mapping[str, Reason] = field(default_factory=dict)
    alone: dict[str, int] = field(default_factory=dict, compare=False)
    """The fewest blocks of tasks alone, as far as they were worked out; shared with parts."""

    @cached_property
    def followers(self) -> tuple[tuple[int, ...], ...]:
        """For each job the jobs that wait for it."""
        found: list[list[int]] = [[] for _ in self.jobs]
        for job in self.jobs:
            for before, _ in job.before:
                found[before].append(job.index)
        return tuple(tuple(each) for each in found)

    @cached_property
    def whole_pieces(self) -> tuple[tuple[Span, ...], ...]:
        """Of each piece all of it, as a draft without blocks has it."""
        return tuple(((piece.start, piece.end),) for piece in self.pieces)

    @cached_property
    def has_near(self) -> bool:
        """Whether pieces are closer to each other than a rest."""
        return any(piece.near for piece in self.pieces)

    @cached_property
    def is_plain(self) -> bool:
        """Whether the exact search leaves next to nothing out: there are no rests from piece to
        piece, and nobody waits for a colleague."""
        waits = any(
            self.jobs[before].desk != job.desk for job in self.jobs for before, _ in job.before
        )
        return not (self.has_near or waits)

    @cached_property
    def has_preference(self) -> bool:
        return any(piece.prefer for piece in self.pieces)

    @cached_property
    def breaks_of(self) -> Mapping[int, tuple[int, ...]]:
        """For each piece that a break may cut: the indices of those breaks."""
        found: dict[int, set[int]] = {}
        for index, ways in enumerate(self.breaks):
            for way in ways:
                for piece, _, _ in way:
                    found.setdefault(piece, set()).add(index)
        return {piece: tuple(sorted(each)) for piece, each in found.items()}

    def interval(self, start: int, length: int) -> Interval:
        """Units as instants."""
        first = self.origin + start * self.unit
        return Interval(as_instant(first), as_instant(first + length * self.unit))

    def units(self, moment: datetime) -> int | None:
        """An instant in units, None where it is not a whole number of them."""
        seconds = seconds_down(moment) - self.origin
        return None if seconds % self.unit else seconds // self.unit

    def room(self, piece: Piece) -> int:
        """What the day's and the week's limits leave for blocks in a piece; its length at most."""
        length = piece.end - piece.start
        day = self.day_room.get((piece.desk, piece.day), length)
        week = self.week_room.get((piece.desk, piece.week), length)
        return min(length, day, week)

    def capacity(self, desk: int, start: int, end: int, shortest: int, longest: int) -> int:
        """A bound on the block time of one desk between two moments, for blocks of these lengths.

        Each piece's share is filled to the brim; days and weeks are cut to their room.
        """
        weeks: dict[int, int] = {}
        days: dict[tuple[int, int], int] = {}
        for piece in self.pieces:
            if piece.desk == desk and piece.start < end and start < piece.end:
                length = min(piece.end, end) - max(piece.start, start)
                held = _held(length, shortest, longest, piece.rest, piece.step)
                key = (piece.week, piece.day)
                days[key] = days.get(key, 0) + held
        for (week, day), held in days.items():
            room = self.day_room.get((desk, day), held)
            weeks[week] = weeks.get(week, 0) + min(held, room)
        return sum(
            min(held, self.week_room.get((desk, week), held)) for week, held in weeks.items()
        )


_held = lru_cache(maxsize=65_536)(fill)
"""Many windows ask the same of the same pieces."""

Chunk = tuple[int, int, int]
"""One block: (piece, start, length)."""

Schedule = Mapping[int, tuple[Chunk, ...]]
"""The blocks of each job that has any, each job's in order of time."""


def overlap(start: int, end: int, spans: tuple[Span, ...]) -> int:
    """How much of start..end lies in disjoint spans."""
    return sum(max(0, min(end, last) - max(start, first)) for first, last in spans)


def is_cuttable(need: int, shortest: int, longest: int) -> bool:
    """Whether blocks between shortest and longest can sum to exactly `need`."""
    return -(-need // longest) <= need // shortest
