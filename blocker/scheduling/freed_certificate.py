"""The proof that a task does not fit, whatever movable blocks were moved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from blocker.domain.plan import Certificate, Reason, Unbooked
from blocker.scheduling.certificate import shortage_of
from blocker.scheduling.changed import desk_of, work_of
from blocker.scheduling.problem import Problem
from blocker.scheduling.reading import facts_of


def with_freed_certificate(problem: Problem, lack: Unbooked, lacking: Collection[str]) -> Unbooked:
    """The task left out with the sum it shares with what stands and could move.

    `problem` is the question with everything standing (`as_booked`).  A plan that leaves blocks
    where they stand can only say that they leave too little room; this names the tasks they are of.
    Unchanged where no sum shows it.
    """
    if lack.reason is not Reason.NO_ROOM or not problem.may_release:
        return lack
    desk = desk_of(problem, work_of(problem, lack.task).member)
    movable = frozenset(one.key for one in desk.standing if one.is_movable)
    out = set(lacking) - {lack.task}
    works = [one for one in problem.works if one.member == desk.member and one.task not in out]
    facts = facts_of(problem, [desk], sorted(works, key=lambda one: one.task), movable)
    job = next((one for one in facts.jobs if one.task == lack.task), None)
    if job is None or not movable:
        return lack
    others = [one.index for one in facts.jobs if one.index != job.index]
    found = shortage_of(facts, job, others)
    if found is None:
        return lack
    return replace(
        lack,
        certificate=Certificate(found.needed, found.free, found.window),
        competing=tuple(facts.jobs[one].task for one in found.jobs if one != job.index),
    )
