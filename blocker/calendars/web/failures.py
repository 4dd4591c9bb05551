"""Failures: why a request did not work out, and whether it may in a moment."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from blocker.domain.errors import Unreachable


class Passing(Exception):
    """It did not work out now; the words say why, `wait` is what the server asks for."""

    def __init__(self, words: str, wait: float | None = None) -> None:
        self.words, self.wait = words, wait
        super().__init__(words)


def failure(label: str, problem: Exception) -> Exception:
    """What a request that failed means: tried again, or said."""
    causes = list(_causes(problem))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message.rstrip(".")
            return Unreachable(
                f"{label}: its certificate is not valid ({why}); correct the address, or"
                " ask whoever runs the server to renew it"
            )
    if isinstance(problem, requests.exceptions.InvalidURL):
        return Unreachable(f"{label}: its address is not valid; correct it")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Passing("is not there (connection refused)")
    if any(isinstance(one, (TimeoutError, urllib3.exceptions.TimeoutError)) for one in causes):
        return Passing("does not answer in time")
    if any(isinstance(cause, (ssl.SSLError, requests.exceptions.SSLError)) for cause in causes):
        return Passing("cannot be spoken to encrypted")
    if any(isinstance(cause, urllib3.exceptions.DecodeError) for cause in causes):
        return Unreachable(f"{label} sends damaged data; run again later")
    return Passing("cannot be reached")


def words_of(status: int) -> str:
    if status == 429:
        return "gets too many requests (429)"
    return f"has a problem of its own ({status})"


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for in seconds; a date is held against the server's own clock."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text), 10**6))
    then, now = _date(text), _date(headers.get("Date", ""))
    return max((then - now).total_seconds(), 0.0) if then and now else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
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
