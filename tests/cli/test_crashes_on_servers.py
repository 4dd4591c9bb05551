"""Fault 23 on servers: the power goes before or after any request, or any write to the store.

Whatever happens, running it again leaves every block exactly once.
"""

import os
import shutil
import signal

import pytest

from tests.dav_servers import radicale
from tests.offices import AFTER, BEFORE, EACH_ONCE, PATIENCE_SECONDS, ROWS, Office, office

__all__ = ["office", "radicale"]  # fixtures

REQUESTS = {
    "radicale": [*((k, BEFORE) for k in range(1, 11)), *((k, AFTER) for k in (5, 6, 7, 8, 10))],
    "google": [*((k, BEFORE) for k in range(1, 7)), *((k, AFTER) for k in (3, 4, 6))],
}
"""Before each request of one run of `book`, and after each that writes, and the last."""

CALLS = [("fdatasync", 6), ("fdatasync", 11), ("fdatasync", 16), ("fdatasync", 19)]
CALLS += [("unlink", 5), ("pwrite64", 55), ("pwrite64", 85)]
"""System calls that change the store, counted as they come in one run of `book`; all come."""

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace kills the program before a system call"
)


def is_finished_by_the_next_run(office: Office) -> None:
    booking = office.machine.booked(*ROWS)
    assert booking.fits
    assert booking.errors == ()
    assert office.stands() == EACH_ONCE
    office.nothing_is_left_to_do(*ROWS)


@pytest.mark.parametrize(
    ("office", "number", "when"),
    [(name, *point) for name, points in REQUESTS.items() for point in points],
    indirect=["office"],
)
def test_fault_23_killed_before_or_after_a_request_the_next_run_books_each_block_once(
    office, number, when
):
    office.killed_at(number, when, "book", office.machine.tasks(*ROWS))
    is_finished_by_the_next_run(office)


@needs_strace
@pytest.mark.parametrize(
    ("office", "call", "number"),
    [(name, *point) for name in REQUESTS for point in CALLS],
    indirect=["office"],
)
def test_fault_23_killed_before_a_system_call_the_next_run_books_each_block_once(
    office, call, number
):
    name = office.machine.tasks(*ROWS)
    inject = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
    inject += ["-e", f"inject={call}:signal=KILL:when={number}"]
    run = office.machine.start("book", name, under=inject)
    out, err = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), out + err
    is_finished_by_the_next_run(office)
