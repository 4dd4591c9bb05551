"""The fewest blocks that any plan can have, and what they leave of the time, without a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocker.scheduling.bounds import shortage, windows
from blocker.scheduling.facts import Facts, Job, Piece
from blocker.scheduling.free_time import Span


def fewest_blocks(facts: Facts) -> int:
    """A bound on the number of blocks in which all jobs can be booked.

    A job alone needs as many blocks as its largest free pieces take to hold it.  The jobs that must
    lie between two moments may need more than that together.  Spans of time that do not overlap
    hold different jobs, so what they need more adds up: the best choice of such spans is found as
    in weighted interval scheduling.
    """
    total = 0
    for desk in range(len(facts.members)):
        gains: dict[Span, int] = {}
        total += sum(alone(facts, job) for job in facts.jobs if job.desk == desk)
        for start, end, jobs in windows(facts, desk):
            more = blocks_between(facts, start, end, jobs) - sum(alone(facts, j) for j in jobs)
            if more > 0:
                gains[start, end] = more
        total += _most_apart(gains)
    return total


def blocks_between(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> int:
    """The fewest blocks of jobs of one desk that must lie between two moments."""
    return max(
        sum(alone(facts, job) for job in jobs),
        _together(facts, start, end, jobs),
        _by_size(facts, start, end, jobs),
    )


def alone(facts: Facts, job: Job) -> int:
    """The fewest blocks of one job if all others were gone."""
    if job.need <= job.shortest:
        return 1
    if job.task in facts.alone:
        return facts.alone[job.task]
    shares: list[int] = []
    for option in job.options:
        piece, length = facts.pieces[option.piece], option.end - option.start
        shares += _cut(
            block_gains(length, job.shortest, job.longest, piece.rest), facts.room(piece)
        )
    found = facts.alone[job.task] = fewest_that_hold(shares, job.need)
    return found


def rest_and_room(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> tuple[int, int]:
    """A rest, and the most that blocks of these jobs with a rest after each take between two
    moments.

    A piece with n blocks has n - 1 rests in it, so with a rest after its last block too, blocks and
    rests fill at most the piece and one rest more.
    """
    shortest = min(job.shortest for job in jobs)
    rest, have = 0, 0
    for piece in facts.pieces:
        if piece.desk == jobs[0].desk and piece.start < end and start < piece.end:
            rest = piece.rest
            length = _inside(piece, start, end)
            if length >= shortest:
                have += length + rest
    return rest, have


def cannot_all_fit(facts: Facts) -> bool:
    """Whether a sum shows that no plan books everything.  False proves nothing."""
    for desk in range(len(facts.members)):
        for start, end, jobs in windows(facts, desk):
            need, free = shortage(facts, start, end, jobs)
            if need > free:
                return True
            rest, have = rest_and_room(facts, start, end, jobs)
            if need + rest * blocks_between(facts, start, end, jobs) > have:
                return True
    return False


def _by_size(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> int:
    """The fewest blocks when long ones are few.

    There is room for only so many blocks of some size or longer.  A job that gets none of them is
    cut into shorter ones; each that it gets saves it some.  The sum of what jobs need without them,
    less the largest savings, bounds the blocks from below; the best size is taken.
    """
    shortest = min(job.shortest for job in jobs)
    largest = max(job.longest for job in jobs)
    rooms: dict[int, list[Piece]] = {}
    longest_here = 0
    for piece in facts.pieces:
        if piece.desk == jobs[0].desk and piece.start < end and start < piece.end:
            rooms.setdefault(piece.day, []).append(piece)
            longest_here = max(longest_here, min(_inside(piece, start, end), facts.room(piece)))
    longest_here = min(longest_here, largest)
    step = min((piece.step for pieces in rooms.values() for piece in pieces), default=1)
    sizes = {min(job.need, longest_here) for job in jobs}
    sizes |= {-(-job.need // 2 // step) * step for job in jobs}
    best = 0
    for size in sorted(sizes):
        below = (size - 1) // step * step
        if below < shortest or size > longest_here:
            continue
        number = _places(facts, rooms, start, end, size)
        needed, savings = 0, []
        for job in jobs:
            most = min(job.longest, longest_here)
            short = min(below, most)
            counts = [-(-job.need // short)]
            while most > short and (len(counts) - 1) * most < job.need and len(counts) <= number:
                got = len(counts)
                counts.append(got + -(-max(0, job.need - got * most) // short))
                savings.append(counts[-2] - counts[-1])
            needed += counts[0]
        savings.sort(reverse=True)
        best = max(best, needed - sum(savings[:number]))
    return best


def _places(facts: Facts, rooms: dict[int, list[Piece]], start: int, end: int, size: int) -> int:
    """How many blocks of a size or longer there is room for."""
    found = 0
    for pieces in rooms.values():
        here = sum((_inside(p, start, end) + p.rest) // (size + p.rest) for p in pieces)
        room = facts.day_room.get((pieces[0].desk, pieces[0].day))
        found += here if room is None else min(here, room // size)
    return found


def _together(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> int:
    """The fewest blocks between two moments that hold all the time of these jobs of one desk."""
    shortest, longest = min(job.shortest for job in jobs), max(job.longest for job in jobs)
    days: dict[tuple[int, int], list[int]] = {}
    desk = jobs[0].desk
    for piece in facts.pieces:
        if piece.desk == desk and piece.start < end and start < piece.end:
            length = _inside(piece, start, end)
            days.setdefault((piece.week, piece.day), []).extend(
                block_gains(length, shortest, longest, piece.rest)
            )
    weeks: dict[int, list[int]] = {}
    for (week, day), shares in days.items():
        weeks.setdefault(week, []).extend(_cut(shares, facts.day_room.get((desk, day))))
    held: list[int] = []
    for week, shares in weeks.items():
        held += _cut(shares, facts.week_room.get((desk, week)))
    return fewest_that_hold(held, sum(job.need for job in jobs))


def _inside(piece: Piece, start: int, end: int) -> int:
    return min(piece.end, end) - max(piece.start, start)


def block_gains(length: int, shortest: int, longest: int, rest: int) -> list[int]:
    """What the first, second, … block adds to the most that a stretch can hold; never growing.

    n blocks hold at most min(n * longest, length - (n - 1) * rest).

    >>> block_gains(200, 30, 120, 15)
    [120, 65]
    """
    found: list[int] = []
    held = 0
    for number in range(1, (length + rest) // (shortest + rest) + 1):
        more = min(number * longest, length - (number - 1) * rest) - held
        if more <= 0:
            break
        found.append(more)
        held += more
    return found


def _cut(shares: Iterable[int], room: int | None) -> list[int]:
    """The largest shares first, together no more than the room."""
    ordered = sorted(shares, reverse=True)
    if room is None:
        return ordered
    found = []
    for share in ordered:
        if room <= 0:
            break
        found.append(min(share, room))
        room -= share
    return found


def fewest_that_hold(shares: Iterable[int], need: int) -> int:
    """So many of the largest shares hold `need`; all of them when even those do not."""
    number = 0
    for share in sorted(shares, reverse=True):
        if need <= 0:
            break
        need -= share
        number += 1
    return number


def _most_apart(gains: dict[Span, int]) -> int:
    """The most that spans without overlap gain together."""
    best: list[tuple[int, int]] = [(-(1 << 62), 0)]
    for (start, end), gain in sorted(gains.items(), key=lambda each: each[0][1]):
        before = max(value for last, value in best if last <= start)
        best.append((end, max(best[-1][1], before + gain)))
    return best[-1][1]
