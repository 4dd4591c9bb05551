"""The numbers that parts of a task carry: kept ones keep theirs, new ones fill the holes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blocker.domain.plan import Placement


@dataclass(frozen=True, slots=True)
class Numbering:
    """The part numbers of one task: of what stays, by its key, and of what is new, in order of
    time.  `parts` is how many there are."""

    kept: Mapping[str, int]
    new: tuple[tuple[Placement, int], ...]
    parts: int


def number_parts(
    kept: Mapping[str, int | None],
    new: Sequence[Placement],
    taken: Iterable[int] = (),
) -> Numbering:
    """Numbers one task's parts; `kept` maps the keys of blocks that stay to their numbers.

    A number that a kept block carries stays with it (the smallest key wins where two claim one).
    Kept blocks without a number come next, by key, then the new ones by time; each takes the
    smallest number that is unused and not in `taken` (numbers that must not come again).
    """
    numbers: dict[str, int] = {}
    used = set(taken)
    claimed: set[int] = set()
    for key in sorted(kept):
        number = kept[key]
        if number is not None and number > 0 and number not in claimed:
            numbers[key] = number
            claimed.add(number)
    used |= claimed

    def smallest() -> int:
        number = 1
        while number in used:
            number += 1
        used.add(number)
        return number

    for key in sorted(kept):
        if key not in numbers:
            numbers[key] = smallest()
    placed = sorted(new, key=lambda placement: placement.interval)
    return Numbering(
        numbers, tuple((placement, smallest()) for placement in placed), len(kept) + len(placed)
    )
