"""Faults 15, 17 and 20: blocks deleted, calendars emptied or gone, and what was read forgotten."""

import pytest

from tests.dav_servers import radicale
from tests.desks import blocks_on
from tests.offices import EACH_ONCE, ROWS, office

__all__ = ["office", "radicale"]  # fixtures

everywhere = pytest.mark.parametrize("office", ["ics", "radicale", "google"], indirect=True)
on_servers = pytest.mark.parametrize("office", ["radicale", "google"], indirect=True)


def warnings(booking) -> str:
    return " ".join(warning for one in booking.members for warning in one.warnings)


@everywhere
def test_fault_15_a_block_that_a_person_deleted_is_booked_anew_once_and_that_is_said(office):
    office.machine.booked(*ROWS)
    desk = office.desks["ana"]
    for _ in range(2):
        desk.delete(blocks_on(desk)[0].name)
        booking = office.machine.booked(*ROWS)
        assert "you deleted" in warnings(booking)
        assert booking.fits
        assert office.stands() == EACH_ONCE
        office.nothing_is_left_to_do(*ROWS)


@everywhere
def test_fault_20_a_calendar_that_is_suddenly_empty_is_said_to_be(office):
    office.machine.booked(*ROWS)
    desk = office.desks["ana"]
    for one in desk.events():
        desk.delete(one.name)
    said = warnings(office.machine.booked(*ROWS, dry_run=True))
    assert "is empty, and 3 blocks were written to it: was it emptied, or is it another" in said
    assert blocks_on(desk) == []
    assert office.machine.booked(*ROWS).fits
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


@on_servers
def test_fault_20_a_calendar_that_is_gone_is_unreachable_and_its_blocks_are_not_forgotten(office):
    name = office.machine.tasks(*ROWS)
    office.machine.booked(*ROWS)
    ben = office.desks["ben"]
    ben.delete(blocks_on(ben)[0].name)
    before = blocks_on(office.desks["ana"])
    bring_back = office.desks["ana"].take_away()
    ran = office.machine.run("book", name)
    assert ran.code == 4, ran.out + ran.err
    assert "Ana Ruiz: " in ran.err
    assert [one.task for one in blocks_on(ben)] == ["T-3"]
    bring_back()
    assert office.machine.booked(*ROWS).fits
    assert blocks_on(office.desks["ana"]) == before
    office.nothing_is_left_to_do(*ROWS)


@pytest.mark.parametrize("office", ["google"], indirect=True)
def test_fault_17_google_forgets_what_was_read_and_nothing_is_doubled_or_deleted(office):
    office.machine.booked(*ROWS)
    before = office.all_there_is()
    office.desks["ana"].calendar.expire_sync_tokens()
    assert office.machine.booked(*ROWS).fits
    assert office.all_there_is() == before
    office.nothing_is_left_to_do(*ROWS)
