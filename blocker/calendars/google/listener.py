"""The listener that hears what Google answers to a sign-in: on this machine, once.

Source: RFC 8252, 7.3 (loopback redirection) and 8.10 (the state).
"""

from __future__ import annotations

import contextlib
import hmac
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

_PAGE = "<!DOCTYPE html><meta charset=utf-8><title>blocker</title><p>{}</p>"
_DONE = "Done. You can close this page and go back to the terminal."
_WRONG = "This is not the answer to the sign-in that was begun. Go back to the terminal."


class WrongState(Exception):
    """Somebody answered who was not asked."""


class Listener:
    """Waits on a free port of 127.0.0.1 for one answer that carries `state`."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._server = _Server(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        """Where the answer is to be sent."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def wait(
        self, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> dict[str, str] | None:
        """The answer's parameters, None when none came in time; listens no more afterwards.

        Raises WrongState for an answer to another question.
        """
        deadline = clock() + seconds
        with self._server as server:
            while server.answer is None:
                left = deadline - clock()
                if left <= 0:
                    return None
                server.timeout = left
                server.state = self._state
                server.handle_request()
        if not _is_same(server.answer.get("state", ""), self._state):
            raise WrongState
        return server.answer

    def close(self) -> None:
        self._server.server_close()


def _is_same(given: str, state: str) -> bool:
    """Told in a time that gives nothing away; whoever guesses may send any letters."""
    return hmac.compare_digest(given.encode(), state.encode())


class _Server(HTTPServer):
    answer: dict[str, str] | None = None
    state = ""

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no news."""

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        # whoever connects and says nothing holds the line for so long
        connection.settimeout(5.0)
        return connection, address


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        if target.path != "/" or not target.query:
            self.send_error(404)  # such as a browser's wish for an icon
            return
        given = parse_qs(target.query, errors="replace")
        answer = {name: values[0] for name, values in given.items()}
        self.server.answer = answer
        is_right = _is_same(answer.get("state", ""), self.server.state)
        body = _PAGE.format(_DONE if is_right else _WRONG).encode()
        with contextlib.suppress(OSError):
            self.send_response(200 if is_right else 400)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The address that is asked for holds a secret: nothing is logged."""
