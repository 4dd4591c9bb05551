"""One group's best answer as its members' plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from blocker.domain.interval import Interval
from blocker.domain.plan import Certificate, MemberPlan, Placement, Reason, Unbooked
from blocker.scheduling.certificate import fewest_rivals, rivals, shortage_of
from blocker.scheduling.facts import Job
from blocker.scheduling.problem import Problem, Standing, Work
from blocker.scheduling.release import with_released
from blocker.scheduling.solving import Answer, Effort, Group, solve


def plan_group(problem: Problem, group: Group, effort: Effort) -> list[MemberPlan]:
    """The plans of members that are planned together, in the order of the group's desks."""
    answer = solve(problem, group, effort)
    if problem.may_release and answer.lacking() and not answer.is_cut_short:
        answer = with_released(problem, group, answer, effort)
    return _member_plans(group, answer)


def _member_plans(group: Group, answer: Answer) -> list[MemberPlan]:
    new, back = _placements(group, answer)
    unbooked = _unbooked(group, answer)
    released = answer.released - back
    plans = []
    for index, desk in enumerate(group.desks):
        plans.append(
            MemberPlan(
                member=desk.member,
                new=tuple(new[index]),
                released=tuple(sorted(b.key for b in desk.standing if b.key in released)),
                unbooked=tuple(unbooked[index]),
                proven=answer.proven,
                gap=answer.gap,
                is_cut_short=answer.is_cut_short,
            )
        )
    return plans


def _placements(group: Group, answer: Answer) -> tuple[list[list[Placement]], set[str]]:
    """New placements per desk, and the keys of released blocks that came out where they stood."""
    facts = answer.facts
    places: dict[tuple[str, Interval], Standing] = {}
    for desk in group.desks:
        for block in desk.standing:
            if block.key in answer.released:
                places[block.task, block.interval] = block
    new: list[list[Placement]] = [[] for _ in group.desks]
    back: set[str] = set()
    for index, chunks in answer.schedule.items():
        job = facts.jobs[index]
        for _, start, length in chunks:
            interval = facts.interval(start, length)
            if (job.task, interval) in places:
                back.add(places[job.task, interval].key)
            else:
                new[job.desk].append(Placement(job.task, interval))
    for placements in new:
        placements.sort(key=lambda placement: (placement.interval, placement.task))
    return new, back


def _unbooked(group: Group, answer: Answer) -> list[list[Unbooked]]:
    facts = answer.facts
    places = {desk.member: index for index, desk in enumerate(group.desks)}
    jobs = {job.task: job for job in facts.jobs}
    found: list[list[Unbooked]] = [[] for _ in group.desks]
    for work in group.works:
        if work.task in facts.refused:
            reason = facts.refused[work.task]
            if work.missing:
                found[places[work.member]].append(Unbooked(work.task, work.missing, reason))
        elif work.task in jobs and answer.time(jobs[work.task]) < jobs[work.task].need:
            found[places[work.member]].append(_reasoned(answer, work, jobs[work.task]))
        elif work.is_stuck and work.missing:
            found[places[work.member]].append(
                Unbooked(work.task, work.missing, Reason.AFTER_UNBOOKED)
            )
    return found


def _reasoned(answer: Answer, work: Work, job: Job) -> Unbooked:
    facts = answer.facts
    lacking = {each.index for each in answer.lacking()}
    short = timedelta(seconds=(job.need - answer.time(job)) * facts.unit)
    missing = work.missing if job.is_whole else min(work.missing, short)
    if any(before in lacking for before, _ in job.before):
        return Unbooked(job.task, missing, Reason.AFTER_UNBOOKED)
    others = [
        each.index
        for each in facts.jobs
        if each is not job and (each.index not in lacking or answer.time(each))
    ]
    sum_of = shortage_of(facts, job, others)
    if sum_of:
        return Unbooked(
            job.task,
            missing,
            Reason.NO_ROOM,
            Certificate(sum_of.needed, sum_of.free, sum_of.window),
            tuple(facts.jobs[each].task for each in sum_of.jobs if each != job.index),
        )
    competing: Sequence[int] = ()
    if "tasks" in answer.proven:
        fewest = fewest_rivals(facts, answer.rows, job, others)
        competing = rivals(facts, job, others) if fewest is None else fewest
    return Unbooked(
        job.task,
        missing,
        Reason.NO_ROOM,
        None,
        tuple(facts.jobs[each].task for each in competing),
    )
