"""A good plan at once: many starts, then taking a few tasks out and putting them back better."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from random import Random

from blocker.scheduling.bounds import fewest_blocks, most_preferred
from blocker.scheduling.draft import (
    AVOIDED,
    BLOCKS,
    MARGIN,
    PREFERRED,
    Draft,
    Slot,
    cuts_beside,
)
from blocker.scheduling.facts import Chunk, Facts, Job, Schedule, overlap

Taste = Callable[[Facts, Job, list[Slot]], list[Slot]]
"""Which slots a start takes first: the same slots, in order of time, put in another order."""


def _early(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return slots


def _tight(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return sorted(slots, key=_length)


def _late(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return slots[::-1]


def _wished(facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    """Preferred hours first; slots are cut at their edges beforehand."""
    pieces = facts.pieces
    return sorted(slots, key=lambda slot: not overlap(slot[1], slot[2], pieces[slot[0]].prefer))


def _unavoided(facts: Facts, job: Job, slots: list[Slot]) -> list[Slot]:
    wished = _wished(facts, job, slots)
    return sorted(wished, key=lambda slot: overlap(slot[1], slot[2], job.avoid) > 0)


def _length(slot: Slot) -> int:
    return slot[2] - slot[1]


ORDERS: tuple[Callable[[Job], tuple[int, ...]], ...] = (
    lambda job: (job.priority, job.due, -job.need),
    lambda job: (job.due, job.priority, -job.need),
    lambda job: (job.due - job.release - job.need, job.priority),
    lambda job: (job.priority, sum(o.end - o.start for o in job.options) - job.need),
    lambda job: (-job.need, job.due),
)


def quick_plan(facts: Facts, rounds: int, start: Schedule | None = None) -> Draft:
    """The best of many starts and `rounds` of repairs; from `start` when that is given.

    Deterministic.  Ends early when the bounds prove that only the order of ends could be better.
    """
    best = None
    if start is not None:
        best = Draft(facts, cuts_beside(facts, start))
        for index in sorted(start):
            best.add(index, start[index])
    else:
        for taste in _tastes(facts):
            for order in ORDERS:
                draft = Draft(facts, cuts_beside(facts, {}))
                place_all(draft, sorted(facts.jobs, key=order), taste)
                if best is None or draft.value() > best.value():
                    best = draft
                if is_perfect(best):
                    return _repaired(best, min(rounds, 2 * len(facts.jobs)), early_only=True)
        assert best is not None
    return _repaired(best, rounds, early_only=False)


def _tastes(facts: Facts) -> list[Taste]:
    tastes: list[Taste] = [_early, _tight]
    if facts.has_preference:
        tastes.insert(0, _wished)
    if any(job.avoid for job in facts.jobs):
        tastes.insert(0, _unavoided)
    return tastes


def is_perfect(draft: Draft) -> bool:
    """Whether bounds prove all wishes but the last met: booked, in margin, blocks, preference."""
    facts, value = draft.facts, draft.value()
    if not all(draft.is_done(job) for job in facts.jobs):
        return False
    if value[MARGIN] < len(facts.jobs) or -value[BLOCKS] > fewest_blocks(facts) or value[AVOIDED]:
        return False
    if not facts.has_preference:
        return True
    booked = {job.index: job.need for job in facts.jobs}
    return value[PREFERRED] >= most_preferred(facts, booked)


def place_all(draft: Draft, jobs: Iterable[Job], taste: Taste) -> None:
    """Places jobs in this order, each after the jobs it waits for."""
    for job in jobs:
        _place_after(draft, job, taste, set())


def _place_after(draft: Draft, job: Job, taste: Taste, seen: set[int]) -> None:
    if job.index in draft.chunks or job.index in seen:
        return
    seen.add(job.index)
    for before, _ in job.before:
        _place_after(draft, draft.facts.jobs[before], taste, seen)
    release = draft.release(job)
    if release is not None:
        chunks = place(draft, job, release, taste)
        if chunks:
            draft.add(job.index, chunks)


def place(draft: Draft, job: Job, release: int, taste: Taste) -> list[Chunk]:
    """Blocks for one job: as few as possible, in the slots that the taste likes; [] if no room."""
    slots = draft.slots(job, release)
    if taste is _wished or taste is _unavoided:
        slots = _cut_at_edges(draft.facts, job, slots)
    if job.fewest == 1 and not draft.has_limits:
        for index, start, end in taste(draft.facts, job, slots):
            if end - start >= job.need:
                return [(index, start, job.need)]
    pieces = _blocks_of(draft, job, slots)
    number = _fewest(job, pieces)
    if number:
        pieces = taste(draft.facts, job, pieces)
        most = min(len(pieces), job.need // job.shortest, job.fewest + 6)
        if not draft.has_limits:
            most = min(most, number)
        for each in range(number, most + 1):
            chosen = _choose(draft, job, pieces, each)
            if chosen:
                return chosen
    return [] if job.is_whole else _as_much_as_fits(draft, job, pieces)


def _fewest(job: Job, pieces: Sequence[Slot]) -> int:
    """So many of the largest pieces hold all of a job; 0 when all together do not."""
    left = job.need
    for number, length in enumerate(sorted(map(_length, pieces), reverse=True), 1):
        left -= length
        if left <= 0:
            return number
    return 0


def _cut_at_edges(facts: Facts, job: Job, slots: Sequence[Slot]) -> list[Slot]:
    """Slots cut at the edges of preferred and avoided hours, where both parts are long enough."""
    found: list[Slot] = []
    for index, start, end in slots:
        piece = facts.pieces[index]
        for edge in sorted({e for span in (*piece.prefer, *job.avoid) for e in span}):
            edge -= (edge - start) % piece.step
            if edge - start >= job.shortest and end - edge >= job.shortest:
                found.append((index, start, edge))
                start = edge + (
                    piece.rest if piece.rest and end - edge - piece.rest >= job.shortest else 0
                )
        found.append((index, start, end))
    return found


def _blocks_of(draft: Draft, job: Job, slots: Sequence[Slot]) -> list[Slot]:
    """Slots cut into pieces of one block each, the rests between them left out."""
    found: list[Slot] = []
    for index, start, end in slots:
        rest = draft.facts.pieces[index].rest
        left = job.need
        while end - start >= job.shortest and left > 0:
            length = min(job.longest, end - start)
            found.append((index, start, start + length))
            left -= length
            start += length + rest
    return found


def _choose(draft: Draft, job: Job, pieces: Sequence[Slot], number: int) -> list[Chunk]:
    """The first `number` pieces, in the order given, that hold all of the job; [] if none do."""
    largest: list[tuple[int, int]] = []
    total = 0
    for place_in_order, (_, start, end) in enumerate(pieces):
        heapq.heappush(largest, (end - start, -place_in_order))
        total += end - start
        if len(largest) > number:
            out = heapq.heappop(largest)
            total -= out[0]
            if -out[1] == place_in_order:
                continue
        if len(largest) == number and total >= job.need:
            chosen = sorted((pieces[-each] for _, each in largest), key=lambda slot: slot[1])
            chunks = _lengths(draft, job, chosen)
            if chunks:
                return chunks
    return []


def _lengths(draft: Draft, job: Job, chosen: Sequence[Slot]) -> list[Chunk]:
    """Lengths that sum to the need, the earliest blocks longest; [] when a limit is in the way."""
    caps = _caps(draft, chosen)
    extra = job.need - len(chosen) * job.shortest
    if min(caps) < job.shortest or sum(caps) < job.need or extra < 0:
        return []
    chunks = []
    for (index, start, _), cap in zip(chosen, caps, strict=True):
        more = min(extra, cap - job.shortest)
        extra -= more
        chunks.append((index, start, job.shortest + more))
    return chunks


def _caps(draft: Draft, chosen: Sequence[Slot]) -> list[int]:
    """How long each block may be at most when the earlier ones are as long as they may."""
    if not draft.has_limits:
        return [end - start for _, start, end in chosen]
    caps: list[int] = []
    days: dict[tuple[int, int], int] = {}
    for index, start, end in chosen:
        piece = draft.facts.pieces[index]
        day, week = (0, piece.day), (1, piece.week)
        cap = min(
            end - start,
            draft.day_left(piece) - days.get(day, 0),
            draft.week_left(piece) - days.get(week, 0),
        )
        days[day] = days.get(day, 0) + cap
        days[week] = days.get(week, 0) + cap
        caps.append(cap)
    return caps


def _as_much_as_fits(draft: Draft, job: Job, pieces: Sequence[Slot]) -> list[Chunk]:
    """Blocks for a part of a job, up to its need; at least its `least` or none."""
    chosen: list[Slot] = []
    left = job.need
    for slot in sorted(pieces, key=lambda slot: (slot[1] - slot[2], slot[1])):
        trial = sorted([*chosen, slot], key=lambda slot: slot[1])
        caps = _caps(draft, trial)
        if left >= job.shortest and min(caps) >= job.shortest:
            chosen = trial
            left = job.need - sum(caps)
    if not chosen:
        return []
    caps = _caps(draft, chosen)
    over = sum(caps) - job.need
    chunks = []
    for (index, start, _), cap in zip(chosen, caps, strict=True):
        less = max(0, min(over, cap - job.shortest))
        over -= less
        chunks.append((index, start, cap - less))
    return chunks if over <= 0 and sum(c[2] for c in chunks) >= job.least else []


def _repaired(best: Draft, rounds: int, early_only: bool) -> Draft:
    """Takes one to four jobs out and puts them back, as long as that does no harm."""
    facts = best.facts
    if not facts.jobs:
        return best
    random = Random(len(facts.jobs))
    tastes = [_early] if early_only else [*_tastes(facts), _early, _late]
    value = best.value()
    by_rank = sorted(facts.jobs, key=ORDERS[0])
    for turn in range(rounds):
        draft = best.copy()
        if not early_only and turn % 4 == 3 and facts.breaks:
            draft.move_breaks(_other_cuts(facts, random))
        if early_only and turn < len(by_rank):
            out = [by_rank[turn]]
        else:
            out = random.sample(facts.jobs, min(len(facts.jobs), random.randint(1, 4)))
        for job in out:
            draft.remove(job.index)
        if draft.cuts is not best.cuts:
            _clear(draft)
        missing = [job for job in facts.jobs if job.index not in draft.chunks]
        if early_only or turn % 2:
            missing.sort(key=ORDERS[0])
        else:
            random.shuffle(missing)
        place_all(draft, missing, random.choice(tastes))
        found = draft.value()
        if found >= value:
            is_better = found > value
            best, value = draft, found
            if is_better and not early_only and is_perfect(best):
                return _repaired(best, min(rounds, 2 * len(facts.jobs)), early_only=True)
    return best


def _other_cuts(facts: Facts, random: Random) -> dict[int, list[tuple[int, int]]]:
    cuts: dict[int, list[tuple[int, int]]] = {}
    for ways in facts.breaks:
        for piece, low, high in random.choice(ways):
            cuts.setdefault(piece, []).append((low, high))
    return cuts


def _clear(draft: Draft) -> None:
    """Takes out the jobs with blocks where a break is now to be."""
    for job in draft.facts.jobs:
        if any(
            start < high and low < start + length
            for piece, start, length in draft.chunks.get(job.index, ())
            for low, high in draft.cuts.get(piece, ())
        ):
            draft.remove(job.index)
