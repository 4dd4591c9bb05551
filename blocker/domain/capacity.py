"""Capacity: how much time there is for blocks before anyone commits, and how much of it is asked.

All figures are whole elapsed minutes from the later of now and the sprint's start.  Blocks are not
busy time: they are how what is needed gets done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from blocker.domain.interval import Interval
from blocker.domain.sprint import Sprint, SprintState


@dataclass(frozen=True, slots=True)
class Capacity:
    """One stretch of time.

    `busy` is what meetings and time off take of `working`, `usable` what blocks could fill of the
    rest, `needed` what blocks still to come take and what open tasks lack besides.  Raises
    ValueError when more is usable than free.
    """

    working: int = 0
    busy: int = 0
    usable: int = 0
    needed: int = 0

    def __post_init__(self) -> None:
        if self.usable > self.free:
            raise ValueError(f"{self.usable} minutes are usable of {self.free} that are free")

    def __add__(self, other: Capacity) -> Capacity:
        return Capacity(
            self.working + other.working,
            self.busy + other.busy,
            self.usable + other.usable,
            self.needed + other.needed,
        )

    @property
    def free(self) -> int:
        return self.working - self.busy

    @property
    def room(self) -> int:
        """What could still be taken on."""
        return max(0, self.usable - self.needed)

    @property
    def over(self) -> int:
        """What is needed beyond what is usable."""
        return max(0, self.needed - self.usable)

    @property
    def load_percent(self) -> int | None:
        """Needed of usable, rounded up: above 100 exactly when it does not fit.

        None where something is needed and nothing is usable.

        >>> Capacity(600, 0, 480, 481).load_percent, Capacity(needed=30).load_percent
        (101, None)
        """
        if not self.needed:
            return 0
        return -(-100 * self.needed // self.usable) if self.usable else None


@dataclass(frozen=True, slots=True)
class WeekCapacity:
    """Seven days of a sprint, by their number; figures count from now on, `interval` is all."""

    number: int
    interval: Interval
    minutes: Capacity


@dataclass(frozen=True, slots=True)
class MemberCapacity:
    """One member's weeks.  `needs` is what each task needs, by id: together all that is needed."""

    member: str
    weeks: tuple[WeekCapacity, ...]
    needs: Mapping[str, int]

    @property
    def minutes(self) -> Capacity:
        return sum((week.minutes for week in self.weeks), Capacity())

    @property
    def room(self) -> int:
        """What the weeks could still take, each for itself: one too full takes none from others."""
        return sum(week.minutes.room for week in self.weeks)

    @property
    def over(self) -> int:
        """What is too much for its weeks."""
        return sum(week.minutes.over for week in self.weeks)


@dataclass(frozen=True, slots=True)
class OutcomeNeed:
    """What open tasks need that serve one outcome, None being those that serve none.

    `room` is what the members who work on it could still take, for whatever outcome.
    """

    outcome: str | None
    tasks: int
    needed: int
    room: int


@dataclass(frozen=True, slots=True)
class TeamCapacity:
    """The whole answer of `capacity`, of the members whose calendars could be read.

    `notes` are said to people alone; `errors` name what could not be reached.  `is_over`: the
    sprint has no time left.  `has_orphans`: open tasks belong to nobody here.
    """

    now: datetime
    sprint: Sprint
    state: SprintState
    members: tuple[MemberCapacity, ...]
    outcomes: tuple[OutcomeNeed, ...]
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    is_over: bool = False
    has_orphans: bool = False

    @property
    def weeks(self) -> tuple[tuple[int, Capacity], ...]:
        """(number, minutes) of each week of the sprint, all members together."""
        sums: dict[int, Capacity] = {}
        for member in self.members:
            for week in member.weeks:
                sums[week.number] = sums.get(week.number, Capacity()) + week.minutes
        return tuple(sorted(sums.items()))

    @property
    def minutes(self) -> Capacity:
        return sum((member.minutes for member in self.members), Capacity())

    @property
    def room(self) -> int:
        return sum(member.room for member in self.members)

    @property
    def over(self) -> int:
        return sum(member.over for member in self.members)

    @property
    def fits(self) -> bool:
        """Nobody needs more than is usable, and every task in question is somebody's."""
        return not self.over and not self.has_orphans
