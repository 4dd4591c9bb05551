"""Who may do what with which calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.google_server.calendars import ROLES, Calendar
from tests.google_server.exchange import Refusal, Request, not_found

if TYPE_CHECKING:
    from tests.google_server.state import State

PREFIX = "https://www.googleapis.com/auth/"


def scopes_enough(request: Request, wanted: frozenset[str]) -> None:
    """Raises Refusal: 403 as Google answers a token with too few scopes."""
    if request.scopes & wanted:
        return
    raise Refusal(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"method": request.name},
            }
        ],
    )


def reach(state: State, request: Request, calendar_id: str) -> tuple[Calendar | None, str]:
    """A calendar by its id or "primary", and the role of who asks, cut to what the scopes allow."""
    if calendar_id == "primary":
        calendar_id = request.account or ""
    calendar = state.calendars.get(calendar_id.lower())
    if calendar is None:
        return None, "none"
    role = calendar.role(request.account)
    scopes = {scope.removeprefix(PREFIX) for scope in request.scopes}
    if scopes & {"calendar", "calendar.events", "calendar.readonly", "calendar.events.readonly"}:
        return calendar, role
    if scopes & {"calendar.events.owned", "calendar.events.owned.readonly"} and role == "owner":
        return calendar, role
    if "calendar.events.freebusy" in scopes or "calendar.freebusy" in scopes:
        return calendar, min(role, "freeBusyReader", key=ROLES.index)
    if scopes & {"calendar.calendars", "calendar.calendars.readonly"}:
        return calendar, role
    return calendar, "none"


def for_reading(state: State, request: Request) -> tuple[Calendar, str]:
    """Raises Refusal: 404 where nothing is shared, as if there were no such calendar."""
    calendar, role = reach(state, request, request.params["calendarId"])
    if calendar is None or role == "none":
        raise not_found()
    return calendar, role


def for_writing(state: State, request: Request) -> Calendar:
    """Raises Refusal: 403 for readers, 404 where nothing is shared."""
    calendar, role = for_reading(state, request)
    if ROLES.index(role) < ROLES.index("writerWithoutPrivateAccess"):
        message = "You need to have writer access to this calendar."
        raise Refusal(403, "requiredAccessLevel", message, domain="calendar")
    return calendar
