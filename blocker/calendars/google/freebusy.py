"""When people are busy, where that is all they share: asked for many calendars at once."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from blocker.calendars.google.accounts import Account
from blocker.calendars.google.errors import Refusal
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.service import Session
from blocker.domain.interval import Interval, merge

MOST_CALENDARS = 50
"""In one query (calendarExpansionMax)."""
_SHORTEST = timedelta(days=7)

Busy = tuple[Interval, ...] | None
"""When a calendar is busy; None where not even that is shared, or there is no such calendar."""


class FreeBusy:
    """Asks once for all calendars of an account that are not known to show more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, set[str]] = defaultdict(set)
        self._answers: dict[tuple[str, Interval, str], Busy] = {}

    def await_reading(self, account: str, address: str) -> None:
        """The calendar will be read; unless it shows more, its busy times will be asked for."""
        with self._lock:
            self._waiting[account].add(address)

    def shows_more(self, account: str, address: str) -> None:
        """The calendar shows its events: nobody needs to ask when it is busy."""
        with self._lock:
            self._waiting[account].discard(address)

    def ask(
        self,
        session: Session,
        account: Account,
        account_key: str,
        address: str,
        window: Interval,
        patience: Patience,
    ) -> Busy:
        """When one calendar is busy; each answer is given once, so that the next is fresh.

        Raises Refusal, NoAnswer, SignInNeeded.
        """
        with self._lock:
            key = (account_key, window, address)
            if key not in self._answers:
                others = sorted(self._waiting[account_key] - {address})
                asked = [address, *others][:MOST_CALENDARS]
                found = _query(session, account, asked, window, patience)
                for one in asked:
                    self._answers[account_key, window, one] = found.get(one)
            return self._answers.pop(key)


def _query(
    session: Session, account: Account, addresses: list[str], window: Interval, patience: Patience
) -> dict[str, Busy]:
    body = {
        "timeMin": window.start.isoformat(),
        "timeMax": window.end.isoformat(),
        "items": [{"id": address} for address in addresses],
    }
    try:
        answer = session.call(
            account, lambda service: service.freebusy().query(body=body), patience
        )
    except Refusal as problem:
        if "timeRangeTooLong" not in problem.reasons or window.length < 2 * _SHORTEST:
            raise
        return _in_halves(session, account, addresses, window, patience)
    calendars = answer.get("calendars", {})
    return {address: _busy(calendars.get(address)) for address in addresses}


def _in_halves(
    session: Session, account: Account, addresses: list[str], window: Interval, patience: Patience
) -> dict[str, Busy]:
    """Google does not say how long a range may be."""
    middle = window.start + window.length / 2
    first, second = (
        _query(session, account, addresses, Interval(*ends), patience)
        for ends in ((window.start, middle), (middle, window.end))
    )
    joined: dict[str, Busy] = {}
    for address in addresses:
        left, right = first[address], second[address]
        joined[address] = None if left is None or right is None else merge([*left, *right])
    return joined


def _busy(answer: Any) -> Busy:
    if not isinstance(answer, dict) or answer.get("errors"):
        return None
    spans = (
        (datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
        for one in answer.get("busy", ())
    )
    return tuple(Interval(start, end) for start, end in spans if start < end)
