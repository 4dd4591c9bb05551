"""All ways in which one job can be booked in so many blocks, on the board of the exact search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from blocker.scheduling.board import Kind, Share, Signature, Spare

Taken = tuple[tuple[int, Share], ...]
"""The places of a job, and what it takes of each."""


class Spent(Exception):
    """The search has done all that it may."""


class Allowance:
    """Counts what a search does, so that where it ends never depends on speed."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise Spent


class Place(NamedTuple):
    """What a job may take of a place, at most `longest`, and the time that may be lost there for
    nothing."""

    longest: int
    signature: Signature
    number: int
    idle: int
    shares: Sequence[Share]


class Ways:
    """The ways of one job; of places with the same signature, the first ones are taken."""

    def __init__(
        self, kind: Kind, places: Sequence[Place], spare: Spare, allowance: Allowance
    ) -> None:
        self._kind = kind
        self._places = sorted(places, key=lambda place: (-place.longest, place.signature))
        self._spare = spare
        self._allowance = allowance
        self._next_other = _next_others(self._places)
        self._reach = self._lengths()
        self._taken: list[tuple[int, Share]] = []

    def in_blocks(self, blocks: int) -> Iterator[Taken]:
        """All ways with so many blocks, those that lose less time first, roughly."""
        least, most = 0, 0
        while least <= self._spare.steps:
            most = min(most, self._spare.steps)
            yield from self._go(0, 0, 0, 0, 0, blocks, range(least, most + 1))
            least, most = most + 1, 2 * most + 1

    def _lengths(self) -> list[int]:
        """For each place the lengths, as bits, that can be taken of it and those after it."""
        reach = [1]
        for place in reversed(self._places):
            lengths = reach[-1]
            for share in place.shares:
                for steps in range(share.low, share.high + 1):
                    lengths |= reach[-1] << steps
            reach.append(lengths)
        reach.reverse()
        return reach

    def _go(
        self, first: int, low: int, high: int, loss: int, dear: int, blocks: int, losses: range
    ) -> Iterator[Taken]:
        """Goes on from a place, with `low` to `high` steps taken and so many blocks to go."""
        self._allowance.spend(1)
        need, (_, _, _, priced) = self._kind.need, self._spare
        if not blocks:
            over = high - need
            if low <= need <= high and loss + over in losses and dear + over <= priced:
                yield tuple(self._taken)
            return
        while first < len(self._places):
            longest, _, number, idle, shares = self._places[first]
            if high + blocks * longest < need or low + blocks * self._kind.shortest > need:
                return
            if high < need and not self._reach[first] >> need - high & (1 << high - low + 1) - 1:
                return
            for share in shares:
                lost = loss + max(0, share.loss - idle)
                paid = dear + share.dear
                if (
                    share.blocks <= blocks
                    and low + share.low <= need
                    and lost < losses.stop
                    and paid <= priced
                ):
                    self._taken.append((number, share))
                    yield from self._go(
                        first + 1,
                        low + share.low,
                        high + share.high,
                        lost,
                        paid,
                        blocks - share.blocks,
                        losses,
                    )
                    self._taken.pop()
            first = self._next_other[first]


def _next_others(places: Sequence[Place]) -> list[int]:
    """For each place the first after it with another signature."""
    found = list(range(1, len(places) + 1))
    for place in reversed(range(len(places) - 1)):
        if places[place].signature == places[place + 1].signature:
            found[place] = found[place + 1]
    return found
