"""Drawing instances at random: meetings, then tasks that fill a share of what they leave.

All numbers are minutes; moments count from the midnight before the first day, a Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

DAYS = [week * 7 + day for week in range(2) for day in range(5)]
END = 14 * 1440
HOURS = ((540, 750), (810, 1080))
DAY_MINUTES = 480
SHARES = {"loose": (0.50, 0.65), "tight": (0.85, 0.97), "overfull": (1.10, 1.40)}
BUSY = {
    5: (0.6, 0.75), 8: (0.45, 0.6), 12: (0.4, 0.6), 15: (0.3, 0.6),
    30: (0.3, 0.5), 60: (0.2, 0.3), 120: (0.05, 0.15),
}  # fmt: skip
"""Shares of working time in meetings by tasks a member, so that each is 30 minutes to 8 hours."""
SHORTEST, LONGEST, REST, MOST = 30, 120, 15, 480
LAGS = (0, 0, 0, 60, 1440)

Span = tuple[int, int]
Row = list[Any]
"""[task, member, priority, estimate, window's start, window's end, [[predecessor, lag], ...]]"""


@dataclass(frozen=True, slots=True)
class Family:
    """What instances of a name have in common; of several loads each seed takes one in turn."""

    name: str
    tasks: int
    loads: tuple[str, ...]
    links: float = 0.0
    members: int = 1
    is_fragmented: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """One member's grid, limit and free time; `gaps` by day, each begins on the grid."""

    step: int
    per_day: int | None
    gaps: dict[int, list[Span]]

    def usable(self) -> int:
        return sum(
            min(sum(fill(end - start, self.step)[0] for start, end in gaps), self.per_day or MOST)
            for gaps in self.gaps.values()
        )


def fill(length: int, step: int) -> tuple[int, int]:
    """The most block time in a gap that begins on the grid, and the fewest blocks with that."""
    best = (0, 0)
    for count in range(1, length // SHORTEST + 1):
        room = (length - (count - 1) * REST) // step * step
        if room >= count * SHORTEST and min(room, count * LONGEST) > best[0]:
            best = (min(room, count * LONGEST), count)
    return best


def record_of(family: Family, seed: int) -> dict[str, Any]:
    """An instance as its file holds it."""
    random = Random(f"{family.name} {seed}")
    load = family.loads[seed % len(family.loads)]
    step = 15 if seed % 2 else 5
    members, works, hidden = [], [], {}
    for number in range(family.members):
        member = f"m{number}"
        per_day = 300 if random.random() < 1 / 3 else None
        busy = _fragments(random) if family.is_fragmented else _meetings(random, family, step)
        room = Room(step, per_day, _gaps(busy, step))
        share = random.uniform(*SHARES[load])
        tasks = [f"T-{number * 100 + k + 1:03d}" for k in range(family.tasks // family.members)]
        if load == "tight":
            own = _dealt(random, tasks, _full_plan(random, room, share, len(tasks)))
            hidden.update(own)
            works += [_around(random, task, member, own[task]) for task in tasks]
        else:
            need = _estimates(random, tasks, room.usable() * share)
            works += [_free(random, task, member, need[task]) for task in tasks]
        rules = {
            "step": step, "shortest": SHORTEST, "longest": LONGEST, "rest": REST,
            "per_day": per_day, "prefer": [[540, 720]] if random.random() < 0.5 else [],
        }  # fmt: skip
        members.append({"member": member, "rules": rules, "hours": HOURS, "busy": busy})
    if family.links:
        _link(random, family.links, works, hidden)
    return {
        "name": f"{family.name}-{seed:02d}", "family": family.name, "zone": "Europe/Paris",
        "first_day": "2027-01-04", "days": 14, "members": members, "works": works,
        "hidden": hidden or None,
    }  # fmt: skip


def _meetings(random: Random, family: Family, step: int) -> list[Span]:
    """Meetings that take about the wanted share of each day; on a fine grid also odd lengths."""
    low, high = BUSY[family.tasks // family.members]
    lengths = (15, 30, 30, 45, 60, 60, 90) if step == 15 else (15, 25, 30, 45, 50, 60, 90)
    found: list[Span] = []
    for day in DAYS:
        own: list[Span] = []
        wanted = random.uniform(low, high) * DAY_MINUTES
        for _ in range(200):
            length, (first, last) = random.choice(lengths), random.choice(HOURS)
            start = day * 1440 + random.randrange(first, last - length + 1, step)
            if all(start >= end or start + length <= begin for begin, end in own):
                own.append((start, start + length))
            if sum(end - begin for begin, end in own) >= wanted:
                break
        found += sorted(own)
    return found


def _fragments(random: Random) -> list[Span]:
    """Short meetings with 15 to 45 minutes between most of them."""
    found = []
    for day in DAYS:
        for first, last in HOURS:
            moment = day * 1440 + first + random.choice((0, 15, 30))
            while moment < day * 1440 + last - 15:
                end = min(moment + random.choice((15, 25, 30, 45)), day * 1440 + last)
                found.append((moment, end))
                gaps = (15, 20, 25, 30, 35, 40, 45, 45)
                moment = end + (random.choice((75, 100, 120)) if random.random() < 0.15
                                else random.choice(gaps))  # fmt: skip
    return found


def _gaps(busy: list[Span], step: int) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for day in DAYS:
        own = found.setdefault(day, [])
        for first, last in HOURS:
            cursor, close = day * 1440 + first, day * 1440 + last
            inside = [each for each in busy if cursor <= each[0] < close]
            for start, end in [*inside, (close, close)]:
                begin = -(-cursor // step) * step
                if start - begin >= SHORTEST:
                    own.append((begin, start))
                cursor = end
    return found


def _full_plan(random: Random, room: Room, share: float, tasks: int) -> list[Span]:
    """Blocks that fill every gap to the brim, thinned out at random to the wanted share."""
    blocks: list[Span] = []
    for gaps in room.gaps.values():
        left = room.per_day or MOST
        for begin, close in random.sample(gaps, len(gaps)):
            total, count = fill(close - begin, room.step)
            for later in reversed(range(count)):
                low = max(SHORTEST, total - later * LONGEST)
                high = min(LONGEST, total - later * SHORTEST)
                length = random.randrange(low, high + 1, room.step)
                kept = min(length, left)
                if kept >= SHORTEST:
                    blocks.append((begin, begin + kept))
                    left -= kept
                total, begin = total - length, begin + length + REST
    while len(blocks) < tasks:
        start, end = blocks.pop(blocks.index(max(blocks, key=lambda each: each[1] - each[0])))
        blocks += [(start, start + SHORTEST), (start + SHORTEST + REST, end)]
    wanted = room.usable() * share
    while sum(end - start for start, end in blocks) > wanted:
        start, end = blocks.pop(random.randrange(len(blocks)))
        if end - start - room.step >= SHORTEST:
            blocks.append((start, end - room.step))
        elif len(blocks) < tasks:
            blocks.append((start, end))
            wanted += 1
    return sorted(blocks)


def _dealt(random: Random, tasks: list[str], blocks: list[Span]) -> dict[str, list[Span]]:
    """Neighbouring blocks go to the same task, more or less; no task gets more than 8 hours."""
    spread = len(blocks) * random.uniform(0.1, 0.5)
    order = sorted(blocks, key=lambda block: blocks.index(block) + random.gauss(0, spread))
    while True:
        weights = [random.uniform(0.3, 1.7) for _ in tasks]
        spare, cuts = len(blocks) - len(tasks), [0]
        for k in range(len(tasks)):
            cuts.append(k + 1 + round(spare * sum(weights[: k + 1]) / sum(weights)))
        dealt = [sorted(order[first:last]) for first, last in pairwise(cuts)]
        if all(sum(end - start for start, end in own) <= MOST for own in dealt):
            return dict(zip(tasks, dealt, strict=True))


def _around(random: Random, task: str, member: str, blocks: Iterable[Span]) -> Row:
    """A task whose window hugs its hidden blocks, by the day or the hour, or not at all."""
    blocks = list(blocks)
    start, end = 0, END
    if random.random() < 0.3:
        start = random.choice((blocks[0][0], blocks[0][0] // 1440 * 1440))
    if random.random() < 0.4:
        midnight = -(-blocks[-1][1] // 1440) * 1440
        end = random.choice((-(-blocks[-1][1] // 60) * 60, midnight, midnight + 1440))
    need = sum(last - first for first, last in blocks)
    return [task, member, random.choice((1, 2, 3, 3, 4)), need, start, min(end, END), []]


def _estimates(random: Random, tasks: list[str], wanted: float) -> dict[str, int]:
    """30 minutes to 8 hours each, together what is wanted, to ten minutes."""
    weights = [random.choice((1, 1, 2, 3, 5)) for _ in tasks]
    found = dict.fromkeys(tasks, SHORTEST)
    while sum(found.values()) < wanted and min(found.values()) < MOST:
        (task,) = random.choices(tasks, weights)
        found[task] = min(MOST, found[task] + random.choice((10, 20, 30)))
    return found


def _free(random: Random, task: str, member: str, need: int) -> Row:
    """A task with a window of at least three working days, five for long ones."""
    least = 3 if need <= 240 else 5
    first, last = 0, len(DAYS)
    if random.random() < 0.35:
        last = random.randint(least, len(DAYS))
    if random.random() < 0.25:
        first = random.randint(0, last - least)
    start = DAYS[first] * 1440 if first else 0
    end = END if last == len(DAYS) else (DAYS[last - 1] + 1) * 1440
    if end < END and random.random() < 0.3:
        end = end - 1440 + random.choice((12, 15, 17)) * 60
    return [task, member, random.choice((1, 2, 3, 3, 4)), need, start, end, []]


def _link(random: Random, links: float, works: list[Row], hidden: dict[str, list[Span]]) -> None:
    """Lets tasks wait for others that are due earlier, or end earlier in the hidden plan."""
    for row in works:
        others = [
            (other[0], hidden[row[0]][0][0] - hidden[other[0]][-1][1] if hidden else END)
            for other in works
            if (hidden and hidden[other[0]][-1][1] <= hidden[row[0]][0][0])
            or (not hidden and (other[5], other[0]) < (row[5], row[0]))
        ]
        random.shuffle(others)
        for other, room in others[: random.choice((1, 1, 2))]:
            if random.random() < links:
                lag = random.choice(LAGS)
                row[6].append([other, lag if lag <= room else 0])
