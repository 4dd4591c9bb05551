"""The registry: from what a config calls a calendar to the provider that talks to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar
from blocker.domain.member import CalendarRef, Member

Opener = Callable[[CalendarRef, Member, bool, Access], Calendar]


def _ics(ref: CalendarRef, member: Member, writable: bool, access: Access) -> Calendar:
    from blocker.calendars.ics_file import IcsCalendar
    from blocker.calendars.owner import owner_of

    return IcsCalendar(
        Path(ref.address),
        owner_of(ref, member),
        now=access.now,
        writable=writable,
        may_be_missing=writable,
    )


def _caldav(ref: CalendarRef, member: Member, writable: bool, access: Access) -> Calendar:
    from blocker.calendars.caldav.calendar import CaldavCalendar
    from blocker.calendars.owner import owner_of

    return CaldavCalendar(ref, owner_of(ref, member), access, member=member.id, writable=writable)


def _url(ref: CalendarRef, member: Member, writable: bool, access: Access) -> Calendar:
    from blocker.calendars.ics_url import UrlCalendar
    from blocker.calendars.owner import owner_of

    return UrlCalendar(ref, owner_of(ref, member), access, member=member.id)


def _google(ref: CalendarRef, member: Member, writable: bool, access: Access) -> Calendar:
    from blocker.calendars.google.calendar import GoogleCalendar

    return GoogleCalendar(ref, member, access, writable=writable)


PROVIDERS: dict[str, Opener] = {"ics": _ics, "caldav": _caldav, "url": _url, "google": _google}
"""How to open each kind; a provider's module is imported when a calendar of its kind is opened."""


def open_calendar(ref: CalendarRef, member: Member, access: Access, *, writable: bool) -> Calendar:
    """The calendar that a config names, opened for a member; a writable one need not exist yet.

    Nothing is asked of a server before its first use.
    """
    return PROVIDERS[ref.kind](ref, member, writable, access)
