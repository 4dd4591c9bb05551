"""events.list and events.instances: filters, expansion, pages, sync tokens."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.google_server.access import for_reading
from tests.google_server.calendars import Calendar
from tests.google_server.clock import etag
from tests.google_server.event_view import gone, view
from tests.google_server.exchange import Refusal, Request, Response, answer, bad, not_found
from tests.google_server.listing import Question, changes, visible
from tests.google_server.moments import read_stamp

if TYPE_CHECKING:
    from tests.google_server.state import State

Event = dict[str, Any]

# cannot stand beside a sync token, and a first listing with one of them gives none
NEVER_SYNCED = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty",
                "updatedMin")  # fmt: skip
NOT_WITH_TOKEN = (*NEVER_SYNCED, "timeMin", "timeMax")
SAME_AS_FIRST = ("singleEvents", "eventTypes", "maxAttendees")
PER_PAGE = ("pageToken", "maxResults", "fields", "alt", "prettyPrint", "quotaUser", "key")


def list_events(state: State, request: Request) -> Response:
    """Raises Refusal: 400, 404, 410 for a sync token that has expired."""
    calendar, role = for_reading(state, request)
    if role == "freeBusyReader" and state.knobs.free_busy_listing != "stripped":
        if state.knobs.free_busy_listing == "404":
            raise not_found()
        raise Refusal(403, "forbidden", "Forbidden")
    page = _page(state, request, calendar)
    version = page.get("version", state.clock.version)
    sync = _sync_token(state, request, calendar)
    if sync is None:
        question = asked(request, calendar)
        found = visible(calendar, version, question)
    else:
        first = sync["question"] if state.knobs.sync_keeps_window else {}
        question = asked(request, calendar, first)
        found = changes(calendar, sync["version"], version, question)
        if not request.flag("showDeleted"):
            found = [gone(e) if e["status"] == "cancelled" else e for e in found]
    if role == "freeBusyReader":
        found = [e for e in found if e.get("transparency") != "transparent"]
    items = [view(event, calendar, role, request.first("timeZone")) for event in found]
    return answer(_envelope(state, request, calendar, role, version, items, page, sync))


def _envelope(
    state: State,
    request: Request,
    calendar: Calendar,
    role: str,
    version: int,
    items: list[Event],
    page: dict[str, Any],
    sync: dict[str, Any] | None,
) -> Event:
    size = min(int(request.first("maxResults") or 250), 2500, state.knobs.largest_page)
    offset = page.get("offset", 0)
    if state.knobs.empty_pages and not page.get("after_empty"):
        size = 0
    body: Event = {
        "kind": "calendar#events",
        "etag": etag(version),
        "summary": calendar.summary,
        "updated": state.clock.stamp(version),
        "timeZone": request.first("timeZone") or calendar.time_zone,
        "accessRole": role,
        "defaultReminders": [{"method": "popup", "minutes": 10}] if role == "owner" else [],
        "items": items[offset : offset + size],
    }
    if offset + size < len(items) or size == 0:
        token = {"version": version, "offset": offset + size, "query": _fixed(request)}
        body["nextPageToken"] = _sealed(token | {"after_empty": size == 0})
    elif not any(request.all(name) for name in NEVER_SYNCED):
        first = sync["question"] if sync else dict(request.query)
        same = {name: request.all(name) for name in SAME_AS_FIRST}
        body["nextSyncToken"] = _sealed(
            {"calendar": calendar.id, "version": version, "question": first, "same": same}
        )
    return body


def list_instances(state: State, request: Request) -> Response:
    """The instances of one series."""
    calendar, role = for_reading(state, request)
    event_id = request.params["eventId"]
    if calendar.stored(event_id) is None or role == "freeBusyReader":
        raise not_found()
    page = _page(state, request, calendar)
    version = page.get("version", state.clock.version)
    question = asked(request, calendar)
    question.single = True
    found = [e for e in visible(calendar, version, question)
             if e.get("recurringEventId") == event_id]  # fmt: skip
    original = request.first("originalStart")
    if original:
        wanted = read_stamp(original, calendar.zone)
        found = [e for e in found if wanted == question.began(e)]
    items = [view(event, calendar, role, request.first("timeZone")) for event in found]
    body = _envelope(state, request, calendar, role, version, items, page, None)
    body.pop("nextSyncToken", None)
    return answer(body)


def asked(request: Request, calendar: Calendar, first: dict[str, str] | None = None) -> Question:
    """The question in a request; `first` gives the window of the listing a sync token came from."""
    order = request.first("orderBy")
    if order == "startTime" and not request.flag("singleEvents"):
        raise bad("The requested ordering is not available for the particular query.", "orderBy")
    window = first or {}
    since, until = (
        _stamp(request.first(name) or window.get(name), calendar) for name in ("timeMin", "timeMax")
    )
    if since and until and since >= until:
        message = "The specified time range is empty."
        raise Refusal(400, "timeRangeEmpty", message, domain="calendar", location="timeMax")
    return Question(
        zone=calendar.zone,
        window=(since, until),
        single=request.flag("singleEvents"),
        deleted=request.flag("showDeleted"),
        kinds=request.all("eventTypes"),
        private=[tuple(p.partition("=")[::2]) for p in request.all("privateExtendedProperty")],
        shared=[tuple(p.partition("=")[::2]) for p in request.all("sharedExtendedProperty")],
        uid=request.first("iCalUID"),
        words=(request.first("q") or "").casefold().split(),
        updated_min=_stamp(request.first("updatedMin"), calendar),
        order=order,
    )


def _stamp(text: str | None, calendar: Calendar) -> datetime | None:
    try:
        return read_stamp(text, calendar.zone) if text else None
    except ValueError:
        raise bad("Bad Request") from None


def _fixed(request: Request) -> list[list[str]]:
    return sorted([k, v] for k, v in request.query if k not in PER_PAGE)


def _page(state: State, request: Request, calendar: Calendar) -> dict[str, Any]:
    text = request.first("pageToken")
    if text is None:
        return {}
    page = _opened(text)
    if page is None or "offset" not in page:
        raise bad("Invalid page token value.", "pageToken")
    if page["query"] != _fixed(request):
        state.violate(request, "asks for the next page with other parameters than the first")
        raise bad("Invalid page token value.", "pageToken")
    return page


def _sync_token(state: State, request: Request, calendar: Calendar) -> dict[str, Any] | None:
    text = request.first("syncToken")
    if text is None:
        return None
    token = _opened(text)
    if token is None or "same" not in token:
        raise bad("Invalid sync token value.", "syncToken")
    for name in NOT_WITH_TOKEN:
        if request.all(name):
            state.violate(request, f"{name} beside a sync token")
            raise bad(f"Sync token cannot be used with {name}.", "syncToken")
    if request.first("showDeleted") == "false":
        raise bad("Deleted events are always part of an incremental listing.", "showDeleted")
    if any(request.all(name) != token["same"][name] for name in SAME_AS_FIRST):
        state.violate(request, f"{SAME_AS_FIRST}: not as in the first listing")
        raise bad("Other parameters than those of the first listing.", "syncToken")
    if token["calendar"] != calendar.id or token["version"] < calendar.oldest_sync:
        message = "Sync token is no longer valid, a full sync is required."
        raise Refusal(410, "fullSyncRequired", message, domain="calendar", location="syncToken")
    return token


def _sealed(token: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode()


def _opened(text: str) -> dict[str, Any] | None:
    try:
        token = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError:
        return None
    return token if isinstance(token, dict) else None
