"""Wish after wish: bounds and walks first, then the question whether any plan could be better.

The relaxation says no: the wish is proven.  It says yes: walks try to make a plan of its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from blocker.scheduling.draft import (
    BLOCKS,
    MARGIN,
    NO_LIMIT,
    PREFERRED,
    PRIORITIES,
    Draft,
)
from blocker.scheduling.draft import tasks_booked as booked_in
from blocker.scheduling.exact_search import tried
from blocker.scheduling.facts import Facts, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import best_start
from blocker.scheduling.kept_breaks import ways_left
from blocker.scheduling.laid_out import Windows
from blocker.scheduling.linear import FOUND, NONE, UNKNOWN, Term
from blocker.scheduling.local_search import draft_of, filled, preferred, walked
from blocker.scheduling.pairs import Pair
from blocker.scheduling.relaxation import Relaxation, tasks_worth

STARTS = 6

SHORT = 5
"""A search or walk is so much shorter where mostly it is there soon, or never."""

MOST_WALKS = 3
"""So many walks look for fewer blocks where the exact search leaves out what is in the way."""

SHARE_OF_LOOKS = 4
"""The relaxation is asked so many times shorter whether a set of jobs fits, since sets are many."""

MOST_ANSWERS = 3
"""So many answers of the relaxation to one wish are tried as plans."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the relaxation is asked, counted so that answers never depend on speed.

    `looks`: how often the solver looks up before it leaves one question open.  `pairs`: the largest
    number of (job, piece) pairs that it is asked about at all.  `rounds`: of one walk.  `work`: of
    one exact search.
    """

    looks: int
    pairs: int
    rounds: int
    work: int

    def first_glance(self) -> Limits:
        """For the exact search alone, as short as it mostly takes."""
        return replace(self, looks=0, work=self.work // SHORT // SHORT)

    def short(self) -> Limits:
        """For questions that are mostly answered soon, or never."""
        return replace(self, rounds=self.rounds // SHORT, work=self.work // SHORT)


@dataclass(frozen=True, slots=True)
class Wish:
    """A number that plans shall have much of, in the units of the relaxation."""

    name: str
    have: Callable[[Draft], int]
    terms: Callable[[Relaxation], list[Term]]
    is_met: Callable[[Draft], bool]
    """Whether bounds show that no plan has more, all wishes before it kept."""
    walk: Callable[[Draft, int], Draft]
    """A draft with more of it, as far as a walk of so many rounds finds one."""


def is_asked(facts: Facts, limits: Limits) -> bool:
    """Whether a group is small enough for the relaxation."""
    return 0 < sum(len(job.options) for job in facts.jobs) <= limits.pairs


def fits(
    facts: Facts, limits: Limits, most_blocks: int | None = None
) -> tuple[str, Schedule | None]:
    """Whether all jobs can be booked, in so many blocks: FOUND with a schedule, NONE or UNKNOWN."""
    answer = UNKNOWN
    for answer, windows in _answers(facts, limits, most_blocks):
        if answer == FOUND:
            found = _placed(facts, windows, limits, most_blocks)
            if found is not None:
                return FOUND, found
    return (NONE if answer == NONE else UNKNOWN), None


def cannot_be_booked(facts: Facts, limits: Limits) -> bool:
    """Whether it is proven that not all jobs can be booked."""
    return any(answer == NONE for answer, _ in _answers(facts, limits, None))


def _answers(
    facts: Facts, limits: Limits, most_blocks: int | None
) -> Iterator[tuple[str, Windows]]:
    """What the exact search says, and then, unless it says NONE, the relaxation, which knows of
    waits and breaks but not of blocks."""
    if not is_asked(facts, limits):
        return
    answer, windows = tried(facts, most_blocks, limits.work)
    yield answer, windows
    looks = limits.looks // SHARE_OF_LOOKS
    if answer != NONE and most_blocks is None and looks:
        answer, pairs = Relaxation(facts, all_booked=True).can_reach((), 0, looks)
        yield answer, _windows_in(facts, pairs)


def _placed(
    facts: Facts, windows: Windows, limits: Limits, most_blocks: int | None
) -> Schedule | None:
    """All jobs booked in these windows, in so many blocks, if a walk comes there."""
    most = NO_LIMIT if most_blocks is None else most_blocks
    draft = filled(_started(facts, windows), most, limits.rounds // SHORT, 1)
    is_full = booked_in(draft.value()) == len(facts.jobs)
    return draft.chunks if is_full and -draft.value()[BLOCKS] <= most else None


def searched(draft: Draft, goals: Goals, limits: Limits) -> tuple[Draft, list[str]]:
    """A draft at least as good, and the wishes that are proven of it, in their order."""
    proven: list[str] = []
    if not is_asked(draft.facts, limits):
        return draft, proven
    relaxation = Relaxation(draft.facts, all_booked=_is_full(draft))
    for wish in _wishes(goals, _is_full(draft)):
        draft, is_proven = _settled(draft, wish, relaxation, limits)
        if not is_proven:
            break
        relaxation.hold(wish.terms(relaxation), wish.have(draft))
        proven.append(wish.name)
    return draft, proven


def _settled(
    draft: Draft, wish: Wish, relaxation: Relaxation, limits: Limits
) -> tuple[Draft, bool]:
    """A draft with as much of a wish as is found, and whether it is proven to be all."""
    terms = None
    for _ in range(MOST_ANSWERS):
        if wish.is_met(draft):
            return draft, True
        terms = terms or wish.terms(relaxation)
        status, pairs = relaxation.can_reach(terms, wish.have(draft) + 1, limits.looks)
        if status == NONE:
            return draft, True
        better = draft
        if status == FOUND:
            narrow = wish.walk(
                _started(draft.facts, _windows_in(draft.facts, pairs)), limits.rounds // SHORT
            )
            better = draft_of(draft.facts, narrow.chunks)
        if better.value() <= draft.value():
            better = wish.walk(draft, limits.rounds)
        if better.value() <= draft.value():
            break
        draft = better
    return draft, False


def _started(facts: Facts, windows: Windows) -> Draft:
    """The best start where each job has only the windows that an answer gives it, and each break
    the places that these leave, if there are any."""
    jobs = tuple(replace(job, options=windows.get(job.index, ())) for job in facts.jobs)
    taken = {
        job: tuple((piece, start, end - start) for piece, start, end in options)
        for job, options in windows.items()
    }
    breaks = tuple(
        tuple(left) or ways
        for ways, left in zip(facts.breaks, ways_left(facts, taken), strict=True)
    )
    narrow = replace(facts, jobs=jobs, breaks=breaks, alone={})
    return best_start(narrow, Goals(narrow, is_quick=True), STARTS)


def _windows_in(facts: Facts, pairs: set[Pair]) -> Windows:
    return {
        job.index: tuple(o for o in job.options if (job.index, o.piece) in pairs)
        for job in facts.jobs
    }


def _is_full(draft: Draft) -> bool:
    return booked_in(draft.value()) == len(draft.facts.jobs)


def _wishes(goals: Goals, is_full: bool) -> Iterator[Wish]:
    facts = goals.facts

    def walk(draft: Draft, rounds: int) -> Draft:
        return walked(draft, goals, rounds)

    def fewer(draft: Draft, rounds: int) -> Draft:
        return filled(draft, goals.blocks, rounds, 1 if facts.is_plain else MOST_WALKS)

    def prefer(draft: Draft, rounds: int) -> Draft:
        return preferred(draft, goals, rounds // SHORT)

    if not is_full:
        for priority in PRIORITIES:
            yield _tasks_wish(facts, priority, walk)
    if any(job.soft_due is not None for job in facts.jobs):
        yield Wish(
            "margin",
            lambda draft: draft.value()[MARGIN],
            Relaxation.margin,
            lambda draft: draft.value()[MARGIN] == booked_in(draft.value()),
            walk,
        )
    yield Wish(
        "blocks",
        lambda draft: draft.value()[BLOCKS],
        Relaxation.blocks,
        lambda draft: is_full and -draft.value()[BLOCKS] <= goals.blocks,
        fewer if is_full else walk,
    )
    if facts.has_preference:
        yield Wish(
            "preferred",
            lambda draft: draft.value()[PREFERRED],
            Relaxation.preferred,
            lambda draft: not goals.preference_gap(draft.value(), draft.chunks),
            prefer,
        )


def _tasks_wish(facts: Facts, priority: int, walk: Callable[[Draft, int], Draft]) -> Wish:
    return Wish(
        f"tasks{priority}",
        lambda draft: tasks_worth(facts.jobs, draft.value(), priority),
        lambda relaxation: relaxation.tasks(priority),
        lambda draft: all(draft.is_done(j) for j in facts.jobs if j.priority == priority),
        walk,
    )
