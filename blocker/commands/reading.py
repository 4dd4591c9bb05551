"""Reads the calendars of members: everything at once, every problem named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from blocker.auditing.evidence import LOOK_AROUND, CalendarsRead
from blocker.calendars.base import Calendar
from blocker.domain.errors import CalendarUnreadable, Mistake, Unreachable, WrongInput
from blocker.domain.event import Event, Trouble
from blocker.domain.interval import Interval
from blocker.domain.member import Member
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class MemberCalendars:
    """One member's calendars as they are now.

    `read` holds all events, the calendar of blocks first; `in_blocks` those of that calendar.
    `calendar` is open for writing, None when it could not be reached; `damaged` are the UIDs in it
    that could not be understood.
    """

    read: CalendarsRead
    calendar: Calendar | None
    in_blocks: tuple[Event, ...] = ()
    unreachable: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    damaged: frozenset[str] = frozenset()

    @property
    def member(self) -> Member:
        return self.read.member

    @property
    def is_whole(self) -> bool:
        """Every calendar could be read."""
        return not (self.unreachable or self.mistakes)


def is_gone(read: MemberCalendars, receipts: Collection[tuple[str, str]]) -> bool:
    """The file that blocks were written to is not there any more."""
    ref = read.member.blocks
    if ref is None or ref.kind != "ics" or Path(ref.address).exists():
        return False
    return any(calendar == ref.key for calendar, _ in receipts)


def window_for(sprint: Interval, *more: Interval) -> Interval:
    """What has to be read to judge a sprint: it, the look-around, and other sprints in question."""
    wide = sprint.widen(LOOK_AROUND)
    starts = [wide.start, *(span.start for span in more)]
    return Interval(min(starts), max([wide.end, *(span.end for span in more)]))


def read_calendars(workspace: Workspace, member: Member, window: Interval) -> MemberCalendars:
    """All events of one member; what cannot be read or reached is said, not raised."""
    events: list[Event] = []
    troubles: list[Trouble] = []
    unreadable: list[tuple[str, str]] = []
    unreachable: list[str] = []
    mistakes: list[Mistake] = []
    in_blocks: tuple[Event, ...] = ()
    damaged: frozenset[str] = frozenset()
    writable: Calendar | None = None
    for ref in member.calendars:
        is_blocks = ref is member.blocks
        try:
            calendar = workspace.calendar(ref, member, writable=is_blocks)
            listing = calendar.events(window.widen(_FAR) if is_blocks else window)
        except CalendarUnreadable as problem:
            mistakes += problem.mistakes
            unreadable += [(one.file, _without_place(one)) for one in problem.mistakes]
            continue
        except Unreachable as problem:
            unreachable.append(f"{member.name}: {problem}")
            continue
        events += listing.events
        troubles += listing.troubles
        if is_blocks:
            in_blocks, writable = listing.events, calendar
            damaged = frozenset(trouble.uid for trouble in listing.troubles if trouble.uid)
    read = CalendarsRead(member, tuple(events), tuple(troubles), tuple(unreadable))
    return MemberCalendars(read, writable, in_blocks, tuple(unreachable), tuple(mistakes), damaged)


_FAR = timedelta(days=366)
"""The calendar of blocks is read further: a block carried far away still stands under its UID."""

Tell = Callable[[str, float], None]
"""Hears what is being done right now, and what share of the job, 0 to 1, is behind us."""


def silent(_words: str, _share: float) -> None:
    """Tells nobody."""


def read_all(
    workspace: Workspace,
    members: Sequence[Member],
    window: Interval,
    tell: Tell = silent,
    *,
    until: float = 1.0,
) -> dict[str, MemberCalendars]:
    """The calendars of several members, by member id, in the order given.

    `until` is the share of the job that is behind us when all are read.
    """
    found = {}
    for k, member in enumerate(members):
        tell(f"reading the calendars of {member.name}", until * k / len(members))
        found[member.id] = read_calendars(workspace, member, window)
    return found


def refuse_broken(
    calendars: Iterable[MemberCalendars], receipts: Collection[tuple[str, str]]
) -> None:
    """Raises WrongInput for calendar files that are wrong, or gone while receipts name blocks."""
    calendars = list(calendars)
    mistakes = [mistake for read in calendars for mistake in read.mistakes]
    if mistakes:
        raise CalendarUnreadable(sorted(mistakes))
    lost = []
    for read in calendars:
        if read.member.blocks is not None and is_gone(read, receipts):
            lost.append(
                Mistake(
                    read.member.blocks.label,
                    None,
                    "",
                    f"the calendar of {read.member.name} is gone, and blocks were written to it",
                    "put it back, or write them all anew with: blocker book --anew",
                )
            )
    if lost:
        raise WrongInput(lost)


def _without_place(mistake: Mistake) -> str:
    return f"{mistake.message}; {mistake.remedy}" if mistake.remedy else mistake.message
