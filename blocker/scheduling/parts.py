"""A group with fewer jobs, or with less time for them, as facts of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from blocker.scheduling.facts import Facts, Option, Schedule
from blocker.scheduling.placing import until


def part_of(facts: Facts, jobs: Iterable[int]) -> tuple[Facts, tuple[int, ...]]:
    """The same members with these jobs alone, and the jobs' numbers in the whole.

    What they wait for must be among them.
    """
    chosen = tuple(sorted(jobs))
    number = {job: place for place, job in enumerate(chosen)}
    own = tuple(
        replace(
            facts.jobs[job],
            index=number[job],
            before=tuple((number[before], lag) for before, lag in facts.jobs[job].before),
        )
        for job in chosen
    )
    return replace(facts, jobs=own), chosen


def whole_schedule(part: Schedule, numbers: Mapping[int, int] | Sequence[int]) -> Schedule:
    """A part's schedule in the numbers of the whole."""
    return {numbers[job]: chunks for job, chunks in part.items()}


def in_margin(facts: Facts) -> Facts:
    """The same with no time for a job after its soft due moment."""
    jobs = []
    for job in facts.jobs:
        if job.soft_due is not None:
            in_time = until(facts, job, job.soft_due, job.options)
            job = replace(job, options=tuple(Option(*each) for each in in_time))
        jobs.append(job)
    return replace(facts, jobs=tuple(jobs), alone={})
