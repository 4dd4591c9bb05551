"""A schedule in the making that never breaks a hard rule."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence

from blocker.scheduling.facts import Chunk, Facts, Job, Piece, Schedule, overlap
from blocker.scheduling.free_time import Span

Slot = tuple[int, int, int]
"""(piece, start, end): free for a job, both ends on the grid."""


class Draft:
    """Blocks placed so far, the room they leave, and what that is worth.

    `cuts` are the places chosen for the breaks: new slots stay clear of them.
    """

    def __init__(self, facts: Facts, cuts: Mapping[int, Sequence[Span]] | None = None) -> None:
        self.facts = facts
        self.cuts = cuts or {}
        self.chunks: dict[int, tuple[Chunk, ...]] = {}
        self._taken: list[list[Span]] = [[] for _ in facts.pieces]
        self._day_left = dict(facts.day_room)
        self._week_left = dict(facts.week_room)

    def copy(self) -> Draft:
        other = Draft.__new__(Draft)
        other.facts, other.cuts = self.facts, self.cuts
        other.chunks = dict(self.chunks)
        other._taken = [list(each) for each in self._taken]
        other._day_left = dict(self._day_left)
        other._week_left = dict(self._week_left)
        return other

    def add(self, job: int, chunks: Sequence[Chunk]) -> None:
        """Gives a job its blocks, as they were found by `slots`."""
        for index, start, length in chunks:
            insort(self._taken[index], (start, start + length))
            self._use(self.facts.pieces[index], length)
        self.chunks[job] = tuple(sorted(chunks, key=lambda chunk: chunk[1]))

    def remove(self, job: int) -> None:
        """Takes a job's blocks away, and those of the jobs that wait for it."""
        for follower in self.facts.followers[job]:
            if follower in self.chunks:
                self.remove(follower)
        for index, start, length in self.chunks.pop(job, ()):
            self._taken[index].remove((start, start + length))
            self._use(self.facts.pieces[index], -length)

    def _use(self, piece: Piece, length: int) -> None:
        for rooms, key in (
            (self._day_left, (piece.desk, piece.day)),
            (self._week_left, (piece.desk, piece.week)),
        ):
            if key in rooms:
                rooms[key] -= length

    def day_left(self, piece: Piece) -> int:
        return self._day_left.get((piece.desk, piece.day), piece.end - piece.start)

    def week_left(self, piece: Piece) -> int:
        return self._week_left.get((piece.desk, piece.week), piece.end - piece.start)

    def booked(self, job: Job) -> int:
        return sum(length for _, _, length in self.chunks.get(job.index, ()))

    def is_done(self, job: Job) -> bool:
        return self.booked(job) >= job.need

    def finish(self, job: Job) -> int | None:
        """When all of a job is over, None while it lacks time."""
        if not self.is_done(job):
            return None
        last = self.chunks[job.index][-1]
        return max(last[1] + last[2], job.standing_end or last[1])

    def release(self, job: Job) -> int | None:
        """From when a job may have blocks, None while a job before it lacks time."""
        release = job.release
        for before, lag in job.before:
            finish = self.finish(self.facts.jobs[before])
            if finish is None:
                return None
            release = max(release, finish + lag)
        return release

    def slots(self, job: Job, release: int) -> list[Slot]:
        """Where a job could have a block, in order of time; a rest lies between any two of them."""
        found: list[Slot] = []
        pieces, taken, cuts = self.facts.pieces, self._taken, self.cuts
        rest = self.facts.rests[job.desk]
        for option in job.options:
            piece = pieces[option.piece]
            start = option.start
            earlier = [slot[2] + rest for slot in found if slot[0] in piece.near]
            first_moment = max([release, *earlier])
            if first_moment > start:
                start += -(-(first_moment - start) // piece.step) * piece.step
            if option.end - start < job.shortest:
                continue
            if min(self.day_left(piece), self.week_left(piece)) < job.shortest:
                continue
            holes = [(first - rest, last + rest) for first, last in taken[piece.index]]
            for other in piece.near:
                holes += [(first - rest, last + rest) for first, last in taken[other]]
            if piece.index in cuts:
                holes += cuts[piece.index]
            for first, last in sorted(holes):
                if first >= option.end:
                    break
                if last <= start:
                    continue
                if first - start >= job.shortest:
                    found.append((piece.index, start, first - (first - start) % piece.step))
                start += -(-(last - start) // piece.step) * piece.step
            if option.end - start >= job.shortest:
                found.append((piece.index, start, option.end))
        return found

    def value(self) -> tuple[int, ...]:
        """The wishes in their order, more is better; see `wishes`."""
        return wishes(self.facts, self.chunks)


PRIORITIES = (1, 2, 3, 4)
MARGIN, BLOCKS, PREFERRED, AVOIDED = 9, 10, 11, 12
"""Places in the tuple of `wishes`."""


def tasks_place(priority: int) -> int:
    """Where `wishes` has the tasks of a priority; their time comes next."""
    return 2 * priority - 1


def tasks_booked(value: tuple[int, ...]) -> int:
    """How many tasks a tuple of `wishes` has wholly booked."""
    return sum(value[1:9:2])


def wishes(facts: Facts, schedule: Schedule) -> tuple[int, ...]:
    """What a schedule is worth, to be compared from left to right, more is better.

    Jobs that lose time they had (negative; must not be); for each priority the tasks wholly booked
    and their time; tasks over by their soft due; blocks (negative); preferred time; time in
    avoided hours (negative); for each priority the sum of ends (negative).
    """
    tasks, time, ends = [0] * 5, [0] * 5, [0] * 5
    in_margin = blocks = preferred = avoided = robbed = 0
    for job in facts.jobs:
        chunks = schedule.get(job.index)
        if not chunks:
            robbed += job.least > 0
            continue
        booked = 0
        for piece, start, length in chunks:
            booked += length
            blocks += 1
            spans = facts.pieces[piece].prefer
            if spans:
                preferred += overlap(start, start + length, spans)
            if job.avoid:
                avoided += overlap(start, start + length, job.avoid)
        end = max(chunks[-1][1] + chunks[-1][2], job.standing_end or 0)
        robbed += booked < job.least
        ends[job.priority] += end
        time[job.priority] += booked
        if booked >= job.need:
            tasks[job.priority] += 1
            in_margin += job.soft_due is None or end <= job.soft_due
    head = [number for each in PRIORITIES for number in (tasks[each], time[each])]
    tail = [-ends[each] for each in PRIORITIES]
    return (-robbed, *head, in_margin, -blocks, preferred, -avoided, *tail)


def cuts_beside(facts: Facts, schedule: Schedule) -> dict[int, list[Span]]:
    """Places for the breaks that these blocks leave free, cutting as little as possible."""
    taken: dict[int, list[Span]] = {}
    for chunks in schedule.values():
        for piece, start, length in chunks:
            taken.setdefault(piece, []).append((start, start + length))
    cuts: dict[int, list[Span]] = {}
    for ways in facts.breaks:
        free = [
            way
            for way in ways
            if all(
                last <= low or high <= first
                for piece, low, high in way
                for first, last in taken.get(piece, ())
            )
        ]
        for piece, low, high in min(free or ways, key=_cut_size):
            cuts.setdefault(piece, []).append((low, high))
    return cuts


def _cut_size(way: tuple[tuple[int, int, int], ...]) -> tuple[int, int]:
    return sum(high - low for _, low, high in way), way[0][1]
