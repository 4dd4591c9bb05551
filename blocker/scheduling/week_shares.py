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
    it, so a week is only filled beyond its room where nothing else helps.  `room` is each week's.
    """
    bounds = [demand.bound for demand in demands]
    needed = [sum(column) for column in zip(*bounds, strict=True)] or [0] * len(room)
    order = sorted(
        zip(demands, bounds, strict=True),
        key=lambda one: (sum(one[0].most) - one[0].needed, one[0].task),
    )
    for demand, bound in order:
        rest = demand.needed - sum(bound)
        may = [max(0, most - own) for most, own in zip(demand.most, bound, strict=True)]
        left = [max(0, own - taken) for own, taken in zip(room, needed, strict=True)]
        fits = [min(own, most) for own, most in zip(left, may, strict=True)]
        shares = in_proportion(min(rest, sum(fits)), fits)
        beyond = [most - share for most, share in zip(may, shares, strict=True)]
        more = in_proportion(rest - sum(shares), beyond)
        needed = [sum(each) for each in zip(needed, shares, more, strict=True)]
    return needed


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
