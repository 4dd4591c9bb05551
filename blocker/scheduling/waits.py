"""What waits for what at one desk, over others too, and how much time lies between at least."""

from __future__ import annotations

from collections.abc import Sequence

from blocker.scheduling.facts import Facts

Gaps = dict[int, int]
"""For each job the time from its end to the start of another at least, in units."""


class Waits:
    """For each of a desk's jobs those `ahead`, which it waits for, and those `behind`, which wait.

    With each comes the least time between: lags, and what jobs in between need.
    """

    def __init__(self, facts: Facts, jobs: Sequence[int]) -> None:
        self._facts = facts
        self._gaps: dict[int, Gaps] = {}
        here = set(jobs)
        self.ahead: dict[int, list[tuple[int, int]]] = {}
        self.behind: dict[int, list[tuple[int, int]]] = {}
        for job in jobs:
            for other, gap in sorted(self._gaps_before(job).items()):
                if other in here:
                    self.ahead.setdefault(job, []).append((other, gap))
                    self.behind.setdefault(other, []).append((job, gap))
        self.linked = self.ahead.keys() | self.behind.keys()

    def _gaps_before(self, job: int) -> Gaps:
        if job not in self._gaps:
            found: Gaps = {}
            for before, lag in self._facts.jobs[job].before:
                found[before] = max(lag, found.get(before, 0))
                between = lag + self._facts.jobs[before].need
                for other, gap in self._gaps_before(before).items():
                    found[other] = max(gap + between, found.get(other, 0))
            self._gaps[job] = found
        return self._gaps[job]
