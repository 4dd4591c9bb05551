"""The `caldav` provider: a calendar on a server such as Nextcloud, iCloud, Fastmail or Radicale.

What was read decides what is tried; the server decides whether it is still so.  Whatever is not
written is answered from a fresh look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property

from blocker.calendars.access import Access
from blocker.calendars.base import Fate, Heard, Receipt, Remove, Write, unheard
from blocker.calendars.caldav.discovery import Account, Collection, find_calendar
from blocker.calendars.caldav.resource import Resource, nothing_at
from blocker.calendars.caldav.shelf import Shelf
from blocker.calendars.owner import Owner
from blocker.calendars.text.expansion import Budget
from blocker.calendars.text.icalendar_text import STEPS_PER_FILE
from blocker.calendars.web.client import Answer, Limits, Web
from blocker.calendars.web.opening import open_web, unencrypted
from blocker.calendars.web.refusals import refusal
from blocker.domain.errors import CalendarUnreadable, Unreachable, WrongUse
from blocker.domain.event import Event, Listing, Trouble
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef

_AROUND = timedelta(days=1)

MOST_TRIES = 4
"""How often a write is decided anew because its event changed under our hands."""


class CaldavCalendar:
    """One calendar on a CalDAV server as a member's calendar; `member` is their id."""

    def __init__(
        self,
        ref: CalendarRef,
        owner: Owner,
        access: Access,
        *,
        member: str | None = None,
        writable: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._ref = ref
        self._owner = owner
        self._access = access
        self._writable = writable
        self._member = member
        self._limits = limits
        self._seen: dict[str, Resource] = {}
        self._has_listed = False

    @property
    def label(self) -> str:
        return self._owner.label

    def events(self, window: Interval) -> Listing:
        """Raises Unreachable."""
        self._web.begin()
        resources, troubles = self._shelf.in_window(window)
        budget = Budget(STEPS_PER_FILE)
        events: list[Event] = []
        seen: dict[str, Resource] = {}
        for resource in resources:
            found = resource.listing(window, budget)
            events += found.events
            troubles += [self._placed(trouble) for trouble in found.troubles]
            for uid in resource.uids:
                if uid not in seen or resource.href == self._shelf.place_for(uid):
                    seen[uid] = resource
        self._seen, self._has_listed = seen, True
        events.sort(key=lambda event: (event.interval.start, event.uid, event.instance))
        return Listing(tuple(events), tuple(troubles))

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Raises WrongUse and Unreachable; what was heard before stands."""
        if not self._writable:
            raise WrongUse(f"{self.label} is only read; blocks are written to the blocks calendar")
        if writes and (why_not := self.cannot_be_written()):
            raise Unreachable(why_not)
        receipts: list[Receipt] = []
        for write in writes:
            self._web.begin()
            receipts.append(self._carry_out(write))
            heard(receipts[-1:])
        return receipts

    def cannot_be_written(self) -> str | None:
        """Raises Unreachable."""
        if self._collection.may_be_written is not False:
            return None
        return (
            f"{self.label} may only be read with this account; ask its owner for the right to"
            " change it, or name another calendar for blocks"
        )

    def warnings(self) -> list[str]:
        return unencrypted(self._ref)

    @cached_property
    def _web(self) -> Web:
        return open_web(self._ref, self._access, self._member, self._limits, is_own_server=True)

    @cached_property
    def _collection(self) -> Collection:
        options = self._ref.options
        signed_in_by = tuple(options.get(key) for key in ("username", "password_env", "token_env"))
        account = self._access.shared(("caldav", self._ref.address, signed_in_by), Account)
        return find_calendar(self._web, account, options.get("calendar"))

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self._web, self._collection.url, self._owner)

    def _placed(self, trouble: Trouble) -> Trouble:
        """Lines of one event's text tell people nothing: its UID does."""
        return replace(trouble, line=None)

    def _carry_out(self, write: Write) -> Receipt:
        uid = write.uid
        try:
            resource, is_fresh = self._remembered(uid)
            for _ in range(MOST_TRIES):
                receipt, content = resource.carry_out(write, self._access.now)
                is_guarded = bool(resource.etag) or not resource.uids
                if is_fresh and receipt.fate is not Fate.DONE:
                    self._remember(uid, resource if resource.uids else None)
                    return receipt
                if receipt.fate is Fate.DONE and (is_fresh or is_guarded):
                    done = self._send(uid, receipt, resource, content)
                    if done is not None:
                        return done
                resource, is_fresh = self._look(uid), True
        except CalendarUnreadable:
            # something stands in its place that nobody can read: not ours to write over
            return Receipt(write, Fate.CHANGED, None)
        raise Unreachable(f"{self.label}: the event {uid} changes all the time; run again later")

    def _remembered(self, uid: str) -> tuple[Resource, bool]:
        """What stands under a UID as last read, and whether that was right now."""
        if uid in self._seen:
            return self._seen[uid], False
        if self._has_listed:
            return nothing_at(self._shelf.place_for(uid), self._owner), False
        return self._look(uid), True

    def _remember(self, uid: str, resource: Resource | None) -> None:
        if resource is None:
            self._seen.pop(uid, None)
        else:
            self._seen[uid] = resource

    def _look(self, uid: str) -> Resource:
        """What stands under a UID now, in its place or elsewhere."""
        place = self._shelf.place_for(uid)
        here = self._shelf.at(place)
        if here is not None and uid in here.uids:
            return here
        return self._shelf.with_uid(uid) or nothing_at(place, self._owner)

    def _send(
        self, uid: str, receipt: Receipt, resource: Resource, content: bytes
    ) -> Receipt | None:
        """Write what was decided; None when something else stands there by now."""
        write = receipt.write
        if isinstance(write, Remove):
            answer = self._shelf.delete(resource)
            if not _is_done(answer):
                return None
            self._remember(uid, None)
            return receipt
        answer = self._shelf.put(resource, content)
        if not _is_done(answer):
            is_elsewhere = not resource.uids and self._look(uid).uids
            if answer.status in (403, 409) and not is_elsewhere:
                raise refusal(self.label, answer.status, "PUT", self._web.sign_in, answer.headers)
            return None
        kept = self._shelf.kept_at(resource, answer, content)
        self._remember(uid, kept)
        if kept is None:
            return None
        if kept.raw == content:
            return receipt
        around = write.block.interval.widen(_AROUND)
        found = kept.listing(around, Budget(STEPS_PER_FILE)).events
        return replace(receipt, event=next((one for one in found if one.uid == uid), None))


def _is_done(answer: Answer) -> bool:
    return 200 <= answer.status < 300
