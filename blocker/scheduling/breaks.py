"""The ways in which a break can still be kept on a day, as cuts out of the free pieces."""

from __future__ import annotations

from collections.abc import Sequence

from blocker.scheduling.free_time import Span, without

Way = tuple[tuple[int, int, int], ...]
"""Cuts (index of the stretch, start, end) that keep one break at one place."""


def ways_to_keep(
    between: Sequence[Span],
    keep: int,
    taken: Sequence[Span],
    stretches: Sequence[tuple[int, int, int]],
    step: int,
) -> tuple[Way, ...] | None:
    """The cuts that leave `keep` free in one piece inside `between`, one of which must be made.

    `taken` are disjoint sorted spans of busy time and standing blocks; time outside working hours
    is free.  `stretches` are (index, start, end) on the grid, sorted.  None when nothing needs to
    be cut: a way without a cut exists, or no way exists at all.  In the latter case the day's
    meetings make the break impossible whatever is planned, and forbidding work would help nobody.

    A break may be pushed to the left until it meets `between`, busy time or the end of a block, so
    these are the only places looked at; blocks end on the grid.
    """
    ways: set[Way] = set()
    for span in between:
        for first, last in without(*span, taken):
            starts = {first}
            for _, start, end in stretches:
                if start < last and first < end:
                    low = max(start, start - (start - first) // step * step)
                    starts.update(range(low, min(end, last) + 1, step))
            for start in starts:
                if first <= start and start + keep <= last:
                    way = _cuts(start, start + keep, stretches, step)
                    if not way:
                        return None
                    ways.add(way)
    return _undominated(ways) or None


def _cuts(start: int, end: int, stretches: Sequence[tuple[int, int, int]], step: int) -> Way:
    cuts = []
    for index, first, last in stretches:
        if first < end and start < last:
            low = max(first, start - (start - first) % step)
            high = min(last, end + (first - end) % step)
            cuts.append((index, low, high))
    return tuple(cuts)


def _undominated(ways: set[Way]) -> tuple[Way, ...]:
    """Without the ways that cut all that another one cuts, and more."""

    def covers(wide: Way, narrow: Way) -> bool:
        return all(
            any(index == other and low <= first and last <= high for index, low, high in wide)
            for other, first, last in narrow
        )

    ordered = sorted(ways, key=lambda way: (sum(high - low for _, low, high in way), way))
    kept: list[Way] = []
    for way in ordered:
        if not any(covers(way, other) for other in kept):
            kept.append(way)
    return tuple(sorted(kept))
