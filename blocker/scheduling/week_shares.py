"""Shares what tasks need out over the weeks that their time may lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demand:
    """A task's minutes; `most` is what each week could give it, `home` the week they go to if none.

    `needed` is more than the weeks could give where the task has no room.
    """

    task: str
    needed: int
    most: tuple[int, ...]
    home: int

    @property
    def bound(self) -> tuple[int, ...]:
        """What only that week can give, since the others could not: by week."""
        all_of_it = sum(self.most)
        if not all_of_it:
            return tuple(self.needed if k == self.home else 0 for k in range(len(self.most)))
        if self.needed >= all_of_it:
            return tuple(in_proportion(self.needed, self.most))
        return tuple(max(0, self.needed - (all_of_it - own)) for own in self.most)


def shared_out(demands: Sequence[Demand], room: Sequence[int]) -> list[int]:
    """The minutes needed in each week; together exactly all that is needed.

    What only one week can give is needed there.  The rest goes where room is left, in proportion to
    it, and a week is only filled beyond its room where no other sharing helps.  `room` is each
    week's.
    """
    order = sorted(demands, key=lambda one: (sum(one.most) - one.needed, one.task))
    shares = [list(demand.bound) for demand in order]
    needed = _sums(shares, len(room))
    for demand, own in zip(order, shares, strict=True):
        rest = demand.needed - sum(own)
        may = [max(0, most - bound) for most, bound in zip(demand.most, own, strict=True)]
        fits = [min(max(0, room[k] - needed[k]), may[k]) for k in range(len(room))]
        first = in_proportion(min(rest, sum(fits)), fits)
        beyond = [most - share for most, share in zip(may, first, strict=True)]
        more = in_proportion(rest - sum(first), beyond)
        for k in range(len(room)):
            own[k] += first[k] + more[k]
            needed[k] += first[k] + more[k]
    for week in range(len(room)):
        while needed[week] > room[week] and _relieved(week, order, shares, needed, room):
            pass
    return needed


def _sums(shares: Sequence[Sequence[int]], weeks: int) -> list[int]:
    return [sum(own[k] for own in shares) for k in range(weeks)]


def _relieved(
    week: int,
    demands: Sequence[Demand],
    shares: Sequence[list[int]],
    needed: list[int],
    room: Sequence[int],
) -> bool:
    """Move what is too much in a week to one with room, over others if need be; False if none is.

    Each step of the way is a task that gives minutes in one week and may take them in the next.
    """
    came: dict[int, tuple[int, int]] = {}
    line = [week]
    for here in line:
        if needed[here] < room[here]:
            break
        for there in range(len(room)):
            if there == week or there in came:
                continue
            for index, (demand, own) in enumerate(zip(demands, shares, strict=True)):
                if own[here] and own[there] < demand.most[there]:
                    came[there] = (here, index)
                    line.append(there)
                    break
    else:
        return False
    way = []
    at = here
    while at != week:
        before, index = came[at]
        way.append((before, at, index))
        at = before
    amount = min(
        needed[week] - room[week],
        room[here] - needed[here],
        *(min(shares[i][a], demands[i].most[b] - shares[i][b]) for a, b, i in way),
    )
    for a, b, i in way:
        shares[i][a] -= amount
        shares[i][b] += amount
    needed[week] -= amount
    needed[here] += amount
    return True


_GRAIN = 15
"""Shares are estimates: as long as that gives no week too much they are cut in quarter hours."""


def in_proportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to the weights, together the amount; zeros if all weights are.

    >>> in_proportion(100, [40, 80]), in_proportion(120, [40, 80])
    ([30, 70], [40, 80])
    """
    coarse = _cut(amount, weights, _GRAIN)
    if all(part <= weight for part, weight in zip(coarse, weights, strict=True)):
        return coarse
    return _cut(amount, weights, 1)


def _cut(amount: int, weights: Sequence[int], grain: int) -> list[int]:
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts, before, seen = [], 0, 0
    for weight in weights:
        seen += weight
        until = amount if seen == whole else amount * seen // whole // grain * grain
        parts.append(until - before)
        before = until
    return parts
