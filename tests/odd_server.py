"""A small web server for tests that misbehaves as told, alone or in front of a real server."""

from __future__ import annotations

import contextlib
import datetime
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from tests.dav_servers import DavServer


@dataclass(frozen=True)
class Asked:
    """A request as it came; names of headers are lower case."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What is answered; a body of pieces is sent piece by piece, `pause` seconds apart."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0


Answer = Callable[[Asked], Reply | None]
"""What is said to a request; None closes the connection without a word."""


class OddServer:
    """A running server; `answer` may be replaced at any time, `asked` tells what came."""

    def __init__(self, answer: Answer, certificate: Path | None = None) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self._ended = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
            self.root = f"https://127.0.0.1:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[OddServer]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name: str) -> object:
                if name.startswith("do_"):
                    return self._answer
                raise AttributeError(name)

            def _answer(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                asked = Asked(self.command, self.path, headers, body)
                server.asked.append(asked)
                reply = server.answer(asked)
                self.close_connection = True
                with contextlib.suppress(OSError):  # the other side hung up
                    if reply is not None:
                        self._send(reply)

            def _send(self, reply: Reply) -> None:
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if isinstance(reply.body, bytes):
                    self.send_header("Content-Length", str(len(reply.body)))
                self.send_header("Connection", "close")
                self.end_headers()
                pieces = [reply.body] if isinstance(reply.body, bytes) else reply.body
                for piece in pieces:
                    if server._ended.is_set():
                        return
                    self.wfile.write(piece)
                    time.sleep(reply.pause)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        return Handler


@contextlib.contextmanager
def odd_server(answer: Answer, certificate: Path | None = None) -> Iterator[OddServer]:
    with OddServer(answer, certificate).running() as server:
        yield server


def always(status: int = 200, body: bytes | str = b"", **headers: str) -> Answer:
    """Says the same to everything."""
    content = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked: Reply(status, content, named)


def one_by_one(*answers: Answer) -> Answer:
    """Each answer once, in order; the last one from then on."""
    left = list(answers)
    return lambda asked: (left.pop(0) if len(left) > 1 else left[0])(asked)


_HOP = {"connection", "content-length", "transfer-encoding", "content-encoding", "host"}


def in_front_of(server: DavServer) -> Answer:
    """What a real server says."""

    def answer(asked: Asked) -> Reply:
        headers = {k: v for k, v in asked.headers.items() if k not in _HOP}
        with requests.Session() as session:
            session.trust_env = False
            said = session.request(
                asked.method,
                server.root + asked.path,
                data=asked.body,
                headers=headers,
                allow_redirects=False,
                timeout=30,
            )
        kept = {k: v for k, v in said.headers.items() if k.lower() not in _HOP}
        return Reply(said.status_code, said.content, kept)

    return answer


def certificate_for(name: str, folder: Path) -> Path:
    """A certificate that signs itself, with its key, in one file."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    is_address = name[0].isdigit()
    known = x509.IPAddress(ip_address(name)) if is_address else x509.DNSName(name)
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
