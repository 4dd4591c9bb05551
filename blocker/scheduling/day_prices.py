"""What one day can give at most when the time and the blocks of each job have a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from blocker.scheduling.facts import Facts, Job, Option, Piece

Got = dict[int, tuple[int, int]]
"""Of each job its steps and its blocks."""

Values = Any
"""An array of whole numbers."""

NEVER = -(1 << 60)

MOST_BLOCKS = 12
"""The most blocks of one piece; a piece that could hold more has no bound."""


@dataclass(frozen=True, slots=True)
class Item:
    """Some blocks of one job in a piece: how many, and how many steps they take together."""

    blocks: int
    steps: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """One piece as steps: `length`, the `rest` between blocks, and the items of each job.

    Shifting time between two blocks of a piece, from the lower price to the higher, ends only where
    one is as short or as long as it may be.  So the best blocks of a piece have such lengths, but
    for at most one, which has any: (job, shortest, longest) in `any_length`.
    """

    length: int
    rest: int
    blocks: int
    items: tuple[tuple[int, tuple[Item, ...]], ...]
    any_length: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class DayStretches:
    """The stretches of a desk's local day, and its limit in steps (None without one)."""

    week: tuple[int, int]
    room: int | None
    stretches: tuple[Stretch, ...]


def days_of(facts: Facts) -> list[DayStretches] | None:
    """Every day on which jobs may have blocks; None where a piece could hold too many."""
    options: dict[int, list[tuple[Job, Option]]] = {}
    for job in facts.jobs:
        for option in job.options:
            options.setdefault(option.piece, []).append((job, option))
    days: dict[tuple[int, int, int], list[Stretch]] = {}
    steps: dict[tuple[int, int, int], int] = {}
    for piece in facts.pieces:
        stretch = _stretch(facts, piece, options.get(piece.index, ()))
        if stretch is None:
            continue
        if stretch.blocks > MOST_BLOCKS:
            return None
        key = (piece.desk, piece.week, piece.day)
        days.setdefault(key, []).append(stretch)
        steps[key] = piece.step
    found = []
    for (desk, week, day), stretches in sorted(days.items()):
        room = facts.day_room.get((desk, day))
        own = None if room is None else room // steps[desk, week, day]
        found.append(DayStretches((desk, week), own, tuple(stretches)))
    return found


def _stretch(facts: Facts, piece: Piece, inside: Sequence[tuple[Job, Option]]) -> Stretch | None:
    items, any_length, shortest = [], [], 0
    for job, option in inside:
        length = option.end - option.start
        cap = min(length, facts.room(piece), job.need) // piece.step
        low = job.shortest // piece.step
        high = min(job.longest // piece.step, cap)
        most = min((length + piece.rest) // (job.shortest + piece.rest), cap // low)
        if most >= 1:
            items.append((job.index, _items(low, high, cap, most)))
            any_length.append((job.index, low, high))
            shortest = min(shortest or low, low)
    if not items:
        return None
    rest = piece.rest // piece.step
    length = (piece.end - piece.start - _lost_to_breaks(facts, piece)) // piece.step
    blocks = max(1, (length + rest) // (shortest + rest))
    return Stretch(length, rest, blocks, tuple(items), tuple(any_length))


def _items(low: int, high: int, cap: int, most: int) -> tuple[Item, ...]:
    found = set()
    for blocks in range(1, most + 1):
        for long in range(blocks + 1):
            found.add(Item(blocks, min(cap, (blocks - long) * low + long * high)))
    return tuple(sorted(found, key=lambda item: (item.blocks, item.steps)))


def _lost_to_breaks(facts: Facts, piece: Piece) -> int:
    """What every way to keep a break takes of a piece, beyond the rest that it can stand in for."""
    lost = 0
    for index in facts.breaks_of.get(piece.index, ()):
        cuts = [
            sum(high - low for other, low, high in way if other == piece.index)
            for way in facts.breaks[index]
        ]
        lost = max(lost, min(cuts) - piece.rest)
    return lost


def best_of_day(
    day: DayStretches, per_step: Mapping[int, int], per_block: Mapping[int, int]
) -> tuple[int, Got]:
    """The most that a day's blocks are worth, in whole numbers, and such blocks.

    `per_step` and `per_block`: what a step and a block of each job are worth, below zero too.
    """
    total: Values = np.zeros(1, dtype=np.int64)
    parts: list[tuple[_Filled, Values]] = []
    for stretch in day.stretches:
        filled = _Filled(stretch, per_step, per_block)
        joined = np.full(len(total) + stretch.length, NEVER, dtype=np.int64)
        of_last = np.zeros(len(joined), dtype=np.int64)
        for own in map(int, np.flatnonzero(filled.best > NEVER // 2)):
            _take(joined, of_last, own, total + filled.best[own], own)
        total = joined if day.room is None else joined[: day.room + 1]
        parts.append((filled, of_last))
    steps = int(total.argmax())
    worth = int(total[steps])
    got: Got = {}
    for filled, of_last in reversed(parts):
        own = int(of_last[steps])
        for job, (time, blocks) in filled.blocks_for(own).items():
            have = got.get(job, (0, 0))
            got[job] = (have[0] + time, have[1] + blocks)
        steps -= own
    return worth, got


def _take(best: Values, how: Values, start: int, offer: Values, name: int) -> None:
    """Puts offers that beat the best into it, from a place on, and notes by what."""
    end = min(len(best), start + len(offer))
    mine = offer[: end - start]
    better = mine > best[start:end]
    best[start:end][better] = mine[better]
    how[start:end][better] = name


class _Filled:
    """The most that a stretch's blocks are worth, for each number of steps they take."""

    def __init__(
        self, stretch: Stretch, per_step: Mapping[int, int], per_block: Mapping[int, int]
    ) -> None:
        self._stretch = stretch
        most, length = stretch.blocks, stretch.length
        worth = np.full((most + 1, length + 1), NEVER, dtype=np.int64)
        worth[0, 0] = 0
        self._turns: list[tuple[int, Sequence[Item], Values]] = []
        for job, items in stretch.items:
            after, how = worth.copy(), np.full(worth.shape, -1)
            for number, item in enumerate(items):
                if item.blocks > most or item.steps > length:
                    continue
                gain = per_step[job] * item.steps + per_block[job] * item.blocks
                offer = worth[: most + 1 - item.blocks, : length + 1 - item.steps] + gain
                place = after[item.blocks :, item.steps :]
                better = offer > place
                place[better] = offer[better]
                how[item.blocks :, item.steps :][better] = number
            self._turns.append((job, items, how))
            worth = after
        self._any, self._last = self._one_of_any_length(worth, per_step, per_block)
        blocks = np.arange(most + 1)[:, None] * stretch.rest
        fits = blocks + np.arange(length + 1)[None, :] <= length + stretch.rest
        worth = np.where(fits, worth, NEVER)
        self.best: Values = worth.max(axis=0)
        self._blocks: Values = worth.argmax(axis=0)

    def _one_of_any_length(
        self, worth: Values, per_step: Mapping[int, int], per_block: Mapping[int, int]
    ) -> tuple[Values, Values]:
        """Adds one block of any length; of which job each length is, and where it was added."""
        length = self._stretch.length
        best = np.full(length + 1, NEVER, dtype=np.int64)
        whose = np.full(length + 1, -1)
        for job, low, high in self._stretch.any_length:
            high = min(high, length)
            _take(best, whose, low, np.arange(low, high + 1) * per_step[job] + per_block[job], job)
        before, last = worth.copy(), np.full(worth.shape, -1)
        for steps in np.flatnonzero(whose >= 0):
            offer = before[:-1, : length + 1 - steps] + best[steps]
            place = worth[1:, steps:]
            better = offer > place
            place[better] = offer[better]
            last[1:, steps:][better] = steps
        return whose, last

    def blocks_for(self, steps: int) -> Got:
        """The blocks that are worth most and take so many steps."""
        got: Got = {}
        blocks = int(self._blocks[steps])

        def add(job: int, item: Item) -> None:
            nonlocal blocks, steps
            have = got.get(job, (0, 0))
            got[job] = (have[0] + item.steps, have[1] + item.blocks)
            blocks, steps = blocks - item.blocks, steps - item.steps

        last = int(self._last[blocks, steps])
        if last >= 0:
            add(int(self._any[last]), Item(1, last))
        for job, items, how in reversed(self._turns):
            number = int(how[blocks, steps])
            if number >= 0:
                add(job, items[number])
        return got
