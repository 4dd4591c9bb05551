"""What every real plan of a group satisfies, as rows of OR-Tools CP-SAT.

For every job and every piece in its window: how much of it lies there, in how many blocks.  What
jobs with different windows can have of one piece is bounded by energy: those that must lie between
two moments share the time between them.  A linked job also carries when it begins and is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ortools.sat.python import cp_model

from blocker.scheduling.facts import Facts, Job, Option, Piece

Pair = tuple[int, int]
"""(job, piece)."""

Linear = Any
"""A linear expression of CP-SAT; the package declares no common type for it."""

MOST_ENERGY_ROWS = 60


class Relaxation:
    """The model, with the variables that its wishes and its readers need.

    `all_booked` demands every job whole.  `counts` fixes the number of blocks of each pair; pairs
    that are not in it get none.
    """

    def __init__(
        self,
        facts: Facts,
        sharp: Iterable[int],
        all_booked: bool,
        counts: Mapping[Pair, int] | None = None,
    ) -> None:
        self.facts = facts
        self.sharp = frozenset(sharp)
        self.all_booked = all_booked
        self.counts = counts
        self.model = cp_model.CpModel()
        self.steps: dict[Pair, Linear] = {}
        self.number: dict[Pair, Linear] = {}
        self.used: dict[Pair, Linear] = {}
        self.booked: dict[int, Linear] = {}
        self.in_margin: dict[int, Linear] = {}
        self.begin: dict[int, Linear] = {}
        self.over: dict[int, Linear] = {}
        self.ways: list[list[Linear]] = []
        self._horizon = max((piece.end for piece in facts.pieces), default=0)
        self._horizon = max(self._horizon, *(job.standing_end or 0 for job in facts.jobs), 0)
        self._in_piece: dict[int, list[tuple[Job, Option]]] = {}
        for job in facts.jobs:
            for option in job.options:
                if counts is None or counts.get((job.index, option.piece)):
                    self._pair(job, facts.pieces[option.piece], option)
        for job in facts.jobs:
            self._amounts(job)
        self._breaks()
        for job in facts.jobs:
            self._links(job)
        for index in sorted(self._in_piece):
            self._energy(facts.pieces[index])
        self._near_pieces()
        self._rooms()

    # --- variables -----------------------------------------------------------------------------

    def _pair(self, job: Job, piece: Piece, option: Option) -> None:
        cap, most = self._cap(job, piece, option), self._most(job, piece, option)
        if most < 1:
            return
        key, model, step = (job.index, piece.index), self.model, piece.step
        name = f"{job.index}.{piece.index}"
        low, high = job.shortest // step, cap // step
        steps = model.new_int_var_from_domain(
            cp_model.Domain.from_intervals([[0, 0], [low, high]]), f"n{name}"
        )
        used = model.new_bool_var(f"y{name}")
        number = used if most == 1 else model.new_int_var(0, most, f"k{name}")
        if most > 1:
            model.add(number >= used)
            model.add(number <= most * used)
        if self.counts is not None:
            model.add(number == self.counts[key])
        model.add(steps >= low * number)
        model.add(steps <= min(job.longest, cap) // step * number)
        self.steps[key], self.number[key], self.used[key] = steps, number, used
        self._in_piece.setdefault(piece.index, []).append((job, option))

    def _cap(self, job: Job, piece: Piece, option: Option) -> int:
        """The most time that a job can have in a piece."""
        return min(option.end - option.start, self.facts.room(piece), job.need)

    def _most(self, job: Job, piece: Piece, option: Option) -> int:
        """The most blocks that a job can have in a piece."""
        return min(
            (option.end - option.start + piece.rest) // (job.shortest + piece.rest),
            self._cap(job, piece, option) // job.shortest,
        )

    def _pairs(self, job: Job) -> list[tuple[Pair, Option]]:
        return [
            ((job.index, option.piece), option)
            for option in job.options
            if (job.index, option.piece) in self.steps
        ]

    def _time(self, job: Job) -> Linear:
        """Its booked time, in units."""
        return sum(
            self.facts.pieces[piece].step * self.steps[index, piece]
            for (index, piece), _ in self._pairs(job)
        )

    def _amounts(self, job: Job) -> None:
        model, time = self.model, self._time(job)
        booked = model.new_bool_var(f"c{job.index}")
        if self.all_booked:
            model.add(booked == 1)
        if job.is_whole:
            model.add(time == job.need * booked)
        else:
            model.add(time <= job.need)
            model.add(time >= job.need * booked)
        if job.least:
            model.add(time >= job.least)
        self.booked[job.index] = booked
        count = sum(self.number[pair] for pair, _ in self._pairs(job))
        model.add(count >= job.fewest * booked)
        if job.soft_due is not None:
            self._margin(job, booked)

    def _margin(self, job: Job, booked: Linear) -> None:
        model, soft = self.model, job.soft_due
        assert soft is not None
        wished = model.new_bool_var(f"w{job.index}")
        model.add_implication(wished, booked)
        if job.standing_end is not None and job.standing_end > soft:
            model.add(wished == 0)
        for pair, option in self._pairs(job):
            piece = self.facts.pieces[pair[1]]
            room = soft - option.start
            if room < job.shortest:
                model.add_implication(wished, self.used[pair].negated())
            elif soft < option.end:
                time = piece.step * self.steps[pair] + piece.rest * self.number[pair]
                model.add(time <= room + piece.rest).only_enforce_if(wished)
        self.in_margin[job.index] = wished

    def _breaks(self) -> None:
        for index, ways in enumerate(self.facts.breaks):
            chosen = [self.model.new_bool_var(f"b{index}.{k}") for k in range(len(ways))]
            self.model.add_exactly_one(chosen)
            self.ways.append(chosen)

    # --- what bounds them ----------------------------------------------------------------------

    def _links(self, job: Job) -> None:
        """Begin and end of a job that waits or is waited for."""
        model, index = self.model, job.index
        if not job.before and not self.facts.followers[index]:
            return
        begin = model.new_int_var(0, self._horizon, f"s{index}")
        over = model.new_int_var(0, self._horizon, f"f{index}")
        if job.standing_end is not None:
            model.add(over >= job.standing_end)
        for pair, option in self._pairs(job):
            piece = self.facts.pieces[pair[1]]
            span = piece.step * self.steps[pair] + piece.rest * self.number[pair] - piece.rest
            model.add(over >= option.start + span).only_enforce_if(self.used[pair])
            model.add(begin + span <= option.end).only_enforce_if(self.used[pair])
        self.begin[index], self.over[index] = begin, over
        for before, _ in job.before:
            for pair, _ in self._pairs(job):
                model.add_implication(self.used[pair], self.booked[before])

    def link(self) -> None:
        """A follower begins after what it waits for; apart, since both ends must exist."""
        for job in self.facts.jobs:
            used = [self.used[pair] for pair, _ in self._pairs(job)]
            for before, lag in job.before if used else ():
                row = self.model.add(self.begin[job.index] >= self.over[before] + lag)
                if not (self.all_booked or self.counts is not None):
                    begun = self.model.new_bool_var(f"g{job.index}.{before}")
                    self.model.add_max_equality(begun, used)
                    row.only_enforce_if(begun)

    def _energy(self, piece: Piece) -> None:
        inside = self._in_piece[piece.index]
        starts = sorted({option.start for _, option in inside})
        ends = sorted({option.end for _, option in inside})
        spans = [(start, end) for start in starts for end in ends if start < end]
        if len(spans) > MOST_ENERGY_ROWS:
            spans = [(starts[0], end) for end in ends] + [(start, ends[-1]) for start in starts]
        for start, end in spans:
            held = [job for job, option in inside if start <= option.start and option.end <= end]
            if len(held) < 2 and (start, end) != (starts[0], ends[-1]):
                continue  # one job alone is bounded by its own variables
            need = [self._load(job, piece) for job in held]
            lost = self._lost_to_breaks(piece) if (start, end) == (starts[0], ends[-1]) else []
            self.model.add(sum(need) + sum(lost) <= end - start + piece.rest)

    def _load(self, job: Job, piece: Piece) -> Linear:
        """Time of one job in a piece with a rest after each of its blocks."""
        key = (job.index, piece.index)
        return piece.step * self.steps[key] + piece.rest * self.number[key]

    def _lost_to_breaks(self, piece: Piece) -> list[Linear]:
        """What breaks take of a piece beyond the rest that they can stand in for."""
        lost = []
        for index in self.facts.breaks_of.get(piece.index, ())[:1]:
            for way, chosen in zip(self.facts.breaks[index], self.ways[index], strict=True):
                cut = sum(high - low for other, low, high in way if other == piece.index)
                if cut > piece.rest:
                    lost.append((cut - piece.rest) * chosen)
        return lost

    def _near_pieces(self) -> None:
        """Two pieces closer than a rest: what the rest lacks is left free at their facing ends."""
        model, facts = self.model, self.facts
        head: dict[int, Linear] = {}
        tail: dict[int, Linear] = {}
        for piece in facts.pieces:
            if piece.near and piece.index in self._in_piece:
                length = piece.end - piece.start
                head[piece.index] = model.new_int_var(0, length, f"h{piece.index}")
                tail[piece.index] = model.new_int_var(0, length, f"t{piece.index}")
                load = sum(self._load(job, piece) for job, _ in self._in_piece[piece.index])
                spare = head[piece.index] + tail[piece.index]
                model.add(load + spare <= length + piece.rest)
        for index in sorted(tail):
            piece = facts.pieces[index]
            for other in piece.near:
                if other > index and other in head:
                    apart = facts.pieces[other].start - piece.end
                    row = model.add(tail[index] + head[other] >= facts.rests[piece.desk] - apart)
                    row.only_enforce_if(self._any_used(index), self._any_used(other))

    def _any_used(self, piece: int) -> Linear:
        used = [self.used[job.index, piece] for job, _ in self._in_piece[piece]]
        if len(used) == 1:
            return used[0]
        either = self.model.new_bool_var(f"u{piece}")
        self.model.add_max_equality(either, used)
        return either

    def _rooms(self) -> None:
        facts = self.facts
        for rooms, is_week in ((facts.day_room, False), (facts.week_room, True)):
            for (desk, number), room in sorted(rooms.items()):
                time = [
                    piece.step * self.steps[job.index, piece.index]
                    for piece in facts.pieces
                    if piece.desk == desk and (piece.week if is_week else piece.day) == number
                    for job, _ in self._in_piece.get(piece.index, ())
                ]
                if time:
                    self.model.add(sum(time) <= room)
