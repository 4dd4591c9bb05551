"""Where a sprint stands at this moment: who works on what, what comes next, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blocker.domain.closing import Closing
from blocker.domain.commitment import Amendment, Completion, Waiver
from blocker.domain.finding import AuditReport, Code, Finding, MemberAudit, Severity, TaskAudit
from blocker.domain.interval import Interval
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import TaskState

DRIFT = (Code.MOVED, Code.SHRUNK, Code.STRETCHED, Code.DELETED)
"""How a calendar may differ from what was accepted."""


@dataclass(frozen=True, slots=True)
class Work:
    """A block of an open task, as it stands in a calendar now."""

    task: str
    title: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Present:
    """What a member does now; `busy_until` is the end of other time that is taken, if it is.

    `is_away`: that time is time off.
    """

    works: tuple[Work, ...] = ()
    busy_until: datetime | None = None
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What runs made of a member's blocks, each block counted once, by who ran them."""

    by: str | None
    created: int = 0
    moved: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What changed for a member since a moment.

    `accepted` is when and by whom the sprint was accepted.  `finished` are tasks that no Amendment
    tells of.  `drift` is what differs now from what was accepted, or what is wrong, and was not
    written by any run; of some of it nobody knows since when.
    """

    since: datetime
    accepted: tuple[datetime, str] | None = None
    waivers: tuple[Waiver, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    finished: tuple[Completion, ...] = ()
    written: tuple[Written, ...] = ()
    drift: tuple[Finding, ...] = ()


class StepKind(StrEnum):
    """What a member can do next."""

    CLOSE = "close"
    """The sprint is over: what is finished is to be said, then it is closed."""
    READ = "read"
    """A calendar cannot be read."""
    BOOK = "book"
    LOOK = "look"
    """Something is wrong that booking does not mend."""
    FINISH = "finish"
    """All the time of a task is past, and it is still open."""
    PULL = "pull"
    ACCEPT = "accept"
    TAKE_IN = "take_in"
    """There are no tasks yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, and the ids of the tasks it is about."""

    kind: StepKind
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberStatus:
    """One member: the audit, the present, all blocks to come in order, the news and a next step."""

    audit: MemberAudit
    present: Present
    ahead: tuple[Work, ...]
    news: News
    step: Step | None = None

    @property
    def member(self) -> str:
        return self.audit.member

    @property
    def stood(self) -> timedelta:
        return sum((task.stood for task in self.audit.tasks), timedelta())

    @property
    def tasks(self) -> tuple[TaskAudit, ...]:
        """All but the dropped ones."""
        return tuple(one for one in self.audit.tasks if one.state is not TaskState.DROPPED)

    @property
    def done(self) -> int:
        return sum(task.state is TaskState.DONE for task in self.audit.tasks)

    @property
    def drifted(self) -> int:
        return sum(finding.code in DRIFT for finding in self.audit.findings)

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.audit.findings)


@dataclass(frozen=True, slots=True)
class SprintAtAGlance:
    """Another sprint that may need a decision: its open tasks and their time."""

    sprint: Sprint
    state: SprintState
    tasks: int
    needed: timedelta


@dataclass(frozen=True, slots=True)
class Status:
    """The whole answer of `status`.

    `is_of_one`: told to one member rather than to a manager.  `late` are requests that came after
    acceptance and were sent on, `titles` those of all tasks, by id.  `unclosed` are earlier sprints
    that are over; `following` is the one after, where this one runs.  `closing` is the record of a
    sprint that was closed: nothing was read then.
    """

    report: AuditReport
    members: tuple[MemberStatus, ...]
    is_of_one: bool
    titles: Mapping[str, str]
    late: tuple[Amendment, ...] = ()
    unclosed: tuple[SprintAtAGlance, ...] = ()
    following: SprintAtAGlance | None = None
    closing: Closing | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.report.sprint.interval.end <= self.report.now

    @property
    def is_running(self) -> bool:
        return self.report.sprint.interval.holds(self.report.now)


def present_of(audit: MemberAudit, time_off: Iterable[Interval], now: datetime) -> Present:
    """What a member does now; a block counts where it counts for its task."""
    works = tuple(one for one in _works(audit) if one.interval.holds(now))
    away = [span.end for span in time_off if span.holds(now)]
    busy = [span.end for span in audit.busy if span.holds(now)]
    return Present(works, max(away or busy, default=None), bool(away))


def ahead_of(audit: MemberAudit, now: datetime) -> tuple[Work, ...]:
    """The blocks still to come, in order of time."""
    return tuple(one for one in _works(audit) if one.interval.start > now)


def _works(audit: MemberAudit) -> list[Work]:
    found = [
        Work(task.task, task.title, block.interval)
        for task in audit.tasks
        if task.is_owed
        for block in task.blocks
        if block.counted
    ]
    return sorted(found, key=lambda one: (one.interval, one.task))


def next_step(audit: MemberAudit, report: AuditReport) -> Step | None:
    """The one thing that a member had best do next, None where there is nothing."""
    owed = [task for task in audit.tasks if task.is_owed]
    is_accepted = report.sprint_state is SprintState.ACCEPTED
    if report.sprint.interval.end <= report.now:
        return Step(StepKind.CLOSE, tuple(task.task for task in owed))
    if not audit.is_seen:
        return Step(StepKind.READ)
    if wrong := [task for task in owed if not task.ok]:
        mendable = tuple(task.task for task in wrong if _errors(task) - {Code.OUT_OF_ORDER})
        if mendable:
            return Step(StepKind.BOOK, mendable)
        return Step(StepKind.LOOK, tuple(task.task for task in wrong))
    if past := [task.task for task in owed if _is_past(task, report.now)]:
        return Step(StepKind.FINISH, tuple(past))
    if not owed:
        return Step(StepKind.PULL if is_accepted else StepKind.TAKE_IN)
    return None if is_accepted else Step(StepKind.ACCEPT)


def _errors(task: TaskAudit) -> set[Code]:
    return {one.code for one in task.findings if one.severity is Severity.ERROR}


def _is_past(task: TaskAudit, now: datetime) -> bool:
    """All of its time has passed."""
    ends = [block.interval.end for block in task.blocks if block.counted]
    return bool(ends) and max(ends) <= now
