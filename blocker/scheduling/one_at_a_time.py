"""Members that wait for each other, planned one at a time while the others stand still.

One member's part is small and quickly searched.  What comes out is a start for the search of the
whole group, and often it is already the best there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from blocker.scheduling.bounds import fewest_blocks
from blocker.scheduling.draft import BLOCKS, tasks_booked, wishes
from blocker.scheduling.facts import Facts, Job, Option, Schedule

MOST_TURNS = 3
"""How often each member gets a turn, as long as turns make the plan better."""

Solver = Callable[[Facts], Schedule]
"""The best schedule of a part, in the part's own numbers of jobs."""


def one_at_a_time(facts: Facts, start: Schedule, solver: Solver) -> Schedule:
    """A schedule at least as good as `start`, bettered member by member."""
    best = dict(start)
    value = wishes(facts, best)
    asked: dict[int, tuple[Job, ...]] = {}
    for _ in range(MOST_TURNS):
        before = value
        for desk in range(len(facts.members)):
            if _is_best(facts, value):
                return best
            part, numbers = part_of(facts, best, desk)
            if not part.jobs or asked.get(desk) == part.jobs:
                continue
            asked[desk] = part.jobs
            trial = {j: chunks for j, chunks in best.items() if facts.jobs[j].desk != desk}
            for number, chunks in solver(part).items():
                trial[numbers[number]] = chunks
            found = wishes(facts, trial)
            if found > value and _keeps_order(facts, trial):
                best, value = trial, found
        if value == before:
            break
    return best


def _is_best(facts: Facts, value: tuple[int, ...]) -> bool:
    is_full = tasks_booked(value) == len(facts.jobs)
    return is_full and -value[BLOCKS] <= fewest_blocks(facts)


def _keeps_order(facts: Facts, schedule: Schedule) -> bool:
    """Whether all that a booked job waits for is wholly booked."""
    return all(
        _booked(schedule, facts.jobs[before]) >= facts.jobs[before].need
        for index in schedule
        for before, _ in facts.jobs[index].before
    )


def _booked(schedule: Schedule, job: Job) -> int:
    return sum(length for _, _, length in schedule.get(job.index, ()))


def part_of(facts: Facts, schedule: Schedule, desk: int) -> tuple[Facts, Mapping[int, int]]:
    """One member's jobs as facts of their own, and their numbers in the whole.

    What other members have booked is a fact: a job begins after what it waits for and ends before
    what waits for it.  Jobs that wait for something not booked are left out.
    """
    chosen: list[Job] = []
    for job in facts.jobs:
        if job.desk == desk:
            bounded = _bounded(facts, schedule, job)
            if bounded is not None:
                chosen.append(bounded)
    while True:  # a job whose own predecessor fell out falls out too
        there = {job.index for job in chosen}
        kept = [job for job in chosen if all(before in there for before, _ in job.before)]
        if len(kept) == len(chosen):
            break
        chosen = kept
    number = {job.index: place for place, job in enumerate(chosen)}
    jobs = tuple(
        replace(
            job,
            index=number[job.index],
            before=tuple((number[before], lag) for before, lag in job.before),
        )
        for job in chosen
    )
    return replace(facts, jobs=jobs), {place: job.index for place, job in enumerate(chosen)}


def _bounded(facts: Facts, schedule: Schedule, job: Job) -> Job | None:
    """The job between what the others' plans leave it, None when they leave nothing."""
    release, due = job.release, job.due
    own: list[tuple[int, int]] = []
    for before, lag in job.before:
        other = facts.jobs[before]
        if other.desk == job.desk:
            own.append((before, lag))
        elif _booked(schedule, other) >= other.need:
            ends = max(start + length for _, start, length in schedule[before])
            release = max(release, max(ends, other.standing_end or ends) + lag)
        else:
            return None
    for follower in facts.followers[job.index]:
        waiting = facts.jobs[follower]
        if waiting.desk != job.desk and schedule.get(follower):
            lag = next(lag for before, lag in waiting.before if before == job.index)
            due = min(due, min(start for _, start, _ in schedule[follower]) - lag)
    options = tuple(
        clipped
        for option in job.options
        if (clipped := _clipped(facts, job, option, release, due)) is not None
    )
    return replace(job, release=release, due=due, before=tuple(own), options=options)


def _clipped(facts: Facts, job: Job, option: Option, release: int, due: int) -> Option | None:
    """An option cut to a window, on the grid of its piece."""
    step = facts.pieces[option.piece].step
    start, end = option.start, option.end
    if release > start:
        start += -(-(release - start) // step) * step
    if due < end:
        end -= -(-(end - due) // step) * step
    return Option(option.piece, start, end) if end - start >= job.shortest else None
