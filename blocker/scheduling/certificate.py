"""Why a task does not fit, as a sum that anyone can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from blocker.domain.interval import Interval
from blocker.scheduling.block_bound import cannot_all_fit
from blocker.scheduling.choice import Jobs, Row
from blocker.scheduling.facts import Facts, Job, Piece
from blocker.scheduling.free_time import as_instant
from blocker.scheduling.greedy import by_rank
from blocker.scheduling.parts import part_of
from blocker.scheduling.solving import BUDGETS, Effort
from blocker.scheduling.tasks_search import is_impossible

MOST_SEARCHED = 12
"""Of more tasks that cannot all be booked no search tries whether fewer cannot either."""

_BUDGET = BUDGETS[Effort.NORMAL]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Jobs that must all lie between two moments and need more than any plan can book there."""

    jobs: tuple[int, ...]
    needed: timedelta
    free: timedelta
    window: Interval


def shortage_of(facts: Facts, job: Job, others: Collection[int]) -> Shortage | None:
    """The smallest shortage that one job shares with some of `others`; None when no sum shows it.

    Looks at all spans that contain the job's window, keeps in each as few jobs as are still too
    much together, so that taking any one out breaks the proof, and prefers few jobs, then a short
    span.  Jobs of one priority or lower leave first, so the proof names those that weigh most.
    A job that is too much by itself shares nothing.
    """
    rooms = (min(o.end - o.start, facts.room(facts.pieces[o.piece])) for o in job.options)
    by_itself = sum(rooms) < job.need and _least(facts, job.release, job.due, job, [])
    if by_itself:
        return by_itself
    peers = [facts.jobs[other] for other in sorted(others) if facts.jobs[other].desk == job.desk]
    starts = sorted({each.release for each in (*peers, job) if each.release <= job.release})
    ends = sorted({each.due for each in (*peers, job) if each.due >= job.due})
    best: tuple[tuple[int, ...], Shortage] | None = None
    for start in starts:
        for end in ends:
            inside = [each for each in peers if start <= each.release and each.due <= end]
            found = _least(facts, start, end, job, inside)
            if found:
                rank = (len(found.jobs), end - start, start)
                if best is None or rank < best[0]:
                    best = rank, found
    return best[1] if best else None


def _least(facts: Facts, start: int, end: int, job: Job, inside: list[Job]) -> Shortage | None:
    if start >= end:
        return _in_instants(facts, [job], job.need, 0)
    kinds = Counter((each.shortest, each.longest) for each in (job, *inside))
    room: dict[tuple[int, int], int] = {}

    def free_for(kinds: Counter[tuple[int, int]]) -> int:
        lengths = min(kinds)[0], max(longest for _, longest in kinds)
        if lengths not in room:
            room[lengths] = facts.capacity(job.desk, start, end, *lengths)
        return room[lengths]

    needed = job.need + sum(each.need for each in inside)
    if needed <= free_for(kinds):
        return None
    kept = sorted(inside, key=lambda other: (-other.priority, other.need, other.index))
    for other in list(kept):
        rest = kinds - Counter([(other.shortest, other.longest)])
        if needed - other.need > free_for(rest):
            kept.remove(other)
            needed, kinds = needed - other.need, rest
    return _in_instants(facts, [job, *kept], needed, free_for(kinds))


def _in_instants(facts: Facts, jobs: list[Job], needed: int, free: int) -> Shortage:
    """The windows as they were given: rounding them to the grid added or took no room."""
    start = min(job.open_from for job in jobs)
    end = max(start + 1, *(job.open_until for job in jobs))
    return Shortage(
        tuple(sorted(job.index for job in jobs)),
        timedelta(seconds=needed * facts.unit),
        timedelta(seconds=free * facts.unit),
        Interval(as_instant(start), as_instant(end)),
    )


def fewest_rivals(
    facts: Facts, rows: Sequence[Row], job: Job, booked: Collection[int]
) -> tuple[int, ...] | None:
    """The fewest booked jobs that are proven impossible with one; None when no proof names them.

    `rows` are what sums and searches proved of this group.  Of a row the jobs are kept that still
    break it together.  Of those, when they are few, the ones stay without which a search cannot
    prove it, what they wait for left aside: the others, without any one of them, can be booked.
    """
    found: list[Jobs] = []
    for row in rows:
        inside = frozenset(other for other in (*booked, job.index) if other in row.weights)
        if job.index in inside and row.forbids(inside):
            found.append(_thinned(facts, job, inside, row.forbids))
    everything = frozenset((*booked, job.index))
    if not found and _is_too_much(facts, everything):
        found.append(_thinned(facts, job, everything, lambda jobs: _is_too_much(facts, jobs)))
    if not found:
        return None
    fewest = min(found, key=lambda jobs: (len(jobs), sorted(jobs)))
    pairs = sum(len(facts.jobs[each].options) for each in fewest)
    if rows and len(fewest) <= MOST_SEARCHED and pairs <= _BUDGET.pairs:
        fewest = _thinned(facts, job, fewest, lambda jobs: _cannot_be(facts, jobs))
    return tuple(sorted(fewest - {job.index}))


def _thinned(facts: Facts, job: Job, jobs: Jobs, is_proof: Callable[[Jobs], bool]) -> Jobs:
    """The jobs without those that the proof does not need; the least important leave first."""
    kept = jobs
    for other in sorted(jobs - {job.index}, key=lambda each: by_rank(facts.jobs[each]))[::-1]:
        if is_proof(kept - {other}):
            kept -= {other}
    return kept


def _is_too_much(facts: Facts, jobs: Jobs) -> bool:
    """Whether sums show that jobs cannot all be booked, whatever they wait for."""
    unlinked = tuple(replace(each, before=()) for each in facts.jobs)
    return cannot_all_fit(part_of(replace(facts, jobs=unlinked), jobs)[0])


def _cannot_be(facts: Facts, jobs: Jobs) -> bool:
    """Whether a search proves that jobs cannot all be booked, though they wait for no others."""
    own = tuple(
        replace(each, before=tuple(pair for pair in each.before if pair[0] in jobs))
        for each in facts.jobs
    )
    return is_impossible(replace(facts, jobs=own), jobs, _BUDGET.limits(len(jobs)))


def rivals(facts: Facts, job: Job, booked: Collection[int]) -> tuple[int, ...]:
    """The booked jobs that could matter to one: linked by a day, a week's room or by waiting.

    Those outside this circle never touch it, so what is impossible with all is so with these.
    """
    at: dict[tuple[str, int, int], set[int]] = {}
    for index in (*booked, job.index):
        for option in facts.jobs[index].options:
            for place in _places(facts, facts.pieces[option.piece]):
                at.setdefault(place, set()).add(index)
    links: dict[int, set[int]] = {index: set() for index in (*booked, job.index)}
    for together in at.values():
        for index in together:
            links[index].update(together)
    for index in links:
        for before, _ in facts.jobs[index].before:
            if before in links:
                links[index].add(before)
                links[before].add(index)
    found, todo = {job.index}, [job.index]
    while todo:
        for other in links[todo.pop()] - found:
            found.add(other)
            todo.append(other)
    return tuple(sorted(found - {job.index}))


def _places(facts: Facts, piece: Piece) -> set[tuple[str, int, int]]:
    """What jobs in a piece share: its day, days within a rest of it, its week's room."""
    days = {piece.day, *(facts.pieces[other].day for other in piece.near)}
    found = {("day", piece.desk, day) for day in days}
    if (piece.desk, piece.week) in facts.week_room:
        found.add(("week", piece.desk, piece.week))
    return found
