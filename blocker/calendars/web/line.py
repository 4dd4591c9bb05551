"""Lines: a request and its answer over HTTP, with an end to everything.

Whatever a server does, connecting, sending, and each read of head and body end at one deadline,
however slowly the bytes drip, and a body ends at its limit.  Nothing is followed and nothing added:
no redirect, no password of .netrc, no cookie.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from blocker.calendars.web.addresses import Found, is_this_machine, resolved
from blocker.calendars.web.failures import TooLarge, failure_of

_PIECE = 65_536
_SENT_AT_ONCE = 16_384
"""One record of TLS: each is given its own wait."""


@dataclass(slots=True)
class Meter:
    """How long things on one line may take, in seconds; `end` is on the monotonic clock.

    `connect` is for one address, `silent` for a server that says nothing in the middle.
    """

    connect: float
    silent: float
    end: float = 0.0

    def at_most(self, seconds: float) -> float:
        """So long, or until the end.  Raises TimeoutError after it."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return min(seconds, left)


class Line:
    """Connections to any server, for one request at a time.

    `resolve` gives the addresses of a host and its port.  `uses_proxies` says that the system's
    proxies are used, but on the way to this machine itself.  `most` is in bytes, unpacked.
    """

    def __init__(
        self,
        meter: Meter,
        most: int,
        resolve: Callable[[str, int], Found] = resolved,
        *,
        uses_proxies: bool = False,
    ) -> None:
        self._meter, self._most = meter, most
        self._session = _Session()
        self._session.trust_env = uses_proxies
        self._session.auth = _as_it_is
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(meter, resolve)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str | bytes | None,
        seconds: float,
        authorities: str | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers (their names in any case) and body; redirects are answers too.

        `authorities` is a file of certificate authorities instead of the usual ones.
        Raises Failure, and what `resolve` raises.
        """
        self._meter.end = time.monotonic() + seconds
        host = urlsplit(url).hostname or ""
        try:
            with self._session.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                stream=True,
                timeout=self._meter.at_most(self._meter.silent),
                allow_redirects=False,
                proxies={"no_proxy": host} if is_this_machine(host) else {},
                verify=authorities or True,
            ) as response:
                return response.status_code, response.headers, self._whole(response.raw)
        except (OSError, HTTPError, http.client.HTTPException) as problem:
            raise failure_of(problem) from None

    def _whole(self, raw: Any) -> bytes:
        pieces, size = [], 0
        while piece := raw.read(_PIECE, decode_content=True):
            size += len(piece)
            if size > self._most:
                raise TooLarge(self._most)
            pieces.append(piece)
        return b"".join(pieces)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from putting a password of .netrc in the place of our sign-in."""
    return request


class _Session(requests.Session):
    """Follows nothing: `requests` would read the whole of a redirect to find out where to."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Adapter(HTTPAdapter):
    """Makes metered connections, to servers and to proxies."""

    def __init__(self, meter: Meter, resolve: Callable[[str, int], Found]) -> None:
        given = {"meter": meter, "resolve": staticmethod(resolve)}
        plain = type("_Plain", (_Metered,), given)
        encrypted = type("_Encrypted", (_Metered, HTTPSConnection), given)
        self._pools = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": encrypted}),
        }
        super().__init__(max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*given, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _Metered(HTTPConnection):
    """A connection whose every wait is metered, to an address that was resolved by `resolve`."""

    meter: Meter
    resolve: Callable[[str, int], Found]

    def _new_conn(self) -> socket.socket:
        return _first_open(self.resolve(self.host, self.port), self.meter)

    def send(self, data: Any) -> None:
        view = memoryview(data)
        for start in range(0, len(view), _SENT_AT_ONCE):
            if self.sock is not None:
                self.sock.settimeout(self.meter.at_most(self.meter.silent))
            super().send(view[start : start + _SENT_AT_ONCE])

    def response_class(  # type: ignore[override]  # a class there, called all the same
        self, sock: Any, *given: Any, **named: Any
    ) -> http.client.HTTPResponse:
        """What http.client reads an answer with, head and body."""
        response = http.client.HTTPResponse(sock, *given, **named)
        reads = _Reads(response.fp.detach(), sock, self.meter)
        response.fp = io.BufferedReader(reads)
        return response


class _Reads(io.RawIOBase):
    """The bytes of a socket, each read with the time that is left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, meter: Meter) -> None:
        self._raw, self._sock, self._meter = raw, sock, meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._meter.at_most(self._meter.silent))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _first_open(found: Found, meter: Meter) -> socket.socket:
    """A connection to the first address that answers, which may yet shake hands as long.

    Raises the last OSError when none answers.
    """
    failure = OSError("no address")
    for family, kind, protocol, _, target in found:
        try:
            opened = socket.socket(family, kind, protocol)
        except OSError as problem:
            failure = problem
            continue
        try:
            opened.settimeout(meter.at_most(meter.connect))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(target)
            opened.settimeout(meter.at_most(meter.connect))
            return opened
        except OSError as problem:
            opened.close()
            failure = problem
    raise failure
