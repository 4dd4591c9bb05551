"""An event as the one who asks may see it, by the clock of the zone asked for."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tests.google_server.calendars import Calendar
from tests.google_server.exchange import bad
from tests.google_server.moments import known_zone, shown

Event = dict[str, Any]
TIMES_ALONE = (
    "kind", "etag", "id", "status", "updated", "start", "end", "recurringEventId",
    "originalStartTime", "iCalUID", "sequence", "eventType",
)  # fmt: skip


def view(event: Event, calendar: Calendar, role: str, zone_name: str | None = None) -> Event:
    """Free/busy readers see times alone; readers see so much of private events.  Raises Refusal."""
    if zone_name is not None and not known_zone(zone_name):
        raise bad("Invalid time zone.", "timeZone")
    zone = ZoneInfo(zone_name) if zone_name else calendar.zone
    private = event.get("visibility") in ("private", "confidential")
    if role == "freeBusyReader" or (private and role in ("reader", "writerWithoutPrivateAccess")):
        event = {k: v for k, v in event.items() if k in TIMES_ALONE} | {"visibility": "private"}
    times = ("start", "end", "originalStartTime")
    return event | {name: shown(event[name], zone) for name in times if name in event}


def gone(event: Event) -> Event:
    """What is left of a deleted event in an incremental answer."""
    names = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")
    return {k: v for k, v in event.items() if k in names} | {"status": "cancelled"}
