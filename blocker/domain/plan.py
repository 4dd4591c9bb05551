"""Plans: a proposal of blocks, what it leaves out and why, and the changes it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from blocker.domain.block import TimeBlock
from blocker.domain.capacity import WeekCapacity
from blocker.domain.commitment import Amendment
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task


class Reason(StrEnum):
    """Why a task is not, or not wholly, booked."""

    NO_ROOM = "no_room"
    CANNOT_BE_CUT = "cannot_be_cut"
    AFTER_UNBOOKED = "after_unbooked"
    PAST_DUE = "past_due"
    UNREADABLE = "unreadable"


class RemedyKind(StrEnum):
    DEFER = "defer"
    EXTEND_DUE = "extend_due"
    SHORTEN = "shorten"
    SPLIT = "split"
    FREE_TIME = "free_time"
    RAISE_DAY_LIMIT = "raise_day_limit"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change that would make a task fit.

    `task` is the task that is changed, `detail` says it to people.  What is needed to apply it:
    `until` the new due moment (extend_due), `less` the time taken off the estimate (shorten) or put
    off (split), `span` the meeting to be moved (free_time), `day` and `limit` the day's new limit
    (raise_day_limit), `member` who takes it (reassign), whose time it is (free_time,
    raise_day_limit).
    """

    kind: RemedyKind
    task: str
    detail: str = ""
    until: datetime | None = None
    less: timedelta | None = None
    span: Interval | None = None
    day: date | None = None
    limit: timedelta | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof that tasks cannot all fit: they need more than any plan can book in a window."""

    needed: timedelta
    free: timedelta
    window: Interval

    def __post_init__(self) -> None:
        if self.needed <= self.free:
            raise ValueError("a certificate needs more than is free")


class ObstacleKind(StrEnum):
    """What keeps out even one block of a task; `not_found`: nothing does that is known."""

    NO_HOURS = "no_hours"
    NO_FREE_TIME = "no_free_time"
    STRETCH = "stretch"
    DAY_LIMIT = "day_limit"
    BREAK = "break"
    LENGTHS = "lengths"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a task could not be booked even if nothing else were.

    Its blocks lie in `window` and are from `shortest` to `longest` long.  `most` is the longest
    free stretch there (stretch) or the most block time that any day may hold (day_limit).
    """

    kind: ObstacleKind
    window: Interval
    shortest: timedelta
    longest: timedelta
    most: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Unbooked:
    """A task that lacks time in the plan.

    `competing` are the ids of the tasks that, with this one, cannot all fit; empty when nothing
    proves it.  `obstacle` says in words what no other task has to do with.
    """

    task: str
    missing: timedelta
    reason: Reason
    certificate: Certificate | None = None
    competing: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """A piece of a task at a time, before it has a UID and a title."""

    task: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What the planner proposes for one member.

    `new` are placements to add; `released` the standing blocks (by key) that give way.  `proven`
    lists the wishes (`tasks`, `blocks`, `preferred`) that no plan meets better, in order; `gap` is
    |bound - value| / max(1, |value|) at the first that is not proven, 0 when all are.
    `is_cut_short`: somebody interrupted the planner, and this is the best that it had.
    """

    member: str
    new: tuple[Placement, ...]
    released: tuple[str, ...] = ()
    unbooked: tuple[Unbooked, ...] = ()
    proven: tuple[str, ...] = ()
    gap: float = 0.0
    is_cut_short: bool = False


class ChangeKind(StrEnum):
    CREATE = "create"
    KEEP = "keep"
    MOVE = "move"
    UPDATE = "update"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    """One step from the calendar as it is to the plan.

    `block` is the block as it will stand (for `remove`: as it stood).  `before` is the event it
    was computed from, None for `create`; a write that finds another one there must not happen.
    """

    kind: ChangeKind
    block: TimeBlock
    before: Event | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """A member's time from the later of now and the sprint's start, in elapsed minutes."""

    working: int
    busy: int
    free: int
    usable: int
    needed: int
    booked: int


@dataclass(frozen=True, slots=True)
class MemberBooking:
    """What `book` did, or would do, for one member.

    `changes` are our blocks in order of time, removed ones included; `busy` the member's other busy
    time in the sprint, `weeks` what each of its weeks has room for and needs, for a view of them.
    """

    member: Member
    minutes: Minutes
    changes: tuple[Change, ...]
    unbooked: tuple[Unbooked, ...] = ()
    warnings: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()
    gap: float = 0.0
    busy: tuple[Interval, ...] = ()
    weeks: tuple[WeekCapacity, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """The whole answer of `book`.

    `tasks` are all that the store knows, by id.  `notes` are said to people alone; `errors` name
    what could not be reached.  `is_disturbed`: after writing, not all stood as it was written.
    `is_cut_short`: the planner was interrupted, and nothing was written.
    `amendments` are recorded with it.  `is_whole_team`: no member was left out.  `has_orphans`:
    open tasks belong to nobody here.
    """

    now: datetime
    dry_run: bool
    sprint: Sprint
    state: SprintState
    members: tuple[MemberBooking, ...]
    tasks: Mapping[str, Task]
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    is_disturbed: bool = False
    is_cut_short: bool = False
    is_whole_team: bool = True
    amendments: tuple[Amendment, ...] = ()
    has_orphans: bool = False

    @property
    def fits(self) -> bool:
        """Every task in question is wholly booked."""
        is_owned = not (self.has_orphans and self.is_whole_team)
        return is_owned and not any(member.unbooked for member in self.members)

    def count(self, *kinds: ChangeKind) -> int:
        return sum(change.kind in kinds for member in self.members for change in member.changes)
