"""The jobs of a group in the free pieces of its days, as a model for OR-Tools CP-SAT.

The relaxation bounds every plan.  In `sharp` pieces the blocks are optional intervals besides, with
start and length, and there the model is exact; with every piece sharp it is the problem itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from ortools.sat.python import cp_model

from blocker.domain.interval import Interval
from blocker.scheduling.bounds import preferred_in
from blocker.scheduling.facts import Chunk, Job, Piece, Schedule, overlap
from blocker.scheduling.relaxation import Linear, Pair
from blocker.scheduling.sharp_blocks import Block, SharpBlocks


class GapModel(SharpBlocks):
    """The model with its wishes, its hints and the ways to read its answers."""

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
                most = preferred_in(piece, longest)
                share = self.model.new_int_var(0, most, f"q{index}")
                self.model.add(share <= sum(time))
                total.append(share)
        return sum(total)

    def _overlaps(self, block: Block, piece: Piece, job: Job) -> list[Linear]:
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
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # ortools has no type for it

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
