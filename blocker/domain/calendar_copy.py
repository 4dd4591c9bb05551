"""Calendar copies: what was last read of a calendar that is far away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarCopy:
    """A calendar as it was last read, so that only changes have to be read, or nothing was lost.

    `body` and `tag` (a sync token, an ETag) are in the words of the provider that wrote them.
    `read_at` is in UTC.
    """

    body: bytes
    tag: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class EncryptedCopy:
    """A copy as a store keeps it: `content` is for its reader alone, `name` is not the calendar's.

    `read_at` is in UTC.
    """

    name: str
    content: bytes
    read_at: datetime
