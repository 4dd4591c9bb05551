"""Reads the calendars of members: everything at once, every problem named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from blocker.auditing.evidence import LOOK_AROUND, CalendarsRead
from blocker.calendars.base import Calendar
from blocker.commands.at_once import at_once
from blocker.domain.errors import CalendarUnreadable, Mistake, Unreachable, WrongInput
from blocker.domain.event import Event, Listing
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef, Member
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class MemberCalendars:
    """One member's calendars as they are now.

    `read` holds all events, the calendar of blocks first; `in_blocks` those of that calendar.
    `calendar` is open for writing, None when it could not be reached; `damaged` are the UIDs in it
    that could not be understood.  `mistakes` are those of calendar files; `unusable` says why
    nothing can be booked although all answered.  `warnings` are whole sentences.
    """

    read: CalendarsRead
    calendar: Calendar | None
    in_blocks: tuple[Event, ...] = ()
    unreachable: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    damaged: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def member(self) -> Member:
        return self.read.member

    @property
    def failures(self) -> tuple[str, ...]:
        """Why nothing can be booked for the member: sentences that name them."""
        return (*self.unreachable, *self.unusable)

    @property
    def is_whole(self) -> bool:
        """Every calendar could be read, and blocks can be told from other events."""
        return not (self.failures or self.mistakes)


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


Read = tuple[Listing, str | None] | CalendarUnreadable | Unreachable
"""What came of reading one calendar: what it holds, and why it cannot be written."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One calendar of one member that is to be read."""

    member: Member
    ref: CalendarRef
    calendar: Calendar
    is_to_be_written: bool

    @property
    def is_blocks(self) -> bool:
        return self.ref is self.member.blocks

    def answer(self, window: Interval) -> Read:
        try:
            listing = self.calendar.events(window.widen(_FAR) if self.is_blocks else window)
            lack = self.calendar.cannot_be_written() if self.is_to_be_written else None
        except (CalendarUnreadable, Unreachable) as problem:
            return problem
        except Exception as problem:
            if not self.ref.is_far:
                raise
            return not_understood(self.calendar, problem)
        return listing, lack


def not_understood(calendar: Calendar, problem: Exception) -> Unreachable:
    """What a server said that nobody foresaw: it must not cost the other calendars."""
    return Unreachable(
        f"{calendar.label} answers in a way that is not understood ({type(problem).__name__}); "
        "look at its address, and tell the makers of blocker"
    )


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
    to_write: Collection[str] = (),
) -> dict[str, MemberCalendars]:
    """The calendars of several members, by member id, in the order given.

    Those on other machines are read side by side.  What cannot be read or reached is said, not
    raised.  Of who has left before, or joins later, nothing is read: their accounts may be gone.
    `until` is the share of the job that is behind us when all are read.  `to_write` are
    the ids of members whose blocks are to be written: whether they can be is asked, too.
    """
    asked = [
        _Asked(
            member,
            ref,
            workspace.calendar(ref, member, writable=ref is member.blocks),
            ref is member.blocks and member.id in to_write,
        )
        for member in members
        if member.is_there_in(_without_look_around(window))
        for ref in member.calendars
    ]
    answers = _answers(asked, window, lambda words, share: tell(words, until * share))
    of_each: dict[str, list[tuple[_Asked, Read]]] = {member.id: [] for member in members}
    for one, answer in zip(asked, answers, strict=True):
        of_each[one.member.id].append((one, answer))
    return {member.id: _together(member, of_each[member.id]) for member in members}


def _answers(asked: Sequence[_Asked], window: Interval, tell: Tell) -> list[Read]:
    """What came of reading each: those that are far at once, then the files."""
    far = [one for one in asked if one.ref.is_far]
    done = 0

    def hear(_number: int, label: str) -> None:
        nonlocal done
        done += 1
        tell(f"read {label}, {done} of {len(far)} calendars", done / len(asked))

    def job(one: _Asked, say: Callable[[str], None]) -> Read:
        found = one.answer(window)
        say(one.calendar.label)
        return found

    if far:
        tell(f"reading {len(far)} calendars", 0.0)
    heard = iter(at_once([partial(job, one) for one in far], hear))
    answers = []
    for one in asked:
        if one.ref.is_far:
            answers.append(next(heard))
        else:
            tell(f"reading the calendars of {one.member.name}", done / len(asked))
            answers.append(one.answer(window))
            done += 1
    return answers


def _without_look_around(window: Interval) -> Interval:
    """The sprints in question: what lies around them is read for blocks that were carried away."""
    return Interval(window.start + LOOK_AROUND, window.end - LOOK_AROUND)


def _together(member: Member, answers: Sequence[tuple[_Asked, Read]]) -> MemberCalendars:
    """One member's calendars out of what came of each."""
    read = CalendarsRead(member, ())
    found = MemberCalendars(read, None)
    for asked, answer in answers:
        if isinstance(answer, Unreachable):
            said = f"{member.name}: {answer}"
            found = replace(found, unreachable=(*found.unreachable, said))
            read = replace(read, unreachable=(*read.unreachable, str(answer)))
        elif isinstance(answer, CalendarUnreadable):
            whys = tuple((one.file, _without_place(one)) for one in answer.mistakes)
            read = replace(read, unreadable=(*read.unreadable, *whys))
            if asked.ref.is_far:  # no file of the user's: the others can be booked
                said = f"{member.name}: {answer}"
                found = replace(found, unusable=(*found.unusable, said))
            else:
                found = replace(found, mistakes=(*found.mistakes, *answer.mistakes))
        else:
            found, read = _with_listing(found, read, asked, *answer)
    return replace(found, read=read)


def _with_listing(
    found: MemberCalendars,
    read: CalendarsRead,
    asked: _Asked,
    listing: Listing,
    lack: str | None,
) -> tuple[MemberCalendars, CalendarsRead]:
    """A calendar that could be read, added to those before it."""
    label = asked.calendar.label
    read = replace(
        read,
        events=(*read.events, *listing.events),
        troubles=(*read.troubles, *listing.troubles),
    )
    found = replace(found, warnings=(*found.warnings, *listing.warnings))
    if listing.unverifiable:
        read = replace(read, unverifiable=(*read.unverifiable, (label, listing.unverifiable)))
    if listing.unverifiable and asked.is_blocks:
        said = (
            f"{asked.member.name}: blocks cannot be written to {label}: {listing.unverifiable}; to "
            "let blocks be written, “Make changes to events”"
        )
        found = replace(found, unusable=(*found.unusable, said))
    elif asked.is_blocks:
        if lack is not None:
            found = replace(found, unusable=(*found.unusable, f"{asked.member.name}: {lack}"))
        found = replace(
            found,
            in_blocks=listing.events,
            calendar=asked.calendar,
            damaged=frozenset(one.uid for one in listing.troubles if one.uid),
        )
    return found, read


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
