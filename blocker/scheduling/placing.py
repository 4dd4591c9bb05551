"""The blocks of one job in a draft: as few as possible, in the slots that a taste likes."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from blocker.scheduling.draft import Draft, Slot
from blocker.scheduling.facts import Chunk, Facts, Job, overlap

Taste = Callable[[Facts, Job, list[Slot]], list[Slot]]
"""Which slots a start takes first: the same slots, in order of time, put in another order."""


def early(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return slots


def tight(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return sorted(slots, key=_length)


def late(_facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    return slots[::-1]


def _wished(facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
    """What lies wholly in preferred hours first, then what lies in them the most."""
    pieces = facts.pieces
    return sorted(
        slots,
        key=lambda s: -overlap(s[1], s[2], pieces[s[0]].prefer) / (s[2] - s[1]),
    )


def _unavoided(facts: Facts, job: Job, slots: list[Slot]) -> list[Slot]:
    wished = _wished(facts, job, slots)
    return sorted(wished, key=lambda slot: overlap(slot[1], slot[2], job.avoid) > 0)


def _length(slot: Slot) -> int:
    return slot[2] - slot[1]


def tastes_for(facts: Facts) -> list[Taste]:
    """Ways to look at slots that may be of use, the most telling first."""
    tastes: list[Taste] = [early, tight]
    if facts.has_preference:
        tastes.insert(0, _wished)
    if any(job.avoid for job in facts.jobs):
        tastes.insert(0, _unavoided)
    return tastes


def place(draft: Draft, job: Job, release: int, taste: Taste) -> list[Chunk]:
    """Blocks for one job: over by its soft due moment if that can be, as few as possible, in the
    slots that the taste likes; [] if no room."""
    slots = draft.slots(job, release)
    chosen: list[Chunk] = []
    if job.soft_due is not None:
        in_time = until(draft.facts, job, job.soft_due, slots)
        chosen = _all_of(draft, job, in_time, taste)
        slots = in_time if chosen else slots
    if not chosen:
        chosen = _all_of(draft, job, slots, taste)
    if not chosen and not job.is_whole:
        chosen = _as_much_as_fits(draft, job, _blocks_of(draft, job, slots))
    return _at_the_end(chosen, slots) if taste is late else chosen


def _at_the_end(chunks: Sequence[Chunk], slots: Sequence[Slot]) -> list[Chunk]:
    """Blocks that are their job's only one in a piece, moved to where their slot ends."""
    found: list[Chunk] = []
    for index, first, length in chunks:
        inside = [
            end
            for piece, start, end in slots
            if piece == index and start <= first and first + length <= end
        ]
        beside = sum(other[0] == index for other in chunks)
        found.append((index, inside[0] - length if beside == 1 and inside else first, length))
    return found


def until(facts: Facts, job: Job, moment: int, slots: Sequence[Slot]) -> list[Slot]:
    """What lies of the slots before a moment, on their grids."""
    found: list[Slot] = []
    for index, start, end in slots:
        step = facts.pieces[index].step
        end = min(end, start + (moment - start) // step * step)
        if end - start >= job.shortest:
            found.append((index, start, end))
    return found


def _all_of(draft: Draft, job: Job, slots: list[Slot], taste: Taste) -> list[Chunk]:
    if taste is _wished or taste is _unavoided:
        slots = _cut_at_edges(draft.facts, job, slots)
    if job.fewest == 1:
        every = draft.facts.pieces
        for index, start, end in taste(draft.facts, job, slots):
            if end - start >= job.need and draft.allowed(every[index]) >= job.need:
                return [(index, start, job.need)]
    pieces = _blocks_of(draft, job, slots)
    if draft.has_limits:
        chosen = _placed(draft, job, _within_limits(draft, job, pieces), taste)
        if chosen:
            return chosen
    chosen = _placed(draft, job, pieces, taste)
    if chosen or job.need <= job.longest:
        return chosen
    fuller = _fuller_blocks_of(draft, job, slots)
    return _placed(draft, job, fuller, taste) if fuller != pieces else []


def _placed(draft: Draft, job: Job, pieces: Sequence[Slot], taste: Taste) -> list[Chunk]:
    """All of a job in as few of these pieces as possible; [] where that cannot be."""
    number = _fewest(job, pieces)
    if number:
        pieces = taste(draft.facts, job, list(pieces))
        most = min(len(pieces), job.need // job.shortest, job.fewest + 6)
        if not draft.has_limits:
            most = min(most, number)
        for each in range(number, most + 1):
            chosen = _choose(draft, job, pieces, each)
            if chosen:
                return chosen
    return []


def _within_limits(draft: Draft, job: Job, pieces: Sequence[Slot]) -> list[Slot]:
    """The same pieces cut so that a day's and a week's together keep to the limit, the longest
    first."""
    left: dict[tuple[int, int], int] = {}
    found: list[Slot] = []
    for index, start, end in sorted(pieces, key=lambda slot: (slot[1] - slot[2], slot[1])):
        piece = draft.facts.pieces[index]
        day, week = (0, piece.day), (1, piece.week)
        of_day = left.get(day, draft.day_left(piece))
        of_week = left.get(week, draft.week_left(piece))
        length = min(end - start, of_day, of_week)
        if length >= job.shortest:
            found.append((index, start, start + length))
            left[day], left[week] = of_day - length, of_week - length
    return sorted(found, key=lambda slot: slot[1])


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
            if edge - start >= job.shortest and end - edge - piece.rest >= job.shortest:
                found.append((index, start, edge))
                start = edge + piece.rest
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


def _fuller_blocks_of(draft: Draft, job: Job, slots: Sequence[Slot]) -> list[Slot]:
    """The same where one block less long leaves room for another, so that slots hold the most."""
    found: list[Slot] = []
    for index, start, end in slots:
        rest, length = draft.facts.pieces[index].rest, end - start
        most = (length + rest) // (job.shortest + rest)
        held = [min(n * job.longest, length - (n - 1) * rest) for n in range(1, most + 1)]
        number = held.index(max(held)) + 1
        left = held[number - 1]
        for others in range(number - 1, -1, -1):
            own = min(job.longest, left - others * job.shortest)
            found.append((index, start, start + own))
            left -= own
            start += own + rest
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
            in_order = [pieces[place] for place in sorted(-each for _, each in largest)]
            chunks = _lengths(draft, job, in_order)
            if chunks:
                return chunks
    return []


def _lengths(draft: Draft, job: Job, chosen: Sequence[Slot]) -> list[Chunk]:
    """Lengths that sum to the need, the first given longest; [] when a limit is in the way."""
    in_time = sorted(chosen, key=lambda slot: slot[1])
    caps = dict(zip(in_time, _caps(draft, in_time), strict=True))
    extra = job.need - len(chosen) * job.shortest
    if min(caps.values()) < job.shortest or sum(caps.values()) < job.need or extra < 0:
        return []
    chunks = []
    for slot in chosen:
        more = min(extra, caps[slot] - job.shortest)
        extra -= more
        chunks.append((slot[0], slot[1], job.shortest + more))
    return sorted(chunks, key=lambda chunk: chunk[1])


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
