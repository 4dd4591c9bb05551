"""Can all jobs be booked, in so many blocks?  Every way that could still do it is tried.

The job with the fewest ways left is booked next, first in the fewest blocks and then where it loses
the least time.  A branch ends when more time is lost or more blocks are used than there are to
spare, or when all that is left has failed before.  Where next to no time is to spare, that leaves
few branches, just where walks fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from blocker.scheduling.block_bound import alone
from blocker.scheduling.board import Board, Kind, Loads, Rooms, Share, Signature, Spare, Used
from blocker.scheduling.draft import NO_LIMIT
from blocker.scheduling.facts import Facts, Option
from blocker.scheduling.job_ways import Allowance, Place, Spent, Taken, Ways
from blocker.scheduling.laid_out import Booked, Windows, laid_out
from blocker.scheduling.linear import FOUND, NONE, UNKNOWN

FIELD = 48
"""Bits of one number of ways; those for every length lie side by side in one integer.  Larger ones
would run over, which makes them no more than a poor hint of where to go on."""

FULL = (1 << FIELD) - 1


class State(NamedTuple):
    """What is left: of places, of limits, how many jobs of each kind, and how many blocks; and
    where the linked jobs are."""

    loads: Loads
    rooms: Rooms
    counts: tuple[int, ...]
    blocks: int
    used: Used


class Branch(NamedTuple):
    """A state and what follows from it: its places as they are to the jobs left, and how many
    blocks (`extra`) and how much time may still be lost."""

    state: State
    signatures: Sequence[Signature]
    extra: int
    spare: Spare

    @property
    def key(self) -> tuple[object, ...]:
        """The same for states that only differ in which of two equal places is used."""
        places = sorted(each for each in self.signatures if each[0])
        linked = tuple(sorted(self.state.used.items()))
        return (tuple(places), self.state.rooms, self.state.counts, linked)


def tried(facts: Facts, most_blocks: int | None, limit: int) -> tuple[str, Windows]:
    """Whether all jobs can be booked, and if so where each may lie.

    NONE is a proof, also for plans with breaks and waits; FOUND must still be placed.  `limit`
    bounds the work, counted; where it ends a search that could go on, the answer is UNKNOWN.
    """
    found: dict[int, tuple[Option, ...]] = {}
    answers = set()
    for desk in sorted({job.desk for job in facts.jobs}):
        board = Board(facts, desk)
        answer, steps = _Search(board, _allowed(facts, desk, most_blocks), limit).run()
        answers.add(answer)
        if answer == FOUND:
            found |= laid_out(board, steps)
    for answer in (NONE, UNKNOWN):
        if answer in answers:
            return answer, {}
    return FOUND, found


def _allowed(facts: Facts, desk: int, most_blocks: int | None) -> int:
    """The blocks that other desks leave to one."""
    if most_blocks is None:
        return NO_LIMIT
    return most_blocks - sum(alone(facts, job) for job in facts.jobs if job.desk != desk)


class _Search:
    def __init__(self, board: Board, blocks: int, limit: int) -> None:
        self._board = board
        self._allowance = Allowance(limit)
        self._is_counted = blocks < NO_LIMIT
        counts = tuple(len(jobs) for jobs in board.jobs)
        self._first = State(board.loads, board.rooms, counts, blocks, {})
        self._families: dict[tuple[object, ...], list[int]] = {}
        for number, kind in enumerate(board.kinds):
            family = (kind.shortest, kind.longest, kind.caps, kind.link)
            self._families.setdefault(family, []).append(number)
        self._failed: dict[tuple[object, ...], int] = {}

    def run(self) -> tuple[str, list[Booked]]:
        try:
            steps = self._go()
        except Spent:
            return UNKNOWN, []
        return (NONE, []) if steps is None else (FOUND, steps)

    def _go(self) -> list[Booked] | None:
        if not any(self._first.counts):
            return []
        path: list[Booked] = []
        entered: list[tuple[Branch, Iterator[tuple[Booked, State]]]] = []
        state = self._first
        while True:
            branch = self._branch(state)
            if branch is not None:
                entered.append((branch, self._moves(branch)))
            way = None
            while entered and way is None:
                branch, steps = entered[-1]
                way = next(steps, None)
                if way is None:
                    self._failed[branch.key] = branch.extra
                    entered.pop()
            if way is None:
                return None
            step, state = way
            path[len(entered) - 1 :] = [step]
            if not any(state.counts):
                return path

    def _branch(self, state: State) -> Branch | None:
        """What follows from a state; None when it is known to lead nowhere."""
        board, kinds = self._board, self._board.kinds
        live = [kind for kind, count in enumerate(state.counts) if count]
        extra = state.blocks - sum(kinds[kind].fewest * state.counts[kind] for kind in live)
        if extra < 0:
            return None
        bits = sum(1 << kind for kind in live)
        need = sum(kinds[kind].need * state.counts[kind] for kind in live)
        spare = self._spare(state, bits, need)
        if spare.steps < 0 or spare.priced < 0:
            return None
        branch = Branch(state, board.signatures(state.loads, bits), extra, spare)
        return None if self._failed.get(branch.key, -1) >= extra else branch

    def _spare(self, state: State, bits: int, need: int) -> Spare:
        """What may be lost when the kinds left (as bits) need so much; the price is the best one,
        what the last of the blocks that are left holds."""
        board = self._board
        most, idle = board.most(state.loads, state.rooms, bits)
        if not self._is_counted:
            return Spare(most - need, idle, 0, NO_LIMIT)
        loads = [
            load for load, allowed in zip(state.loads, board.allowed, strict=True) if allowed & bits
        ]
        gains = sorted(chain.from_iterable(board.gains[load] for load in loads), reverse=True)
        price = gains[state.blocks - 1] if 0 < state.blocks <= len(gains) else 0
        priced = sum(gains[: state.blocks]) - need
        return Spare(most - need, idle, price, priced)

    def _moves(self, branch: Branch) -> Iterator[tuple[Booked, State]]:
        """All ways to book the job that has the fewest of them, and the states they lead to."""
        state, board = branch.state, self._board
        hardest = self._hardest(branch)
        if hardest is None:
            return
        chosen, fewest, most = hardest
        link = board.kinds[chosen].link
        counts = tuple(n - (kind == chosen) for kind, n in enumerate(state.counts))
        for blocks, taken in self._ways(board.kinds[chosen], fewest, most, branch):
            loads, rooms = list(state.loads), list(state.rooms)
            for place, share in taken:
                loads[place] = share.left
                for limit in board.limits_of[place]:
                    rooms[limit] -= share.high
            if min(rooms, default=0) < 0:
                continue
            used = state.used
            if link >= 0:
                places = [place for place, _ in taken]
                used = {**used, link: (min(places), max(places))}
            after = State(tuple(loads), tuple(rooms), counts, state.blocks - blocks, used)
            yield (chosen, taken), after

    def _hardest(self, branch: Branch) -> tuple[int, int, int] | None:
        """The kind whose jobs have the fewest ways left, and in how many blocks those are."""
        counts, kinds = branch.state.counts, self._board.kinds
        ways: dict[int, list[int]] = {}
        fewest: dict[int, int] = {}
        for family in self._families.values():
            here = [kind for kind in family if counts[kind]]
            for kind, (least, numbers) in zip(here, self._numbers(here, branch), strict=True):
                if least is None:
                    return None
                ways[kind], fewest[kind] = numbers, max(least, kinds[kind].fewest)
        extra = branch.state.blocks - sum(fewest[kind] * counts[kind] for kind in fewest)
        if extra < 0:
            return None
        most = {kind: _most_blocks(kinds[kind], fewest[kind] + extra) for kind in fewest}
        hardest = min(fewest, key=lambda kind: sum(ways[kind][: most[kind] + 1]))
        return hardest, fewest[hardest], most[hardest]

    def _numbers(
        self, numbers: Sequence[int], branch: Branch
    ) -> Iterator[tuple[int | None, list[int]]]:
        """For each of these kinds, alike but for their need, the fewest blocks that a job of it can
        be booked in, None without any way; and in how many ways in 0, 1, 2, … blocks, roughly (all
        in 0 where blocks are not counted).

        `able` has a bit for each length that can be had, a share at its longest, and `ways` a field
        with the number of ways.  What is longer than a need by more than a place holds has a share
        too many, so it is left out.
        """
        if not numbers:
            return
        board = self._board
        over = min(branch.spare.steps, max(board.loads))
        kinds = [board.kinds[number] for number in numbers]
        need = max(kind.need for kind in kinds)
        most = 0
        if self._is_counted:
            most = max(_most_blocks(kind, kind.fewest + branch.extra) for kind in kinds)
        bits, fields = (1 << need + over + 1) - 1, (1 << FIELD * (need + over + 1)) - 1
        able, ways = [1] + [0] * most, [1] + [0] * most
        for _, shares in self._shares(kinds[0], branch):
            self._allowance.spend(1 + most)
            more_able, more_ways = able[:], ways[:]
            for share in shares:
                used = share.blocks if self._is_counted else 0
                for blocks in range(used, most + 1):
                    more_able[blocks] |= able[blocks - used] << share.high
                    more_ways[blocks] += ways[blocks - used] << FIELD * share.high
            able = [each & bits for each in more_able]
            ways = [each & fields for each in more_ways]
        some, wanted = (1 << over + 1) - 1, (1 << FIELD * (over + 1)) - 1
        for kind in kinds:
            least = next((n for n, each in enumerate(able) if each >> kind.need & some), None)
            yield least, [(each >> FIELD * kind.need & wanted) % FULL for each in ways]

    def _shares(self, kind: Kind, branch: Branch) -> Iterator[tuple[int, Sequence[Share]]]:
        board, state = self._board, branch.state
        places = board.span(kind, state.used)
        return board.shares(kind, places, state.loads, state.rooms, branch.spare)

    def _ways(
        self, kind: Kind, fewest: int, most: int, branch: Branch
    ) -> Iterator[tuple[int, Taken]]:
        """All ways to book a job, those in fewer blocks first, then those that lose less time."""
        places = [
            Place(
                max(share.high for share in shares),
                branch.signatures[place],
                place,
                branch.spare.idle[place],
                shares,
            )
            for place, shares in self._shares(kind, branch)
        ]
        ways = Ways(kind, places, branch.spare, self._allowance)
        for blocks in range(fewest, most + 1):
            for taken in ways.in_blocks(blocks):
                yield blocks, taken


def _most_blocks(kind: Kind, allowed: int) -> int:
    return min(allowed, kind.need // kind.shortest)
