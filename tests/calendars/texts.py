"""Small calendars written out, and what a reader makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from blocker.calendars.owner import Owner
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.block import TimeBlock, block_uid
from blocker.domain.event import Listing
from blocker.domain.interval import Interval

PARIS = ZoneInfo("Europe/Paris")
ANA = Owner("ana.ics", PARIS, frozenset({"ana@northwind.example"}))
NOW = datetime(2026, 12, 28, 8, tzinfo=UTC)
SPRINT = Interval(datetime(2027, 1, 4, tzinfo=PARIS), datetime(2027, 1, 18, tzinfo=PARIS))


def calendar(*parts: str, end: str = "\r\n") -> bytes:
    """A VCALENDAR around components."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    lines += [line for part in parts for line in part.strip().splitlines()]
    return (end.join([*lines, "END:VCALENDAR"]) + end).encode()


def event(*lines: str, uid: str = "e1@test", start: str = "20270105T090000Z") -> str:
    """A VEVENT; it lasts an hour from `start` unless the lines say when it ends."""
    body = [f"UID:{uid}"] if uid else []
    if not any(line.upper().startswith("DTSTART") for line in lines) and start:
        body.append(f"DTSTART:{start}")
    if not any(line.upper().startswith(("DTEND", "DURATION")) for line in lines):
        body.append("DURATION:PT1H")
    return "\n".join(["BEGIN:VEVENT", *body, *lines, "END:VEVENT"])


def read(raw: bytes, window: Interval = SPRINT, owner: Owner = ANA) -> Listing:
    return CalendarText(raw, owner).listing(window)


def starts(listing: Listing) -> list[str]:
    """The UTC starts of a listing, as `0105T0900`."""
    return [f"{event.interval.start:%m%dT%H%M}" for event in listing.events]


def utc(text: str) -> datetime:
    """An instant of January 2027 from `04T0900`."""
    return datetime.strptime("202701" + text, "%Y%m%dT%H%M").replace(tzinfo=UTC)


def block(
    task: str = "T-014",
    start: str = "05T0900",
    end: str = "05T1030",
    *,
    part: int = 1,
    parts: int = 1,
    zone: ZoneInfo = PARIS,
    title: str = "Write the launch mail [T-014]",
    description: str = "Estimate: 1h30\nDue: Fri 8 Jan",
    categories: tuple[str, ...] = ("Work block", "Q1-leads"),
) -> TimeBlock:
    return TimeBlock(
        uid=block_uid("northwind", 27, task, part),
        member="ana",
        task=task,
        sprint=27,
        sprint_name="S27",
        part=part,
        parts=parts,
        interval=Interval(utc(start), utc(end)),
        zone=zone,
        title=title,
        description=description,
        categories=categories,
    )
