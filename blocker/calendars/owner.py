"""Owners: for whom a calendar is read, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blocker.domain.member import CalendarRef, Member


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a calendar is read.

    `label` is the calendar's name in messages, `home` the zone of all-day and floating events,
    `addresses` the lower-case addresses under which its owner is invited.
    """

    label: str
    home: ZoneInfo
    addresses: frozenset[str] = frozenset()
    all_day_is_free: bool = False


def owner_of(ref: CalendarRef, member: Member) -> Owner:
    """A member as the owner of one of their calendars."""
    addresses = frozenset([member.email.strip().lower()] if member.email else [])
    return Owner(ref.label, member.zone, addresses, ref.all_day_is_free)
