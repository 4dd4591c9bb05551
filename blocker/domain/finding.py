"""Findings: what an audit says, as values that can be counted, filtered and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blocker.domain.interval import Interval
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import OWED_STATES, TaskState


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return list(Severity).index(self)


class Code(StrEnum):
    """The name of a rule; one word, used in --waive, JSON and messages."""

    MISSING = "missing"
    SHORT = "short"
    AFTER_DUE = "after_due"
    BEFORE_START = "before_start"
    OUTSIDE_SPRINT = "outside_sprint"
    SHOWN_FREE = "shown_free"
    DECLINED = "declined"
    ALL_DAY = "all_day"
    CONFLICT = "conflict"
    CONTESTED = "contested"
    DOUBLE_BOOKED = "double_booked"
    OUT_OF_ORDER = "out_of_order"
    UNREADABLE = "unreadable"
    UNVERIFIABLE = "unverifiable"
    OUTSIDE_HOURS = "outside_hours"
    DAY_OFF = "day_off"
    OVER_DAY_LIMIT = "over_day_limit"
    MOVED = "moved"
    SHRUNK = "shrunk"
    STRETCHED = "stretched"
    DELETED = "deleted"
    UNPLANNED = "unplanned"
    AMBIGUOUS = "ambiguous"
    UNNAMED = "unnamed"
    BY_TITLE = "by_title"
    NO_OUTCOME = "no_outcome"
    WAIVED = "waived"


class MatchedBy(StrEnum):
    """How an event says which task it is for."""

    PROPERTY = "property"
    ID = "id"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an audit has to say.  `message` is one sentence; `span` the time it is about.

    `events` tell what it was made of, so that it can be known again: keys of events, ids of tasks.
    """

    code: Code
    severity: Severity
    message: str
    task: str | None = None
    span: Interval | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockAudit:
    """One event that speaks for a task, and how much of it counts."""

    interval: Interval
    counted: timedelta
    matched_by: MatchedBy
    uid: str
    calendar: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class TaskAudit:
    """One task of the sprint.  `stood` is what counts of it and lies in the past."""

    task: str
    title: str
    outcome: str | None
    state: TaskState
    estimate: timedelta
    counted: timedelta
    blocks: tuple[BlockAudit, ...]
    findings: tuple[Finding, ...]
    stood: timedelta = timedelta()

    @property
    def ok(self) -> bool:
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def is_owed(self) -> bool:
        return self.state in OWED_STATES

    @property
    def lacking(self) -> timedelta:
        """What is promised and does not count in any calendar."""
        return max(self.estimate - self.counted, timedelta())

    @property
    def standing(self) -> timedelta:
        """The lesser of what counts and what is promised."""
        return min(self.counted, self.estimate)


@dataclass(frozen=True, slots=True)
class MemberAudit:
    """One member's audit; `findings` holds all of them, those of tasks included.

    `is_seen`: every calendar could be read, so what was not found is not there.  `promised` is what
    was accepted and not since taken back by an Amendment, `kept` how much of that still stands or
    is done; both zero before acceptance.  Of a task that left or changed hands, what had stood by
    then stays promised and kept.  `busy` is all other time that is taken.
    """

    member: str
    committed: timedelta
    on_calendar: timedelta
    tasks: tuple[TaskAudit, ...]
    findings: tuple[Finding, ...]
    is_seen: bool = True
    promised: timedelta = timedelta()
    kept: timedelta = timedelta()
    busy: tuple[Interval, ...] = ()

    @property
    def ok(self) -> bool:
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Left:
    """A member's part of a task that left the running sprint, or changed hands in it, at `at`.

    `stood` was past and counted then; `kept` is what of that had been promised.
    """

    task: str
    member: str
    outcome: str | None
    stood: timedelta
    kept: timedelta
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeAudit:
    """The time kept for an outcome; `title` is None where only tasks name it."""

    outcome: str
    committed: timedelta = timedelta()
    on_calendar: timedelta = timedelta()
    stood: timedelta = timedelta()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The whole answer of an audit."""

    now: datetime
    sprint: Sprint
    sprint_state: SprintState
    members: tuple[MemberAudit, ...]
    outcomes: tuple[OutcomeAudit, ...] = ()
    errors: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    """Open tasks whose owner is not in the team, a sentence each."""
    accepted: tuple[datetime, str] | None = None
    """When and by whom the sprint was accepted."""
    left: tuple[Left, ...] = ()
    """Work of tasks that left the sprint or changed hands: no `member.tasks` shows it."""
    taken_out: timedelta = timedelta()
    """What was accepted and taken back since, by everybody."""

    @property
    def ok(self) -> bool:
        """No finding of severity error, every task somebody's, and everything could be reached."""
        is_known = not self.errors and not self.orphans
        return is_known and all(member.ok for member in self.members)

    def worst(self) -> Severity | None:
        """The gravest severity found, None when nothing was."""
        if self.orphans:
            return Severity.ERROR
        return min(
            (finding.severity for member in self.members for finding in member.findings),
            key=lambda severity: severity.rank,
            default=None,
        )
