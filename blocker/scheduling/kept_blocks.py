"""How many standing blocks can stay where they are while everything is booked, at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blocker.domain.interval import Interval
from blocker.scheduling.facts import Facts, Job, Option
from blocker.scheduling.linear import FOUND, row_of
from blocker.scheduling.pairs import Pair
from blocker.scheduling.relaxation import Relaxation

Place = tuple[int, int, int]
"""(piece, start, end)."""


class KeptBlocks:
    """The relaxation with a column for each block that could stay; sets of them may be ruled out.

    What it finds can stay need not be able to; what it does not find cannot.
    """

    def __init__(self, facts: Facts, blocks: Mapping[str, tuple[int, Interval]]) -> None:
        """`blocks`: by their keys the job and the place of each."""
        self._relaxation = Relaxation(facts, all_booked=True)
        self._stays: dict[str, int] = {}
        held: dict[Pair, list[tuple[int, int]]] = {}
        for key in sorted(blocks):
            job, interval = blocks[key]
            place = _place(facts, facts.jobs[job], interval)
            if place is not None and (job, place[0]) in self._relaxation.number:
                stays = self._stays[key] = self._relaxation.model.column(1)
                held.setdefault((job, place[0]), []).append((stays, place[2] - place[1]))
                self._leave_room(facts, job, place, stays)
        for pair, blocks_there in held.items():
            self._hold(facts, pair, blocks_there)

    def most(self, least: int, looks: int) -> frozenset[str] | None:
        """At least so many that may stay; None where that cannot be, or is not known."""
        row = row_of([(stays, 1) for stays in self._stays.values()], low=least)
        status, values = self._relaxation.model.ask(row, looks)
        if status != FOUND:
            return None
        return frozenset(key for key, stays in self._stays.items() if values[stays] > 0.5)

    def rule_out(self, keys: Iterable[str]) -> None:
        """These cannot all stay."""
        terms = [(self._stays[key], 1) for key in keys]
        self._relaxation.model.row(terms, high=len(terms) - 1)

    def _hold(self, facts: Facts, pair: Pair, blocks: Sequence[tuple[int, int]]) -> None:
        """A job has in a piece what stays of it there, other blocks of it besides or none."""
        relaxation, step = self._relaxation, facts.pieces[pair[1]].step
        number = [(relaxation.number[pair], 1.0), *((stays, -1.0) for stays, _ in blocks)]
        relaxation.model.row(number, low=0)
        time = [(relaxation.steps[pair], float(step)), *((s, -float(long)) for s, long in blocks)]
        relaxation.model.row(time, low=0)

    def _leave_room(self, facts: Facts, job: int, place: Place, stays: int) -> None:
        """What others can have of a piece on both sides of a block that stays."""
        piece = facts.pieces[place[0]]
        for other in facts.jobs:
            pair = other.index, piece.index
            if other.index == job or pair not in self._relaxation.used:
                continue
            (option,) = (each for each in other.options if each.piece == piece.index)
            sides = _beside(option, place, piece.rest)
            room = sum(length for length in sides if length >= other.shortest)
            steps, most = self._relaxation.steps[pair], (option.end - option.start) // piece.step
            if room // piece.step < most:
                taken = most - room // piece.step
                self._relaxation.model.row([(steps, 1), (stays, taken)], high=most)


def _place(facts: Facts, job: Job, interval: Interval) -> Place | None:
    """Where a block lies in the free pieces; None where none of the job's options holds it."""
    start, end = facts.units(interval.start), facts.units(interval.end)
    if start is None or end is None:
        return None
    for option in job.options:
        if option.start <= start < end <= option.end:
            return option.piece, start, end
    return None


def _beside(option: Option, place: Place, rest: int) -> tuple[int, int]:
    """How long an option is before and after a block."""
    _, start, end = place
    before = min(option.end, start - rest) - option.start
    after = option.end - max(option.start, end + rest)
    return max(0, before), max(0, after)
