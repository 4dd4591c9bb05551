"""A plan at once: the jobs placed one after another, in many orders and by many tastes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from blocker.scheduling.draft import Draft
from blocker.scheduling.facts import Facts, Job
from blocker.scheduling.goals import Goals
from blocker.scheduling.kept_breaks import cuts_beside
from blocker.scheduling.placing import Taste, place, tastes_for

Order = Callable[[Job], tuple[int, ...]]


def by_rank(job: Job) -> tuple[int, ...]:
    return (job.priority, job.due, -job.need)


ORDERS: tuple[Order, ...] = (
    lambda job: (job.due - job.release - job.need, job.priority),
    by_rank,
    lambda job: (job.due, job.priority, -job.need),
    lambda job: (job.priority, sum(o.end - o.start for o in job.options) - job.need),
    lambda job: (-job.need, job.due),
)


def by_size(job: Job) -> tuple[int, ...]:
    return (job.priority, job.need, job.due)


def best_start(facts: Facts, goals: Goals, most: int) -> Draft:
    """The best of at most `most` ways to place the jobs one after another.

    Ends early when the bounds prove that only the order of ends could be better.
    """
    best = None
    for taste, order in islice(_ways(facts), most):
        draft = Draft(facts, cuts_beside(facts, {}))
        place_all(draft, sorted(facts.jobs, key=order), taste)
        if best is None or draft.value() > best.value():
            best = draft
            if goals.are_met(best.value(), best.chunks):
                break
    assert best is not None
    return best


def _ways(facts: Facts) -> Iterator[tuple[Taste, Order]]:
    """Every taste with every order, those first that are right most often: where there is too much
    to do, small jobs first are the most."""
    room = sum(piece.end - piece.start for piece in facts.pieces)
    is_overfull = sum(job.need for job in facts.jobs) > room
    for order in (by_size, *ORDERS) if is_overfull else ORDERS:
        for taste in tastes_for(facts):
            yield taste, order


def place_all(draft: Draft, jobs: Iterable[Job], taste: Taste) -> None:
    """Places jobs in this order, each after the jobs it waits for; each is tried once."""
    every = draft.facts.jobs
    tried: set[int] = set()
    for job in jobs:
        waiting = [job]
        while waiting:
            last = waiting[-1]
            missing = [
                every[before]
                for before, _ in last.before
                if before not in draft.chunks and before not in tried
            ]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if last.index not in draft.chunks and last.index not in tried:
                tried.add(last.index)
                release = draft.release(last)
                chunks = [] if release is None else place(draft, last, release, taste)
                if chunks:
                    draft.add(last.index, chunks)
