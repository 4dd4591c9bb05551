"""The `url` provider: a subscribed feed, an .ics file behind an address of the web; only read.

The last good copy is kept: it spares reading what has not changed, and has to do for a while when
the server gives no answer, or no calendar.  Where it refuses, or a secret is missing, people must
act, and no copy hides that.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from blocker.calendars.access import Access
from blocker.calendars.base import Heard, Receipt, Write, unheard
from blocker.calendars.owner import Owner
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.calendars.web.client import Answer, Limits, Web
from blocker.calendars.web.failures import Passing
from blocker.calendars.web.opening import open_web, unencrypted
from blocker.domain.calendar_copy import CalendarCopy
from blocker.domain.errors import CalendarUnreadable, Unreachable, WrongUse
from blocker.domain.event import Listing
from blocker.domain.hours import moment_text
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef

OLDEST_COPY = timedelta(days=14)
"""A copy older than this says nothing about the days ahead any more."""
_FRESH = timedelta(hours=1)
"""A copy found unchanged is stamped anew when its stamp is older than this."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last good copy: its text, what the server called that state of it, and when it was."""

    text: CalendarText
    copy: CalendarCopy
    state: dict[str, str]

    @property
    def count(self) -> int:
        return len(self.text.outline.events)


class UrlCalendar:
    """A feed as a member's calendar; `member` is their id."""

    def __init__(
        self,
        ref: CalendarRef,
        owner: Owner,
        access: Access,
        *,
        member: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._ref = ref
        self._owner = owner
        self._access = access
        self._member = member
        self._limits = limits

    @property
    def label(self) -> str:
        return self._owner.label

    def events(self, window: Interval) -> Listing:
        """Raises Unreachable, also when what is there is not a calendar: its owner must act."""
        kept = self._kept()
        try:
            answer = self._ask(kept)
            if kept and answer.status == 304:
                self._stamp(kept)
                return kept.text.listing(window)
            text = self._understood(answer)
        except Passing as problem:
            return self._from_copy(window, kept, problem)
        listing = text.listing(window)
        if kept and kept.count and not text.outline.events and self._age(kept) <= OLDEST_COPY:
            # The copy stays: if this is a mistake, it is what the feed should say.
            warning = (
                f"{self.label} is suddenly empty; its copy of {self._day(kept)} holds"
                f" {kept.count} events: ask whoever shares it whether that is meant"
            )
            return replace(listing, warnings=(warning,))
        self._keep(answer)
        return listing

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Raises WrongUse."""
        raise WrongUse(f"{self.label} is only read; blocks are written to the blocks calendar")

    def cannot_be_written(self) -> str | None:
        return f"{self.label} is only read; blocks go to ics, caldav or google"

    def warnings(self) -> list[str]:
        return unencrypted(self._ref)

    @cached_property
    def _web(self) -> Web:
        return open_web(
            self._ref,
            self._access,
            self._member,
            self._limits,
            is_own_server=False,
            goes_elsewhere=True,
        )

    def _ask(self, kept: _Kept | None) -> Answer:
        self._web.begin()
        headers = {"Accept": "text/calendar, */*;q=0.5"}
        if kept and (etag := kept.state.get("etag")):
            headers["If-None-Match"] = etag
        elif kept and (modified := kept.state.get("modified")):
            headers["If-Modified-Since"] = modified
        return self._web.ask("GET", self._ref.address, headers=headers, understood=(304,))

    def _understood(self, answer: Answer) -> CalendarText:
        try:
            return CalendarText(answer.body, self._owner)
        except CalendarUnreadable as problem:
            raise Passing(
                f"{self.label} {problem.mistakes[0].message}; correct the address, or ask whoever"
                " shares it for a new one"
            ) from None

    def _from_copy(self, window: Interval, kept: _Kept | None, problem: Passing) -> Listing:
        """Raises Unreachable when there is no copy that could do."""
        if kept is None:
            raise problem
        if self._age(kept) > OLDEST_COPY:
            raise Unreachable(f"{problem} (its last copy, of {self._day(kept)}, is too old)")
        why = str(problem).removeprefix(self.label).lstrip(": ")
        warning = (
            f"{self.label} could not be read ({why}); its copy of {self._day(kept)} is used,"
            f" {_age_text(self._age(kept))} old"
        )
        return replace(kept.text.listing(window), warnings=(warning,))

    def _kept(self) -> _Kept | None:
        """The last good copy; none where what was kept cannot be read."""
        copy = self._access.copies.get(self._ref.key)
        if copy is None:
            return None
        try:
            state = json.loads(copy.tag)
            text = CalendarText(zlib.decompress(copy.body), self._owner)
        except (ValueError, zlib.error, CalendarUnreadable):
            return None
        return _Kept(text, copy, state) if isinstance(state, dict) else None

    def _keep(self, answer: Answer) -> None:
        state = {
            "etag": answer.headers.get("ETag", ""),
            "modified": answer.headers.get("Last-Modified", ""),
        }
        copy = CalendarCopy(zlib.compress(answer.body), json.dumps(state), self._access.now)
        self._access.copies.keep(self._ref.key, copy)

    def _stamp(self, kept: _Kept) -> None:
        if self._age(kept) >= _FRESH:
            copy = replace(kept.copy, read_at=self._access.now)
            self._access.copies.keep(self._ref.key, copy)

    def _age(self, kept: _Kept) -> timedelta:
        return max(self._access.now - kept.copy.read_at, timedelta())

    def _day(self, kept: _Kept) -> str:
        """When a copy was read, by the owner's clock."""
        return moment_text(kept.copy.read_at, self._owner.home)


def _age_text(age: timedelta) -> str:
    """Roughly how long: '2 days', '3 hours'."""
    count, unit = (age.days, "day") if age.days else (int(age / timedelta(hours=1)), "hour")
    if not count:
        return "less than an hour"
    return f"{count} {unit}" + ("s" if count > 1 else "")
