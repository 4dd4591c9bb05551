"""As many tasks as possible when not all fit: set after set, the best first.

The bounds name the sets of tasks worth most that nothing yet proves impossible.  One that can be
booked is the best there is; one that a search proves impossible is a new bound.
"""

from __future__ import annotations

from blocker.scheduling.choice import impossible
from blocker.scheduling.draft import NO_LIMIT, Draft, tasks_booked
from blocker.scheduling.engine import Limits
from blocker.scheduling.facts import Facts, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import best_start
from blocker.scheduling.local_search import draft_of, filled
from blocker.scheduling.parts import part_of, whole_schedule
from blocker.scheduling.solver import FOUND, UNKNOWN

MOST_SETS = 12
"""So many sets are tried."""

FIRST_SETS, WALKS = 2, 4
"""The first sets are those worth most, and get several walks each."""

STARTS = 6


def book_most(draft: Draft, goals: Goals, rounds: int, limits: Limits) -> tuple[Draft, bool]:
    """A draft with the best set of tasks, and whether it is proven that none is better."""
    facts = draft.facts
    is_sure = True
    for turn in range(MOST_SETS):
        if goals.are_tasks_met(draft.value()):
            return draft, is_sure
        if not goals.choices:
            return draft, False
        chosen = goals.choices[0].jobs
        part, numbers = part_of(facts, chosen)
        found = _booked_whole(part, rounds, WALKS if turn < FIRST_SETS else 1)
        if found is None:
            found, answer = _searched(part, limits)
            is_sure &= answer != UNKNOWN
        if found is None:
            goals.learn(impossible(chosen))
        else:
            draft = draft_of(facts, whole_schedule(found, numbers))
    return draft, is_sure and goals.are_tasks_met(draft.value())


def _booked_whole(part: Facts, rounds: int, walks: int) -> Schedule | None:
    """A schedule of all jobs, if the quick ways find one."""
    goals = Goals(part)
    draft = best_start(part, goals, STARTS)
    if tasks_booked(draft.value()) < len(part.jobs):
        draft = filled(draft, NO_LIMIT, rounds, walks)
    return draft.chunks if tasks_booked(draft.value()) == len(part.jobs) else None


def _searched(part: Facts, limits: Limits) -> tuple[Schedule | None, str]:
    """The same by the exact search, and how that ended."""
    from blocker.scheduling.exact import Search

    search = Search(part, Goals(part), {}, limits)
    answer = search.fits()
    return (search.best if answer == FOUND else None), answer
