"""Fault 26 on servers: two runs at once with one store, and two machines with one calendar."""

import json
import threading

import pytest

from tests.dav_servers import radicale
from tests.offices import BEFORE, EACH_ONCE, PATIENCE_SECONDS, ROWS, office

__all__ = ["office", "radicale"]  # fixtures

on_servers = pytest.mark.parametrize("office", ["radicale", "google"], indirect=True)


@on_servers
def test_fault_26_runs_at_once_with_one_store_book_each_block_once_and_none_fails(office):
    name = office.machine.tasks(*ROWS)
    runs = [office.machine.start("book", name) for _ in range(3)]
    ended = [run.communicate(timeout=PATIENCE_SECONDS) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], ended
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


@on_servers
@pytest.mark.parametrize("later", ["2027-01-04T08:00", "2027-01-05T10:00"], ids=["same", "other"])
def test_fault_26_two_machines_that_both_read_before_either_writes_book_each_block_once(
    office, later
):
    """They mean the same, or the second begins a day later and means other times."""
    first, second = office.machine, office.another_machine()
    second.now = later
    meeting = threading.Barrier(2)
    for number in (1, 2):  # each writes Ana's calendar alone, one request after the other
        office.road.befalls(number, BEFORE, lambda: meeting.wait(PATIENCE_SECONDS), of_writes=True)
    runs = [
        one.start("book", one.tasks(*ROWS), "--for", "ana", "--format", "json")
        for one in (first, second)
    ]
    ended = [run.communicate(timeout=PATIENCE_SECONDS) for run in runs]
    assert all(run.returncode in (0, 1) for run in runs), ended
    codes = {run.returncode for run in runs}
    assert codes == {0} if later == first.now else 1 in codes
    assert office.stands() == {"T-1/1": 1, "T-1/2": 1, "T-2/1": 1}
    for run, (out, _) in zip(runs, ended, strict=True):
        warnings = json.loads(out)["members"][0]["warnings"]
        assert any("theirs stands" in one for one in warnings) is (run.returncode == 1)
    for one in (second, first):
        assert one.booked(*ROWS, now=later).fits
    assert office.stands() == EACH_ONCE
    office.machine.now = later
    office.nothing_is_left_to_do(*ROWS)
