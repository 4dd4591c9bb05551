"""A schedule in the making that never breaks a hard rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocker.scheduling.facts import Chunk, Facts, Job, Piece, Schedule, overlap
from blocker.scheduling.free_time import Span

Slot = tuple[int, int, int]
"""(piece, start, end): free for a job, both ends on the grid."""

NO_LIMIT = 1 << 40


class Draft:
    """Blocks placed so far, the room they leave, and what that is worth.

    `cuts` are the places chosen for the breaks: new slots stay clear of them.
    """

    __slots__ = ("_day_left", "_free", "_taken", "_value", "_week_left", "chunks", "cuts", "facts")

    def __init__(self, facts: Facts, cuts: Mapping[int, Sequence[Span]] | None = None) -> None:
        self.facts = facts
        self.cuts: Mapping[int, Sequence[Span]] = {}
        self.chunks: dict[int, tuple[Chunk, ...]] = {}
        self._taken: dict[int, tuple[Span, ...]] = {}
        self._free: list[tuple[Span, ...]] = list(facts.whole_pieces)
        self._day_left = dict(facts.day_room)
        self._week_left = dict(facts.week_room)
        self._value: tuple[int, ...] | None = None
        if cuts:
            self.move_breaks(cuts)

    def copy(self) -> Draft:
        other = Draft.__new__(Draft)
        other.facts, other.cuts = self.facts, self.cuts
        other.chunks = dict(self.chunks)
        other._taken = dict(self._taken)
        other._free = list(self._free)
        other._day_left = dict(self._day_left)
        other._week_left = dict(self._week_left)
        other._value = self._value
        return other

    def move_breaks(self, cuts: Mapping[int, Sequence[Span]]) -> None:
        """Other places for the breaks; blocks that lie there are the caller's to remove."""
        changed = {*self.cuts, *cuts}
        self.cuts = cuts
        for index in changed:
            self._free[index] = self._left_in(index)

    def add(self, job: int, chunks: Sequence[Chunk]) -> None:
        """Gives a job its blocks, as they were found by `slots`."""
        pieces, free, taken = self.facts.pieces, self._free, self._taken
        for index, start, length in chunks:
            piece, end = pieces[index], start + length
            taken[index] = tuple(sorted((*taken.get(index, ()), (start, end))))
            free[index] = _carved(free[index], start - piece.rest, end + piece.rest)
            if piece.near:
                for other in piece.near:
                    free[other] = self._left_in(other)
            if self._day_left or self._week_left:
                self._use(piece, length)
        self.chunks[job] = tuple(sorted(chunks, key=_start))
        self._value = None

    def remove(self, job: int) -> None:
        """Takes a job's blocks away, and those of the jobs that wait for it."""
        self._value = None
        leaving, todo = {job}, [job]
        while todo:
            for follower in self.facts.followers[todo.pop()]:
                if follower in self.chunks and follower not in leaving:
                    leaving.add(follower)
                    todo.append(follower)
        changed: set[int] = set()
        for each in leaving:
            for index, start, length in self.chunks.pop(each, ()):
                place = (start, start + length)
                self._taken[index] = tuple(span for span in self._taken[index] if span != place)
                piece = self.facts.pieces[index]
                changed.update((index, *piece.near))
                self._use(piece, -length)
        for index in changed:
            self._free[index] = self._left_in(index)

    def _left_in(self, index: int) -> tuple[Span, ...]:
        """What blocks, those of near pieces too, and breaks leave of a piece, on its grid."""
        piece = self.facts.pieces[index]
        left = self.facts.whole_pieces[index]
        for first, last in self._taken.get(index, ()):
            left = _carved(left, first - piece.rest, last + piece.rest)
        rest = self.facts.rests[piece.desk]
        for other in piece.near:
            for first, last in self._taken.get(other, ()):
                left = _carved(left, *_on_grid(piece, first - rest, last + rest))
        for first, last in self.cuts.get(index, ()):
            left = _carved(left, *_on_grid(piece, first, last))
        return left

    def _use(self, piece: Piece, length: int) -> None:
        day, week = (piece.desk, piece.day), (piece.desk, piece.week)
        if day in self._day_left:
            self._day_left[day] -= length
        if week in self._week_left:
            self._week_left[week] -= length

    @property
    def has_limits(self) -> bool:
        """Whether days or weeks have a limit."""
        return bool(self._day_left or self._week_left)

    def day_left(self, piece: Piece) -> int:
        """What the day's limit still allows; `NO_LIMIT` where there is none."""
        return self._day_left.get((piece.desk, piece.day), NO_LIMIT)

    def week_left(self, piece: Piece) -> int:
        return self._week_left.get((piece.desk, piece.week), NO_LIMIT)

    def allowed(self, piece: Piece) -> int:
        """What its day's and its week's limit still allow in a piece."""
        return min(self.day_left(piece), self.week_left(piece))

    def has_room(self, piece: int) -> bool:
        """Whether anything of a piece is free."""
        return bool(self._free[piece])

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
        free, pieces, shortest = self._free, self.facts.pieces, job.shortest
        has_limits = self.has_limits
        for index, first, last in job.options:
            if release > first:
                step = pieces[index].step
                first += -(-(release - first) // step) * step
            if has_limits:
                piece = pieces[index]
                if self.allowed(piece) < shortest:
                    continue
            for start, end in free[index]:
                low = start if start > first else first
                high = end if end < last else last
                if high - low >= shortest:
                    found.append((index, low, high))
        return self._apart(job, found) if self.facts.has_near else found

    def _apart(self, job: Job, slots: Sequence[Slot]) -> list[Slot]:
        """The same slots, those in near pieces cut so that a rest lies between them."""
        found: list[Slot] = []
        rest = self.facts.rests[job.desk]
        for index, start, end in slots:
            piece = self.facts.pieces[index]
            earliest = max((slot[2] + rest for slot in found if slot[0] in piece.near), default=0)
            if earliest > start:
                start += -(-(earliest - start) // piece.step) * piece.step
            if end - start >= job.shortest:
                found.append((index, start, end))
        return found

    def size(self) -> tuple[int, int]:
        """How many blocks there are, and their time."""
        every = self.chunks.values()
        time = sum(length for chunks in every for *_, length in chunks)
        return sum(map(len, every)), time

    def value(self) -> tuple[int, ...]:
        """The wishes in their order, more is better; see `wishes`."""
        if self._value is None:
            self._value = wishes(self.facts, self.chunks)
        return self._value


def _start(chunk: Chunk) -> int:
    return chunk[1]


def _on_grid(piece: Piece, first: int, last: int) -> Span:
    """A hole widened to the grid of a piece."""
    down = first - (first - piece.start) % piece.step
    return down, last + (piece.start - last) % piece.step


def _carved(spans: tuple[Span, ...], first: int, last: int) -> tuple[Span, ...]:
    """Disjoint sorted spans without first..last."""
    found = []
    for start, end in spans:
        if end <= first or last <= start:
            found.append((start, end))
        else:
            if start < first:
                found.append((start, first))
            if last < end:
                found.append((last, end))
    return tuple(found)


PRIORITIES = (1, 2, 3, 4)
MARGIN, BLOCKS, PREFERRED, AVOIDED = 9, 10, 11, 12
"""Places in the tuple of `wishes`."""


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
