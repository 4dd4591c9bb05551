"""When people are busy, where that is all they share: asked for many calendars at once.

What an answer means: the reference of `freebusy.query` of the Google Calendar API, version 3.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from blocker.calendars.google.accounts import Account
from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.service import Session
from blocker.calendars.google.wire import NoAnswer
from blocker.domain.interval import Interval, merge

MOST_CALENDARS = 50
"""In one query (calendarExpansionMax)."""
_SHORTEST = timedelta(days=7)
_STATUS = {"notFound": 404, "internalError": 503, "backendError": 503}
"""What the reasons that a query gives for a single calendar are elsewhere."""

Busy = tuple[Interval, ...]
Told = Busy | Refusal | NoAnswer
"""When a calendar is busy, or why that is not said."""


class FreeBusy:
    """Asks for one account, once for all calendars that are not known to show it more."""

    def __init__(self, session: Session, account: Account) -> None:
        self._session, self._account = session, account
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._asked: dict[Interval, set[str]] = {}
        self._answers: dict[tuple[Interval, str], Told] = {}

    def await_reading(self, address: str) -> None:
        """The calendar will be read; unless it shows more, its busy times will be asked for."""
        with self._lock:
            self._waiting.add(address)

    def shows_more(self, address: str) -> None:
        """The calendar shows its events: nobody needs to ask when it is busy."""
        with self._lock:
            self._waiting.discard(address)

    def busy(self, address: str, window: Interval, patience: Patience) -> Busy:
        """When one calendar is busy; each answer is given once, so that the next is fresh.

        Raises Refusal, of status 404 where not even that is shared, NoAnswer, SignInNeeded.
        """
        told = self._first_told(address, window, patience)
        while isinstance(told, (Refusal, NoAnswer)):
            patience.wait(told)
            told = self._query([address], window, patience)[address]
        return told

    def _first_told(self, address: str, window: Interval, patience: Patience) -> Told:
        with self._lock:
            if (window, address) not in self._answers:
                found = self._query(self._together(address, window), window, patience)
                self._answers |= {(window, one): told for one, told in found.items()}
            return self._answers.pop((window, address))

    def _together(self, address: str, window: Interval) -> list[str]:
        """Whom to ask about along with a calendar: those that nobody has asked about."""
        asked = self._asked.setdefault(window, set())
        if address in asked:  # it is read once more, and so will the others be
            for one in asked:
                self._answers.pop((window, one), None)
            asked.clear()
        others = sorted(self._waiting - asked - {address})
        together = [address, *others][:MOST_CALENDARS]
        asked.update(together)
        return together

    def _query(
        self, addresses: Sequence[str], window: Interval, patience: Patience
    ) -> dict[str, Told]:
        body = {
            "timeMin": window.start.isoformat(),
            "timeMax": window.end.isoformat(),
            "items": [{"id": address} for address in addresses],
        }
        try:
            answer = self._session.call(
                self._account, lambda service: service.freebusy().query(body=body), patience
            )
        except Refusal as problem:
            if "timeRangeTooLong" not in problem.reasons or window.length < 2 * _SHORTEST:
                raise
            return self._in_halves(addresses, window, patience)
        calendars = answer.get("calendars")
        known = calendars if isinstance(calendars, dict) else {}
        return {address: _told(known.get(address)) for address in addresses}

    def _in_halves(
        self, addresses: Sequence[str], window: Interval, patience: Patience
    ) -> dict[str, Told]:
        """Google does not say how long a range may be."""
        middle = window.start + window.length / 2
        first = self._query(addresses, Interval(window.start, middle), patience)
        second = self._query(addresses, Interval(middle, window.end), patience)
        return {address: _joined(first[address], second[address]) for address in addresses}


def _joined(first: Told, second: Told) -> Told:
    if not isinstance(first, tuple):
        return first
    return tuple(merge([*first, *second])) if isinstance(second, tuple) else second


def _told(answer: Any) -> Told:
    """What is said of one calendar; whatever is not understood is never "free"."""
    try:
        if errors := answer.get("errors"):
            reason = str(errors[0]["reason"])
            return Refusal(_STATUS.get(reason, 400), frozenset([reason]), reason)
        spans = [(_moment(one["start"]), _moment(one["end"])) for one in answer["busy"]]
        return tuple(Interval(start, end) for start, end in spans if start < end)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        return NoAnswer("something else answers in its place", is_final=True)


def _moment(text: str) -> datetime:
    """Raises ValueError, TypeError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment
