"""freebusy.query: when people are busy, and nothing else of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.google_server.access import reach
from tests.google_server.calendars import Calendar
from tests.google_server.exchange import Refusal, Request, Response, answer, bad
from tests.google_server.listing import Question, visible
from tests.google_server.moments import instant, known_zone, read_stamp, write_stamp

if TYPE_CHECKING:
    from tests.google_server.state import State

MOST_CALENDARS = 50  # of calendarExpansionMax in the discovery document


def query(state: State, request: Request) -> Response:
    """Raises Refusal."""
    asked = request.json
    for name in ("timeMin", "timeMax"):
        if not asked.get(name):
            raise bad(f"Missing {name} parameter.", name, "required")
    zone_name = asked.get("timeZone", "UTC")
    if not known_zone(zone_name):
        raise bad("Invalid time zone.", "timeZone")
    zone = ZoneInfo(zone_name)
    since, until = (read_stamp(asked[name], zone) for name in ("timeMin", "timeMax"))
    if since >= until:
        message = "The specified time range is empty."
        raise Refusal(400, "timeRangeEmpty", message, domain="calendar", location="timeMax")
    items = asked.get("items") or []
    most = min(MOST_CALENDARS, asked.get("calendarExpansionMax") or MOST_CALENDARS)
    if len(items) > most:
        state.violate(request, f"{len(items)} calendars in one query; at most {most}")
        message = "The number of calendars requested is too large for a single query."
        raise Refusal(400, "tooManyCalendarsRequested", message, domain="calendar")
    answers = {item["id"]: _one(state, request, item["id"], since, until, zone) for item in items}
    return answer(
        {
            "kind": "calendar#freeBusy",
            "timeMin": write_stamp(since),
            "timeMax": write_stamp(until),
            "calendars": answers,
        }
    )


def _one(
    state: State,
    request: Request,
    calendar_id: str,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> dict[str, Any]:
    calendar, role = reach(state, request, calendar_id)
    if calendar is None or role == "none":
        return {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
    return {
        "busy": [
            {"start": write_stamp(start, zone), "end": write_stamp(end, zone)}
            for start, end in busy(calendar, since, until)
        ]
    }


def busy(calendar: Calendar, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Merged and cut to the window: opaque events that are neither cancelled nor declined."""
    question = Question(zone=calendar.zone, window=(since, until), single=True)
    spans: list[tuple[datetime, datetime]] = []
    for event in visible(calendar, None, question):
        if not _is_busy(event):
            continue
        start = max(since, instant(event["start"], calendar.zone))
        end = min(until, instant(event["end"], calendar.zone))
        if start < end:
            spans.append((start, end))
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_busy(event: dict[str, Any]) -> bool:
    declined = any(
        one.get("self") and one.get("responseStatus") == "declined"
        for one in event.get("attendees", ())
    )
    return (
        event["status"] != "cancelled"
        and event.get("transparency", "opaque") == "opaque"
        and event.get("eventType") not in ("workingLocation", "birthday")
        and not declined
    )
