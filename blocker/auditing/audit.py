"""The audit: every rule run over every member, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from blocker.auditing.cases import MemberCase, TaskCase
from blocker.auditing.drift import drifted, kept
from blocker.auditing.evidence import (
    CalendarsRead,
    Evidence,
    Promise,
    finished_at,
    gather,
)
from blocker.auditing.held import Held, held_to
from blocker.auditing.rules import MEMBER_RULES, TASK_RULES
from blocker.auditing.waivers import Waived
from blocker.domain.commitment import Amendment, Commitment
from blocker.domain.finding import (
    AuditReport,
    BlockAudit,
    Finding,
    Left,
    MemberAudit,
    OutcomeAudit,
    TaskAudit,
)
from blocker.domain.interval import Interval, clip, merge
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task

T = TypeVar("T")

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
    commitment: Commitment | None = None
    """What was accepted, with its waivers."""
    amendments: Sequence[Amendment] = ()
    """What changed in this sprint since."""
    tasks: Mapping[str, Task] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Titles of the outcomes that are known and open, by id."""


def audit(question: Question) -> AuditReport:
    """Hold the calendars against the tasks: pure, and without a line of the planner's."""
    commitment = question.commitment
    own = grouped(question.promises, lambda one: one.task.owner)
    evidences = weigh(question.reads, question.promises, question.sprint)
    held = held_to(commitment, question.amendments, question.tasks)
    cases = _cases(question, evidences, held)
    members = [_audit_member(question, case, own.get(case.member.id, ())) for case in cases]
    return AuditReport(
        question.now,
        question.sprint,
        question.state,
        tuple(members),
        _outcomes(members, held.left, question.outcomes),
        question.errors,
        question.orphans,
        (commitment.accepted_at, commitment.accepted_by) if commitment else None,
        held.left,
        commitment.promised - held.promised if commitment else timedelta(),
    )


def _cases(
    question: Question, evidences: Mapping[str, Evidence], held: Held
) -> Iterator[MemberCase]:
    """Each picked member's calendars with all that they are held against."""
    ready = readiness(question, evidences)
    outcomes_exist = bool(question.outcomes) or any(one.task.outcome for one in question.promises)
    accepted = question.commitment
    promised = grouped(held.tasks, lambda one: one.owner)
    left = grouped(held.left, lambda one: one.member)
    sealed = grouped(accepted.findings if accepted else (), lambda one: one.member)
    limits = grouped(question.day_limits.items(), lambda one: one[0][0])
    for read in question.reads:
        name = read.member.id
        if name in question.picked:
            yield MemberCase(
                read,
                evidences[name],
                question.sprint.interval,
                question.sprint.name,
                ready,
                outcomes_exist,
                name in question.names_meetings_of,
                {day: limit for (_, day), limit in limits.get(name, ())},
                {one.id: one for one in promised.get(name, ())},
                Waived(accepted.waivers if accepted else (), sealed.get(name, ())),
                {one.task: one for one in left.get(name, ())},
            )


def grouped(ones: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """In their order, by what the key says."""
    found: dict[str, list[T]] = {}
    for one in ones:
        found.setdefault(key(one), []).append(one)
    return found


def weigh(
    reads: Iterable[CalendarsRead], promises: Sequence[Promise], sprint: Sprint
) -> dict[str, Evidence]:
    """Each member's evidence for the tasks of one sprint, by member id."""
    own = grouped(promises, lambda one: one.task.owner)
    return {
        read.member.id: gather(read, own.get(read.member.id, ()), sprint.interval, sprint.name)
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


def _audit_member(question: Question, case: MemberCase, own: Iterable[Promise]) -> MemberAudit:
    tasks = [_audit_task(question, case, promise) for promise in own]
    owed = [task for task in tasks if task.is_owed]
    findings = [finding for task in tasks for finding in task.findings]
    found = [finding for rule in MEMBER_RULES for finding in rule(case)]
    findings += case.waived.over(found, case.member.id)
    counted = {task.task: task.counted for task in tasks}
    still = [
        kept(one, question.tasks.get(one.id), counted.get(one.id, timedelta()))
        for one in case.promised.values()
    ]
    past = sum((one.kept for one in case.left.values()), timedelta())
    return MemberAudit(
        case.member.id,
        sum((task.estimate for task in owed), timedelta()),
        sum((task.standing for task in owed), timedelta()),
        tuple(tasks),
        tuple(sorted(findings, key=lambda finding: finding.severity.rank)),
        case.read.is_seen,
        sum((one.estimate for one in case.promised.values()), past),
        sum(still, past),
        _busy(case),
    )


def _busy(case: MemberCase) -> tuple[Interval, ...]:
    """The member's other time that is taken, in the sprint."""
    evidence = case.evidence
    others = [*evidence.silent, *(event for event, _ in evidence.ambiguous)]
    others += [event for event, _ in evidence.unplanned]
    spans = [event.interval for event in others if event.is_busy]
    return merge(clip([*spans, *case.member.time_off], case.sprint))


def _audit_task(question: Question, case: MemberCase, promise: Promise) -> TaskAudit:
    task = promise.task
    spoken = case.evidence.by_task.get(task.id, ())
    counted = case.evidence.counted(task.id)
    findings: tuple[Finding, ...] = ()
    if task.is_owed:
        # of a block whose work did not happen nothing is asked any more
        asked = tuple(one for one in spoken if one.event.interval not in promise.missed)
        about = TaskCase(case, promise, asked)
        found = [finding for rule in TASK_RULES for finding in rule(about)]
        if task.id in case.promised:
            found += drifted(TaskCase(case, promise, spoken), case.promised[task.id])
        lacking = max(task.estimate - counted, timedelta())
        findings = case.waived.over(found, case.member.id, counted, lacking)
    blocks = tuple(
        BlockAudit(
            one.event.interval,
            one.minutes,
            one.by,
            one.event.uid,
            one.event.calendar,
            one.event.instance,
        )
        for one in spoken
    )
    return TaskAudit(
        task.id,
        task.title,
        task.outcome,
        task.state,
        task.estimate,
        counted,
        blocks,
        findings,
        case.evidence.stood(task.id, question.now),
    )


def _outcomes(
    members: Iterable[MemberAudit], left: Iterable[Left], titles: Mapping[str, str]
) -> tuple[OutcomeAudit, ...]:
    """The hours of each outcome; one that has none is there, too."""
    sums = {name: OutcomeAudit(name, title=title) for name, title in titles.items()}
    for member in members:
        for task in member.tasks:
            if task.outcome and (task.is_owed or task.stood):
                had = sums.get(task.outcome, OutcomeAudit(task.outcome))
                sums[task.outcome] = replace(
                    had,
                    committed=had.committed + (task.estimate if task.is_owed else timedelta()),
                    on_calendar=had.on_calendar + (task.standing if task.is_owed else timedelta()),
                    stood=had.stood + task.stood,
                )
    for one in left:
        if one.outcome and one.stood:
            had = sums.get(one.outcome, OutcomeAudit(one.outcome))
            sums[one.outcome] = replace(had, stood=had.stood + one.stood)
    return tuple(sums[name] for name in sorted(sums))
