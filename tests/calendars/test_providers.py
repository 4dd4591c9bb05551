"""The contract suite, run by each provider; the registry that opens them."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar
from blocker.calendars.ics_file import IcsCalendar
from blocker.calendars.memory import MemoryCalendar
from blocker.calendars.registry import open_calendar
from blocker.calendars.text.calendar_edits import EMPTY
from blocker.domain.errors import CalendarUnreadable
from blocker.domain.hours import WorkingHours
from blocker.domain.member import BlockRules, CalendarRef, Member, Role
from tests.calendars.contract import CalendarContract
from tests.calendars.texts import ANA, NOW, PARIS, SPRINT, calendar, event


class TestMemory(CalendarContract):
    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        return MemoryCalendar(ANA, now=NOW, writable=writable, content=content or EMPTY)


class TestIcs(CalendarContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "blocks" / "ana.ics"

    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        if content is not None:
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_bytes(content)
        return IcsCalendar(self.path, ANA, now=NOW, writable=writable, may_be_missing=True)


def member() -> Member:
    hours = WorkingHours(PARIS, ((),) * 7)
    return Member("ana", "Ana", "Ana@Northwind.example", Role.MARKETER, hours, BlockRules())


def test_the_registry_opens_ics_files_for_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    path.write_bytes(calendar(event("ATTENDEE;PARTSTAT=DECLINED:MAILTO:ana@NORTHWIND.example")))
    ref = CalendarRef("ics", str(path), "a.ics", "ics a.ics")
    (found,) = open_calendar(ref, member(), Access(NOW), writable=False).events(SPRINT).events
    assert found.is_declined and found.calendar == "a.ics"


def test_a_blocks_calendar_may_be_missing_and_a_busy_one_not(tmp_path: Path) -> None:
    ref = CalendarRef("ics", str(tmp_path / "no.ics"), "no.ics", "ics no.ics")
    assert open_calendar(ref, member(), Access(NOW), writable=True).events(SPRINT).events == ()
    with pytest.raises(CalendarUnreadable, match=r"no\.ics: there is no such file; correct"):
        open_calendar(ref, member(), Access(NOW), writable=False).events(SPRINT)
