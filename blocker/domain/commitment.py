"""Commitments: what a team promised when its sprint was accepted, and each change since.

A Commitment is stored whole and never changed.  What happens to it later is an Amendment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from blocker.domain.finding import AuditReport, Code, MatchedBy, Severity
from blocker.domain.interval import Interval
from blocker.domain.task import TaskState


@dataclass(frozen=True, slots=True)
class PromisedBlock:
    """An event that spoke for a task when the sprint was accepted; `counted` of it counted."""

    uid: str
    instance: str
    interval: Interval
    counted: timedelta
    matched_by: MatchedBy
    calendar: str


@dataclass(frozen=True, slots=True)
class PromisedTask:
    """A task as it was promised, with the instants between which its blocks had to lie."""

    id: str
    title: str
    owner: str
    estimate: timedelta
    priority: int
    not_before: datetime
    due: datetime
    after: tuple[str, ...]
    outcome: str | None
    campaign: str | None
    state: TaskState
    blocks: tuple[PromisedBlock, ...]

    @property
    def counted(self) -> timedelta:
        return sum((block.counted for block in self.blocks), timedelta())


@dataclass(frozen=True, slots=True)
class SealedFinding:
    """A finding of the audit that the sprint was accepted by.

    `events` name what it was about; `counted` and `lacking` are the task's minutes then: a waiver
    covers nothing worse.
    """

    member: str
    code: Code
    severity: Severity
    message: str
    task: str | None = None
    span: Interval | None = None
    events: tuple[str, ...] = ()
    counted: timedelta = timedelta()
    lacking: timedelta = timedelta()


_LACKING = (Code.MISSING, Code.SHORT)
"""Two words for time that is not there: none of it, or not enough."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An error that the manager accepted as it was: of a task, or that a calendar is unreadable.

    `code` None means every error that the task had.  Exactly one of `task` and `member` is given.
    Raises ValueError without a reason.
    """

    because: str
    task: str | None = None
    code: Code | None = None
    member: str | None = None

    def __post_init__(self) -> None:
        if not self.because.strip():
            raise ValueError("a waiver needs a reason")
        if (self.task is None) == (self.member is None):
            raise ValueError("a waiver is about a task or about a member's calendars")

    def speaks_of(self, member: str, task: str | None, code: Code) -> bool:
        """Whether it is about such a finding, however bad that is by now."""
        if self.member is not None:
            return member == self.member and code in (Code.UNREADABLE, Code.UNVERIFIABLE)
        same = {self.code, *(_LACKING if self.code in _LACKING else ())}
        return task == self.task and (self.code is None or code in same)


@dataclass(frozen=True, slots=True)
class Excepted:
    """A member whose open tasks were sent to the next sprint when this one was accepted."""

    member: str
    because: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """An accepted sprint: all that was promised, and the audit by which it was accepted.

    `previous` is the seal of the commitment before, None for a team's first.
    """

    team: str
    sprint: int
    sprint_name: str
    accepted_at: datetime
    accepted_by: str
    tasks: tuple[PromisedTask, ...]
    findings: tuple[SealedFinding, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    exceptions: tuple[Excepted, ...] = ()
    previous: str | None = None

    @property
    def promised(self) -> timedelta:
        return sum((task.estimate for task in self.tasks), timedelta())


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The answer of `accept`: the audit it rests on, and the commitment when it said yes.

    `seal` is the commitment's SHA-256 in hexadecimal.
    """

    report: AuditReport
    commitment: Commitment | None = None
    seal: str | None = None


class AmendmentKind(StrEnum):
    """The ways in which an accepted sprint may change."""

    MORE = "more"
    """A task needs more time than was thought."""
    LOWERED = "lowered"
    RETITLED = "retitled"
    CHANGED = "changed"
    """Something that takes nothing from anybody: priority, outcome, an earlier due date."""
    SPLIT = "split"
    """One of the parts into which a task was cut; the sum stayed."""
    SWAPPED_OUT = "swapped_out"
    SWAPPED_IN = "swapped_in"
    REASSIGNED = "reassigned"
    DROPPED = "dropped"
    CARRIED = "carried"
    """Moved to a later sprint or to the backlog while this one runs."""
    PULLED = "pulled"
    MISSED = "missed"
    """A block stood, and the work did not happen."""
    AWAY = "away"
    DONE = "done"
    REOPENED = "reopened"
    ROUTED = "routed"
    """A late request that did not get in: sent to another sprint or to the backlog."""


_NEED_A_REASON = frozenset(
    {
        AmendmentKind.MORE,
        AmendmentKind.SWAPPED_OUT,
        AmendmentKind.SWAPPED_IN,
    }
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """One recorded change: who did it, when, and why.

    `sprint` is the one it happened in.  `minutes` is what the task's estimate grew by (negative:
    shrank), or the time that was missed.  `member` is who is away or whose task it is now.  `span`
    is the block that was missed, or the time away.  `to` is the sprint a task went to, 0 meaning
    the backlog.  `asked_by` is anybody's name.  `giver` is whose task it was until it changed
    hands; `stood` what of a task that leaves or changes hands was past and counted then.  Raises
    ValueError where a kind needs a reason and has none.
    """

    kind: AmendmentKind
    sprint: int
    at: datetime
    by: str | None
    task: str | None = None
    member: str | None = None
    minutes: timedelta = timedelta()
    span: Interval | None = None
    to: int | None = None
    because: str | None = None
    asked_by: str | None = None
    detail: str = ""
    id: int = 0
    giver: str | None = None
    stood: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.kind in _NEED_A_REASON and not (self.because or "").strip():
            raise ValueError(f"{self.kind} needs a reason")


def missed_in(amendments: Iterable[Amendment]) -> dict[str, tuple[Interval, ...]]:
    """The blocks that stood while no work happened, by task."""
    return _spans(amendments, AmendmentKind.MISSED, "task")


def away_in(amendments: Iterable[Amendment]) -> dict[str, tuple[Interval, ...]]:
    """The times that people said they are away, by member."""
    return _spans(amendments, AmendmentKind.AWAY, "member")


def _spans(
    amendments: Iterable[Amendment], kind: AmendmentKind, key: str
) -> dict[str, tuple[Interval, ...]]:
    found: dict[str, tuple[Interval, ...]] = {}
    for one in amendments:
        name = getattr(one, key)
        if one.kind is kind and name is not None and one.span is not None:
            found[name] = (*found.get(name, ()), one.span)
    return found


@dataclass(frozen=True, slots=True)
class Completion:
    """A task that was finished: what was thought it takes, and what it took."""

    task: str
    member: str
    sprint: int | None
    campaign: str | None
    estimate: timedelta
    took: timedelta
    at: datetime
