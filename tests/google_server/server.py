"""The server itself: what is asked, who asks, what is answered, what is written down."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.google_server import (
    calendar_lists,
    event_list,
    event_writes,
    freebusy,
    key_files,
    oauth,
    sheets,
)
from tests.google_server.access import scopes_enough
from tests.google_server.batch import run_batch
from tests.google_server.calendars import Calendar
from tests.google_server.delivery import LoopbackServer
from tests.google_server.discovery_check import (
    Method,
    answer_violations,
    find_method,
    trim,
    violations,
)
from tests.google_server.exchange import Refusal, Request, Response, not_found
from tests.google_server.faults import Fault, Faults
from tests.google_server.state import Grant, Knobs, ServiceAccount, State

ALL_SCOPES = [
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/spreadsheets",
]

JOBS: dict[str, Callable[[State, Request], Response]] = {
    "calendar.events.get": event_writes.get,
    "calendar.events.insert": event_writes.insert,
    "calendar.events.update": event_writes.update,
    "calendar.events.patch": event_writes.patch,
    "calendar.events.delete": event_writes.delete,
    "calendar.events.list": event_list.list_events,
    "calendar.events.instances": event_list.list_instances,
    "calendar.freebusy.query": freebusy.query,
    "calendar.calendarList.list": calendar_lists.list_calendars,
    "calendar.calendarList.get": calendar_lists.get_entry,
    "calendar.calendars.get": calendar_lists.get_calendar,
    "calendar.settings.get": calendar_lists.get_setting,
    **sheets.JOBS,
}


class GoogleServer:
    """Google on loopback.  Leaving the `with` fails when a request broke Google's rules."""

    def __init__(self, port: int = 0) -> None:
        self.state = State()
        self.faults = Faults()
        self.requests: list[Request] = []  # whole HTTP requests; a batch's calls are its `parts`
        self.most_at_once = 0  # the most requests that were under way at the same time
        self._at_once = 0
        self._count = threading.Lock()
        self._http = LoopbackServer(port, self.handle)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()
        if kind is None:
            assert self.violations == [], "\n".join(self.violations)

    def close(self) -> None:
        self._http.close()
        self._thread.join(10)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def knobs(self) -> Knobs:
        return self.state.knobs

    @property
    def violations(self) -> list[str]:
        return self.state.violations

    # Who there is, and what they have

    def account(
        self, email: str, *, workspace: bool = True, time_zone: str = "Europe/Paris"
    ) -> Calendar:
        """A person with a primary calendar; gives that."""
        self.state.accounts[email] = {"workspace": workspace}
        return self.create_calendar(email, email, email, time_zone)

    def create_calendar(
        self, calendar_id: str, owner: str, summary: str = "", time_zone: str = "Europe/Paris"
    ) -> Calendar:
        """A calendar; with the owner's address as its id it is the primary one."""
        calendar = Calendar(
            calendar_id.lower(),
            owner,
            summary or calendar_id,
            time_zone,
            calendar_id == owner,
            self.state.clock,
        )
        self.state.calendars[calendar.id] = calendar
        return calendar

    def calendar(self, calendar_id: str) -> Calendar:
        """Raises KeyError."""
        return self.state.calendars[calendar_id.lower()]

    def remove_calendar(self, calendar_id: str) -> None:
        """Gone, as if it had never been."""
        del self.state.calendars[calendar_id.lower()]

    spreadsheet = sheets.create

    # Signing in without a browser

    def access_token(self, account: str, scopes: list[str] | None = None) -> str:
        grant = Grant(account, scopes or ALL_SCOPES, oauth.CLIENT_ID)
        word = f"ya29.{account}.{len(self.state.access)}"
        self.state.access[word] = grant
        return word

    def token_file(self, path: Path, account: str, scopes: list[str] | None = None) -> Path:
        """A finished sign-in, as google-auth keeps it (authorized user)."""
        access = self.access_token(account, scopes)
        refresh = f"1//{account}.{len(self.state.refresh)}"
        self.state.refresh[refresh] = Grant(account, scopes or ALL_SCOPES, oauth.CLIENT_ID)
        return key_files.token_file(
            path, self.endpoint, access, refresh, scopes or ALL_SCOPES, account
        )

    def client_secrets(self, path: Path) -> Path:
        """The file for `login`: a desktop program's OAuth client."""
        return key_files.client_secrets(path, self.endpoint)

    def service_account(
        self,
        path: Path,
        email: str = "robot@blocker.iam.gserviceaccount.com",
        delegated: list[str] | None = None,
    ) -> Path:
        """A service account's key file; `delegated`: scopes it has domain-wide (default: all)."""
        public = key_files.service_account(path, self.endpoint, email)
        scopes = ALL_SCOPES if delegated is None else delegated
        self.state.services[email] = ServiceAccount(email, public, scopes)
        return path

    def expire_access_tokens(self) -> None:
        """Every access token given out so far gets 401."""
        for grant in self.state.access.values():
            grant.alive = False

    def end_sign_ins(self) -> None:
        """Every sign-in ends: 401 on access tokens, invalid_grant on refreshing."""
        self.expire_access_tokens()
        for grant in self.state.refresh.values():
            grant.alive = False

    # What was asked

    def asked(self, name: str = "") -> list[Request]:
        """Every call of that name, parts of batches too, in order; all calls without a name."""
        calls = [one for whole in self.requests for one in (whole, *whole.parts)]
        return [one for one in calls if name in ("", one.name)]

    def names(self) -> list[str]:
        """What was asked for, request by request, without signing in."""
        return [one.name for one in self.requests if not one.name.startswith("oauth.")]

    def forget(self) -> None:
        """An empty log."""
        self.requests.clear()

    # Answering

    def handle(self, request: Request) -> tuple[Response, Fault | None]:
        """One HTTP request; with the fault that its delivery meets."""
        with self._count:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.requests.append(request)
        try:
            response, fault = self._answer(request)
        finally:
            with self._count:
                self._at_once -= 1
        request.status = 0 if fault and fault.kind in ("close", "lose_reply") else response.status
        return response, fault

    def _answer(self, request: Request) -> tuple[Response, Fault | None]:
        method = self._route(request)
        fault = self.faults.strike(request)
        self.faults.run_hooks("before", request)
        if fault is not None and fault.kind in ("answer", "raw"):
            return fault.response(request), fault
        if fault is not None and fault.kind == "close":
            return Response(503), fault
        response = self._carry_out(request, method)
        self.faults.run_hooks("after", request)
        return response, fault

    def _part(self, request: Request) -> Response:
        """A part of a batch: a lost connection inside one is a 503."""
        response, fault = self._answer(request)
        if fault is not None and fault.kind in ("close", "lose_reply"):
            return Refusal(503, "backendError", "Backend Error").response(request.name)
        return response

    def _route(self, request: Request) -> Method | None:
        request.override()
        if request.method == "POST" and request.path.rstrip("/") == "/batch/calendar/v3":
            request.name = "batch"
            return None
        request.name = oauth.PATHS.get((request.method, request.path), "unknown")
        return find_method(request) if request.name == "unknown" else None

    def _carry_out(self, request: Request, method: Method | None) -> Response:
        try:
            if request.name == "batch" and not request.in_batch:
                return run_batch(self.state, request, self._part)
            with self.state.lock:
                if request.name.startswith("oauth.") and not request.in_batch:
                    return oauth.handle(self.state, request)
                return self._call(request, method)
        except Refusal as refusal:
            return refusal.response(request.name)
        except Exception:
            self.state.violate(request, f"the server broke:\n{traceback.format_exc()}")
            return Refusal(500, "internalError", "Internal Error").response(request.name)

    def _call(self, request: Request, method: Method | None) -> Response:
        """One method of an API.  Raises Refusal."""
        if method is None or (request.in_batch and not method.id.startswith("calendar.")):
            self.state.violate(request, "no such method")
            raise not_found()
        wrong = violations(request, method)
        for one in wrong:
            self.state.violate(request, one)
        if wrong:
            raise Refusal(400, "badRequest", "; ".join(wrong))
        oauth.identify(self.state, request)
        scopes_enough(request, method.scopes)
        job = JOBS.get(method.id)
        if job is None:
            self.state.violate(request, "this server does not know how")
            raise Refusal(501, "notImplemented", "Not Implemented")
        response = job(self.state, request)
        for one in answer_violations(response, method):
            self.state.violate(request, f"our own answer: {one}")
        return trim(response, request)


def snapshot(server: GoogleServer) -> dict[str, Any]:
    """The state as JSON."""
    with server.state.lock:
        return server.state.as_json()
