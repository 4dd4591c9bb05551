"""Failures: why a request brought no answer of use, and whether another may in a moment."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from blocker.domain.errors import Unreachable

_CORRECT = "correct the address, or ask whoever runs the server"


class Passing(Unreachable):
    """No answer of use for now: nobody refused anything, and later it may be otherwise."""


class Failure(Exception):
    """No answer of use.  The words say why, after the name of who was asked.

    `wait` is what the server asks for, in seconds.  `advice` is what people can do where asking
    again would bring the same.
    """

    def __init__(self, words: str, wait: float | None = None, advice: str | None = None) -> None:
        self.words, self.wait, self.advice = words, wait, advice
        super().__init__(words)


class TooLarge(Failure):
    """An answer of more than so many bytes."""

    def __init__(self, most: int) -> None:
        words = f"answers with more than {most // 1_000_000} MB, which is not read"
        super().__init__(words, advice="share a smaller calendar")


_MEANINGS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str | None], ...] = (
    (requests.exceptions.InvalidURL, "has no valid address", "correct it"),
    (requests.exceptions.ProxyError, "cannot be reached through the proxy", None),
    (socket.gaierror, "cannot be found (is there a network?)", None),
    (ConnectionRefusedError, "is not there (connection refused)", None),
    ((TimeoutError, urllib3.exceptions.TimeoutError), "takes too long to answer", None),
    (ssl.SSLEOFError, "cannot be reached", None),
    ((ssl.SSLError, requests.exceptions.SSLError), "cannot be spoken to encrypted", _CORRECT),
    (urllib3.exceptions.DecodeError, "sends damaged data", "run again later"),
)
"""Errors with their words and advice; the first that fits is said."""


def failure_of(problem: Exception) -> Failure:
    """A failed connection in plain words, without the address that was asked."""
    causes = list(_causes(problem))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            words = f"cannot be trusted: its certificate is not valid ({why})"
            return Failure(words, advice=f"{_CORRECT} to renew it")
    for kinds, words, advice in _MEANINGS:
        if any(isinstance(cause, kinds) for cause in causes):
            return Failure(words, advice=advice)
    return Failure("cannot be reached")


def words_of(status: int) -> str:
    if status == 429:
        return "gets too many requests (429)"
    return f"has a problem of its own ({status})"


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for in seconds (RFC 9110, 10.2.3).

    A date is held against the server's own clock: ours may be wrong.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**6))
    then, now = _date(text), _date(headers.get("date", ""))
    return max((then - now).total_seconds(), 0.0) if then and now else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from, as requests and urllib3 wrap them."""
    seen: list[BaseException] = []
    todo: list[object] = [problem]
    while todo:
        one = todo.pop(0)
        if isinstance(one, BaseException) and one not in seen:
            seen.append(one)
            todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    yield from seen
