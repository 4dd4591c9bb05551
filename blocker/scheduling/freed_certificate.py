"""The proof that a task does not fit, whatever movable blocks were moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from blocker.domain.plan import Certificate, Reason, Unbooked
from blocker.scheduling.certificate import Shortage, shortage_of
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.facts import Facts
from blocker.scheduling.problem import Desk, Problem
from blocker.scheduling.reading import facts_of


def with_freed_certificates(
    problem: Problem, lacks: Iterable[Unbooked], lacking: Collection[str]
) -> dict[str, Unbooked]:
    """Tasks left out with the sums they share with what stands and could move, by their ids.

    `problem` is the question with everything standing (`as_booked`); `lacking` are all that lack
    time.  A plan that leaves blocks where they stand can only say that they leave too little room;
    this names the tasks they are of.  Unchanged where no sum shows it.
    """
    found = {lack.task: lack for lack in lacks}
    asked: dict[str, set[str]] = {}
    for lack in found.values():
        if lack.reason is Reason.NO_ROOM and problem.may_release:
            asked.setdefault(work_of(problem, lack.task).member, set()).add(lack.task)
    for member, tasks in asked.items():
        for task, facts, sum_of in _shortages(problem, desk_of(problem, member), tasks, lacking):
            names = tuple(facts.jobs[each].task for each in sum_of.jobs)
            found[task] = replace(
                found[task],
                certificate=Certificate(sum_of.needed, sum_of.free, sum_of.window),
                competing=tuple(name for name in names if name != task),
            )
    return found


def _shortages(
    problem: Problem, desk: Desk, tasks: Collection[str], lacking: Collection[str]
) -> Iterator[tuple[str, Facts, Shortage]]:
    """Those of a member's tasks left out that a sum rules out beside what the member has booked."""
    movable = frozenset(one.key for one in desk.standing if one.is_movable)
    if not movable:
        return
    works = [one for one in problem.works if one.member == desk.member]
    works = [one for one in works if one.task in tasks or one.task not in lacking]
    facts = facts_of(problem, [desk], sorted(works, key=lambda one: one.task), movable)
    booked = [job.index for job in facts.jobs if job.task not in tasks]
    for job in facts.jobs:
        if job.task in tasks:
            sum_of = shortage_of(facts, job, booked)
            if sum_of is not None:
                yield job.task, facts, sum_of
