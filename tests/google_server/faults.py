"""What goes wrong on demand, and what people do between two requests."""

from __future__ import annotations

import fnmatch
import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.google_server.exchange import Refusal, Request, Response, answer

Hook = Callable[[Request], object]


@dataclass
class Fault:
    """One fault, for requests whose name and decoded path match (`*` stands for anything).

    `skip` matching requests pass before it, then it strikes `times` (None: for ever).
    kind: "answer" (status, reason, retry_after), "raw" (status, body, headers), "lose_reply"
    (carried out, then the connection closes), "close" (closes, nothing is carried out), "drip" (one
    byte every `pause_seconds`, with `head` those of the head too), "huge" (`size_bytes` of blanks
    before the JSON), "bomb" (`size_bytes` of blanks, packed).
    """

    name: str
    kind: str
    path: str = "*"
    skip: int = 0
    times: int | None = 1
    status: int = 503
    reason: str = "backendError"
    message: str = ""
    retry_after: str | None = None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    pause_seconds: float = 0.2
    head: bool = False
    size_bytes: int = 2 * 1024**3
    part: bool | None = None  # True: parts of batches alone, False: whole requests alone

    def matches(self, request: Request) -> bool:
        return (
            fnmatch.fnmatchcase(request.name, self.name)
            and fnmatch.fnmatchcase(request.readable_path, self.path)
            and self.part in (None, request.in_batch)
        )

    def response(self, request: Request) -> Response:
        """The answer that is given instead."""
        if self.kind == "raw":
            return Response(self.status, self.body.encode(), dict(self.headers))
        if self.kind == "bomb":
            packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
            return Response(200, gzip.compress(b" " * self.size_bytes), packed)
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        if request.name.startswith("oauth."):
            return answer(
                {"error": self.reason, "error_description": self.message or self.reason},
                self.status,
                **headers,
            )
        domain = "usageLimits" if self.status in (403, 429) else "global"
        message = self.message or _words(self.reason)
        refusal = Refusal(self.status, self.reason, message, domain=domain, headers=headers)
        return refusal.response(request.name)


def _words(reason: str) -> str:
    return {
        "rateLimitExceeded": "Rate Limit Exceeded",
        "userRateLimitExceeded": "User Rate Limit Exceeded",
        "quotaExceeded": "Calendar usage limits exceeded.",
        "backendError": "Backend Error",
    }.get(reason, reason)


@dataclass
class HookAt:
    name: str
    act: Hook
    when: str  # "before" or "after"
    path: str
    skip: int
    times: int | None


class Faults:
    """The faults and hooks that wait for their request; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._hooks: list[HookAt] = []

    def add(self, **fields: Any) -> None:
        with self._lock:
            self._faults.append(Fault(**fields))

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._hooks.clear()

    @property
    def waiting(self) -> int:
        """How many have not struck yet; those that strike for ever count too."""
        return len(self._faults) + len(self._hooks)

    # In words

    def answer(self, name: str, status: int, reason: str, **more: Any) -> None:
        """Answer so instead of doing it: answer("calendar.events.list", 403, "quotaExceeded")."""
        self.add(name=name, kind="answer", status=status, reason=reason, **more)

    def lose_reply(self, name: str, **more: Any) -> None:
        """Do it, then close the connection without a word.  A part of a batch: done, then 503.

        httplib2 sends a request once more by itself when that happens: `times=2` loses both.
        """
        self.add(name=name, kind="lose_reply", **more)

    def close(self, name: str, **more: Any) -> None:
        """Close the connection before doing it.  A part of a batch: not done, 503."""
        self.add(name=name, kind="close", **more)

    def drip(self, name: str, pause_seconds: float = 0.2, **more: Any) -> None:
        """One byte at a time; `head=True`: from the status line on."""
        self.add(name=name, kind="drip", pause_seconds=pause_seconds, **more)

    def huge(self, name: str, size_bytes: int = 2 * 1024**3, **more: Any) -> None:
        """A body of this size, sent until the client hangs up."""
        self.add(name=name, kind="huge", size_bytes=size_bytes, **more)

    def bomb(self, name: str, size_bytes: int = 200 * 1024**2, **more: Any) -> None:
        """Small on the way, this large when unpacked."""
        self.add(name=name, kind="bomb", size_bytes=size_bytes, **more)

    def raw(self, name: str, body: str, status: int = 200, **more: Any) -> None:
        """This very text."""
        headers = more.pop("headers", {"Content-Type": "application/json; charset=UTF-8"})
        self.add(name=name, kind="raw", body=body, status=status, headers=headers, **more)

    def html(self, name: str, **more: Any) -> None:
        """A sign-in page with status 200, as hotel networks give."""
        page = "<!DOCTYPE html><html><title>Sign in</title><body>Welcome to the hotel</body></html>"
        self.raw(name, page, headers={"Content-Type": "text/html; charset=utf-8"}, **more)

    def redirect(self, name: str, to: str, status: int = 302, **more: Any) -> None:
        """Send the client elsewhere."""
        self.raw(name, "", status, headers={"Location": to}, **more)

    def before(
        self, name: str, act: Hook, *, path: str = "*", skip: int = 0, times: int | None = 1
    ) -> None:
        """Call `act(request)` before a request is carried out; it may block."""
        with self._lock:
            self._hooks.append(HookAt(name, act, "before", path, skip, times))

    def after(
        self, name: str, act: Hook, *, path: str = "*", skip: int = 0, times: int | None = 1
    ) -> None:
        """Call `act(request)` when a request is carried out and not yet answered."""
        with self._lock:
            self._hooks.append(HookAt(name, act, "after", path, skip, times))

    # For the server

    def strike(self, request: Request) -> Fault | None:
        """The first fault that this request meets."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(request):
                    continue
                if _due(fault):
                    if fault.times == 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def run_hooks(self, when: str, request: Request) -> None:
        with self._lock:
            due = [
                hook
                for hook in self._hooks
                if hook.when == when
                and fnmatch.fnmatchcase(request.name, hook.name)
                and fnmatch.fnmatchcase(request.readable_path, hook.path)
                and _due(hook)
            ]
            self._hooks = [hook for hook in self._hooks if hook.times != 0]
        for hook in due:
            hook.act(request)


def _due(one: Fault | HookAt) -> bool:
    """Count this request; whether it is struck."""
    if one.skip > 0:
        one.skip -= 1
        return False
    if one.times is not None:
        one.times -= 1
    return True
