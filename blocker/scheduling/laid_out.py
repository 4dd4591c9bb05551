"""Where in their places the jobs lie that the exact search booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from blocker.scheduling.board import Board
from blocker.scheduling.facts import Option
from blocker.scheduling.job_ways import Taken

Booked = tuple[int, Taken]
"""A job of a kind, and what it takes."""

Windows = Mapping[int, tuple[Option, ...]]
"""Where the blocks of each job may lie."""


def laid_out(board: Board, steps: Sequence[Booked]) -> Windows:
    """Where each job lies that was booked, in each place one after another by their windows."""
    waiting = [list(jobs) for jobs in board.jobs]
    lengths: dict[int, dict[int, int]] = {}
    for number, taken in steps:
        job = waiting[number].pop()
        over = sum(share.high for _, share in taken) - board.kinds[number].need
        for place, share in taken:
            less = min(over, share.high - share.low)
            over -= less
            length = share.high - less + (share.blocks - 1) * board.rest
            lengths.setdefault(place, {})[job] = length * board.step
    found: dict[int, tuple[Option, ...]] = {}
    for place in sorted(lengths):
        for option, job in _one_after_another(board, place, lengths[place]):
            found[job] = _with(found.get(job, ()), option, board.parts[place].piece.rest)
    return found


def _with(options: tuple[Option, ...], option: Option, rest: int) -> tuple[Option, ...]:
    """One more option, as one with the last where both lie in one piece without a rest between:
    before and after a break whose place is still open."""
    if options and options[-1].piece == option.piece and option.start < options[-1].end + rest:
        last = options[-1]
        both = Option(last.piece, min(last.start, option.start), max(last.end, option.end))
        return (*options[:-1], both)
    return (*options, option)


def _one_after_another(
    board: Board, place: int, lengths: Mapping[int, int]
) -> Iterator[tuple[Option, int]]:
    """What jobs take of a place, those whose time ends soonest first, and before what waits for
    them; where one is then too late, all of its window.  After a break all are as late as can be.
    """

    def last(job: int) -> tuple[int, int, int]:
        behind = [other for other, _ in board.waits.behind.get(job, ()) if other in lengths]
        ends = [board.windows[each, place].end for each in (job, *behind)]
        return min(ends), -len(behind), job

    part, rest = board.parts[place], board.rest * board.step
    free = part.start
    if part.is_after:
        spare = part.end - part.start - sum(lengths.values()) - rest * (len(lengths) - 1)
        free += spare // board.step * board.step
    free += (part.piece.start - free) % board.step
    for job in sorted(lengths, key=last):
        window = board.windows[job, place]
        start = max(window.start, free)
        end = start + lengths[job]
        free = end + rest
        yield (Option(window.piece, start, end) if end <= window.end else window), job
