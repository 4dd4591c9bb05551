"""What every real plan of a group satisfies, as rows of a linear model.

For every job and every piece in its window: how much of it lies there, in how many blocks.  What
jobs with different windows can have of one piece is bounded by energy: those that must lie between
two moments share the time between them.  A linked job also carries when it begins and is over.
What the model cannot do no plan can; what it can do need not be a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocker.scheduling.block_bound import alone, blocks_between
from blocker.scheduling.bounds import preferred_in, windows
from blocker.scheduling.draft import PRIORITIES
from blocker.scheduling.facts import Facts, Job, Piece, overlap
from blocker.scheduling.linear import FOUND, Term, row_of
from blocker.scheduling.linked_rows import add_links
from blocker.scheduling.pairs import Pair, Pairs

MOST_ENERGY_ROWS = 60


class Relaxation(Pairs):
    """The rows and wishes of a group."""

    def __init__(self, facts: Facts, *, all_booked: bool) -> None:
        super().__init__(facts, all_booked=all_booked)
        add_links(self)
        ways = [[self.model.column(1) for _ in each] for each in facts.breaks]
        for chosen in ways:
            self.model.row([(way, 1) for way in chosen], 1, 1)
        for index in sorted(self.inside):
            self._energy(facts.pieces[index], ways)
        self._near_pieces()
        self._rooms()
        if all_booked:
            self._fewest_blocks()

    def hold(self, wish: Iterable[Term], least: int) -> None:
        """From now on a wish is worth at least so much."""
        self.model.row(wish, low=least)

    def can_reach(self, wish: Iterable[Term], least: int, looks: int) -> tuple[str, set[Pair]]:
        """Whether a wish can be worth so much, and then the pairs that have blocks."""
        status, values = self.model.ask(row_of(wish, low=least), looks)
        if status != FOUND:
            return status, set()
        return status, {pair for pair, used in self.used.items() if values[used] > 0.5}

    # --- wishes --------------------------------------------------------------------------------

    def tasks(self, priority: int) -> list[Term]:
        """Tasks of a priority, then their time: one number, since no sum of time is a task more."""
        jobs = [job for job in self.facts.jobs if job.priority == priority]
        terms: list[Term] = []
        for job in jobs:
            terms += [(self.booked[job.index], time_weight(jobs)), *self.time(job)]
        return terms

    def margin(self) -> list[Term]:
        """Tasks over by their soft due moment, those without one as soon as they are booked."""
        plain = [self.booked[job.index] for job in self.facts.jobs if job.soft_due is None]
        return [(column, 1) for column in (*self.in_margin.values(), *plain)]

    def blocks(self) -> list[Term]:
        """The number of blocks, negative."""
        return [(number, -1) for number in self.number.values()]

    def preferred(self) -> list[Term]:
        """The most of the preferred time that what is booked in each piece can cover."""
        terms: list[Term] = []
        for index, inside in sorted(self.inside.items()):
            piece = self.facts.pieces[index]
            if not piece.prefer:
                continue
            time = [(self.steps[job.index, index], piece.step) for job, _ in inside]
            if overlap(piece.start, piece.end, piece.prefer) == piece.end - piece.start:
                terms += time
            else:
                most = preferred_in(piece, max(job.longest for job, _ in inside))
                share = self.model.column(most, is_whole=False)
                self.model.row([(share, -1), *time], low=0)
                terms.append((share, 1))
        return terms

    # --- what pieces give ----------------------------------------------------------------------

    def _energy(self, piece: Piece, ways: Sequence[Sequence[int]]) -> None:
        inside = self.inside[piece.index]
        starts = sorted({option.start for _, option in inside})
        ends = sorted({option.end for _, option in inside})
        spans = [(start, end) for start in starts for end in ends if start < end]
        if len(spans) > MOST_ENERGY_ROWS:
            spans = [(starts[0], end) for end in ends] + [(start, ends[-1]) for start in starts]
        for start, end in spans:
            held = [job for job, option in inside if start <= option.start and option.end <= end]
            is_all = (start, end) == (starts[0], ends[-1])
            if len(held) < 2 and not is_all:
                continue  # one job alone is bounded by its own columns
            load = [term for job in held for term in self.load((job.index, piece.index))]
            lost = self._lost_to_breaks(piece, ways) if is_all else []
            self.model.row([*load, *lost], high=end - start + piece.rest)

    def _lost_to_breaks(self, piece: Piece, ways: Sequence[Sequence[int]]) -> list[Term]:
        """What breaks take of a piece beyond the rest that they can stand in for."""
        lost: list[Term] = []
        for index in self.facts.breaks_of.get(piece.index, ())[:1]:
            for way, chosen in zip(self.facts.breaks[index], ways[index], strict=True):
                cut = sum(high - low for other, low, high in way if other == piece.index)
                if cut > piece.rest:
                    lost.append((chosen, cut - piece.rest))
        return lost

    def _near_pieces(self) -> None:
        """Two pieces closer than a rest: what the rest lacks is left free at their facing ends."""
        model, facts = self.model, self.facts
        head: dict[int, int] = {}
        tail: dict[int, int] = {}
        for piece in facts.pieces:
            if piece.near and piece.index in self.inside:
                length = piece.end - piece.start
                head[piece.index] = model.column(length, is_whole=False)
                tail[piece.index] = model.column(length, is_whole=False)
                load = [
                    term
                    for job, _ in self.inside[piece.index]
                    for term in self.load((job.index, piece.index))
                ]
                free = [(head[piece.index], 1.0), (tail[piece.index], 1.0)]
                model.row([*load, *free], high=length + piece.rest)
        for index in sorted(tail):
            piece = facts.pieces[index]
            for other in piece.near:
                lack = facts.rests[piece.desk] - (facts.pieces[other].start - piece.end)
                if other > index and other in head and lack > 0:
                    self._facing(tail[index], head[other], (index, other), lack)

    def _facing(self, tail: int, head: int, pieces: Pair, lack: int) -> None:
        for job, _ in self.inside[pieces[0]]:
            for other, _ in self.inside[pieces[1]]:
                used = (
                    (self.used[job.index, pieces[0]], -lack),
                    (self.used[other.index, pieces[1]], -lack),
                )
                self.model.row([(tail, 1), (head, 1), *used], low=-lack)

    def _rooms(self) -> None:
        facts = self.facts
        for rooms, is_week in ((facts.day_room, False), (facts.week_room, True)):
            for (desk, number), room in sorted(rooms.items()):
                time = [
                    (self.steps[job.index, piece.index], piece.step)
                    for piece in facts.pieces
                    if piece.desk == desk and (piece.week if is_week else piece.day) == number
                    for job, _ in self.inside.get(piece.index, ())
                ]
                if time:
                    self.model.row(time, high=room)

    def _fewest_blocks(self) -> None:
        """What jobs that must lie between two moments need in blocks together."""
        for desk in range(len(self.facts.members)):
            for start, end, jobs in windows(self.facts, desk):
                least = blocks_between(self.facts, start, end, jobs)
                if least > sum(alone(self.facts, job) for job in jobs):
                    pairs = [pair for job in jobs for pair, _ in self.pairs(job)]
                    self.model.row([(self.number[pair], 1) for pair in pairs], low=least)


def time_weight(jobs: Sequence[Job]) -> int:
    """What a task counts against its time, so that no sum of time is a task more."""
    return sum(job.need for job in jobs) + 1


def tasks_worth(jobs: Sequence[Job], value: tuple[int, ...], priority: int) -> int:
    """What a plan worth `value` has of the tasks of a priority, as `Relaxation.tasks` counts."""
    here = [job for job in jobs if job.priority == priority]
    place = PRIORITIES.index(priority)
    return time_weight(here) * value[2 * place + 1] + value[2 * place + 2]
