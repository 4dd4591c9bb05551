"""HTTP on a socket: reads a request, hands it over, sends the answer whole, late, or not at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.google_server.exchange import Request, Response
from tests.google_server.faults import Fault

Answerer = Callable[[Request], tuple[Response, Fault | None]]
CHUNK = b" " * 65536


class LoopbackServer(ThreadingHTTPServer):
    """Knows its open connections, so that closing it leaves nothing behind."""

    daemon_threads = True
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, answer: Answerer) -> None:
        super().__init__(("127.0.0.1", port), Connection)
        self.answer = answer
        self.closing = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()

    def process_request(self, request, client_address) -> None:
        worker = threading.Thread(target=self._work, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = worker
        worker.start()

    def _work(self, request, client_address) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.pop(request)

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is no news."""

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        with self._lock:
            left = list(self._open.items())
        for connection, _ in left:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, worker in left:
            worker.join(10)
        self.server_close()


class Connection(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, kept open between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def log_message(self, *_: object) -> None:
        """The log is `requests`."""

    def _handle(self) -> None:
        target = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # who asked is gone, and never asked it whole
            self._hang_up()
            return
        request = Request(
            self.command,
            target.path,
            parse_qsl(target.query, keep_blank_values=True),
            {key.lower(): value for key, value in self.headers.items()},
            body,
        )
        response, fault = self.server.answer(request)
        if fault is not None and fault.kind in ("close", "lose_reply"):
            self._hang_up()
        elif fault is not None and fault.kind == "drip":
            self._drip(response, fault)
        elif fault is not None and fault.kind == "huge":
            self._huge(response, fault.size_bytes)
        else:
            self.wfile.write(self._head(response, len(response.body)) + response.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815  (http.server's names)

    def _head(self, response: Response, length: int) -> bytes:
        phrase = self.responses.get(response.status, ("",))[0]
        lines = [f"HTTP/1.1 {response.status} {phrase}"]
        lines += [f"{key}: {value}" for key, value in response.headers.items()]
        if response.status not in (204, 304):
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _drip(self, response: Response, fault: Fault) -> None:
        head = self._head(response, len(response.body))
        at_once, slowly = (b"", head + response.body) if fault.head else (head, response.body)
        with suppress(OSError):
            self.wfile.write(at_once)
            for byte in slowly:
                if self.server.closing.wait(fault.pause_seconds):
                    break
                self.wfile.write(bytes([byte]))
        self._hang_up()

    def _huge(self, response: Response, size: int) -> None:
        self.wfile.write(self._head(response, size + len(response.body)))
        with suppress(OSError):
            left = size
            while left > 0 and not self.server.closing.is_set():
                self.wfile.write(CHUNK[:left])
                left -= len(CHUNK)
            self.wfile.write(response.body)
        self._hang_up()
