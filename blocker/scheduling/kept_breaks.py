"""Where the breaks are kept beside a schedule's blocks."""

from __future__ import annotations

from blocker.scheduling.facts import Cut, Facts, Schedule
from blocker.scheduling.free_time import Span


def cuts_beside(facts: Facts, schedule: Schedule) -> dict[int, list[Span]]:
    """Places for the breaks that these blocks leave free, cutting as little as possible."""
    cuts: dict[int, list[Span]] = {}
    for ways, free in zip(facts.breaks, ways_left(facts, schedule), strict=True):
        for piece, low, high in min(free or ways, key=_cut_size):
            cuts.setdefault(piece, []).append((low, high))
    return cuts


def keeps_breaks(facts: Facts, schedule: Schedule) -> bool:
    """Whether these blocks leave room for every break, wherever it was thought to be."""
    return all(ways_left(facts, schedule))


def ways_left(facts: Facts, schedule: Schedule) -> list[list[tuple[Cut, ...]]]:
    """For each break the ways to keep it that no block is in."""
    taken: dict[int, list[Span]] = {}
    for chunks in schedule.values():
        for piece, start, length in chunks:
            taken.setdefault(piece, []).append((start, start + length))
    return [
        [
            way
            for way in ways
            if all(
                last <= low or high <= first
                for piece, low, high in way
                for first, last in taken.get(piece, ())
            )
        ]
        for ways in facts.breaks
    ]


def _cut_size(way: tuple[tuple[int, int, int], ...]) -> tuple[int, int]:
    return sum(high - low for _, low, high in way), way[0][1]
