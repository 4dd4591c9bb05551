"""What goes to and fro: a request as it came, an answer, a refusal as Google words it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote


@dataclass
class Request:
    """One HTTP request, or one part of a batch.

    `name` says what was asked: a method id ("calendar.events.insert"), "batch", "oauth.token" ...
    """

    method: str
    path: str  # as sent, percent signs and all
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # names in small letters
    body: bytes = b""
    name: str = "unknown"
    params: dict[str, str] = field(default_factory=dict)  # of the path, decoded
    account: str | None = None
    scopes: frozenset[str] = frozenset()
    parts: list[Request] = field(default_factory=list)
    in_batch: bool = False
    status: int = 0  # what was answered; 0 where nothing was

    @property
    def json(self) -> Any:
        """The body as JSON, {} when there is none.  Raises ValueError."""
        return json.loads(self.body) if self.body.strip() else {}

    def override(self) -> None:
        """A GET too long for its address comes as a POST with the query in its body."""
        if self.method == "POST" and self.headers.get("x-http-method-override") == "GET":
            self.method = "GET"
            self.query = parse_qsl(self.body.decode(), keep_blank_values=True)
            self.body = b""

    @property
    def readable_path(self) -> str:
        return unquote(self.path)

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.query if name == key]

    def first(self, key: str, default: str | None = None) -> str | None:
        return next(iter(self.all(key)), default)

    def flag(self, key: str) -> bool:
        return self.first(key) == "true"

    def as_json(self) -> dict[str, Any]:
        """For the log over HTTP; bodies that are no text are left out."""
        return {
            "name": self.name,
            "method": self.method,
            "path": self.readable_path,
            "query": self.query,
            "body": self.body.decode("utf-8", "replace"),
            "account": self.account,
            "status": self.status,
            "headers": {k: v for k, v in self.headers.items() if k != "authorization"},
            "parts": [part.as_json() for part in self.parts],
        }


@dataclass
class Response:
    """An answer.  `body` is bytes as sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer; None is no content."""
    if value is None:
        return Response(204)
    body = json.dumps(value, ensure_ascii=False, indent=1).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **headers})


STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class Refusal(Exception):
    """Google says no.  Shapes: the Calendar API's guide to errors, AIP-193 for Sheets."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str | None = None,
        location_type: str = "parameter",
        headers: dict[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self._message = message
        self._details = details
        self._error: dict[str, Any] = {"domain": domain, "reason": reason, "message": message}
        if location:
            self._error |= {"locationType": location_type, "location": location}

    def response(self, name: str) -> Response:
        """As the API that was asked words it."""
        error: dict[str, Any] = {"code": self.status, "message": self._message}
        if not name.startswith("sheets."):
            error["errors"] = [self._error]
        if name.startswith("sheets.") or self._details:
            error["status"] = STATUS_WORDS.get(self.status, "UNKNOWN")
        if self._details:
            error["details"] = self._details
        return answer({"error": error}, self.status, **self.headers)


def not_found() -> Refusal:
    return Refusal(404, "notFound", "Not Found")


def bad(message: str, location: str | None = None, reason: str = "invalid") -> Refusal:
    """A value that is wrong: 400."""
    return Refusal(400, reason, message, location=location)
