"""The web: the one checked path for every request to a calendar's server.

Connections go where the guard allows, waits and bodies have limits, redirects are followed by
hand, passwords stay with their server, and what fails in passing is tried again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from blocker.calendars.web.addresses import Forbidden, Guard, host_text
from blocker.calendars.web.failures import Failure, Passing, asked_wait, words_of
from blocker.calendars.web.line import Line, Meter
from blocker.calendars.web.patience import Pauses
from blocker.calendars.web.refusals import refusal
from blocker.calendars.web.sign_in import SignIn
from blocker.domain.errors import Unreachable

MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_WRITING = ("PUT", "DELETE")
_PASSING = (429, 500, 502, 503, 504)
"""Statuses of a server that may do better in a moment."""

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What requests may take, and how waiting is done.

    `total` is for one request with its repetitions, `whole` for all requests of one job; times are
    in seconds.  `body` is in bytes, unpacked.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    whole: float = 150.0
    body: int = 50_000_000
    tries: int = 4
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said.  The names of `headers` are in any case; `url` is where it was said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass
class Web:
    """Requests for one calendar; used by one thread at a time.

    `home` is the address in the config: sign-ins go to its server, and to those in `trusted`.
    `goes_elsewhere` says that redirects to other servers are followed, without the sign-in.
    `authorities` is a file of certificate authorities instead of the usual ones.
    """

    guard: Guard
    home: str
    sign_in: SignIn | None = None
    goes_elsewhere: bool = False
    limits: Limits = field(default_factory=Limits)
    authorities: str | None = None
    trusted: set[Origin] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.trusted.add(origin_of(self.home))
        self.begin()
        meter = Meter(self.limits.connect, self.limits.read)
        # no proxies: they would resolve names for us
        self._line = Line(meter, self.limits.body, self.guard.resolve)

    @property
    def label(self) -> str:
        return self.guard.label

    def begin(self) -> None:
        """What is asked from now on is one job, such as reading a calendar."""
        self._end = self.limits.monotonic() + self.limits.whole

    def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        understood: Collection[int] = (),
        may_repeat: bool = True,
    ) -> Answer:
        """The answer to a request: one of success, or of a status in `understood`.

        `may_repeat` says that asking twice does no more than asking once.  Raises Unreachable, of
        which Passing when the server gives no answer, or has a problem of its own.
        """
        end = min(self.limits.monotonic() + self.limits.total, self._end)
        pauses = Pauses(end, self.limits.monotonic, self.limits.sleep, self.limits.chance)
        for left in reversed(range(self.limits.tries)):
            try:
                answer = self._follow(method, url, body, dict(headers or {}), end)
                if answer.status in _PASSING and answer.status not in understood:
                    raise Failure(words_of(answer.status), asked_wait(answer.headers))
                break
            except Failure as problem:
                may_again = may_repeat and left > 0 and not problem.advice
                if not (may_again and pauses.take(problem.wait)):
                    raise self._given_up(problem) from None
        if 200 <= answer.status < 300 or answer.status in understood:
            return answer
        raise refusal(self.label, answer.status, method, self.sign_in, answer.headers)

    def _given_up(self, problem: Failure) -> Passing:
        asked = f" and asks for {problem.wait:.0f} seconds of rest" if problem.wait else ""
        what = problem.advice or "run again later"
        return Passing(f"{self.label} {problem.words}{asked}; {what}")

    def _follow(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], end: float
    ) -> Answer:
        """One request, redirects followed by hand.

        The method stays the same: what is found elsewhere by another one says nothing of this one.
        """
        for hop in range(MOST_REDIRECTS + 1):
            try:
                answer = self._exchange(method, url, body, headers, end)
            except Forbidden as problem:
                if not hop:
                    raise
                # where somebody else sends us is nothing to allow
                raise Unreachable(
                    f"{self.label} sends us where we do not go: {problem.where}"
                ) from None
            place = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not place:
                return answer
            if method in _WRITING and answer.status not in (307, 308):
                raise Unreachable(
                    f"{self.label} sends us elsewhere to write ({answer.status}), and is not"
                    " followed; write the new address in the config"
                )
            url = self._next(url, place)
        raise Unreachable(
            f"{self.label} sends us from address to address without end; correct the address"
        )

    def _next(self, url: str, place: str) -> str:
        """Where a redirect leads.  Raises Unreachable where we do not go."""
        try:
            target = urljoin(url, place)
            parts, is_home = urlsplit(target), origin_of(target) in self.trusted
        except ValueError:
            raise Unreachable(f"{self.label} sends us to no address; correct the address") from None
        where = host_text(parts.hostname or "?", _port(target))
        if parts.scheme not in ("http", "https") or parts.username or parts.password:
            raise Unreachable(
                f"{self.label} sends us to no address of the web; correct the address"
            )
        if parts.scheme == "http" and urlsplit(url).scheme == "https":
            raise Unreachable(f"{self.label} sends us to {where} unencrypted, and is not followed")
        if not is_home and self._is_same_host(target):
            self.trusted.add(origin_of(target))  # from http to https of one server
        elif not is_home and not self.goes_elsewhere:
            raise Unreachable(
                f"{self.label} sends us to another server, {where}, and is not followed; if you"
                " trust it, write its address in the config"
            )
        return parts._replace(fragment="").geturl()

    def _is_same_host(self, target: str) -> bool:
        """The server of the config by https, where the config says http."""
        home, there = origin_of(self.home), origin_of(target)
        return home[:2] == ("http", there[1]) and home[2] == 80 and there[::2] == ("https", 443)

    def _exchange(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], end: float
    ) -> Answer:
        """Ask once.  Raises Failure, Unreachable."""
        headers = {"User-Agent": "blocker", "Accept-Encoding": "gzip", **headers}
        if self.sign_in and origin_of(url) in self.trusted:
            self._check_encrypted(url)
            headers["Authorization"] = self.sign_in.header
        left = end - self.limits.monotonic()
        heard = self._line.ask(method, url, headers, body, left, self.authorities)
        return Answer(*heard, url)

    def _check_encrypted(self, url: str) -> None:
        scheme, host, port = origin_of(url)
        if scheme == "https" or self.guard.may_be_plain(host, port):
            return
        raise Unreachable(
            f"{self.label} would be sent the password unencrypted; write https:// in its address,"
            f" or add to the config: network: {{allow: [{host_text(host, port)}]}}"
        )


def origin_of(url: str) -> Origin:
    """Scheme, host and port.  Raises ValueError for a port that is none."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", _port(url)


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
