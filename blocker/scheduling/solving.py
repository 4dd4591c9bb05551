"""One group's answer: quick where bounds prove it, searched where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from blocker.scheduling.choice import Row
from blocker.scheduling.draft import BLOCKS, MARGIN, PRIORITIES, Draft, tasks_booked, wishes
from blocker.scheduling.facts import Facts, Job, Schedule
from blocker.scheduling.goals import Goals
from blocker.scheduling.greedy import best_start
from blocker.scheduling.linear import NONE
from blocker.scheduling.local_search import draft_of, earlier, filled, preferred, walked
from blocker.scheduling.parts import in_margin, part_of, whole_schedule
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.reading import facts_of
from blocker.scheduling.searching import SHORT, Limits, fits, is_asked, searched
from blocker.scheduling.tasks_search import book_most

WISHES = ("tasks", "blocks", "preferred")


class Effort(StrEnum):
    """How hard the planner tries; limits count work, not time, so answers never depend on speed."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Budget:
    """What an effort allows.

    `starts`: plans made from nothing.  `rounds`: how often a walk goes on, times the number of
    jobs, since each round costs more where there are more; at most `most`.  `early`: how often each
    job is moved to where it ends earlier.  `looks`, `pairs` and `work`: see `Limits`.
    """

    starts: int
    rounds: int
    most: int
    early: int
    looks: int
    pairs: int
    work: int

    def limits(self, jobs: int) -> Limits:
        rounds = max(FEWEST_ROUNDS, min(self.most, self.rounds // max(1, jobs)))
        return Limits(self.looks, self.pairs, rounds, self.work)


BUDGETS = {
    Effort.QUICK: Budget(2, 200, 100, 0, 0, 0, 0),
    Effort.NORMAL: Budget(15, 300_000, 4_000, 2, 20, 4_000, 1_500_000),
    Effort.THOROUGH: Budget(15, 3_000_000, 100_000, 4, 2_000, 20_000, 30_000_000),
}
FEWEST_ROUNDS = 8

FIRST = 10
"""The first walks are so much shorter: what they find is mostly the best, and then soon proven."""


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
    rows: tuple[Row, ...] = ()
    """What is proven impossible together; only where `tasks` is proven."""
    is_cut_short: bool = False
    """Somebody interrupted the search; this is the best that it had."""

    def lacking(self) -> list[Job]:
        """Jobs without all their time."""
        return [job for job in self.facts.jobs if self.time(job) < job.need]

    def time(self, job: Job) -> int:
        return sum(length for _, _, length in self.schedule.get(job.index, ()))


Searched = tuple[Schedule, tuple[str, ...], float]
"""A schedule, and a proof about it."""

Proof = tuple[tuple[str, ...], float]
"""The wishes proven, and the gap at the first that is not."""


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


def solve_facts(facts: Facts, effort: Effort, released: frozenset[str] = frozenset()) -> Answer:
    """The best schedule for a group's facts: first quick, then searched where nothing proves it.

    Interrupted after the first quick plan, it gives the best so far with what is proven of that.
    """
    if not facts.jobs:
        return Answer(facts, {}, WISHES, 0.0, released)
    goals = Goals(facts, is_quick=effort is Effort.QUICK)
    found = [best_start(facts, goals, BUDGETS[effort].starts)]
    try:
        proven, gap = _search(goals, effort, found)
        return Answer(facts, found[-1].chunks, proven, gap, released, _rows(goals, found[-1]))
    except KeyboardInterrupt:
        proven, gap = _quick_proof(goals, found[-1])
        return Answer(facts, found[-1].chunks, proven, gap, released, _rows(goals, found[-1]), True)


def _search(goals: Goals, effort: Effort, found: list[Draft]) -> Proof:
    """Puts better and better drafts into `found`, and says what is proven of the last."""
    facts, budget = goals.facts, BUDGETS[effort]
    jobs = len(facts.jobs)
    limits = budget.limits(jobs)
    is_searched = is_asked(facts, limits)
    if not (is_searched and facts.is_plain and all(job.is_whole for job in facts.jobs)):
        found.append(walked(found[-1], goals, limits.rounds // FIRST))
    if goals.are_blocks_met(found[-1].value()):
        found.append(preferred(found[-1], goals, limits.rounds // FIRST))
    if goals.are_met(found[-1].value(), found[-1].chunks):
        found.append(earlier(found[-1], budget.early * jobs))
        return WISHES, 0.0
    if not is_searched:
        found.append(earlier(found[-1], budget.early * jobs))
        return _quick_proof(goals, found[-1])
    draft, is_sure = book_most(found[-1], goals, limits)
    found.append(draft)
    if _is_set(facts, draft):
        schedule, proven, gap = _searched_whole(draft, goals, is_sure, limits)
    else:
        schedule, proven, gap = _searched_in_parts(draft, goals, limits)
    found.append(draft_of(facts, schedule))
    found.append(earlier(found[-1], budget.early * jobs))
    return proven, gap


def _rows(goals: Goals, draft: Draft) -> tuple[Row, ...]:
    is_full = tasks_booked(draft.value()) == len(goals.facts.jobs)
    return () if is_full or goals.is_quick else goals.rows


def _is_set(facts: Facts, draft: Draft) -> bool:
    """Whether a draft books a set of jobs whole, so that only their blocks are in question."""
    return all(job.is_whole for job in facts.jobs) or tasks_booked(draft.value()) == len(facts.jobs)


def _searched_whole(draft: Draft, goals: Goals, is_sure: bool, limits: Limits) -> Searched:
    """The booked jobs alone, all of them: their blocks and preferred hours."""
    part, numbers = part_of(draft.facts, draft.chunks)
    if not part.jobs:
        return {}, *_proof_of(goals, draft.value(), is_sure, (WISHES, 0.0))
    place = {job: number for number, job in enumerate(numbers)}
    own = Goals(part)
    found = draft_of(part, whole_schedule(draft.chunks, place))
    found = _in_fewer_blocks(found, own, limits)
    found = preferred(found, own, limits.rounds // FIRST)
    found, proven = searched(found, own, limits)
    schedule = whole_schedule(found.chunks, numbers)
    proof = _proof(proven, own, found)
    return schedule, *_proof_of(goals, wishes(draft.facts, schedule), is_sure, proof)


def _in_fewer_blocks(draft: Draft, goals: Goals, limits: Limits) -> Draft:
    """All jobs of a draft in fewer blocks, as far as it is found; the bound grows on the way."""
    facts = draft.facts
    if goals.are_blocks_met(draft.value()) or not is_asked(facts, limits):
        return draft
    if any(job.soft_due is not None for job in facts.jobs):
        draft = _in_margin(draft, goals, limits)
    if draft.value()[MARGIN] == len(facts.jobs):
        draft = _from_below(draft, goals, limits)
        if -draft.value()[BLOCKS] > goals.blocks and not facts.is_plain:
            draft = filled(draft, goals.blocks, limits.rounds // SHORT, 1)
    return draft


def _in_margin(draft: Draft, goals: Goals, limits: Limits) -> Draft:
    """With more jobs over by their soft due moment."""
    if draft.value()[MARGIN] < len(draft.facts.jobs):
        _, found = fits(in_margin(draft.facts), limits)
        if found is not None:
            return draft_of(draft.facts, found)
    return walked(draft, goals, limits.rounds)


def _from_below(draft: Draft, goals: Goals, limits: Limits) -> Draft:
    """With as few blocks as a search finds, from the bound upwards.

    Every best plan has all jobs in their margin, as the draft has.
    """
    facts = in_margin(draft.facts)
    for blocks in range(goals.blocks, -draft.value()[BLOCKS]):
        answer, found = fits(facts, limits.short(), blocks)
        if found is not None:
            return draft_of(draft.facts, found)
        if answer == NONE and blocks == goals.blocks:
            goals.learn_blocks(blocks + 1)
    return draft


def _searched_in_parts(draft: Draft, goals: Goals, limits: Limits) -> Searched:
    """All jobs, those that take what fits among them: what is booked of each is in question too."""
    found, proven = searched(draft, goals, limits)
    return found.chunks, *_proof(proven, goals, found)


def _proof_of(goals: Goals, value: tuple[int, ...], is_sure: bool, proof: Proof) -> Proof:
    """What is proven of all jobs, when `proof` is of those that are booked."""
    if not is_sure:
        booked = tasks_booked(value)
        most = sum(goals.choices[0].worth[::2]) if goals.choices else len(goals.facts.jobs)
        return (), max(1, most - booked) / max(1, booked)
    if len(goals.choices) <= 1:
        return proof
    # other tasks, worth the same, might take fewer blocks or more preferred hours
    count = -value[BLOCKS]
    if count > goals.blocks or value[MARGIN] < tasks_booked(value):
        return WISHES[:1], max(0, count - goals.blocks) / max(1, count)
    proven, gap = proof
    return proven[:2] if goals.facts.has_preference else proven, gap


def _quick_proof(goals: Goals, draft: Draft) -> Proof:
    """What bounds alone prove of a draft."""
    value = draft.value()
    if not goals.are_tasks_met(value):
        return _proof_of(goals, value, False, ((), 0.0))
    if not goals.are_blocks_met(value):
        count = -value[BLOCKS]
        return WISHES[:1], max(0, count - goals.blocks) / max(1, count)
    return WISHES[:2], goals.preference_gap(value, draft.chunks)


def _proof(proven: Sequence[str], goals: Goals, draft: Draft) -> Proof:
    """The wishes proven, as they are told, and the gap at the first that is not."""
    value, jobs = draft.value(), len(draft.facts.jobs)
    has_tasks = tasks_booked(value) == jobs or f"tasks{PRIORITIES[-1]}" in proven
    has_margin = value[MARGIN] == tasks_booked(value) or "margin" in proven
    if not has_tasks or not has_margin:
        reached = value[MARGIN] if has_tasks else tasks_booked(value)
        return (), (jobs - reached) / max(1, reached)
    if "blocks" not in proven:
        count = -value[BLOCKS]
        least = goals.blocks if tasks_booked(value) == jobs else 0
        return WISHES[:1], max(0, count - least) / max(1, count)
    if draft.facts.has_preference and "preferred" not in proven:
        return WISHES[:2], goals.preference_gap(value, draft.chunks)
    return WISHES, 0.0
