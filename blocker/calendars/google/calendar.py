"""The `google` provider: a calendar of Google's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from blocker.calendars.access import Access
from blocker.calendars.base import Heard, Receipt, Write, unheard
from blocker.calendars.google.blocks import looks_of
from blocker.calendars.google.copy import Kept, from_copy, widened
from blocker.calendars.google.errors import Refusal, SignInNeeded, may_not_write, unreachable
from blocker.calendars.google.events import is_hidden_block, read_item
from blocker.calendars.google.freebusy import FreeBusy
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.reading import Reader
from blocker.calendars.google.service import open_session
from blocker.calendars.google.wire import NoAnswer
from blocker.calendars.google.writing import Writer
from blocker.calendars.owner import Owner, owner_of
from blocker.calendars.text.values import utc_text
from blocker.domain.errors import Unreachable, WrongUse
from blocker.domain.event import Event, Listing, Trouble
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef, Member

_WRITERS = ("writer", "owner", "writerWithoutPrivateAccess")
_FEW = ("freeBusyReader", "none")
_AROUND = timedelta(days=400)
_PROBLEMS = (Refusal, NoAnswer, SignInNeeded)


class GoogleCalendar:
    """One calendar of a member, seen by whoever is signed in; nothing is asked before its use."""

    def __init__(
        self, ref: CalendarRef, member: Member, access: Access, *, writable: bool = False
    ) -> None:
        self._ref, self._access, self._writable = ref, access, writable
        self._owner: Owner = owner_of(ref, member)
        self._looks = looks_of(ref.options)
        self._session = open_session(access, ref.options.get("endpoint"))
        self._account = self._session.account(ref.options, ref.address, member.email)
        self._kept: Kept | None = None
        self._free_busy = access.shared(
            ("google free/busy", self._account), lambda: FreeBusy(self._session, self._account)
        )
        self._free_busy.await_reading(ref.address)

    @property
    def label(self) -> str:
        return self._owner.label

    def events(self, window: Interval) -> Listing:
        """Raises Unreachable."""
        patience = self._session.patience()
        try:
            return self._listing(window, patience)
        except _PROBLEMS as problem:
            raise self._unreachable(problem, "read") from None

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Raises WrongUse, Unreachable; what was certain before has been heard."""
        if not self._writable:
            raise WrongUse(f"{self.label} is only read; blocks are written to the blocks calendar")
        if not writes:
            return []
        patience = self._session.patience()
        try:
            kept = self._known(writes)
            writer = Writer(
                self._session,
                self._account,
                self._ref.address,
                self._owner,
                self._looks,
                kept,
                patience,
                heard,
            )
            try:
                return writer.carry_out(writes)
            finally:
                self._keep(kept)
        except _PROBLEMS as problem:
            raise self._unreachable(problem, "written") from None

    def cannot_be_written(self) -> str | None:
        """Raises Unreachable."""
        try:
            role = (self._kept and self._kept.role) or self._ask_role()
        except _PROBLEMS as problem:
            raise self._unreachable(problem, "read") from None
        if role not in _WRITERS:
            return f"{self.label} cannot be written: {may_not_write(self._account.name)}"
        if self._looks.focus_time and self._is_secondary:
            return (
                f"{self.label} cannot hold focus time, which stands in a person's main calendar "
                "alone; name that for blocks, or leave focus_time out"
            )
        return None

    def warnings(self) -> list[str]:
        found = []
        if self._writable and self._is_secondary:
            found.append(
                f"{self.label} is a second calendar: blocks in it do not make their owner busy to "
                "colleagues; name the main calendar, {google: primary}, for blocks"
            )
        return found + self._account.warnings()

    # Reading

    def _listing(self, window: Interval, patience: Patience) -> Listing:
        before = self._kept or self._copy()
        reader = Reader(self._session, self._account, self._ref.address, self._owner.home)
        try:
            kept = reader.read(before, window, patience)
        except Refusal as problem:
            # whoever shares free/busy alone may seem to share nothing at all
            if not problem.is_about_access:
                raise
            try:
                return self._busy_times(window, patience)
            except Refusal as other:
                raise (problem if other.is_about_access else other) from None
        if kept.role in _FEW:
            return self._busy_times(window, patience)
        self._free_busy.shows_more(self._ref.address)
        self._keep(kept)
        warnings = self._emptied(before, kept) + self._hidden(kept)
        return _listed(kept, self._ref.address, self._owner, window, tuple(warnings))

    def _busy_times(self, window: Interval, patience: Patience) -> Listing:
        """Times without a word of what they hold.  Raises as `FreeBusy.busy` does."""
        spans = self._free_busy.busy(self._ref.address, window, patience)
        events = [
            Event(self.label, f"busy-{utc_text(one.start)}-{self._ref.address}", "", one, "busy")
            for one in sorted(spans)
            if one.overlaps(window)
        ]
        who = self._account.name
        return Listing(
            tuple(events),
            unverifiable=(
                f"only free/busy is shared with {who}; its owner opens Google Calendar, Settings, "
                f"this calendar, “Share with specific people or groups”, adds {who} and chooses "
                "“See all event details”"
            ),
        )

    def _emptied(self, before: Kept | None, now: Kept) -> list[str]:
        known = before.number() if before and before.identity == now.identity else 0
        if not known or now.number():
            return []
        events = "1 event" if known == 1 else f"{known} events"
        return [
            f"{self.label} is suddenly empty: when last read it held {events}; if nobody meant to "
            "empty it, look in its bin before you book"
        ]

    def _hidden(self, kept: Kept) -> list[str]:
        if kept.role == "owner" or not any(map(is_hidden_block, kept.items.values())):
            return []
        return [
            f"{self.label} holds private blocks, whose tasks {self._account.name} may not see; let "
            "its owner share it to “Make changes to events”, or set visibility: default"
        ]

    def _ask_role(self) -> str:
        answer = self._session.call(
            self._account,
            lambda service: service.events().list(
                calendarId=self._ref.address, maxResults=1, fields="accessRole"
            ),
            self._session.patience(),
        )
        return str(answer.get("accessRole", ""))

    # What is kept

    def _known(self, writes: Sequence[Write]) -> Kept:
        """What to write against: as last read, in this run or an earlier one."""
        kept = self._kept or self._copy()
        if kept is not None and kept.identity == self._account.identity:
            return kept
        now = self._access.now
        return Kept(self._account.identity, widened(Interval(now - _AROUND, now + _AROUND)))

    def _keep(self, kept: Kept) -> None:
        self._kept = kept
        if not kept.token:
            return
        # another member may have the same calendar, read further and at the same time
        with self._access.shared("google copies", Lock):
            there = self._copy()
            if there is None or not there.is_wider_than(kept):
                self._access.copies.keep(self._copy_key, kept.to_copy(self._access.now))

    def _copy(self) -> Kept | None:
        return from_copy(self._access.copies.get(self._copy_key))

    @property
    def _copy_key(self) -> str:
        """Each account sees a calendar in its own way."""
        return f"{self._ref.key} as {self._account.identity}"

    @property
    def _is_secondary(self) -> bool:
        address = self._ref.address.casefold()
        if self._owner.addresses:
            return address not in self._owner.addresses
        return address.endswith("@group.calendar.google.com")

    def _unreachable(self, problem: Refusal | NoAnswer | SignInNeeded, doing: str) -> Unreachable:
        is_focus = doing == "written" and self._looks.focus_time
        if is_focus and isinstance(problem, Refusal) and problem.status == 400:
            return Unreachable(
                f"{self.label} cannot be written: Google refuses focus time here "
                f"(“{problem.message}”); it needs a Google Workspace account and its main "
                "calendar; else leave focus_time out of the config"
            )
        try:
            name = self._account.name
        except (SignInNeeded, Unreachable):
            name = "the account that is signed in"
        return unreachable(problem, self.label, name, doing)


def _listed(
    kept: Kept, address: str, owner: Owner, window: Interval, warnings: tuple[str, ...]
) -> Listing:
    """What is kept, in our words, as far as it touches the window."""
    events: dict[tuple[str, str], Event] = {}
    troubles: list[Trouble] = []
    for item in kept.in_order():
        found = read_item(item, address, owner)
        if isinstance(found, Trouble):
            troubles.append(found)
        elif found is not None and found.interval.overlaps(window):
            if (found.uid, found.instance) in events:  # a second event needs a name of its own
                found = replace(found, uid=f"{item['id']}@google.com")
            events[found.uid, found.instance] = found
    in_time = sorted(events.values(), key=lambda one: (one.interval.start, one.uid, one.instance))
    return Listing(tuple(in_time), tuple(troubles), warnings=warnings)
