"""Which tasks to book when not all fit: the best set that nothing yet proves impossible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from blocker.scheduling.block_bound import alone, cannot_all_fit, rest_and_room
from blocker.scheduling.bounds import shortage, windows
from blocker.scheduling.draft import PRIORITIES
from blocker.scheduling.facts import Facts, Job
from blocker.scheduling.parts import part_of

MOST_LOOKS = 600_000
"""So many jobs in all the sets that are looked at for one choice: a count, the same everywhere."""

MOST_TIES = 12
"""So many sets worth the same are told apart."""

Jobs = frozenset[int]


@dataclass(frozen=True, slots=True)
class Choice:
    """Jobs to book, and what that is worth: for each priority how many, and their time."""

    jobs: Jobs
    worth: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Of these jobs no more can be booked than weighs `most` together."""

    weights: dict[int, int]
    most: int

    def forbids(self, jobs: Jobs) -> bool:
        return sum(weight for job, weight in self.weights.items() if job in jobs) > self.most


def rows_of(facts: Facts) -> list[Row]:
    """The spans in which not all jobs that must lie there can: their time, or time and rests."""
    found = []
    for desk in range(len(facts.members)):
        for start, end, jobs in windows(facts, desk):
            need, free = shortage(facts, start, end, jobs)
            if need > free:
                found.append(Row({job.index: job.need for job in jobs}, free))
            rest, have = rest_and_room(facts, start, end, jobs)
            weights = {job.index: job.need + rest * alone(facts, job) for job in jobs}
            if sum(weights.values()) > have:
                found.append(Row(weights, have))
    return found


def impossible(jobs: Iterable[int]) -> Row:
    """A row for jobs that a search proved not to fit together."""
    weights = dict.fromkeys(jobs, 1)
    return Row(weights, len(weights) - 1)


def best_choices(facts: Facts, rows: Sequence[Row]) -> list[Choice]:
    """The sets of jobs worth most that break no row; one more than `MOST_TIES` when there are more.

    Every job is booked whole or not at all, and with all that it waits for.  Empty when it takes
    too many looks to know them.
    """
    return _Chooser(facts, rows).run()


class _Chooser:
    """Priority by priority, the most and then the longest jobs; all ties are followed."""

    def __init__(self, facts: Facts, rows: Sequence[Row]) -> None:
        self._facts = facts
        self._rows = rows
        self._of = [[j for j in facts.jobs if j.priority == each] for each in PRIORITIES]
        self._before = [_all_before(facts, job) for job in facts.jobs]
        self._is_linked = any(job.before for job in facts.jobs)
        self._known: dict[Jobs, bool] = {}
        self._looks = 0
        self._best: list[Choice] = []

    def run(self) -> list[Choice]:
        try:
            self._go(0, frozenset(), ())
        except _TooManyError:
            return []
        return self._best

    def _go(self, level: int, chosen: Jobs, worth: tuple[int, ...]) -> None:
        if self._best and worth < self._best[0].worth[: len(worth)]:
            return
        if level == len(PRIORITIES):
            if self._best and worth > self._best[0].worth:
                self._best = []
            if len(self._best) <= MOST_TIES:
                self._best.append(Choice(chosen, worth))
            return
        top = None
        for extra in self._sets(level, chosen):
            here = (len(extra), sum(job.need for job in extra))
            if top is not None and here < top:
                return
            trial = chosen.union(job.index for job in extra)
            if self._is_closed(trial, level) and self._is_possible(trial):
                top = here
                self._go(level + 1, trial, worth + here)

    def _sets(self, level: int, chosen: Jobs) -> Iterator[list[Job]]:
        """The sets of one priority's jobs, those worth most first."""
        jobs = self._of[level]
        forced = {before for job in chosen for before in self._before[job]}
        free = [job for job in jobs if job.index not in forced]
        for left_out in range(len(free) + 1):
            if self._looks + comb(len(free), left_out) > MOST_LOOKS // len(self._facts.jobs):
                raise _TooManyError
            for out in sorted(combinations(free, left_out), key=_time):
                self._looks += 1
                yield [job for job in jobs if job not in out]

    def _is_closed(self, jobs: Jobs, level: int) -> bool:
        """Whether what these wait for is among them, as far as it was chosen or not by now."""
        return all(
            before in jobs or self._facts.jobs[before].priority > PRIORITIES[level]
            for job in jobs
            for before in self._before[job]
        )

    def _is_possible(self, jobs: Jobs) -> bool:
        whole = jobs.union(*(self._before[job] for job in jobs)) if self._is_linked else jobs
        if any(row.forbids(whole) for row in self._rows):
            return False
        if whole not in self._known:
            part, _ = part_of(self._facts, whole)
            self._known[whole] = bool(whole) and cannot_all_fit(part)
        return not self._known[whole]


class _TooManyError(Exception):
    """More sets than are looked at."""


def _time(jobs: Sequence[Job]) -> int:
    return sum(job.need for job in jobs)


def _all_before(facts: Facts, job: Job) -> Jobs:
    """All that a job waits for, however far away."""
    found: set[int] = set()
    todo = [job.index]
    while todo:
        for before, _ in facts.jobs[todo.pop()].before:
            if before not in found:
                found.add(before)
                todo.append(before)
    return frozenset(found)
