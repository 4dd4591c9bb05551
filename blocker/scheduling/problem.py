"""The question put to the planner, in plain facts.  No calendar, store or title gets in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from blocker.domain.hours import WorkingHours
from blocker.domain.interval import Interval
from blocker.domain.member import BlockRules


@dataclass(frozen=True, slots=True)
class Standing:
    """A block that stands in a calendar and speaks for a task: of ours or made by hand.

    `key` names it in the answer.  `is_movable`: it is ours, right, still to come and not placed by
    a person, so that it may give way before acceptance.  `counted` is what it gives its task.
    """

    key: str
    task: str
    interval: Interval
    counted: timedelta
    is_movable: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that must have all its time before, plus an elapsed lag.

    `ready` is the instant the predecessor is finished, when that is settled (its blocks all stand
    and do not move); None when the predecessor is among the problem's works.
    """

    task: str
    lag: timedelta = timedelta()
    ready: datetime | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One task that may still need time.

    `missing` is the estimate less what counts already, not yet rounded to the grid; zero when it is
    fully booked (then it is here for its followers and because its blocks may move).  `is_whole`:
    it has no minutes standing, so it is booked with all of `missing` or not at all; else it takes
    as many minutes as fit.  `window` is where blocks may lie, from the latest of now, not_before
    and the sprint's start to the earlier of due and the sprint's end, None when nothing is left of
    it.  `is_stuck`: a predecessor cannot be finished, so nothing is added (after_unbooked).
    """

    task: str
    member: str
    priority: int
    missing: timedelta
    is_whole: bool
    window: Interval | None
    after: tuple[Wait, ...] = ()
    is_stuck: bool = False
    shortest: timedelta | None = None
    longest: timedelta | None = None
    avoid: tuple[Interval, ...] = ()
    """Hours a person deleted this task's block from: taken only when nothing else is as good."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One member's time, from the later of now and the sprint's start to the sprint's end.

    `busy` is all that takes time and is not in `standing`: meetings, time off, blocks of unknown
    tasks; that of the whole sprint where a reserve or a break is asked for, since both look at
    time before now too.  `standing` also holds blocks that began before now or lie outside the
    window, since they count for rests and day limits.  `rest` is kept between any two blocks, `gap`
    between a block and `busy`.  `day_limits` are raised once, for single local days.
    """

    member: str
    hours: WorkingHours
    rules: BlockRules
    busy: tuple[Interval, ...]
    standing: tuple[Standing, ...] = ()
    day_limits: Mapping[date, timedelta] = field(default_factory=dict)

    def limit_on(self, day: date) -> timedelta | None:
        """The most block time on a local day, None without a limit."""
        return self.rules.limit_with(self.day_limits.get(day))


@dataclass(frozen=True, slots=True)
class Problem:
    """All members that are planned in one go and all their works.

    `horizon` runs from the later of now and the sprint's start to the sprint's end.  `may_release`:
    movable blocks may give way to book a task that otherwise has no room (before acceptance only).
    """

    horizon: Interval
    desks: tuple[Desk, ...]
    works: tuple[Work, ...]
    may_release: bool = True
    sprint: Interval | None = None
    """The whole sprint: `reserve` is a share of each of its weeks."""
    first_day: date | None = None
    """The sprint's first day, from which those weeks count; None: as its start says in UTC."""
