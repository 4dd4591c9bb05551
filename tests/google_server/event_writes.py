"""events.get, insert, update, patch, delete: one event at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.google_server.access import for_reading, for_writing
from tests.google_server.calendars import Calendar
from tests.google_server.event_rules import check_event, check_id, check_kind
from tests.google_server.event_view import view
from tests.google_server.exchange import Refusal, Request, Response, answer, bad, not_found
from tests.google_server.moments import instant, kept

if TYPE_CHECKING:
    from tests.google_server.state import State

Event = dict[str, Any]

# what a client's body never sets
OURS = {
    "kind", "etag", "htmlLink", "created", "updated", "creator", "organizer", "hangoutLink",
    "recurringEventId", "originalStartTime", "locked", "privateCopy",
}  # fmt: skip
KEPT_BY_UPDATE = {*OURS, "id", "iCalUID", "eventType", "sequence"}


def get(state: State, request: Request) -> Response:
    calendar, role = for_reading(state, request)
    event = calendar.find(request.params["eventId"])
    if event is None:
        raise not_found()
    if request.headers.get("if-none-match") == event["etag"]:
        return Response(304)
    if role == "freeBusyReader" and state.knobs.free_busy_listing != "stripped":
        raise not_found()
    return _answered(calendar, role, event, request)


def insert(state: State, request: Request) -> Response:
    """Raises Refusal: 409 where the id is taken, were it by an event that is long deleted."""
    calendar = for_writing(state, request)
    body = {k: v for k, v in request.json.items() if k not in OURS and v is not None}
    check_id(body)
    if "id" in body and "iCalUID" in body:
        raise bad("Only one of id and iCalUID may be given.", "iCalUID")
    check_event(body, calendar.zone)
    check_kind(body, primary=calendar.primary, workspace=state.is_workspace(calendar.owner))
    if "id" in body and calendar.stored(body["id"]) is not None:
        raise Refusal(409, "duplicate", "The requested identifier already exists.")
    event = calendar.filled(_stored(body, calendar), request.account or calendar.owner)
    return _answered(calendar, "owner", calendar.save(event), request)


def update(state: State, request: Request) -> Response:
    """PUT: what the body leaves out is taken away."""
    return _changed(
        state,
        request,
        lambda old, body: {
            **{key: value for key, value in old.items() if key in KEPT_BY_UPDATE},
            "status": "confirmed",
            "reminders": {"useDefault": True},
            **body,
        },
    )


def patch(state: State, request: Request) -> Response:
    """PATCH: objects are merged, lists replaced, null takes away."""
    return _changed(state, request, _merged)


def _merged(old: Event, new: Event) -> Event:
    merged = dict(old)
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(key), dict):
            merged[key] = {k: v for k, v in _merged(old[key], value).items() if v is not None}
        else:
            merged[key] = value
    return merged


def _changed(state: State, request: Request, change: Callable[[Event, Event], Event]) -> Response:
    calendar = for_writing(state, request)
    old = calendar.find(request.params["eventId"])
    if old is None:
        raise not_found()
    _check_match(request, old)
    body = {key: value for key, value in request.json.items() if key not in OURS}
    if body.get("eventType", old["eventType"]) != old["eventType"]:
        raise bad("The event type cannot be changed.", "eventType")
    if body.get("id", old["id"]) != old["id"]:
        raise bad("The id cannot be changed.", "id")
    if body.get("sequence", old["sequence"]) < old["sequence"]:
        raise bad("Invalid sequence value.", "sequence")
    event = {key: value for key, value in change(old, body).items() if value is not None}
    _check_organizer(old, event, calendar)
    check_event(event, calendar.zone)
    check_kind(event, primary=calendar.primary, workspace=state.is_workspace(calendar.owner))
    event = _stored(event, calendar)
    if event["sequence"] == old["sequence"] and _times(event, calendar) != _times(old, calendar):
        event["sequence"] += 1
    return _answered(calendar, "owner", calendar.save(event), request)


def delete(state: State, request: Request) -> Response:
    """Raises Refusal: 410 for what is deleted already."""
    calendar = for_writing(state, request)
    event = calendar.find(request.params["eventId"])
    if event is None:
        raise not_found()
    if event["status"] == "cancelled":
        raise Refusal(410, "deleted", "Resource has been deleted")
    _check_match(request, event)
    calendar.cancel(event)
    return Response(204)


def _check_match(request: Request, event: Event) -> None:
    wanted = request.headers.get("if-match")
    if wanted not in (None, "*", event["etag"]):
        raise Refusal(
            412,
            "conditionNotMet",
            "Precondition Failed",
            location="If-Match",
            location_type="header",
        )


def _check_organizer(old: Event, new: Event, calendar: Calendar) -> None:
    """Guests change their own copy, not what all share."""
    if old["organizer"].get("self") or old.get("guestsCanModify"):
        return
    shared = ("summary", "description", "location")
    same = all(old.get(key) == new.get(key) for key in shared)
    if not same or _times(old, calendar) != _times(new, calendar):
        message = "Shared properties can only be changed by the organizer of the event."
        raise Refusal(403, "forbiddenForNonOrganizer", message, domain="calendar")


def _times(event: Event, calendar: Calendar) -> tuple[Any, ...]:
    ends = (instant(event[name], calendar.zone) for name in ("start", "end"))
    return (*ends, event.get("recurrence"))


def _stored(event: Event, calendar: Calendar) -> Event:
    return event | {name: kept(event[name], calendar.zone) for name in ("start", "end")}


def _answered(calendar: Calendar, role: str, event: Event, request: Request) -> Response:
    return answer(view(event, calendar, role, request.first("timeZone")), ETag=event["etag"])
