"""The fewest blocks that any plan can have, without a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocker.scheduling.bounds import windows
from blocker.scheduling.facts import Facts, Job, Piece
from blocker.scheduling.free_time import Span


def fewest_blocks(facts: Facts) -> int:
    """A bound on the number of blocks in which all jobs can be booked.

    A job alone needs as many blocks as its largest free pieces take to hold it.  The jobs that must
    lie between two moments need at least as many as fill the largest pieces there with all their
    time.  Spans of time that do not overlap hold different jobs, so what they need more than their
    jobs alone adds up: the best choice of such spans is found as in weighted interval scheduling.
    """
    alone = [_alone(facts, job) for job in facts.jobs]
    total = sum(alone)
    for desk in range(len(facts.members)):
        gains: dict[Span, int] = {}
        for start, end, jobs in windows(facts, desk):
            more = _together(facts, start, end, jobs) - sum(alone[job.index] for job in jobs)
            if more > 0:
                gains[start, end] = more
        total += _most_apart(gains)
    return total


def _alone(facts: Facts, job: Job) -> int:
    """The fewest blocks of one job if all others were gone."""
    if job.need <= job.shortest:
        return 1
    shares: list[int] = []
    for option in job.options:
        room = min(option.end - option.start, facts.room(facts.pieces[option.piece]))
        shares += _shares(room, job.shortest, job.longest, facts.pieces[option.piece].rest)
    return _number(shares, job.need)


def _together(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> int:
    """The fewest blocks between two moments that hold all the time of these jobs of one desk."""
    shortest, longest = min(job.shortest for job in jobs), max(job.longest for job in jobs)
    days: dict[tuple[int, int], list[int]] = {}
    desk = jobs[0].desk
    for piece in facts.pieces:
        if piece.desk == desk and piece.start < end and start < piece.end:
            length = _inside(piece, start, end)
            days.setdefault((piece.week, piece.day), []).extend(
                _shares(length, shortest, longest, piece.rest)
            )
    weeks: dict[int, list[int]] = {}
    for (week, day), shares in days.items():
        weeks.setdefault(week, []).extend(_cut(shares, facts.day_room.get((desk, day))))
    held: list[int] = []
    for week, shares in weeks.items():
        held += _cut(shares, facts.week_room.get((desk, week)))
    return _number(held, sum(job.need for job in jobs))


def _inside(piece: Piece, start: int, end: int) -> int:
    return min(piece.end, end) - max(piece.start, start)


def _shares(length: int, shortest: int, longest: int, rest: int) -> list[int]:
    """What the first, second, … block adds to the most that a stretch can hold; never growing.

    n blocks hold at most min(n * longest, length - (n - 1) * rest).

    >>> _shares(200, 30, 120, 15)
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


def _number(shares: Iterable[int], need: int) -> int:
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
