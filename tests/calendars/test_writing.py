"""Blocks as calendar text: the contract's section 4, read back by three independent readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from blocker.calendars.base import Fate, Put, Remove
from blocker.calendars.memory import MemoryCalendar
from blocker.calendars.text.event_text import calendar_text, fold
from blocker.calendars.text.timezones import clock_changes, timezone_lines
from blocker.domain.block import TimeBlock
from blocker.domain.interval import Interval
from tests.calendars.texts import ANA, NOW, PARIS, SPRINT, block, read

ZONES = [
    "Europe/Paris", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
    "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo",
    "Asia/Tokyo", "America/Phoenix", "Pacific/Chatham", "America/Santiago", "Asia/Beirut",
    "Asia/Jerusalem", "America/Nuuk",
]  # fmt: skip

Instants = dict[str, tuple[datetime, datetime]]


def blocks_around_changes(zone: ZoneInfo) -> list[TimeBlock]:
    """Half hours in winter and summer and on both sides of each clock change of two years."""
    moments = [datetime(2027, 1, 15, 10, tzinfo=UTC), datetime(2027, 7, 15, 10, tzinfo=UTC)]
    for change in clock_changes(zone, 2027, 2028):
        moment = (change.wall - change.before).replace(tzinfo=UTC)
        moments += [moment + timedelta(hours=hours) for hours in (-26, -3, -1, 0, 1, 3, 26)]
    return [
        replace(
            block(part=part, zone=zone), uid=f"{part}@blocker",
            interval=Interval(moment, moment + timedelta(minutes=30)),
        )
        for part, moment in enumerate(sorted(set(moments)), start=1)
    ]  # fmt: skip


def by_icalendar(raw: bytes) -> Instants:
    events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    return {str(e["UID"]): (e["DTSTART"].dt, e["DTEND"].dt) for e in events}


def by_ical(raw: bytes) -> Instants:
    events = IcsCalendarStream.calendar_from_ics(raw.decode()).events
    return {e.uid: (e.dtstart, e.dtend) for e in events}


def by_vobject(raw: bytes) -> Instants:
    events = vobject.readOne(raw.decode()).vevent_list
    return {e.uid.value: (e.dtstart.value, e.dtend.value) for e in events}


def by_ourselves(raw: bytes) -> Instants:
    window = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    return {e.uid: (e.interval.start, e.interval.end) for e in read(raw, window).events}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("reader", [by_icalendar, by_ical, by_vobject, by_ourselves])
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("name", ZONES)
def test_readers_see_the_same_instants(name: str, is_known: bool, reader: object) -> None:
    """Also under a name they do not know, so that they must go by our VTIMEZONE."""
    blocks = blocks_around_changes(ZoneInfo(name))
    raw = calendar_text(blocks, now=NOW)
    if not is_known:
        raw = raw.replace(name.encode(), b"Blocker-" + name.replace("/", "-").encode())
    found = reader(raw)  # type: ignore[operator]  # one of two readers
    wanted = {b.uid: (b.interval.start, b.interval.end) for b in blocks}
    assert {
        uid: tuple(end.astimezone(UTC) for end in ends) for uid, ends in found.items()
    } == wanted


def test_a_regular_zone_is_two_rules_without_end() -> None:
    lines = timezone_lines(PARIS, 2027)
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in lines
    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" in lines
    assert len(lines) < 20


def test_utc_needs_no_definition() -> None:
    raw = calendar_text([block(zone=ZoneInfo("UTC"))], now=NOW)
    assert b"VTIMEZONE" not in raw and b"DTSTART:20270105T090000Z" in raw


def test_a_block_is_what_the_contract_says() -> None:
    raw = calendar_text([block(part=2, parts=3)], now=NOW, name="S27").decode()
    lines = raw.replace("\r\n ", "").split("\r\n")
    assert lines[-1] == "" and "METHOD" not in raw and "VALARM" not in raw
    assert lines[lines.index("BEGIN:VEVENT") : -2] == [
        "BEGIN:VEVENT",
        f"UID:{block(part=2).uid}",
        "DTSTAMP:20261228T080000Z",
        "DTSTART;TZID=Europe/Paris:20270105T100000",
        "DTEND;TZID=Europe/Paris:20270105T113000",
        "SUMMARY:Write the launch mail [T-014]",
        "DESCRIPTION:Estimate: 1h30\\nDue: Fri 8 Jan",
        "CATEGORIES:Work block,Q1-leads",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "SEQUENCE:0",
        "LAST-MODIFIED:20261228T080000Z",
        "X-BLOCKER-TASK:T-014",
        "X-BLOCKER-SPRINT:S27",
        "X-BLOCKER-PART:2/3",
        "END:VEVENT",
    ]
    assert lines[:5] == ["BEGIN:VCALENDAR", "VERSION:2.0", lines[2], "CALSCALE:GREGORIAN",
                         "X-WR-CALNAME:S27"]  # fmt: skip


def test_a_title_with_line_ends_and_controls_is_one_summary_line() -> None:
    """Fault 37."""
    title = "Ads\r\nBEGIN:VALARM\x00\x1b[2J\u202egnp\u2028x\ud800"
    raw = calendar_text([block(title=title)], now=NOW).decode()
    assert "SUMMARY:Ads BEGIN:VALARM[2Jgnp x\r\n" in raw
    assert "\r\nBEGIN:VALARM" not in raw
    assert not any(ord(letter) < 32 and letter not in "\r\n" for letter in raw)


def test_a_title_of_nothing_is_the_task() -> None:
    assert b"SUMMARY:T-014\r\n" in calendar_text([block(title="\x00\n")], now=NOW)


def test_lines_are_folded_between_characters() -> None:
    pieces = fold("SUMMARY:" + "é€😀" * 60)
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode() for piece in pieces)
    joined = b"".join(piece[1:] if index else piece for index, piece in enumerate(pieces))
    assert joined.decode() == "SUMMARY:" + "é€😀" * 60


def test_sequence_and_last_modified_grow_even_when_the_clock_does_not() -> None:
    calendar = MemoryCalendar(ANA, now=NOW)
    revision = None
    for number in range(3):
        (receipt,) = calendar.apply([Put(block(title=f"Title {number}"), revision)])
        assert receipt.event is not None
        revision = receipt.event.revision
        assert f"SEQUENCE:{number}\r\n".encode() in calendar.content
        assert f"LAST-MODIFIED:20261228T08000{number}Z".encode() in calendar.content


ADDED = (
    "LOCATION:At home\\, upstairs, where a line is so long that it has to be folded somewh",
    " ere",
    "color;X-A=1:teal",
    "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "DESCRIPTION:Soon",
    "TRIGGER:-PT10M",
    "END:VALARM",
)


def with_added(calendar: MemoryCalendar, end: str, *lines: str) -> str:
    """A person's program adds lines to the only block; returns its revision then."""
    text = calendar.content.decode().replace("\r\n", end)
    added = "".join(line + end for line in lines)
    calendar.content = text.replace(f"TRANSP:OPAQUE{end}", f"TRANSP:OPAQUE{end}{added}").encode()
    (found,) = calendar.events(SPRINT).events
    return found.revision


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_what_a_person_added_to_a_block_stays_when_it_is_rewritten(end: str) -> None:
    calendar = MemoryCalendar(ANA, now=NOW)
    calendar.apply([Put(block())])
    revision = with_added(calendar, end, *ADDED)
    moved = block(start="06T1400", end="06T1530", title="Anew é")
    for again in (moved, block()):
        (receipt,) = calendar.apply([Put(again, revision)])
        (found,) = calendar.events(SPRINT).events
        assert receipt.fate is Fate.DONE and receipt.event == found
        assert (found.interval, found.title) == (again.interval, again.title)
        revision = found.revision
        lines = calendar.content.decode().split(end)
        for line in ADDED:
            assert lines.count(line) == 1, line
    (removed, put) = calendar.apply([Remove(block().uid, revision), Put(block())])
    assert (removed.fate, put.fate) == (Fate.DONE, Fate.DONE)
    assert b"VALARM" not in calendar.content


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=DAILY;COUNT=3", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "X-ALT-DESC:<b>Old</b>",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@northwind.example", "x-blocker-old:1",
        "no line at all",
    ],
)  # fmt: skip
def test_what_says_otherwise_when_or_whose_a_block_is_does_not_stay(line: str) -> None:
    calendar = MemoryCalendar(ANA, now=NOW)
    calendar.apply([Put(block())])
    text = calendar.content.replace(b"TRANSP:OPAQUE", b"TRANSP:OPAQUE\r\n" + line.encode())
    calendar.content = text
    revision = calendar.events(SPRINT).events[0].revision
    moved = block(start="06T1400", end="06T1530")
    assert calendar.apply([Put(moved, revision)])[0].fate is Fate.DONE
    assert line.encode() not in calendar.content
    assert calendar.apply([Put(moved)])[0].fate is Fate.ALREADY


def test_letters_of_another_encoding_do_not_spoil_a_block() -> None:
    calendar = MemoryCalendar(ANA, now=NOW)
    calendar.apply([Put(block())])
    odd = b"TRANSP:OPAQUE\r\nLOCATION:Caf\xe9\r\nCOLOR:red"
    calendar.content = calendar.content.replace(b"TRANSP:OPAQUE", odd)
    revision = calendar.events(SPRINT).events[0].revision
    named = block(title="Café")
    assert calendar.apply([Put(named, revision)])[0].fate is Fate.DONE
    assert calendar.events(SPRINT).events[0].title == "Café"
    assert b"COLOR:red" in calendar.content and b"\xe9\r" not in calendar.content


TEXTS = st.text(max_size=120)


@given(title=TEXTS, description=TEXTS, category=TEXTS, minutes=st.integers(0, 13 * 96))
def test_any_block_comes_back_as_it_was_put(
    title: str, description: str, category: str, minutes: int
) -> None:
    start = SPRINT.start + timedelta(minutes=15 * minutes)
    given_block = replace(
        block(title=title, description=description, categories=("Work block", category)),
        interval=Interval(start, start + timedelta(minutes=45)),
    )
    calendar = MemoryCalendar(ANA, now=NOW)
    assert calendar.apply([Put(given_block)])[0].fate is Fate.DONE
    (found,) = calendar.events(SPRINT).events
    assert found.interval == given_block.interval
    assert calendar.apply([Put(given_block)])[0].fate is Fate.ALREADY
    assert by_icalendar(calendar.content)[given_block.uid][0] == start
