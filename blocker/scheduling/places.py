"""Where blocks may lie on the exact search's board: pieces, cut in two where a break must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from blocker.scheduling.facts import Facts, Job, Option, Piece
from blocker.scheduling.free_time import Span


class Part(NamedTuple):
    """A piece, or what lies of it before or after a break that must cut it."""

    piece: Piece
    start: int
    end: int
    is_after: bool = False


def parts_of(facts: Facts, piece: Piece) -> list[Part]:
    """A piece whole, or before and after the break that must cut it."""
    cuts = must_be_cut(facts, piece)
    if not cuts:
        return [Part(piece, piece.start, piece.end)]
    before = Part(piece, piece.start, max(low for low, _ in cuts))
    after = Part(piece, min(high for _, high in cuts), piece.end, is_after=True)
    return [part for part in (before, after) if part.start < part.end]


def must_be_cut(facts: Facts, piece: Piece) -> list[Span]:
    """Where a break may lie that lies in this piece, wherever that is; none without such a break.

    Of several such breaks the first one is looked at.
    """
    for index in facts.breaks_of.get(piece.index, ()):
        ways = facts.breaks[index]
        if all(len(way) == 1 and way[0][0] == piece.index for way in ways):
            return [(low, high) for way in ways for _, low, high in way]
    return []


def windows_in(jobs: Sequence[Job], parts: Sequence[Part]) -> dict[tuple[int, int], Option]:
    """Of jobs and places what of the place lies in the job's window, if that is long enough."""
    found: dict[tuple[int, int], Option] = {}
    for job in jobs:
        options = {option.piece: option for option in job.options}
        for place, part in enumerate(parts):
            option = options.get(part.piece.index)
            if option is not None:
                start, end = max(option.start, part.start), min(option.end, part.end)
                start += (part.piece.start - start) % part.piece.step
                end -= (end - part.piece.start) % part.piece.step
                if end - start >= job.shortest:
                    found[job.index, place] = Option(option.piece, start, end)
    return found
