"""What the exact search looks at: one desk's free time as places, its jobs as kinds, in grid steps.

A block takes its steps and a rest after it, so a place carries its piece's length and one rest
more: its load.  A piece that a break must cut is two places, before and
after it.  Where in a place a block lies is left open, and so are rests across pieces, breaks that
may lie in one piece or in another, and what waits for what in one place or at another desk: more
can be done on the board than in any plan, so what cannot be done here no plan can do.

What a load holds is never less than what its parts hold, so no share gains time and losses add up:
jobs that together lose more than there is to spare cannot all be booked.  What a limit leaves
unused may be lost in its places for nothing.  And for any price of a block, places hold no more
than what they hold beyond it and the price of all blocks together; so with few blocks left the
same is true of priced time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from blocker.scheduling.block_bound import alone, block_gains
from blocker.scheduling.facts import Facts, Job, Piece
from blocker.scheduling.places import must_be_cut, parts_of, windows_in
from blocker.scheduling.waits import Waits

Loads = tuple[int, ...]
"""What each place still carries."""

Rooms = tuple[int, ...]
"""What each limit still allows."""


Signature = tuple[int, int]
"""Places with the same one are as good as each other to the jobs left."""

Used = Mapping[int, tuple[int, int]]
"""Of each linked job that is booked the first and the last of its places."""


class Share(NamedTuple):
    """What a job may take of a place: `blocks` of `low` to `high` steps together.

    `left` is what the place carries then; `loss` how much less that and the `high` steps hold than
    the place did before; `dear` the same with a price on every block, see `Board.worth`.
    """

    blocks: int
    low: int
    high: int
    left: int
    loss: int
    dear: int


class _Asked(NamedTuple):
    """What the shares of a place depend on; `cap` is the most of it, see `Spare` for the rest."""

    load: int
    cap: int
    shortest: int
    longest: int
    spare: int
    price: int
    priced: int
    is_limited: bool


class Spare(NamedTuple):
    """How much may still be lost: `steps`, also those that limits leave `idle` in each place, and
    `priced` with blocks at a `price` in steps."""

    steps: int
    idle: Sequence[int]
    price: int
    priced: int


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Jobs that are alike.  `fewest` blocks hold what they need; `caps` is how much of each place
    their windows touch.  A job that others wait for, or that waits, is a kind of its own, named by
    its number in `link` (else -1)."""

    need: int
    fewest: int
    shortest: int
    longest: int
    caps: tuple[int, ...]
    link: int


class Board:
    """The places and kinds of one desk, and the limits of days and weeks that can bind at all.

    `jobs` are the jobs of each kind, `allowed` the kinds (as bits) that may use each place, `loads`
    and `rooms` what there is at the start.
    """

    def __init__(self, facts: Facts, desk: int) -> None:
        self.facts = facts
        mine = [job for job in facts.jobs if job.desk == desk]
        self.waits = Waits(facts, [job.index for job in mine])
        used = sorted({option.piece for job in mine for option in job.options})
        self.parts = [part for index in used for part in parts_of(facts, facts.pieces[index])]
        self.windows = windows_in(mine, self.parts)
        self.step = self.parts[0].piece.step if self.parts else 1
        self.rest = self.parts[0].piece.rest // self.step if self.parts else 0
        self.shortest = min((job.shortest for job in mine), default=1) // self.step
        self.longest = max((job.longest for job in mine), default=1) // self.step
        self._sort(mine)
        self.loads = tuple((part.end - part.start) // self.step + self.rest for part in self.parts)
        self.allowed = [
            sum(1 << number for number, kind in enumerate(self.kinds) if kind.caps[place])
            for place in range(len(self.parts))
        ]
        self.gains = [
            block_gains(load - self.rest, self.shortest, self.longest, self.rest)
            for load in range(max(self.loads, default=0) + 1)
        ]
        """For each load, what the first, second, … block in such a place holds at most."""
        self.held = [sum(gains) for gains in self.gains]
        self._limit()
        self._worth: dict[int, list[int]] = {}
        self._shares: dict[_Asked, tuple[Share, ...]] = {}

    def _sort(self, jobs: Sequence[Job]) -> None:
        """Jobs that are alike together; a longest block that cannot matter tells none apart."""
        alike: dict[Kind, list[int]] = {}
        for job in jobs:
            kind = Kind(
                need=job.need // self.step,
                fewest=alone(self.facts, job),
                shortest=job.shortest // self.step,
                longest=self.longest if job.longest >= job.need else job.longest // self.step,
                caps=tuple(self._cap(job, place) for place in range(len(self.parts))),
                link=job.index if job.index in self.waits.linked else -1,
            )
            alike.setdefault(kind, []).append(job.index)
        self.kinds = sorted(alike)
        self.jobs = [alike[kind] for kind in self.kinds]
        self._linked = sum(1 << n for n, kind in enumerate(self.kinds) if kind.link >= 0)

    def _cap(self, job: Job, place: int) -> int:
        window = self.windows.get((job.index, place))
        return (window.end - window.start) // self.step if window else 0

    def _limit(self) -> None:
        """What breaks leave of pieces, then days, then weeks, with less room than places hold."""
        facts = self.facts
        days: dict[int, Sequence[int]] = {}
        weeks: dict[int, Sequence[int]] = {}
        asked: list[tuple[Sequence[int], int | None]] = []
        for place, part in enumerate(self.parts):
            days[part.piece.day] = (*days.get(part.piece.day, ()), place)
            weeks[part.piece.week] = (*weeks.get(part.piece.week, ()), place)
            if part.is_after and self.parts[place - 1].piece is part.piece:
                asked.append(((place - 1, place), self._beside_break(part.piece)))
        for groups, limited in ((days, facts.day_room), (weeks, facts.week_room)):
            for number, places in groups.items():
                room = limited.get((self.parts[places[0]].piece.desk, number))
                asked.append((places, None if room is None else room // self.step))
        held = [self.held[load] for load in self.loads]
        self.limits: list[Sequence[int]] = []
        rooms: list[int] = []
        for places, room in asked:
            over = 0 if room is None else _over(held, places, room)
            if room is not None and over:
                held[places[0]] -= over  # a larger limit counts what smaller ones allow
                self.limits.append(places)
                rooms.append(room)
        self.rooms = tuple(rooms)
        self.limits_of = [
            tuple(number for number, places in enumerate(self.limits) if place in places)
            for place in range(len(self.parts))
        ]
        self._is_unlike = [
            bool(self.limits_of[place])
            or any(0 < kind.caps[place] < load - self.rest for kind in self.kinds)
            for place, load in enumerate(self.loads)
        ]

    def _beside_break(self, piece: Piece) -> int:
        """The most steps before and after a break together, wherever it is."""
        return max(
            sum(
                self.held[max(0, length // self.step + self.rest)]
                for length in (low - piece.start, piece.end - high)
            )
            for low, high in must_be_cut(self.facts, piece)
        )

    def signatures(self, loads: Loads, live: int) -> list[Signature]:
        """For each place what tells it from others to the `live` kinds (as bits)."""
        if live & self._linked:
            return [(load, -1 - place) for place, load in enumerate(loads)]
        return [
            (load, -1 - place if self._is_unlike[place] else self.allowed[place] & live)
            for place, load in enumerate(loads)
        ]

    def span(self, kind: Kind, used: Used) -> range:
        """The places that a job may use once those are booked that it waits for or that wait."""
        parts, own = self.parts, kind.shortest * self.step
        low, high = 0, len(parts)
        for job, gap in self.waits.ahead.get(kind.link, ()):
            if job in used:
                start = parts[used[job][1]].start + self.facts.jobs[job].shortest + gap
                while low < high and parts[low].end - own < start:
                    low += 1
        for job, gap in self.waits.behind.get(kind.link, ()):
            if job in used:
                end = parts[used[job][0]].end - self.facts.jobs[job].shortest - gap
                while low < high and parts[high - 1].start + own > end:
                    high -= 1
        return range(low, high)

    def most(self, loads: Loads, rooms: Rooms, live: int) -> tuple[int, list[int]]:
        """The most that the places hold, and for each place how much can be lost there for nothing,
        since a limit leaves it unused anyway."""
        held = [
            self.held[load] if allowed & live else 0
            for load, allowed in zip(loads, self.allowed, strict=True)
        ]
        idle = [0] * len(held)
        for places, room in zip(self.limits, rooms, strict=True):
            over = _over(held, places, room)
            held[places[0]] -= over
            for place in places:
                idle[place] += over
        return sum(held), idle

    def worth(self, price: int) -> list[int]:
        """For each load the most that such a place holds less a price for each block.

        Whatever the price, so many blocks hold no more than these sums and their price together.
        """
        found = self._worth.get(price)
        if found is None:
            found = self._worth[price] = [
                sum(max(0, gain - price) for gain in gains) for gains in self.gains
            ]
        return found

    def shares(
        self, kind: Kind, places: Iterable[int], loads: Loads, rooms: Rooms, spare: Spare
    ) -> Iterator[tuple[int, tuple[Share, ...]]]:
        """For each of these places what a job may take of it without losing too much."""
        for place in places:
            load, cap = loads[place], kind.caps[place]
            if cap and self.held[load]:
                limits = self.limits_of[place]
                cap = min([cap, load - self.rest, *(rooms[limit] for limit in limits)])
                asked = _Asked(
                    load,
                    cap,
                    kind.shortest,
                    kind.longest,
                    # no share can lose more than these
                    min(spare.steps + spare.idle[place], load),
                    spare.price,
                    min(spare.priced, load * (1 + spare.price)),
                    bool(limits),
                )
                found = self._shares.get(asked)
                if found is None:
                    found = self._shares[asked] = self._shares_of(asked)
                if found:
                    yield place, found

    def _shares_of(self, asked: _Asked) -> tuple[Share, ...]:
        """The longest first; those after which the place holds nothing more are one, of any length
        between."""
        load, cap, shortest, longest, spare, price, priced, is_limited = asked
        found: list[Share] = []
        last: dict[int, Share] = {}
        worth = self.worth(price)
        for steps in range(shortest, cap + 1):
            blocks = -(-steps // longest)
            left = load - steps - blocks * self.rest
            if left < 0 or blocks * shortest > steps:
                continue
            loss = self.held[load] - self.held[left] - steps
            dear = worth[load] - worth[left] + price * blocks - steps
            if loss > spare or dear > priced:
                continue
            if self.held[left] or is_limited:
                found.append(Share(blocks, steps, steps, left, loss, dear))
            else:
                low = last[blocks].low if blocks in last else steps
                last[blocks] = Share(blocks, low, steps, 0, loss, dear)
        return (*last.values(), *reversed(found))


def _over(held: Sequence[int], places: Sequence[int], room: int) -> int:
    """What places hold beyond a room."""
    return max(0, sum(held[place] for place in places) - room)
