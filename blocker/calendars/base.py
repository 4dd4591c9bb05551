"""What every calendar provider promises.

A provider passes `tests/calendars/contract.py`, the suite that says the same in code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from blocker.domain.block import TimeBlock
from blocker.domain.event import Event, Listing
from blocker.domain.interval import Interval


class Fate(StrEnum):
    """What became of a write."""

    DONE = "done"
    ALREADY = "already"
    """It stood there just so: an earlier run had written it."""
    CHANGED = "changed"
    """Somebody else changed or removed the event since it was read; nothing was written."""


@dataclass(frozen=True, slots=True)
class Put:
    """Let this block stand.  `expected` is the revision it replaces, None when none is there."""

    block: TimeBlock
    expected: str | None = None

    @property
    def uid(self) -> str:
        return self.block.uid


@dataclass(frozen=True, slots=True)
class Remove:
    """Let the event with this UID be gone, if it still has the expected revision."""

    uid: str
    expected: str | None = None


Write = Put | Remove


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one write.  `event` is what stands there now, None when nothing does."""

    write: Write
    fate: Fate
    event: Event | None


Heard = Callable[[Sequence[Receipt]], None]
"""Hears receipts as soon as they are known."""


def unheard(_receipts: Sequence[Receipt]) -> None:
    """Hears nothing."""


class Calendar(Protocol):
    """One calendar of one member, opened for that member; used by one thread at a time.

    Raises CalendarUnreadable when what is there is not a calendar, Unreachable when it does not
    answer; both name the calendar, say what is wrong and what to do.
    """

    @property
    def label(self) -> str:
        """How people see this calendar in messages."""
        ...

    def events(self, window: Interval) -> Listing:
        """Every event that touches the window, instances of series included.

        Cancelled, declined and transparent events are given too; zero-length ones are not.  Events
        that cannot be understood are troubles of the listing.  Sorted by start, UID, instance.
        """
        ...

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Carry out all writes, each wholly or not at all, and answer each, in order.

        `heard` is told each receipt as soon as what it says is certain, one or several at a time,
        those of one UID in their order: when another write fails, or the program dies, these are
        known.

        A `Put` whose block stands there already, in the same words and time, is ALREADY.  A write
        whose expected revision is not the one found is CHANGED and leaves the calendar as it is; so
        is a Put with `expected=None` where another event of that UID stands.  A Remove of something
        that is gone is ALREADY.
        Raises WrongUse when the calendar is only read.
        """
        ...

    def cannot_be_written(self) -> str | None:
        """Why blocks cannot be written here, and what to do; None when they can.

        Asks the calendar, and writes nothing.  Raises as `events` does.
        """
        ...

    def warnings(self) -> list[str]:
        """What whoever sets this up should know: whole sentences with what to do."""
        ...
