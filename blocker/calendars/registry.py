"""The registry: from what a config calls a calendar to the provider that talks to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from blocker.calendars.base import Calendar
from blocker.domain.errors import Unreachable
from blocker.domain.member import CalendarRef, Member

Opener = Callable[[CalendarRef, Member, bool, datetime], Calendar]


def _ics(ref: CalendarRef, member: Member, writable: bool, now: datetime) -> Calendar:
    from blocker.calendars.icalendar_text import Owner
    from blocker.calendars.ics_file import IcsCalendar

    addresses = frozenset([member.email.strip().lower()] if member.email else [])
    owner = Owner(ref.label, member.zone, addresses, ref.all_day_is_free)
    return IcsCalendar(
        Path(ref.address), owner, now=now, writable=writable, may_be_missing=writable
    )


PROVIDERS: dict[str, Opener] = {"ics": _ics}
"""How to open each kind; a provider's module is imported when a calendar of its kind is opened."""


def open_calendar(ref: CalendarRef, member: Member, *, writable: bool, now: datetime) -> Calendar:
    """The calendar that a config names, opened for a member; a writable one need not exist yet.

    Raises Unreachable for kinds that this version cannot talk to.
    """
    if ref.kind not in PROVIDERS:
        raise Unreachable(
            f"{ref.label} is of kind {ref.kind}, and this version reads calendars of kind ics "
            "only; export the calendar to an .ics file and name that file under calendars"
        )
    return PROVIDERS[ref.kind](ref, member, writable, now)
