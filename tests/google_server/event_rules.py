"""What Google takes as an event, beyond what the discovery document can say in types.

Sources: the reference of the event resource, the guides to extended properties, to reminders and
to status events (focus time).
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from tests.google_server.exchange import Refusal, bad
from tests.google_server.moments import instant, known_zone

Event = dict[str, Any]
CHOICES = {
    "status": ("confirmed", "tentative", "cancelled"),
    "transparency": ("opaque", "transparent"),
    "visibility": ("default", "public", "private", "confidential"),
    "eventType": (
        "default",
        "birthday",
        "focusTime",
        "fromGmail",
        "outOfOffice",
        "workingLocation",
    ),
    "colorId": tuple(str(number) for number in range(1, 12)),
}
DECLINE_MODES = (
    "declineNone",
    "declineAllConflictingInvitations",
    "declineOnlyNewConflictingInvitations",
)
LINE = re.compile(r"(RRULE|EXRULE|RDATE|EXDATE)[;:]")


def check_id(event: Event) -> None:
    """A client's id: base32hex, 5 to 1024 characters.  Raises Refusal."""
    event_id = event.get("id")
    if event_id is not None and not re.fullmatch(r"[a-v0-9]{5,1024}", event_id):
        raise bad("Invalid resource id value.", "resource.id")


def check_event(event: Event, zone: ZoneInfo) -> None:
    """A whole event, new or changed.  Raises Refusal."""
    for name, choices in CHOICES.items():
        if event.get(name) is not None and event[name] not in choices:
            raise bad(f"Invalid value for: {name}", name)
    _check_times(event, zone)
    _check_reminders(event.get("reminders") or {})
    _check_properties(event.get("extendedProperties") or {})
    if len(event.get("description") or "") > 8192:
        raise bad("The description is too long.", "description")
    for attendee in event.get("attendees") or []:
        if "@" not in (attendee.get("email") or ""):
            raise bad("Invalid attendee email.", "attendee")


def _check_times(event: Event, zone: ZoneInfo) -> None:
    for name in ("start", "end"):
        when = event.get(name) or {}
        if bool(when.get("date")) == bool(when.get("dateTime")):
            raise bad(f"Missing {name} time.", name, "required")
        if when.get("timeZone") and not known_zone(when["timeZone"]):
            raise bad("Invalid time zone definition.", f"{name}.timeZone")
        if event.get("recurrence") and when.get("dateTime") and not when.get("timeZone"):
            raise bad(f"Missing time zone definition for {name} time.", name, "required")
    start, end = event["start"], event["end"]
    if bool(start.get("date")) != bool(end.get("date")):
        raise bad("Start and end times must either both be date or both be dateTime.", "end")
    try:
        reversed_ = instant(end, zone) < instant(start, zone)
    except ValueError:
        raise bad("Bad Request", "start") from None
    if reversed_ or (start.get("date") and start["date"] == end["date"]):
        raise Refusal(
            400,
            "timeRangeEmpty",
            "The specified time range is empty.",
            domain="calendar",
            location="timeMax",
        )
    if any(not LINE.match(line) for line in event.get("recurrence") or []):
        raise bad("Invalid recurrence rule.", "recurrence")


def _check_reminders(reminders: dict[str, Any]) -> None:
    overrides = reminders.get("overrides") or []
    if reminders.get("useDefault") and overrides:
        raise Refusal(
            400,
            "cannotUseDefaultRemindersAndSpecifyOverride",
            "Cannot specify both default reminders and overrides at the same time.",
            domain="calendar",
        )
    if len(overrides) > 5:
        raise bad("Too many reminders.", "reminders")
    for one in overrides:
        if one.get("method") not in ("email", "popup"):
            raise bad("Invalid reminder method.", "reminders")
        if not 0 <= one.get("minutes", -1) <= 40320:
            raise bad("Invalid reminder minutes.", "reminders")


def _check_properties(properties: dict[str, Any]) -> None:
    """At most 300 of 32 kB in all, names up to 44 characters, values up to 1024."""
    pairs = [
        (k, v) for part in properties.values() for k, v in (part or {}).items() if v is not None
    ]
    if any(len(key) > 44 or len(value) > 1024 for key, value in pairs):
        raise bad("Extended property key or value too long.", "extendedProperties")
    if len(pairs) > 300 or sum(len(k) + len(v) for k, v in pairs) > 32 * 1024:
        raise bad("Too many extended properties.", "extendedProperties")


def check_kind(event: Event, *, primary: bool, workspace: bool) -> None:
    """Status events stand in primary calendars of Workspace accounts alone.  Raises Refusal."""
    kind = event.get("eventType", "default")
    if kind == "fromGmail":
        raise _kind_refused("Event type cannot be created.")
    own = {"focusTime": "focusTimeProperties", "outOfOffice": "outOfOfficeProperties"}
    for name, field in own.items():
        if event.get(field) and kind != name:
            raise _kind_refused(f"{field} belong to events of type {name} alone.")
    if kind in ("focusTime", "outOfOffice", "workingLocation"):
        if not primary:
            raise _kind_refused(f"A {kind} event can only be created on a primary calendar.")
        if not workspace:
            raise _kind_refused(f"A {kind} event cannot be created by this user.")
    if kind == "focusTime":
        _check_focus_time(event)


def _check_focus_time(event: Event) -> None:
    properties = event.get("focusTimeProperties")
    if properties is None:
        raise _kind_refused("focusTimeProperties are required.")
    if properties.get("autoDeclineMode", "declineNone") not in DECLINE_MODES:
        raise _kind_refused("Invalid autoDeclineMode.")
    if properties.get("chatStatus", "available") not in ("available", "doNotDisturb"):
        raise _kind_refused("Invalid chatStatus.")
    if "date" in event["start"]:
        raise _kind_refused("A focus time event must be a timed event.")
    if event.get("transparency", "opaque") != "opaque":
        raise _kind_refused("A focus time event must be opaque.")
    if event.get("attendees"):
        raise _kind_refused("A focus time event cannot have attendees.")


def _kind_refused(message: str) -> Refusal:
    return Refusal(400, "eventTypeRestriction", message, domain="calendar")
