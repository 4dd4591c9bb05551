"""Members: who works, in which hours, by which rules, and in which calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from blocker.domain.hours import WallSpan, WorkingHours, day_of
from blocker.domain.interval import Interval


class Role(StrEnum):
    MANAGER = "manager"
    MARKETER = "marketer"


@dataclass(frozen=True, slots=True)
class Break:
    """`keep` of free time in one piece, somewhere in `between`, on each working day."""

    between: WallSpan
    keep: timedelta


@dataclass(frozen=True, slots=True)
class BlockRules:
    """How blocks may lie.  Raises ValueError when the rules contradict each other.

    `step` divides a day; `shortest` and `longest` are whole steps.  `reserve` is a share of each
    sprint week's usable time, 0 to 1.
    """

    step: timedelta = timedelta(minutes=15)
    shortest: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=2)
    gap: timedelta = timedelta()
    rest: timedelta = timedelta(minutes=15)
    per_day: timedelta | None = None
    prefer: tuple[WallSpan, ...] = ()
    breaks: tuple[Break, ...] = ()
    margin: timedelta = timedelta()
    reserve: Fraction = Fraction(0)
    title: str = "{task} [{id}]"

    def __post_init__(self) -> None:
        if self.step <= timedelta() or timedelta(days=1) % self.step:
            raise ValueError(f"step {self.step} does not divide a day")
        if not timedelta() < self.shortest <= self.longest:
            raise ValueError(
                f"shortest {self.shortest} is not between 0 and longest {self.longest}"
            )
        if self.shortest % self.step or self.longest % self.step:
            raise ValueError("shortest and longest are whole steps")
        if not 0 <= self.reserve < 1:
            raise ValueError("reserve is a share from 0 to below 1")

    def round_up(self, span: timedelta) -> timedelta:
        """To whole steps.

        >>> BlockRules().round_up(timedelta(minutes=50))
        datetime.timedelta(seconds=3600)
        """
        return -(-span // self.step) * self.step

    def round_down(self, span: timedelta) -> timedelta:
        """To whole steps, at least one.

        >>> BlockRules().round_down(timedelta(minutes=50))
        datetime.timedelta(seconds=2700)
        """
        return max(span // self.step, 1) * self.step

    def block_lengths(
        self, shortest: timedelta | None, longest: timedelta | None
    ) -> tuple[timedelta, timedelta]:
        """The shortest and longest block of a task that sets one of them or both, in whole steps.

        What the task sets wins over these rules, and its shortest block over its longest.
        """
        low = self.shortest if shortest is None else self.round_up(shortest)
        high = self.longest if longest is None else self.round_down(longest)
        if low <= high:
            return low, high
        return (high, high) if shortest is None else (low, low)

    def limit_with(self, raised: timedelta | None) -> timedelta | None:
        """The most block time of a day whose limit was raised once; never less than `per_day`."""
        if self.per_day is None or raised is None:
            return self.per_day
        return max(self.per_day, raised)


@dataclass(frozen=True, slots=True)
class CalendarRef:
    """Where a calendar is: its kind (`ics`, `url`, `caldav`, `google`) and its address.

    For `ics` the address is an absolute path.  `label` is how people see it in messages.  By `key`
    the store knows the calendar: it stays the same when the folder of the config moves.
    """

    kind: str
    address: str
    label: str
    key: str
    all_day_is_free: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_far(self) -> bool:
        """Another machine has to be asked: it may be slow, or not there."""
        return self.kind != "ics"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the team.  `time_off` are instants; `busy` calendars are only read.

    `joins` and `leaves` are the first and the last day, None where they are not known.
    """

    id: str
    name: str
    email: str | None
    role: Role
    hours: WorkingHours
    rules: BlockRules
    time_off: tuple[Interval, ...] = ()
    busy: tuple[CalendarRef, ...] = ()
    blocks: CalendarRef | None = None
    holiday_names: Mapping[date, str] = field(default_factory=dict)
    joins: date | None = None
    leaves: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.hours.zone

    @property
    def calendars(self) -> tuple[CalendarRef, ...]:
        """All that are read, the calendar of blocks first."""
        return self.busy if self.blocks is None else (self.blocks, *self.busy)

    def is_there_in(self, span: Interval) -> bool:
        """Not gone before it, and not still to come after it."""
        first, last = (
            day_of(span.start, self.zone),
            day_of(span.end - span.end.resolution, self.zone),
        )
        return (self.leaves is None or self.leaves >= first) and (
            self.joins is None or self.joins <= last
        )

    @property
    def is_manager(self) -> bool:
        return self.role is Role.MANAGER
