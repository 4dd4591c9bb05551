"""How much of every job lies in every piece of its window, in how many blocks, as columns."""

from __future__ import annotations

from blocker.scheduling.block_bound import alone
from blocker.scheduling.facts import Facts, Job, Option, Piece
from blocker.scheduling.linear import LinearModel, Term

Pair = tuple[int, int]
"""(job, piece)."""


class Pairs:
    """The columns of a group's pairs, and the rows of what its jobs need.

    Of each pair the `steps` booked, the `number` of blocks and whether it is `used`; of each job
    whether it is `booked` whole.  `all_booked` demands that of every job.  `horizon` is no earlier
    than anything ends.
    """

    def __init__(self, facts: Facts, *, all_booked: bool) -> None:
        self.model = LinearModel()
        self.facts = facts
        self.all_booked = all_booked
        self.steps: dict[Pair, int] = {}
        self.number: dict[Pair, int] = {}
        self.used: dict[Pair, int] = {}
        self.booked: dict[int, int] = {}
        self.in_margin: dict[int, int] = {}
        self.inside: dict[int, list[tuple[Job, Option]]] = {}
        ends = [piece.end for piece in facts.pieces]
        self.horizon = max([0, *ends, *(job.standing_end or 0 for job in facts.jobs)])
        for job in facts.jobs:
            for option in job.options:
                self._pair(job, facts.pieces[option.piece], option)
        for job in facts.jobs:
            self._amounts(job)

    def _pair(self, job: Job, piece: Piece, option: Option) -> None:
        """How much of a job lies in a piece, in how many blocks."""
        length = option.end - option.start
        cap = min(length, self.facts.room(piece), job.need)
        most = min((length + piece.rest) // (job.shortest + piece.rest), cap // job.shortest)
        if most < 1:
            return
        model, pair = self.model, (job.index, piece.index)
        low, high = job.shortest // piece.step, cap // piece.step
        steps, used = model.column(high), model.column(1)
        number = used if most == 1 else model.column(most)
        if most > 1:
            model.row([(number, 1), (used, -1)], low=0)
            model.row([(number, 1), (used, -most)], high=0)
            model.row([(steps, 1), (used, -high)], high=0)
        model.row([(steps, 1), (number, -low)], low=0)
        model.row([(steps, 1), (number, -(min(job.longest, cap) // piece.step))], high=0)
        self.steps[pair], self.number[pair], self.used[pair] = steps, number, used
        self.inside.setdefault(piece.index, []).append((job, option))

    def pairs(self, job: Job) -> list[tuple[Pair, Option]]:
        return [
            ((job.index, option.piece), option)
            for option in job.options
            if (job.index, option.piece) in self.steps
        ]

    def time(self, job: Job) -> list[Term]:
        """Its booked time, in units."""
        pieces = self.facts.pieces
        return [(self.steps[pair], pieces[pair[1]].step) for pair, _ in self.pairs(job)]

    def load(self, pair: Pair) -> list[Term]:
        """Time of a job in a piece with a rest after each of its blocks."""
        piece = self.facts.pieces[pair[1]]
        return [(self.steps[pair], piece.step), (self.number[pair], piece.rest)]

    def _amounts(self, job: Job) -> None:
        model, time = self.model, self.time(job)
        booked = model.column(1, 1 if self.all_booked else 0)
        if job.is_whole:
            model.row([*time, (booked, -job.need)], 0, 0)
        else:
            model.row(time, high=job.need)
            model.row([*time, (booked, -job.need)], low=0)
        if job.least:
            model.row(time, low=job.least)
        self.booked[job.index] = booked
        count = [(self.number[pair], 1) for pair, _ in self.pairs(job)]
        model.row([*count, (booked, -alone(self.facts, job))], low=0)
        if job.soft_due is not None:
            self._margin(job, job.soft_due, booked)

    def _margin(self, job: Job, soft: int, booked: int) -> None:
        model = self.model
        can_be = job.standing_end is None or job.standing_end <= soft
        wished = self.in_margin[job.index] = model.column(1 if can_be else 0)
        model.row([(wished, 1), (booked, -1)], high=0)
        for pair, option in self.pairs(job):
            piece, room = self.facts.pieces[pair[1]], soft - option.start
            if room < job.shortest:
                model.row([(wished, 1), (self.used[pair], 1)], high=1)
            elif soft < option.end:
                late = option.end - soft
                model.row([*self.load(pair), (wished, late)], high=room + piece.rest + late)
