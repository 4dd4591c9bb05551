"""A Google of our own with Ana's calendar in it, and providers opened on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from icalendar import Calendar as IcsFile

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar
from blocker.calendars.google.patience import Pace
from blocker.calendars.google.service import Session
from blocker.calendars.registry import open_calendar
from blocker.domain.calendar_copy import CalendarCopy
from blocker.domain.hours import WorkingHours
from blocker.domain.member import BlockRules, CalendarRef, Member, Role
from tests.calendars.texts import NOW, PARIS
from tests.google_server import GoogleServer

ANA = "ana@northwind.example"
BEN = "ben@northwind.example"


def member(email: str = ANA) -> Member:
    hours = WorkingHours(PARIS, ((),) * 7)
    return Member(email[:3], email[:3].title(), email, Role.MARKETER, hours, BlockRules())


@dataclass
class Time:
    """Time that passes only where somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pace(self, seconds: float = 60.0) -> Pace:
        return Pace(seconds, lambda: self.now, self.sleep, lambda: 0.0)


@dataclass
class World:
    """The server, a sign-in of Ana's, and the time that our side counts by."""

    google: GoogleServer
    folder: Path
    time: Time = field(default_factory=Time)
    access: Access = field(default_factory=lambda: Access(NOW))
    stored: dict[str, CalendarCopy] = field(default_factory=dict)

    @property
    def token_file(self) -> Path:
        return self.folder / "token.json"

    def sign_in(self, account: str = ANA, scopes: list[str] | None = None) -> None:
        self.google.token_file(self.token_file, account, scopes)

    def options(self, **more: str) -> dict[str, str]:
        return {"endpoint": self.google.endpoint, "token_file": str(self.token_file), **more}

    def open(
        self,
        address: str = ANA,
        *,
        writable: bool = True,
        options: dict[str, str] | None = None,
        pace: Pace | None = None,
        owner: str = ANA,
    ) -> Calendar:
        given = self.options() if options is None else options
        self.access.shared(
            ("google", self.google.endpoint),
            lambda: Session(self.google.endpoint, self.folder, pace or self.time.pace()),
        )
        ref = CalendarRef("google", address, f"google {address}", f"google {address}", False, given)
        return open_calendar(ref, member(owner), self.access, writable=writable)

    def another_run(self) -> None:
        """Forget all but what the store keeps."""
        for key, copy in self.access.copies.take_changed().items():
            if copy:
                self.stored[key] = copy
        self.access = Access(NOW)
        self.access.copies.add(self.stored)


def put_ics(google: GoogleServer, content: bytes, calendar: str = ANA) -> None:
    """The events of a calendar file, as Google would show them."""
    for event in IcsFile.from_ical(content).walk("VEVENT"):
        start = event.decoded("DTSTART")
        google.calendar(calendar).put(
            str(event.get("SUMMARY", "")),
            start,
            start + event.decoded("DURATION"),
            iCalUID=str(event["UID"]),
        )


def our_events(google: GoogleServer, calendar: str = ANA) -> list[dict[str, Any]]:
    """The blocks that stand in a calendar, as Google holds them."""
    return [
        event
        for event in google.calendar(calendar).events()
        if "blockerUid" in event.get("extendedProperties", {}).get("private", {})
    ]
