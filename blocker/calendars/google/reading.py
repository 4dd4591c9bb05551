"""Reading a Google calendar: in full once, then only what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from blocker.calendars.google.accounts import Account
from blocker.calendars.google.copy import Kept, joined, widened
from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.events import FIELDS, Json
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.service import Session
from blocker.calendars.google.wire import NoAnswer
from blocker.domain.interval import Interval

MOST_PAGES = 200
MOST_PAGES_OF_CHANGES = 4
"""An endless series that is new comes with all its instances: a full read is shorter then."""
_PAGE = 2500
_LIST_FIELDS = f"accessRole,nextPageToken,nextSyncToken,items({FIELDS})"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one calendar as one account sees it; `home` is its owner's zone."""

    session: Session
    account: Account
    address: str
    home: ZoneInfo

    def read(self, kept: Kept | None, window: Interval, patience: Patience) -> Kept:
        """The calendar as it is now, out of what was kept of it and what changed.

        Raises Refusal, NoAnswer, SignInNeeded; what was kept is then as it was.
        """
        identity = self.account.identity
        if kept is not None and kept.serves(identity, window):
            now = Kept(identity, kept.window, kept.token, kept.role, dict(kept.items))
            if self._take_changes(now, patience):
                return now
        now = Kept(identity, widened(window))
        if kept is not None and kept.identity == identity:
            now.window = joined(now.window, kept.window)
            # ids of deleted blocks stay taken, whether they are listed or not
            now.items = {key: one for key, one in kept.items.items() if one.keys() == _TOMBSTONE}
        span = {
            "timeMin": now.window.start.isoformat(),
            "timeMax": now.window.end.isoformat(),
        }
        if not self._take(now, span, patience, MOST_PAGES):
            raise NoAnswer("it has more events than can be read", is_final=True)
        return now

    def _take_changes(self, now: Kept, patience: Patience) -> bool:
        """Whether the changes could be taken over; no where a full read is due."""
        try:
            return self._take(now, {"syncToken": now.token}, patience, MOST_PAGES_OF_CHANGES)
        except Refusal as problem:
            if problem.status in (400, 410):  # a token that is too old, or was never Google's
                return False
            raise

    def _take(self, now: Kept, asked: Json, patience: Patience, most_pages: int) -> bool:
        """Merge all pages of a listing; no where they are too many."""
        for number, page in enumerate(self._pages(asked, patience)):
            now.role = str(page.get("accessRole", now.role))
            try:
                if not page.keys() & _LISTING:
                    raise TypeError
                now.merge(page.get("items", ()), self.home)
            except (AttributeError, TypeError):
                raise NoAnswer("something else answers in its place", is_final=True) from None
            # only the last page carries a token; until then the old one holds
            now.token = page.get("nextSyncToken", "")
            if page.get("nextPageToken") and number + 1 >= most_pages:
                return False
        return True

    def _pages(self, asked: Json, patience: Patience) -> Iterator[Json]:
        more: dict[str, Any] = {}
        while True:
            query = {**asked, **more}
            page = self.session.call(
                self.account,
                lambda service, query=query: service.events().list(  # type: ignore[misc]  # a default
                    calendarId=self.address,
                    singleEvents=True,
                    showDeleted=True,
                    maxResults=_PAGE,
                    fields=_LIST_FIELDS,
                    **query,
                ),
                patience,
            )
            yield page
            if not page.get("nextPageToken"):
                return
            more = {"pageToken": page["nextPageToken"]}


_TOMBSTONE = {"id", "status"}
_LISTING = {"items", "accessRole", "nextPageToken", "nextSyncToken"}
"""What is no listing has none of these."""
