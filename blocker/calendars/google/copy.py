"""What was last read of a Google calendar, so that only changes have to be read the next time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocker.calendars.google.events import Json, is_cancelled, is_ours, slim, touches, uid_of
from blocker.calendars.google.ids import generation_of, looks_ours
from blocker.domain.calendar_copy import CalendarCopy
from blocker.domain.interval import Interval

_FORM = 1
_WEEK = timedelta(weeks=1)
_AHEAD = timedelta(weeks=13)
_NEAR = timedelta(days=500)
_MOST_UNPACKED = 200_000_000


@dataclass(slots=True)
class Kept:
    """A calendar as one account sees it, in a window.

    `items` are events by id, in Google's words; of deleted ones only those that were blocks, whose
    ids stay taken.  `token` is Google's for asking what changed since; `role` the account's right.
    """

    identity: str
    window: Interval
    token: str = ""
    role: str = ""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)

    def serves(self, identity: str, window: Interval) -> bool:
        """Its changes are all that must be read to know the window."""
        return bool(self.token) and self.identity == identity and self.window.contains(window)

    def is_wider_than(self, other: Kept) -> bool:
        """It knows all of the other's window and more."""
        return self.window != other.window and self.window.contains(other.window)

    def merge(self, items: Iterable[Json], home: ZoneInfo) -> None:
        """Take over what changed; what has left the window is forgotten."""
        gone = set()
        for item in items:
            identity = str(item.get("id", ""))
            if is_cancelled(item):
                gone.add(identity)
            elif touches(item, self.window, home):
                self.items[identity] = {**slim(item), "id": identity}
            else:
                self.items.pop(identity, None)
        if gone:
            self.bury(gone)

    def bury(self, identities: set[str]) -> None:
        """These are deleted: events, or whole series by the ids that their instances name."""
        self.items = {
            key: one
            for key, one in self.items.items()
            if key not in identities and one.get("recurringEventId") not in identities
        }
        for identity in filter(looks_ours, identities):
            self.items[identity] = {"id": identity, "status": "cancelled"}

    def live(self, uid: str) -> dict[str, Any] | None:
        """The event that stands under a UID; see `in_order`."""
        return next((one for one in self.in_order() if uid_of(one) == uid), None)

    def in_order(self) -> list[dict[str, Any]]:
        """What stands; of events under one UID the block comes first, its newest generation before
        one that a person took out of the bin."""
        live = [one for one in self.items.values() if not is_cancelled(one)]
        return sorted(live, key=_rank)

    def taken(self, uid: str) -> list[str]:
        """The ids that events of this UID have or had."""
        return [identity for identity in self.items if generation_of(uid, identity) is not None]

    def number(self) -> int:
        """How many events stand in it."""
        return sum(not is_cancelled(one) for one in self.items.values())

    def to_copy(self, read_at: datetime) -> CalendarCopy:
        body = {
            "form": _FORM,
            "identity": self.identity,
            "start": self.window.start.isoformat(),
            "end": self.window.end.isoformat(),
            "role": self.role,
            "items": list(self.items.values()),
        }
        return CalendarCopy(zlib.compress(json.dumps(body).encode(), 1), self.token, read_at)


def _rank(item: Json) -> tuple[bool, int]:
    identity = str(item.get("recurringEventId") or item["id"])
    generation = generation_of(uid_of(item), identity)
    return (not is_ours(item), -1 if generation is None else -generation)


def from_copy(copy: CalendarCopy | None) -> Kept | None:
    """What `to_copy` gave; None where there is none or it cannot be understood."""
    if copy is None:
        return None
    try:
        unpacked = zlib.decompressobj().decompress(copy.body, _MOST_UNPACKED)
        body = json.loads(unpacked)
        if body["form"] != _FORM:
            return None
        window = Interval(
            datetime.fromisoformat(body["start"]), datetime.fromisoformat(body["end"])
        )
        items = {str(item["id"]): item for item in body["items"]}
        return Kept(str(body["identity"]), window, copy.tag, str(body["role"]), items)
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def widened(window: Interval) -> Interval:
    """Whole weeks and some months more, so that the next runs need to read only changes."""
    start = window.start - timedelta(days=window.start.weekday()) - _WEEK
    end = window.end - timedelta(days=window.end.weekday()) + _AHEAD
    return Interval(_midnight(start), _midnight(end))


def joined(window: Interval, known: Interval) -> Interval:
    """A window as wide as what was known, so that jobs that ask for different ones do not read in
    full in turns; what is far from it is left out, for it would grow for ever."""
    near = window.widen(_NEAR)
    start, end = max(known.start, near.start), min(known.end, near.end)
    return Interval(min(window.start, start), max(window.end, end))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
