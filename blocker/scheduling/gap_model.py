"""The jobs of a group in the free pieces of its days, as a model for OR-Tools CP-SAT.

For every job and every piece in its window: how much of it lies there, in how many blocks.  What
tasks with different windows can have of one piece is bounded by energy: those that must lie between
two moments share the time between them.  A linked job also carries when it begins and is over.
That is a relaxation: every real plan satisfies it, so its optimum bounds every plan.  In `sharp`
pieces the blocks are optional intervals besides, with start and length, and there the model is
exact.  With every piece sharp it is the problem itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ortools.sat.python import cp_model

from blocker.domain.interval import Interval
from blocker.scheduling.facts import Chunk, Facts, Job, Option, Piece, Schedule, overlap
from blocker.scheduling.free_time import fill

Pair = tuple[int, int]
"""(job, piece)."""

Linear = Any
"""A linear expression of CP-SAT; the package declares no common type for it."""

MOST_ENERGY_ROWS = 60


class GapModel:
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
        self.blocks: dict[Pair, list[tuple[Linear, Linear, Linear, Linear]]] = {}
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
        self._sharp_blocks()

    # --- variables -----------------------------------------------------------------------------

    def _pair(self, job: Job, piece: Piece, option: Option) -> None:
        cap = min(option.end - option.start, self.facts.room(piece), job.need)
        most = min(
            (option.end - option.start + piece.rest) // (job.shortest + piece.rest),
            cap // job.shortest,
        )
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

    # --- explicit blocks -----------------------------------------------------------------------

    def _sharp_blocks(self) -> None:
        done: set[int] = set()
        for index in sorted(self.sharp & self._in_piece.keys()):
            if index not in done:
                cluster = self._cluster(index)
                done |= set(cluster)
                self._exclude(cluster)

    def _cluster(self, first: int) -> list[int]:
        """The pieces that are sharp because of this one: those near it, and near those."""
        found, todo = {first}, [first]
        while todo:
            for other in self.facts.pieces[todo.pop()].near:
                if other not in found:
                    found.add(other)
                    todo.append(other)
        return sorted(each for each in found if each in self._in_piece)

    def _exclude(self, cluster: list[int]) -> None:
        rested: list[Linear] = []
        bare: dict[int, list[Linear]] = {}
        for index in cluster:
            piece = self.facts.pieces[index]
            rest = self.facts.rests[piece.desk]
            for job, option in self._in_piece[index]:
                for start, size, end, there in self._intervals(job, piece, option):
                    name = f"{job.index}.{index}"
                    rested.append(
                        self.model.new_optional_interval_var(
                            start, size + rest, end + rest, there, f"r{name}"
                        )
                    )
                    if index in self.facts.breaks_of:
                        bare.setdefault(index, []).append(
                            self.model.new_optional_interval_var(
                                start, size, end, there, f"i{name}"
                            )
                        )
        self.model.add_no_overlap(rested)
        for index, intervals in bare.items():
            for each in self.facts.breaks_of[index]:
                self.model.add_no_overlap(intervals + self._cut_intervals(index, each))

    def _cut_intervals(self, piece: int, index: int) -> list[Linear]:
        return [
            self.model.new_optional_fixed_size_interval_var(low, high - low, chosen, f"x{piece}")
            for way, chosen in zip(self.facts.breaks[index], self.ways[index], strict=True)
            for other, low, high in way
            if other == piece
        ]

    def _intervals(
        self, job: Job, piece: Piece, option: Option
    ) -> list[tuple[Linear, Linear, Linear, Linear]]:
        """The blocks that a job may have in a piece: (start, size, end, presence), in order."""
        model, key, step = self.model, (job.index, piece.index), piece.step
        room = (option.end - option.start) // step
        low, high = job.shortest // step, min(job.longest // step, room)
        most = self.counts[key] if self.counts is not None else self._most(job, piece, option)
        found: list[tuple[Linear, Linear, Linear, Linear]] = []
        for turn in range(most):
            name = f"{job.index}.{piece.index}.{turn}"
            there = model.new_bool_var(f"p{name}") if most > 1 else self.used[key]
            first: Linear = model.new_int_var(0, room - low, f"a{name}")
            long: Linear = model.new_int_var(low, high, f"l{name}")
            last: Linear = model.new_int_var(low, room, f"e{name}")
            found.append(
                (option.start + step * first, step * long, option.start + step * last, there)
            )
            self._block_rows(job, found[-1])
            if turn:
                model.add_implication(there, found[-2][3])
                rest = self.facts.rests[piece.desk]
                model.add(found[-2][2] + rest <= found[-1][0]).only_enforce_if(there)
        if most > 1:
            given: list[Linear] = []
            for _, size, _, there in found:
                given.append(model.new_int_var(0, high, ""))
                model.add(step * given[-1] == size).only_enforce_if(there)
                model.add(given[-1] == 0).only_enforce_if(there.negated())
            model.add(sum(given) == self.steps[key])
            model.add(sum(there for *_, there in found) == self.number[key])
        else:
            model.add(found[0][1] == step * self.steps[key]).only_enforce_if(found[0][3])
        self.blocks[key] = found
        return found

    def _most(self, job: Job, piece: Piece, option: Option) -> int:
        cap = min(option.end - option.start, self.facts.room(piece), job.need)
        return min(
            (option.end - option.start + piece.rest) // (job.shortest + piece.rest),
            cap // job.shortest,
        )

    def _block_rows(self, job: Job, block: tuple[Linear, Linear, Linear, Linear]) -> None:
        start, size, end, there = block
        self.model.add(start + size == end)
        if job.index in self.over:
            self.model.add(self.over[job.index] >= end).only_enforce_if(there)
            self.model.add(self.begin[job.index] <= start).only_enforce_if(there)
        if job.index in self.in_margin:
            row = self.model.add(end <= job.soft_due)
            row.only_enforce_if(there, self.in_margin[job.index])

    # --- wishes --------------------------------------------------------------------------------

    def tasks_wish(self, priority: int) -> Linear:
        """Tasks of a priority, then their time: one number, since no sum of time is a task more."""
        jobs = [job for job in self.facts.jobs if job.priority == priority]
        weight = sum(job.need for job in jobs) + 1
        return sum(weight * self.booked[job.index] + self._time(job) for job in jobs)

    def margin_wish(self) -> Linear:
        plain = [self.booked[job.index] for job in self.facts.jobs if job.soft_due is None]
        return sum(self.in_margin.values()) + sum(plain)

    def blocks_wish(self) -> Linear:
        return -sum(self.number.values())

    def preferred_wish(self) -> Linear:
        """Preferred time: exact in sharp pieces, at most what fits there in the others."""
        total: list[Linear] = []
        for index, inside in sorted(self._in_piece.items()):
            piece = self.facts.pieces[index]
            if not piece.prefer:
                continue
            time = [piece.step * self.steps[job.index, index] for job, _ in inside]
            wished = overlap(piece.start, piece.end, piece.prefer)
            if wished == piece.end - piece.start:
                total += time
            elif all((job.index, index) in self.blocks for job, _ in inside):
                for job, _ in inside:
                    total += [
                        each
                        for block in self.blocks[job.index, index]
                        for each in self._overlaps(block, piece, job)
                    ]
            else:
                longest = max(job.longest for job, _ in inside)
                most = sum(
                    fill(last - first, 1, longest, piece.rest, 1) for first, last in piece.prefer
                )
                share = self.model.new_int_var(0, max(0, most), f"q{index}")
                self.model.add(share <= sum(time))
                total.append(share)
        return sum(total)

    def _overlaps(
        self, block: tuple[Linear, Linear, Linear, Linear], piece: Piece, job: Job
    ) -> list[Linear]:
        start, size, end, there = block
        shares = []
        for first, last in piece.prefer:
            share = self.model.new_int_var(0, min(last - first, job.longest), "")
            touches = self.model.new_bool_var("")
            self.model.add_implication(touches, there)
            self.model.add(share == 0).only_enforce_if(touches.negated())
            self.model.add(share <= size).only_enforce_if(touches)
            self.model.add(share <= end - first).only_enforce_if(touches)
            self.model.add(share <= last - start).only_enforce_if(touches)
            shares.append(share)
        return shares

    def avoided_wish(self) -> Linear:
        """Time in avoided hours, negative; a piece partly avoided counts in full."""
        total: list[Linear] = []
        for job in self.facts.jobs:
            for pair, option in self._pairs(job) if job.avoid else ():
                if overlap(option.start, option.end, job.avoid):
                    total.append(self.facts.pieces[pair[1]].step * self.steps[pair])
        return -sum(total)

    def stays_at(self, job: int, place: Interval) -> list[Linear]:
        """A literal that one block of a job lies exactly there; none if that cannot be."""
        for (index, piece), blocks in self.blocks.items():
            if index != job:
                continue
            first, last = self.facts.pieces[piece].start, self.facts.pieces[piece].end
            start = self.facts.units(place.start)
            end = self.facts.units(place.end)
            if start is None or end is None or not first <= start < end <= last:
                continue
            equal = []
            for low, size, _, there in blocks:
                same = self.model.new_bool_var("")
                self.model.add_implication(same, there)
                self.model.add(low == start).only_enforce_if(same)
                self.model.add(size == end - start).only_enforce_if(same)
                equal.append(same)
            self.model.add_at_most_one(equal)
            return [sum(equal)]
        return []

    # --- reading -------------------------------------------------------------------------------

    def hint(self, schedule: Schedule) -> None:
        """Starts the search from a schedule."""
        model = self.model
        self._clear_hints()
        lying: dict[Pair, list[Chunk]] = {}
        for index, chunks in schedule.items():
            for chunk in chunks:
                lying.setdefault((index, chunk[0]), []).append(chunk)
        for pair, steps in self.steps.items():
            chunks_here = lying.get(pair, [])
            step = self.facts.pieces[pair[1]].step
            model.add_hint(steps, sum(length for *_, length in chunks_here) // step)
            model.add_hint(self.used[pair], bool(chunks_here))
            if self.number[pair] is not self.used[pair]:
                model.add_hint(self.number[pair], len(chunks_here))
        for job in self.facts.jobs:
            done = sum(chunk[2] for chunk in schedule.get(job.index, ())) >= job.need
            model.add_hint(self.booked[job.index], done)

    def hint_like(self, other: GapModel, solver: cp_model.CpSolver) -> None:
        """Starts the search from a solution of a looser model of the same pairs."""
        self._clear_hints()
        for pair, steps in self.steps.items():
            self.model.add_hint(steps, solver.value(other.steps[pair]))
            self.model.add_hint(self.used[pair], solver.value(other.used[pair]))
            if self.number[pair] is not self.used[pair]:
                self.model.add_hint(self.number[pair], solver.value(other.number[pair]))

    def time_booked(self) -> Linear:
        """All booked time, in units."""
        return sum(self._time(job) for job in self.facts.jobs)

    def _clear_hints(self) -> None:
        self.model.clear_hints()  # type: ignore[no-untyped-call]

    def held_in(self, solver: cp_model.CpSolver) -> dict[str, dict[int, int]]:
        """What else of an answer must be kept when its blocks are laid out."""
        return {
            "margin": {j: int(solver.value(each)) for j, each in self.in_margin.items()},
            "time": {
                job.index: int(solver.value(self._time(job)))
                for job in self.facts.jobs
                if not job.is_whole and self._pairs(job)
            },
        }

    def hold(self, held: Mapping[str, Mapping[int, int]]) -> None:
        for job, is_met in held["margin"].items():
            if is_met:
                self.model.add(self.in_margin[job] == 1)
        for job, time in held["time"].items():
            if time:
                self.model.add(self._time(self.facts.jobs[job]) >= time)

    def counts_in(self, solver: cp_model.CpSolver) -> dict[Pair, int]:
        """How many blocks each pair has in a solution, where it has any."""
        found = {pair: int(solver.value(number)) for pair, number in self.number.items()}
        return {pair: number for pair, number in found.items() if number}

    def schedule_in(self, solver: cp_model.CpSolver) -> dict[int, tuple[Chunk, ...]]:
        """The blocks of a solution; every piece must be sharp."""
        found: dict[int, list[Chunk]] = {}
        for (job, piece), blocks in self.blocks.items():
            for start, size, _, there in blocks:
                if solver.value(there):
                    chunk = (piece, int(solver.value(start)), int(solver.value(size)))
                    found.setdefault(job, []).append(chunk)
        return {
            job: tuple(sorted(chunks, key=lambda chunk: chunk[1])) for job, chunks in found.items()
        }
