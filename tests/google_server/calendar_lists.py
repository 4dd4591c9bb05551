"""calendarList, calendars, settings: which calendars there are and what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.google_server.access import for_reading
from tests.google_server.calendars import ROLES, Calendar
from tests.google_server.clock import etag
from tests.google_server.exchange import Request, Response, answer, bad, not_found

if TYPE_CHECKING:
    from tests.google_server.state import State


def list_calendars(state: State, request: Request) -> Response:
    """What this account has in its list: its own calendars and those shared with it by name."""
    least = request.first("minAccessRole") or "freeBusyReader"
    found = [
        (calendar, role)
        for calendar in state.calendars.values()
        if (role := _listed(calendar, request.account)) != "none"
        and ROLES.index(role) >= ROLES.index(least)
    ]
    size = min(int(request.first("maxResults") or 100), 250)
    try:
        offset = int(request.first("pageToken") or 0)
    except ValueError:
        raise bad("Invalid page token value.", "pageToken") from None
    body: dict[str, Any] = {
        "kind": "calendar#calendarList",
        "etag": etag(state.clock.version),
        "items": [_entry(c, role, request) for c, role in found[offset : offset + size]],
    }
    if offset + size < len(found):
        body["nextPageToken"] = str(offset + size)
    else:
        body["nextSyncToken"] = str(state.clock.version)
    return answer(body)


def _listed(calendar: Calendar, account: str | None) -> str:
    return "owner" if calendar.owner == account else calendar.acl.get(account or "", "none")


def get_entry(state: State, request: Request) -> Response:
    """Raises Refusal: 404 for what is not in the list."""
    name = request.params["calendarId"]
    calendar = state.calendars.get(str(request.account) if name == "primary" else name.lower())
    if calendar is None or _listed(calendar, request.account) == "none":
        raise not_found()
    return answer(_entry(calendar, _listed(calendar, request.account), request))


def _entry(calendar: Calendar, role: str, request: Request) -> dict[str, Any]:
    entry = {
        "kind": "calendar#calendarListEntry",
        "etag": etag(0),
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "colorId": "14",
        "selected": True,
        "accessRole": role,
        "defaultReminders": [{"method": "popup", "minutes": 10}],
    }
    primary = calendar.primary and calendar.owner == request.account
    return entry | ({"primary": True} if primary else {})


def get_calendar(state: State, request: Request) -> Response:
    """Raises Refusal."""
    calendar, _ = for_reading(state, request)
    return answer(
        {
            "kind": "calendar#calendar",
            "etag": etag(0),
            "id": calendar.id,
            "summary": calendar.summary,
            "timeZone": calendar.time_zone,
        }
    )


def get_setting(state: State, request: Request) -> Response:
    """Raises Refusal."""
    own = state.calendars.get(str(request.account))
    values = {
        "timezone": own.time_zone if own else "UTC",
        "locale": "en",
        "weekStart": "1",
        "format24HourTime": "true",
    }
    name = request.params["setting"]
    if name not in values:
        raise not_found()
    said = {"kind": "calendar#setting", "etag": etag(0), "id": name, "value": values[name]}
    return answer(said)
