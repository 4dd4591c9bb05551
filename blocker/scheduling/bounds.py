"""Bounds that need no search: what no plan can beat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocker.scheduling.facts import Facts, Job, Piece
from blocker.scheduling.free_time import fill

MOST_WINDOWS = 600
"""So many spans of one desk are looked at; of more only those from its first or to its last one."""


def windows(facts: Facts, desk: int) -> Iterator[tuple[int, int, list[Job]]]:
    """Every span from one job's release to another's due, with the jobs that must lie inside.

    Where these are too many, only those from the first release and those to the last due.
    """
    jobs = [job for job in facts.jobs if job.desk == desk]
    starts = sorted({job.release for job in jobs})
    ends = sorted({job.due for job in jobs})
    spans = [(start, end) for start in starts for end in ends if start < end]
    if len(spans) > MOST_WINDOWS:
        spans = [(start, end) for start, end in spans if start == starts[0] or end == ends[-1]]
    inside_from: dict[int, list[Job]] = {}
    for start, end in spans:
        if start not in inside_from:
            inside_from[start] = [job for job in jobs if job.release >= start]
        inside = [job for job in inside_from[start] if job.due <= end]
        if inside:
            yield start, end, inside


def shortage(facts: Facts, start: int, end: int, jobs: Sequence[Job]) -> tuple[int, int]:
    """What jobs of one desk that must lie between two moments need, and a bound on what they get.

    Tasks' windows are spans of one time axis, so by Hall's theorem for such graphs a maximum flow
    from tasks to pieces leaves something over exactly when some span is short.
    """
    shortest = min(job.shortest for job in jobs)
    longest = max(job.longest for job in jobs)
    return (
        sum(job.need for job in jobs),
        facts.capacity(jobs[0].desk, start, end, shortest, longest),
    )


def preferred_in(piece: Piece, longest: int) -> int:
    """The most preferred time that blocks of one piece can cover.

    A preferred span is covered by parts of blocks, each at most `longest`, with rests between.
    """
    return sum(fill(last - first, 1, longest, piece.rest, 1) for first, last in piece.prefer)


def most_preferred(facts: Facts, booked: dict[int, int]) -> int:
    """A bound on the preferred time of jobs booked with these amounts: jobs flow into pieces.

    A job flows into every piece that its window touches.  Since windows are spans, filling each job
    in order of due moments into its earliest pieces is a maximum flow.
    """
    left: dict[int, int] = {}
    longest: dict[int, int] = {}
    for index in booked:
        job = facts.jobs[index]
        longest[job.desk] = max(longest.get(job.desk, 0), job.longest)
    for piece in facts.pieces:
        if piece.prefer and piece.desk in longest:
            room = facts.room(piece)
            left[piece.index] = min(room, preferred_in(piece, longest[piece.desk]))
    total = 0
    for index in sorted(booked, key=lambda index: (facts.jobs[index].due, index)):
        wanted, job = booked[index], facts.jobs[index]
        for piece in facts.pieces:
            if wanted <= 0:
                break
            if piece.desk != job.desk or piece.end <= job.release or job.due <= piece.start:
                continue
            given = min(wanted, left.get(piece.index, 0))
            if given:
                left[piece.index] -= given
                wanted -= given
                total += given
    return total
