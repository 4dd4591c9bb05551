"""A plan made better: a few tasks taken out and put back, as long as that does no harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from blocker.scheduling.draft import AVOIDED, BLOCKS, Draft, Slot
from blocker.scheduling.facts import Facts, Job, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import by_rank, place_all
from blocker.scheduling.kept_breaks import cuts_beside, keeps_breaks
from blocker.scheduling.placing import early, late, tastes_for, tight

MOST_OUT = 5
"""The most tasks that are taken out at once."""

PATIENCE = (1, 20)
"""The patience of the walks to full plans, in turn: which of them gets there is luck."""

MOST_EARLIER = 300
"""So many times at most a job is moved to where it ends earlier."""


def draft_of(facts: Facts, schedule: Schedule) -> Draft:
    """A schedule as a draft, the breaks where it leaves room for them."""
    draft = Draft(facts, cuts_beside(facts, schedule))
    for index in sorted(schedule):
        draft.add(index, schedule[index])
    return draft


def walked(draft: Draft, goals: Goals, rounds: int) -> Draft:
    """A draft at least as good in tasks and blocks.

    What does them no harm is taken even when later wishes suffer: that is the way out of a dead
    end.  Ends when the bounds show that no plan is better.
    """
    walk = _Walk(draft)
    walk.go(rounds, _first_wishes, lambda: goals.are_blocks_met(walk.best.value()))
    return walk.best


def filled(draft: Draft, most_blocks: int, rounds: int, walks: int = 2) -> Draft:
    """A draft with all jobs booked in as few blocks, down to `most_blocks`, as walks come by.

    On the way jobs may be booked in part.  What counts there is how much is booked in sum, less
    the blocks too many: where next to no time is to spare, whole jobs would give a walk nothing to
    climb.  Whether a walk gets there is luck, so several begin at the draft, each of `rounds`.  The
    draft itself is the answer when none finds anything better.
    """
    needed = sum(job.need for job in draft.facts.jobs)
    best = draft
    for number in range(walks):
        found = _filled(draft, most_blocks, rounds, number)
        if found.value() > best.value():
            best = found
        blocks, time = best.size()
        if time == needed and blocks <= most_blocks:
            break
    return best


def _filled(draft: Draft, most_blocks: int, rounds: int, number: int) -> Draft:
    facts = draft.facts
    parts = replace(facts, jobs=tuple(replace(job, is_whole=False) for job in facts.jobs))
    needed = sum(job.need for job in facts.jobs)
    best, walk = draft, _Walk(draft_of(parts, draft.chunks), number)

    def worth(trial: Draft) -> tuple[int, ...]:
        blocks, time = trial.size()
        return (time - max(0, blocks - most_blocks),)

    def keep(trial: Draft) -> None:
        nonlocal best
        if trial.size()[1] == needed:
            found = draft_of(facts, trial.chunks)
            if found.value() > best.value():
                best = found

    def is_done() -> bool:
        blocks, time = best.size()
        return time == needed and blocks <= most_blocks

    walk.go(rounds, worth, is_done, keep, PATIENCE[number % len(PATIENCE)])
    return best


def preferred(draft: Draft, goals: Goals, rounds: int) -> Draft:
    """A draft at least as good, with more time in preferred hours and less in avoided ones."""
    facts = draft.facts
    if not (facts.has_preference or any(job.avoid for job in facts.jobs)):
        return draft
    walk = _Walk(draft, is_any=True)
    walk.go(rounds, _middle_wishes, lambda: goals.are_met(walk.best.value(), walk.best.chunks))
    return walk.best


def _first_wishes(draft: Draft) -> tuple[int, ...]:
    return draft.value()[: BLOCKS + 1]


def _middle_wishes(draft: Draft) -> tuple[int, ...]:
    return draft.value()[: AVOIDED + 1]


class _Walk:
    """A walk from draft to draft; `best` is the best by all wishes among those it came by.

    `is_any`: slots are taken in any order, too, not only in those that mostly make good plans.
    """

    def __init__(self, draft: Draft, number: int = 0, *, is_any: bool = False) -> None:
        self.best = draft
        self._random = Random(number)
        self._tastes = [*tastes_for(draft.facts), early, late, tight]
        self._tastes += [self._any] * is_any

    def go(
        self,
        rounds: int,
        worth: Callable[[Draft], tuple[int, ...]],
        is_done: Callable[[], bool],
        keep: Callable[[Draft], None] | None = None,
        patience: int = 1,
    ) -> None:
        """Walks on while the worth gets no worse than it was `patience` rounds ago (late acceptance
        hill climbing, Burke and Bykov 2017); `keep` looks at each draft that is better."""
        here, value = self.best, worth(self.best)
        before = [value] * patience
        if is_done() or not self.best.facts.jobs:
            return
        for turn in range(rounds):
            trial = self._next(here)
            found = worth(trial)
            least, before[turn % patience] = before[turn % patience], value
            if found < min(value, least):
                continue
            is_better = found > value
            if keep is None:
                is_better = trial.value() > self.best.value()
                if is_better:
                    self.best = trial
            elif is_better:
                keep(trial)
            here, value = trial, found
            if is_better and is_done():
                return

    def _any(self, _facts: Facts, _job: Job, slots: list[Slot]) -> list[Slot]:
        return self._random.sample(slots, len(slots))

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
        """Jobs to take out: one that lacks time with those beside room for it, one with those
        beside it, or any."""
        random, jobs = self._random, draft.facts.jobs
        lacking = [job for job in jobs if job.options and not draft.is_done(job)]
        if lacking and random.random() < 0.6:
            first = random.choice(lacking)
            rooms = [option.piece for option in first.options if draft.has_room(option.piece)]
            near = {random.choice(rooms or [option.piece for option in first.options])}
        elif random.random() < 0.3:
            return random.sample(jobs, min(len(jobs), random.randint(1, MOST_OUT)))
        else:
            first = random.choice(jobs)
            pieces = [piece for piece, *_ in draft.chunks.get(first.index, ())]
            near = {piece + off for piece in pieces for off in (-1, 0, 1)}
        beside = [
            jobs[index]
            for index, chunks in draft.chunks.items()
            if index != first.index and any(chunk[0] in near for chunk in chunks)
        ]
        random.shuffle(beside)
        return [first, *beside[: random.randint(1, MOST_OUT) - 1]]


def earlier(best: Draft, rounds: int) -> Draft:
    """A draft at least as good: each job by rank, then each two that follow each other, placed anew
    where they end earlier."""
    value = best.value()
    ranked = sorted(best.facts.jobs, key=by_rank)
    for turn in range(min(rounds, MOST_EARLIER)):
        out = [ranked[turn]] if turn < len(ranked) else _two_in_turn(best, turn)
        trial = _moved(best, out)
        found = trial.value()
        if found > value and keeps_breaks(trial.facts, trial.chunks):
            best, value = trial, found
    return best


def _two_in_turn(draft: Draft, turn: int) -> list[Job]:
    """Two jobs that follow each other in time, the later one first."""
    in_time = sorted(draft.chunks, key=lambda job: draft.chunks[job][0][1])
    place = turn % max(1, len(in_time) - 1)
    return [draft.facts.jobs[job] for job in in_time[place : place + 2][::-1]]


def _moved(best: Draft, out: Sequence[Job]) -> Draft:
    """A draft with these jobs, and then what waits for them, placed anew and early."""
    draft = best.copy()
    for job in out:
        draft.remove(job.index)
    gone = best.chunks.keys() - draft.chunks.keys() - {job.index for job in out}
    waiting = sorted((best.facts.jobs[job] for job in gone), key=by_rank)
    for job in (*out, *waiting):
        if draft.facts.breaks:
            _place_beside_breaks(draft, job)
        else:
            place_all(draft, [job], early)
    return draft


def _place_beside_breaks(draft: Draft, job: Job) -> None:
    """Places a job early, the breaks moved out of its way where they can be kept elsewhere."""
    facts = draft.facts
    draft.move_breaks({})
    place_all(draft, [job], early)
    if not keeps_breaks(facts, draft.chunks):
        draft.remove(job.index)
        draft.move_breaks(cuts_beside(facts, draft.chunks))
        place_all(draft, [job], early)
    draft.move_breaks(cuts_beside(facts, draft.chunks))


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
