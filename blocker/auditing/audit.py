"""The audit: every rule run over every member, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from blocker.auditing.cases import MemberCase, TaskCase
from blocker.auditing.evidence import CalendarsRead, Evidence, Promise, finished_at, gather
from blocker.auditing.rules import MEMBER_RULES, TASK_RULES
from blocker.domain.finding import (
    AuditReport,
    BlockAudit,
    Finding,
    MemberAudit,
    OutcomeAudit,
    TaskAudit,
)
from blocker.domain.sprint import Sprint, SprintState

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When a done or dropped task was ready, as far as its followers care."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an audit is asked.

    `reads` are the calendars of the members in question and of the owners of tasks they wait for;
    `picked` are the members to report on.  `promises` are this sprint's tasks, `elsewhere` those of
    other sprints that some of these wait for, `never` the ids of tasks nobody will have finished
    (backlog, later sprints).  `names_meetings_of`: members whose meetings may be shown by title.
    `day_limits` are those raised once, by member id and local day.
    """

    now: datetime
    sprint: Sprint
    state: SprintState
    reads: Sequence[CalendarsRead]
    picked: frozenset[str]
    promises: Sequence[Promise]
    elsewhere: Sequence[Promise] = ()
    never: frozenset[str] = frozenset()
    names_meetings_of: frozenset[str] = frozenset()
    errors: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    unsure: frozenset[str] = frozenset()
    """Members of whom a calendar could not be reached: nothing is concluded for those who wait."""
    day_limits: Mapping[tuple[str, date], timedelta] = field(default_factory=dict)


def audit(question: Question) -> AuditReport:
    """Hold the calendars against the tasks: pure, and without a line of the planner's."""
    evidences = weigh(question.reads, question.promises, question.sprint)
    ready = readiness(question, evidences)
    outcomes_exist = any(promise.task.outcome for promise in question.promises)
    span = question.sprint.interval
    members = []
    for read in question.reads:
        if read.member.id in question.picked:
            case = MemberCase(
                read,
                evidences[read.member.id],
                span,
                question.sprint.name,
                ready,
                outcomes_exist,
                read.member.id in question.names_meetings_of,
                {
                    day: limit
                    for (member, day), limit in question.day_limits.items()
                    if member == read.member.id
                },
            )
            own = [one for one in question.promises if one.task.owner == read.member.id]
            members.append(_audit_member(case, own))
    return AuditReport(
        question.now,
        question.sprint,
        question.state,
        tuple(members),
        _outcomes(members),
        question.errors,
        question.orphans,
    )


def weigh(
    reads: Iterable[CalendarsRead], promises: Sequence[Promise], sprint: Sprint
) -> dict[str, Evidence]:
    """Each member's evidence for the tasks of one sprint, by member id."""
    return {
        read.member.id: gather(
            read,
            [promise for promise in promises if promise.task.owner == read.member.id],
            sprint.interval,
            sprint.name,
        )
        for read in reads
    }


def readiness(question: Question, evidences: Mapping[str, Evidence]) -> dict[str, datetime | None]:
    """For each task whose owner's calendars were read, when it has all its time; None for never."""
    ready: dict[str, datetime | None] = dict.fromkeys(question.never)
    for promise in question.promises:
        if promise.task.owner in evidences and promise.task.owner not in question.unsure:
            ready[promise.task.id] = _ready_at(promise, evidences[promise.task.owner])
    reads = {
        read.member.id: read for read in question.reads if read.member.id not in question.unsure
    }
    for promise in question.elsewhere:
        read = reads.get(promise.task.owner)
        if not promise.task.is_owed:
            ready[promise.task.id] = LONG_AGO
        elif read is not None:
            there = gather(read, [promise], promise.sprint, promise.sprint_name)
            ready[promise.task.id] = _ready_at(promise, there)
    return ready


def _ready_at(promise: Promise, evidence: Evidence) -> datetime | None:
    if not promise.task.is_owed:
        return LONG_AGO
    spoken = evidence.by_task.get(promise.task.id, ())
    return finished_at((piece for one in spoken for piece in one.counted), promise.task.estimate)


def _audit_member(case: MemberCase, promises: Iterable[Promise]) -> MemberAudit:
    tasks = [_audit_task(case, promise) for promise in promises]
    owed = [task for task in tasks if task.is_owed]
    findings = [finding for task in tasks for finding in task.findings]
    findings += [finding for rule in MEMBER_RULES for finding in rule(case)]
    return MemberAudit(
        case.member.id,
        sum((task.estimate for task in owed), timedelta()),
        sum((task.standing for task in owed), timedelta()),
        tuple(tasks),
        tuple(sorted(findings, key=lambda finding: finding.severity.rank)),
        case.read.is_seen,
    )


def _audit_task(case: MemberCase, promise: Promise) -> TaskAudit:
    task = promise.task
    spoken = case.evidence.by_task.get(task.id, ())
    findings: list[Finding] = []
    if task.is_owed:
        about = TaskCase(case, promise, spoken)
        findings = [finding for rule in TASK_RULES for finding in rule(about)]
    blocks = tuple(
        BlockAudit(one.event.interval, one.minutes, one.by, one.event.uid, one.event.calendar)
        for one in spoken
    )
    counted = case.evidence.counted(task.id)
    return TaskAudit(
        task.id,
        task.title,
        task.outcome,
        task.state,
        task.estimate,
        counted,
        blocks,
        tuple(findings),
    )


def _outcomes(members: Iterable[MemberAudit]) -> tuple[OutcomeAudit, ...]:
    sums: dict[str, tuple[timedelta, timedelta]] = {}
    for member in members:
        for task in member.tasks:
            if task.is_owed and task.outcome:
                committed, standing = sums.get(task.outcome, (timedelta(), timedelta()))
                sums[task.outcome] = (committed + task.estimate, standing + task.standing)
    return tuple(OutcomeAudit(name, *sums[name]) for name in sorted(sums))
