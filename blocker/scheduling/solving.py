"""One group's answer: quick where bounds prove it, searched where they do not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from blocker.scheduling.bounds import fewest_blocks
from blocker.scheduling.draft import BLOCKS, MARGIN, tasks_booked, wishes
from blocker.scheduling.engine import Limits
from blocker.scheduling.exact import Outcome, Search
from blocker.scheduling.facts import Facts, Job, Schedule
from blocker.scheduling.greedy import is_perfect, quick_plan
from blocker.scheduling.one_at_a_time import one_at_a_time
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.reading import facts_of

WISHES = ("tasks", "blocks", "preferred")


class Effort(StrEnum):
    """How hard the planner tries; limits count work, not time, so answers never depend on speed."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


_ROUNDS = {Effort.QUICK: 40, Effort.NORMAL: 150, Effort.THOROUGH: 1500}
LIMITS = {
    Effort.QUICK: Limits(0.0, 0.0, 0, 0),
    Effort.NORMAL: Limits(total=10.0, wish=0.9, rounds=5, pairs=6_000),
    Effort.THOROUGH: Limits(total=120.0, wish=20.0, rounds=8, pairs=20_000),
}


OWN_SHARE = 0.2
"""The share of the limit that one member's turn gets."""


FULL_SHARE = 0.5
"""The share of the limit that is left for the whole group when one at a time booked everything."""


@dataclass(frozen=True, slots=True)
class Group:
    """Members joined by tasks that wait for each other, and all their works, sorted by id."""

    desks: tuple[Desk, ...]
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A group's schedule in the facts it was found for, and what is proven of it."""

    facts: Facts
    schedule: Schedule
    proven: tuple[str, ...]
    gap: float
    released: frozenset[str] = frozenset()

    def lacking(self) -> list[Job]:
        """Jobs without all their time."""
        return [job for job in self.facts.jobs if self.time(job) < job.need]

    def time(self, job: Job) -> int:
        return sum(length for _, _, length in self.schedule.get(job.index, ()))


def groups(problem: Problem) -> list[Group]:
    """Members joined by dependencies between works, the others each alone."""
    owner = {work.task: work.member for work in problem.works}
    root = {desk.member: desk.member for desk in problem.desks}

    def find(member: str) -> str:
        while root[member] != member:
            member = root[member]
        return member

    for work in problem.works:
        for wait in work.after:
            if wait.ready is None and wait.task in owner:
                a, b = sorted((find(work.member), find(owner[wait.task])))
                root[b] = a
    desks: dict[str, list[Desk]] = {}
    for desk in sorted(problem.desks, key=lambda desk: desk.member):
        desks.setdefault(find(desk.member), []).append(_sorted(desk))
    works: dict[str, list[Work]] = {head: [] for head in desks}
    for work in sorted(problem.works, key=lambda work: work.task):
        works[find(work.member)].append(work)
    return [Group(tuple(desks[head]), tuple(works[head])) for head in sorted(desks)]


def _sorted(desk: Desk) -> Desk:
    standing = sorted(desk.standing, key=lambda block: (block.interval, block.task, block.key))
    return replace(desk, busy=tuple(sorted(desk.busy)), standing=tuple(standing))


def solve(
    problem: Problem, group: Group, effort: Effort, released: frozenset[str] = frozenset()
) -> Answer:
    """The best schedule for one group with these standing blocks out of the way."""
    return solve_facts(facts_of(problem, group.desks, group.works, released), effort, released)


def solve_facts(
    facts: Facts,
    effort: Effort,
    released: frozenset[str] = frozenset(),
    limits: Limits | None = None,
) -> Answer:
    """The best schedule for a group's facts: first quick, then searched where nothing proves it.

    Several members are first planned one at a time; `limits` are the effort's unless given.
    """
    if not facts.jobs:
        return Answer(facts, {}, WISHES, 0.0, released)
    draft = quick_plan(facts, _rounds(facts, effort))
    if is_perfect(draft):
        return Answer(facts, draft.chunks, WISHES, 0.0, released)
    limits = limits or LIMITS[effort]
    pairs = sum(len(job.options) for job in facts.jobs)
    if not 0 < pairs <= limits.pairs:
        return _unsearched(facts, draft.chunks, released)
    start = dict(draft.chunks)
    if len({job.desk for job in facts.jobs}) > 1:
        own = replace(limits, total=limits.total * OWN_SHARE)
        part = partial(_schedule_of, effort=effort, limits=own)
        start = dict(one_at_a_time(facts, start, part))
        if tasks_booked(wishes(facts, start)) == len(facts.jobs):
            limits = replace(limits, total=limits.total * FULL_SHARE)
    outcome = Search(facts, start, limits).run()
    packed = quick_plan(facts, min(3 * len(facts.jobs), 90), start=outcome.schedule)
    return Answer(facts, packed.chunks, *_proof(outcome), released)


def _schedule_of(part: Facts, effort: Effort, limits: Limits) -> Schedule:
    return solve_facts(part, effort, limits=limits).schedule


def _rounds(facts: Facts, effort: Effort) -> int:
    """Fewer repairs where each costs more."""
    return max(2, min(_ROUNDS[effort], 3000 // (len(facts.jobs) + 1)))


def _unsearched(facts: Facts, schedule: Schedule, released: frozenset[str]) -> Answer:
    value = wishes(facts, schedule)
    jobs = len(facts.jobs)
    if tasks_booked(value) == jobs and value[MARGIN] == jobs:
        count, least = -value[BLOCKS], fewest_blocks(facts)
        if count > least:
            return Answer(facts, schedule, ("tasks",), (count - least) / max(1, count), released)
        return Answer(facts, schedule, WISHES[:2], 0.0, released)
    booked = tasks_booked(value)
    return Answer(facts, schedule, (), (jobs - booked) / max(1, booked), released)


def _proof(outcome: Outcome) -> tuple[tuple[str, ...], float]:
    proven: list[str] = []
    for name, (value, bound, is_proven) in zip(
        WISHES, (outcome.tasks, outcome.blocks, outcome.preferred), strict=True
    ):
        if not is_proven:
            return tuple(proven), abs(bound - value) / max(1, abs(value))
        proven.append(name)
    return tuple(proven), 0.0
