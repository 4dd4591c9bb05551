"""A plan made better: a few tasks taken out and put back, as long as that does no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from blocker.scheduling.draft import AVOIDED, BLOCKS, MARGIN, Draft, cuts_beside, tasks_booked
from blocker.scheduling.facts import Facts, Job, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import by_rank, early, late, place_all, tastes_for, tight

MOST_OUT = 5
"""The most tasks that are taken out at once."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often it is tried: for tasks and blocks, for preferred hours, for early ends."""

    blocks: int
    preferred: int
    early: int


def draft_of(facts: Facts, schedule: Schedule) -> Draft:
    """A schedule as a draft, the breaks where it leaves room for them."""
    draft = Draft(facts, cuts_beside(facts, schedule))
    for index in sorted(schedule):
        draft.add(index, schedule[index])
    return draft


def bettered(draft: Draft, goals: Goals, rounds: Rounds) -> Draft:
    """A draft at least as good, wish after wish.  Deterministic.

    Tasks and blocks come first: what does them no harm is taken even when later wishes suffer,
    since that is the way out of a dead end.  Each phase ends when its goal is met.
    """
    if not draft.facts.jobs:
        return draft
    walk = _Walk(draft, Random(len(draft.facts.jobs)))
    walk.go(rounds.blocks, BLOCKS + 1, lambda best: goals.are_blocks_met(best.value()))
    if draft.facts.has_preference or any(job.avoid for job in draft.facts.jobs):
        walk.go(
            rounds.preferred, AVOIDED + 1, lambda best: goals.are_met(best.value(), best.chunks)
        )
    return _earlier(walk.best, rounds.early)


def bettered_until_full(draft: Draft, rounds: Rounds) -> Draft:
    """A draft with as much booked as `rounds` of the first phase find; ends when all is."""
    jobs = len(draft.facts.jobs)
    walk = _Walk(draft, Random(jobs))
    walk.go(rounds.blocks, MARGIN, lambda best: tasks_booked(best.value()) == jobs)
    return walk.best


class _Walk:
    """A walk from draft to draft; `best` is the best by all wishes among those it came by."""

    def __init__(self, draft: Draft, random: Random) -> None:
        self.best = draft
        self._random = random
        self._tastes = [*tastes_for(draft.facts), early, late, tight]

    def go(self, rounds: int, wishes: int, is_done: Callable[[Draft], bool]) -> None:
        """Walks on while the first `wishes` numbers of the value do not get worse."""
        here, value = self.best, self.best.value()
        for _ in range(rounds):
            if is_done(self.best):
                return
            trial = self._next(here)
            found = trial.value()
            if found[:wishes] >= value[:wishes]:
                here, value = trial, found
                if found > self.best.value():
                    self.best = trial

    def _next(self, here: Draft) -> Draft:
        random, facts = self._random, here.facts
        draft = here.copy()
        if facts.breaks and random.random() < 0.25:
            draft.move_breaks(_other_breaks(facts, random))
            _clear(draft)
        for job in self._chosen(draft):
            draft.remove(job.index)
        missing = [job for job in facts.jobs if job.index not in draft.chunks]
        if random.random() < 0.25:
            missing.sort(key=by_rank)
        else:
            random.shuffle(missing)
        place_all(draft, missing, random.choice(self._tastes))
        return draft

    def _chosen(self, draft: Draft) -> list[Job]:
        """Jobs to take out: mostly one with those beside it, sometimes any."""
        random, jobs = self._random, draft.facts.jobs
        number = min(len(jobs), random.randint(1, MOST_OUT))
        if random.random() < 0.3:
            return random.sample(jobs, number)
        first = random.choice(jobs)
        near = {
            piece + off for piece, *_ in draft.chunks.get(first.index, ()) for off in (-1, 0, 1)
        }
        beside = [
            jobs[index]
            for index, chunks in draft.chunks.items()
            if index != first.index and any(chunk[0] in near for chunk in chunks)
        ]
        random.shuffle(beside)
        return [first, *beside[: number - 1]]


def _earlier(best: Draft, rounds: int) -> Draft:
    """Each job, the most important first, moved to where it ends earlier."""
    value = best.value()
    ranked = sorted(best.facts.jobs, key=by_rank)
    for turn in range(rounds):
        draft = best.copy()
        draft.remove(ranked[turn % len(ranked)].index)
        missing = [job for job in ranked if job.index not in draft.chunks]
        place_all(draft, missing, early)
        found = draft.value()
        if found > value:
            best, value = draft, found
    return best


def _other_breaks(facts: Facts, random: Random) -> dict[int, list[tuple[int, int]]]:
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
