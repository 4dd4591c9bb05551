"""The server itself: what is asked, who asks, what is answered, what is written down."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.google_server import (
    calendar_lists,
    event_list,
    event_writes,
    freebusy,
    oauth,
    sheets,
)
from tests.google_server.access import scopes_enough
from tests.google_server.batch import run_batch
from tests.google_server.control import PREFIX, control
from tests.google_server.delivery import LoopbackServer
from tests.google_server.discovery_check import (
    Method,
    answer_violations,
    find_method,
    trim,
    violations,
)
from tests.google_server.exchange import Refusal, Request, Response, not_found
from tests.google_server.faults import Fault
from tests.google_server.state import State
from tests.google_server.world import World

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


class GoogleServer(World):
    """Google on loopback.  Leaving the `with` fails when a request broke Google's rules."""

    def __init__(self, port: int = 0, state_file: Path | None = None) -> None:
        super().__init__()
        self._at_once = 0
        self._count = threading.Lock()
        self._state_file = state_file
        if state_file is not None and state_file.exists():
            self.state.load(json.loads(state_file.read_text(encoding="utf-8")))
        self._http = LoopbackServer(port, self.handle)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()
        if kind is None:
            assert self.violations == [], "\n".join(self.violations)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._http.close()
        self._thread.join(10)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    # Answering

    def handle(self, request: Request) -> tuple[Response, Fault | None]:
        """One HTTP request; with the fault that its delivery meets."""
        if request.path.startswith(PREFIX):
            with self.state.lock:
                said = control(self, request)
                self._keep(request)
            return said, None
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
        if fault is not None and fault.kind in ("answer", "raw", "bomb"):
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
                    response = oauth.handle(self.state, request)
                else:
                    response = self._call(request, method)
                self._keep(request)
                return response
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

    def _keep(self, request: Request) -> None:
        """The state on disk, whole or not at all."""
        changed = request.method != "GET" or request.name == "oauth.auth"
        if self._state_file is not None and changed:
            beside = self._state_file.with_suffix(".new")
            beside.write_text(json.dumps(self.state.as_json()), encoding="utf-8")
            beside.replace(self._state_file)
