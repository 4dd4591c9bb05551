"""/_control/: what a test does in its own process, for a server that is a process of its own.

GET state, requests, violations.  PUT state: become that one.  POST knobs: set some.  POST call with
{"on": "", "call": "token_file", "args": ["/x/token.json", "ana@x.example"], "named": {}}: call a
public method of the server ("on": ""), of its faults ("faults") or of a calendar (its id).  None of
these stands in the log.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.google_server.calendars import Calendar
from tests.google_server.exchange import Request, Response

if TYPE_CHECKING:
    from tests.google_server.server import GoogleServer

PREFIX = "/_control/"
PATHS = ("token_file", "client_secrets", "service_account")  # their first argument is a path


def control(server: GoogleServer, request: Request) -> Response:
    """400 with the reason where something is wrong with it."""
    try:
        value = _done(server, request.method, request.path.removeprefix(PREFIX), request)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return _said({"error": f"{type(error).__name__}: {error}"}, 400)
    return _said(value)


def _done(server: GoogleServer, method: str, what: str, request: Request) -> Any:
    match method, what:
        case "GET", "state":
            return server.state.as_json()
        case "PUT", "state":
            server.state.load(request.json)
        case "GET", "requests":
            return [one.as_json() for one in server.requests]
        case "GET", "violations":
            return server.violations
        case "POST", "knobs":
            for name, value in request.json.items():
                getattr(server.knobs, name)
                setattr(server.knobs, name, value)
        case "POST", "call":
            return _called(server, request.json)
        case _:
            raise ValueError(f"{method} {PREFIX}{what} is nothing that this server knows")
    return None


def _called(server: GoogleServer, asked: dict[str, Any]) -> Any:
    on, name = asked.get("on", ""), asked["call"]
    target: Any = server if on == "" else server.faults if on == "faults" else server.calendar(on)
    args = list(asked.get("args", []))
    if name.startswith("_"):
        raise ValueError(f"{name} is not public")
    if name in PATHS:
        args[0] = Path(args[0])
    value = getattr(target, name)(*args, **asked.get("named", {}))
    return value.id if isinstance(value, Calendar) else value


def _said(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, default=str).encode()
    return Response(status, body, {"Content-Type": "application/json"})
