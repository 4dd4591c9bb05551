"""Faults 14, 25, 27 and 28: what happens between what `book` reads, writes, and reads again.

Replies are lost, a person changes a block or needs its time, the run is stopped by hand.
"""

import signal
import threading
from datetime import UTC, datetime, timedelta

import pytest

from blocker.domain.plan import Booking
from tests.dav_servers import radicale
from tests.desks import Desk, Seen, blocks_on
from tests.offices import AFTER, BEFORE, EACH_ONCE, PATIENCE_SECONDS, ROWS, Office, office

__all__ = ["office", "radicale"]  # fixtures

HOUR = timedelta(hours=1)
THURSDAY_AT_TEN = datetime(2027, 1, 7, 9, tzinfo=UTC)

on_servers = pytest.mark.parametrize("office", ["radicale", "google"], indirect=True)


def said(booking: Booking) -> str:
    return " ".join((*booking.notes, *(word for one in booking.members for word in one.warnings)))


def the_block(desk: Desk, task: str, part: int = 1) -> Seen:
    (found,) = (one for one in blocks_on(desk) if (one.task, one.part) == (task, str(part)))
    return found


@on_servers
def test_fault_14_all_is_written_and_every_reply_is_lost(office):
    for number in (1, 2, 3, 4):
        office.road.befalls(number, AFTER, lambda: None, of_writes=True, breaks=True)
    booking = office.machine.booked(*ROWS)
    assert (booking.fits, booking.errors) == (True, ())
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


# A person comes between a run that was killed and the next


def killed_with_a_block_written_and_no_answer_heard(office: Office) -> Seen:
    """The block is the first part of T-1; the store knows only that it was to be written."""
    office.killed_at(1, AFTER, "book", office.machine.tasks(*ROWS), "--for", "ana", of_writes=True)
    return the_block(office.desks["ana"], "T-1")


@on_servers
def test_fault_27_a_person_moves_a_block_after_a_crash_and_it_stays_there(office):
    desk, block = office.desks["ana"], killed_with_a_block_written_and_no_answer_heard(office)
    desk.move(block.name, THURSDAY_AT_TEN, THURSDAY_AT_TEN + 2 * HOUR)
    moved = desk.everything()[block.name]
    booking = office.machine.booked(*ROWS)
    assert booking.fits
    assert desk.everything()[block.name] == moved
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


@on_servers
def test_fault_27_a_person_shortens_a_block_after_a_crash_and_the_rest_is_booked_elsewhere(office):
    desk, block = office.desks["ana"], killed_with_a_block_written_and_no_answer_heard(office)
    desk.move(block.name, block.start, block.start + HOUR)
    shortened = desk.everything()[block.name]
    booking = office.machine.booked(*ROWS)
    assert booking.fits
    assert desk.everything()[block.name] == shortened
    ends = sum((one.end - one.start for one in blocks_on(desk) if one.task == "T-1"), timedelta())
    assert ends == 3 * HOUR
    assert set(office.stands().values()) == {1}
    office.nothing_is_left_to_do(*ROWS)


@on_servers
def test_fault_27_a_person_deletes_a_block_after_a_crash_and_it_is_booked_anew_once(office):
    desk, block = office.desks["ana"], killed_with_a_block_written_and_no_answer_heard(office)
    desk.delete(block.name)
    booking = office.machine.booked(*ROWS)
    assert booking.fits
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


# A person comes between what a run read and what it writes

LESS = ("T-1,Landing page,ana,2h,1,,,,,", *ROWS[1:])
"""Now the second part of T-1 is to go."""


@on_servers
@pytest.mark.parametrize("hours", [1, 0.5], ids=["moved", "shortened"])
def test_fault_27_a_block_changed_under_our_hands_stays_as_the_person_left_it(office, hours):
    office.machine.booked(*ROWS)
    desk = office.desks["ana"]
    block = the_block(desk, "T-1", 2)
    start = THURSDAY_AT_TEN if hours == 1 else block.start
    theirs = start, start + hours * HOUR
    office.road.befalls(1, BEFORE, lambda: desk.move(block.name, *theirs), of_writes=True)
    booking = office.machine.booked(*LESS)
    assert booking.is_disturbed
    assert "somebody changed it while it was being booked, and theirs stands" in said(booking)
    now = the_block(desk, "T-1", 2)
    assert (now.start, now.end) == theirs
    assert set(office.stands().values()) == {1}
    office.machine.booked(*LESS)
    assert the_block(desk, "T-1", 2) == now
    office.nothing_is_left_to_do(*LESS)


@on_servers
def test_fault_27_a_block_deleted_under_our_hands_is_gone_and_nothing_else(office):
    office.machine.booked(*ROWS)
    desk = office.desks["ana"]
    block = the_block(desk, "T-1", 2)
    office.road.befalls(1, BEFORE, lambda: desk.delete(block.name), of_writes=True)
    office.machine.booked(*LESS)
    assert office.stands() == {"T-1/1": 1, "T-2/1": 1, "T-3/1": 1}
    office.nothing_is_left_to_do(*LESS)


@on_servers
def test_fault_28_a_meeting_lands_on_a_slot_between_read_and_write_and_is_noticed(office):
    desk, meetings = office.desks["ana"], []
    plan = office.machine.booked(*ROWS, dry_run=True)
    slot = next(one.block.interval for one in plan.members[0].changes)
    office.road.befalls(
        1, BEFORE, lambda: meetings.append(desk.put("Client", slot.start, slot.end)), of_writes=True
    )
    booking = office.machine.booked(*ROWS)
    assert booking.is_disturbed
    assert "a meeting landed on it while it was being booked; book again" in said(booking)
    theirs = desk.everything()[meetings[0]]
    again = office.machine.booked(*ROWS)
    assert again.fits
    assert desk.everything()[meetings[0]] == theirs
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


@pytest.mark.parametrize("office", ["radicale"], indirect=True)
def test_fault_16_a_server_that_stays_broken_half_way_is_said_and_the_next_run_finishes(office):
    for number in range(2, 30):
        office.road.befalls(number, BEFORE, lambda: None, of_writes=True, breaks=True)
    ran = office.machine.run("book", office.machine.tasks(*ROWS), "--format", "json")
    assert ran.code == 4, ran.out + ran.err
    assert sum(office.stands().values()) == 1
    lacking = [one["task"] for member in ran.json["members"] for one in member["unbooked"]]
    written = {name.split("/")[0] for name in office.stands()}
    assert {"T-1", "T-2", "T-3"} - written <= set(lacking)
    office.road.clear()
    assert office.machine.booked(*ROWS).fits
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


# A person stops the run


@on_servers
@pytest.mark.parametrize(
    ("number", "of_writes"),
    [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGINT, False)],
    ids=["ctrl-c-writing", "terminated-writing", "ctrl-c-reading"],
)
def test_fault_25_stopped_while_a_server_is_slow_it_ends_at_once(office, number, of_writes):
    """The server answers only when the program has ended."""
    begun, has_ended = threading.Event(), threading.Event()

    def is_slow() -> None:
        begun.set()
        has_ended.wait(PATIENCE_SECONDS)

    office.road.befalls(1, BEFORE, is_slow, of_writes=of_writes)
    run = office.machine.start("book", office.machine.tasks(*ROWS))
    try:
        assert begun.wait(PATIENCE_SECONDS)
        run.send_signal(number)
        out, err = run.communicate(timeout=PATIENCE_SECONDS / 2)
    finally:
        has_ended.set()
        run.kill()
    assert run.returncode == 130, out + err
    assert err.endswith(
        "interrupted; what was booked before is whole, and running it again finishes\n"
    )
    assert "Traceback" not in err
    booking = office.machine.booked(*ROWS)
    assert booking.fits
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)
