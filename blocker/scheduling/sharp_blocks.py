"""Explicit blocks in the pieces where the relaxation alone would promise too much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocker.scheduling.facts import Facts, Job, Option, Piece
from blocker.scheduling.relaxation import Linear, Pair, Relaxation

Block = tuple[Linear, Linear, Linear, Linear]
"""Start, size, end and presence of a block that may be there."""


class SharpBlocks(Relaxation):
    """The relaxation with the blocks of `sharp` pieces as optional intervals, in `blocks`."""

    def __init__(
        self,
        facts: Facts,
        sharp: Iterable[int],
        all_booked: bool,
        counts: Mapping[Pair, int] | None = None,
    ) -> None:
        super().__init__(facts, sharp, all_booked, counts)
        self.blocks: dict[Pair, list[Block]] = {}
        self._sharp_blocks()

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

    def _intervals(self, job: Job, piece: Piece, option: Option) -> list[Block]:
        """The blocks that a job may have in a piece: (start, size, end, presence), in order."""
        model, key, step = self.model, (job.index, piece.index), piece.step
        room = (option.end - option.start) // step
        low, high = job.shortest // step, min(job.longest // step, room)
        most = self.counts[key] if self.counts is not None else self._most(job, piece, option)
        found: list[Block] = []
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

    def _block_rows(self, job: Job, block: Block) -> None:
        start, size, end, there = block
        self.model.add(start + size == end)
        if job.index in self.over:
            self.model.add(self.over[job.index] >= end).only_enforce_if(there)
            self.model.add(self.begin[job.index] <= start).only_enforce_if(there)
        if job.index in self.in_margin:
            row = self.model.add(end <= job.soft_due)
            row.only_enforce_if(there, self.in_margin[job.index])
