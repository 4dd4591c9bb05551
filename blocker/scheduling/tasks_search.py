"""As many tasks as possible when not all fit: set after set, the best first.

The bounds name the sets of tasks worth most that nothing yet proves impossible.  One that can be
booked is the best there is; one that a search proves impossible is a new bound.
"""

from __future__ import annotations

from blocker.scheduling.block_bound import cannot_all_fit
from blocker.scheduling.choice import Jobs, impossible
from blocker.scheduling.draft import NO_LIMIT, Draft, tasks_booked
from blocker.scheduling.facts import Facts, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import best_start, by_rank
from blocker.scheduling.linear import FOUND, NONE
from blocker.scheduling.local_search import draft_of, filled
from blocker.scheduling.parts import part_of, whole_schedule
from blocker.scheduling.searching import Limits, cannot_be_booked, fits

MOST_SETS = 12
"""So many sets are tried."""

WALKS = ((1, 2), (1, 1), (1, 1), (1, 1))
"""How long and how many the walks of the first sets are, which are worth most; the others are only
glanced at."""

STARTS = 6


def book_most(draft: Draft, goals: Goals, limits: Limits) -> tuple[Draft, bool]:
    """A draft with the best set of tasks, and whether it is proven that none is better."""
    facts = draft.facts
    for turn in range(MOST_SETS):
        value = draft.value()
        if goals.are_tasks_met(value) or goals.is_nothing_left(value) or not goals.choices:
            break
        chosen = goals.choices[0].jobs
        part, numbers = part_of(facts, chosen)
        answer, found = _answered(part, limits if turn < len(WALKS) else limits.first_glance())
        if answer == NONE:
            goals.learn(impossible(smallest_impossible(facts, chosen, limits.short().short())))
            continue
        if found is None and turn < len(WALKS):
            times, walks = WALKS[turn]
            found = booked_whole(part, times * limits.rounds, walks)
        if found is None:
            goals.skip(impossible(chosen))
        else:
            draft = draft_of(facts, whole_schedule(found, numbers))
    return draft, goals.are_tasks_met(draft.value())


def _answered(part: Facts, limits: Limits) -> tuple[str, Schedule | None]:
    """Whether all jobs can be booked: quick ways first, since most sets of jobs are plainly easy or
    plainly impossible."""
    found = booked_whole(part, 0, 0)
    if found is None:
        answer, found = fits(part, limits.first_glance())
        if answer == NONE:
            return NONE, None
    if found is None:
        found = booked_whole(part, limits.rounds // 10, 1)
    if found is None:
        return fits(part, limits)
    return FOUND, found


def smallest_impossible(facts: Facts, jobs: Jobs, limits: Limits) -> Jobs:
    """Jobs out of these that are still impossible together; mostly no fewer are.

    One after another is left out, the least important first, and stays out when the rest is still
    proven impossible.  What waits for a job leaves with it.
    """
    kept = jobs
    for job in sorted(jobs, key=lambda job: by_rank(facts.jobs[job]), reverse=True):
        if job in kept:
            rest = kept - _with_followers(facts, job)
            if is_impossible(facts, rest, limits):
                kept = rest
    return kept


def is_impossible(facts: Facts, jobs: Jobs, limits: Limits) -> bool:
    """Whether it is proven that not all of these jobs can be booked."""
    if not jobs:
        return False
    part, _ = part_of(facts, jobs)
    if cannot_all_fit(part):
        return True
    return cannot_be_booked(part, limits)


def _with_followers(facts: Facts, job: int) -> Jobs:
    found, todo = {job}, [job]
    while todo:
        for follower in facts.followers[todo.pop()]:
            if follower not in found:
                found.add(follower)
                todo.append(follower)
    return frozenset(found)


def booked_whole(part: Facts, rounds: int, walks: int) -> Schedule | None:
    """A schedule of all jobs, if the quick ways find one."""
    goals = Goals(part)
    draft = best_start(part, goals, STARTS)
    if tasks_booked(draft.value()) < len(part.jobs):
        draft = filled(draft, NO_LIMIT, rounds, walks)
    return draft.chunks if tasks_booked(draft.value()) == len(part.jobs) else None
