"""The wire to Google: HTTP with a deadline, a size limit, and no redirects.

Credentials go to the address that was asked and nowhere else.  Proxies are those of the system.
"""

from __future__ import annotations

import http.client
import io
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""So long may a server say nothing in the middle of an answer."""
MOST_BYTES = 40_000_000
"""Of one answer, unpacked; a full page of events is a tenth of that."""

Clock = Callable[[], float]


class NoAnswer(Exception):
    """No answer that could be used; the message is a plain clause.

    `is_final`: asking again would bring the same.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(slots=True)
class Answer:
    """One HTTP answer; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    data: bytes


@dataclass(slots=True)
class _Limit:
    """Until when the answers on one connection may come, by the monotonic clock."""

    clock: Clock
    deadline: float = 0.0

    def left(self) -> float:
        left = self.deadline - self.clock()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        return left


class _Metered(io.RawIOBase):
    """The bytes of a socket, until a deadline: however slowly they drip, it ends."""

    def __init__(self, raw: io.RawIOBase, sock: Any, limit: _Limit) -> None:
        self._raw, self._sock, self._limit = raw, sock, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(min(self._limit.left(), SILENT_SECONDS))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer whose head and body come through a meter."""

    def __init__(self, sock: Any, *given: Any, limit: _Limit, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Metered(sock.makefile("rb", buffering=0), sock, limit))


class _Adapter(HTTPAdapter):
    """Connections whose answers are metered."""

    def __init__(self, limit: _Limit) -> None:
        self._pools = _metered_pools(limit)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*given, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _metered_pools(limit: _Limit) -> dict[str, Any]:
    def response(*given: Any, **named: Any) -> _Response:
        return _Response(*given, limit=limit, **named)

    def metered(connection: Any) -> Any:
        # a static method: http.client calls it as it calls its own class
        return type(connection.__name__, (connection,), {"response_class": staticmethod(response)})

    plain, tls = urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool
    return {
        "http": type("Plain", (plain,), {"ConnectionCls": metered(plain.ConnectionCls)}),
        "https": type("Tls", (tls,), {"ConnectionCls": metered(tls.ConnectionCls)}),
    }


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from putting a password of .netrc in the place of our token."""
    return request


class _Session(requests.Session):
    """Follows nothing: `requests` would read the whole of a redirect to find out where to."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Lane:
    """Connections, for one request at a time."""

    def __init__(self, clock: Clock) -> None:
        self.limit = _Limit(clock)
        self.session = _Session()
        self.session.auth = _unsigned
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Adapter(self.limit))


@dataclass
class Wire:
    """Asks over HTTP, from any thread; connections are kept and used again."""

    clock: Clock = time.monotonic
    _idle: deque[_Lane] = field(default_factory=deque)

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str | bytes | None,
        deadline: float,
    ) -> Answer:
        """One request, one answer; redirects are answers too.

        `deadline` is by the wire's clock.  Raises NoAnswer.
        """
        lane = self._free_lane()
        lane.limit.deadline = deadline
        try:
            timeout = (min(CONNECT_SECONDS, lane.limit.left()), SILENT_SECONDS)
            with lane.session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
                proxies=_proxies(url),
            ) as response:
                kept = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, kept, _body(response.raw))
        except NoAnswer:
            raise
        except requests.exceptions.SSLError:
            raise NoAnswer("its certificate is not right", is_final=True) from None
        except (requests.exceptions.Timeout, TimeoutError, urllib3.exceptions.TimeoutError):
            raise NoAnswer("it takes too long to answer") from None
        except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as problem:
            raise NoAnswer(_plainly(problem)) from None
        finally:
            self._idle.append(lane)

    def _free_lane(self) -> _Lane:
        try:
            return self._idle.pop()
        except IndexError:
            return _Lane(self.clock)


def _proxies(url: str) -> dict[str, str]:
    """Those of the system, but none on the way to this machine itself."""
    host = urlsplit(url).hostname or ""
    return {"no_proxy": host} if host in ("127.0.0.1", "::1", "localhost") else {}


def _body(raw: Any) -> bytes:
    pieces, size = [], 0
    while piece := raw.read(65536, decode_content=True):
        size += len(piece)
        if size > MOST_BYTES:
            limit = MOST_BYTES // 1_000_000
            raise NoAnswer(f"its answer is larger than {limit} MB", is_final=True)
        pieces.append(piece)
    return b"".join(pieces)


def _plainly(problem: BaseException) -> str:
    """What went wrong with a connection, without the address that was asked."""
    text = repr(problem)
    if "NameResolution" in text or "getaddrinfo" in text:
        return "its name is not known here: there may be no network"
    if "ProxyError" in text:
        return "the proxy does not let it through"
    if "refused" in text:
        return "it refuses connections"
    return "the connection breaks"
