"""The `memory` provider: a calendar that lasts as long as the program; for tests and rehearsals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from blocker.calendars.base import Fate, Heard, Receipt, Write, unheard
from blocker.calendars.owner import Owner
from blocker.calendars.text.calendar_edits import EMPTY, CalendarEdits
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.errors import WrongUse
from blocker.domain.event import Listing
from blocker.domain.interval import Interval


class MemoryCalendar:
    """A calendar kept as iCalendar text in `content`."""

    def __init__(
        self, owner: Owner, *, now: datetime, writable: bool = True, content: bytes = EMPTY
    ) -> None:
        self._owner = owner
        self._now = now
        self._writable = writable
        self.content = content

    @property
    def label(self) -> str:
        return self._owner.label

    def events(self, window: Interval) -> Listing:
        """Raises CalendarUnreadable."""
        return CalendarText(self.content, self._owner).listing(window)

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Raises WrongUse, CalendarUnreadable."""
        if not self._writable:
            raise WrongUse(f"{self.label} is only read; blocks are written to the blocks calendar")
        edits = CalendarEdits(self.content, self._owner, self._now)
        receipts = [edits.carry_out(write) for write in writes]
        if any(receipt.fate is Fate.DONE for receipt in receipts):
            self.content = edits.content()
        heard(receipts)
        return receipts

    def cannot_be_written(self) -> str | None:
        return None

    def warnings(self) -> list[str]:
        return []
