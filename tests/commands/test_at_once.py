"""Jobs that wait for other machines are done side by side."""

import subprocess
import sys
import threading

import pytest

from blocker.commands.at_once import MOST, at_once


def test_each_answer_stands_in_its_jobs_place_and_words_are_heard_by_who_called():
    caller = threading.current_thread()
    heard = []

    def job(number):
        def run(say):
            say("begins")
            say("ends")
            return number

        return run

    def hear(number, word):
        assert threading.current_thread() is caller
        heard.append((number, word))

    assert at_once([job(n) for n in range(50)], hear) == list(range(50))
    for number in range(50):
        assert [word for other, word in heard if other == number] == ["begins", "ends"]
    assert at_once([], hear) == []


def test_one_that_hangs_does_not_hold_the_others():
    is_last = threading.Barrier(MOST)

    def meets(_say):  # ends only when so many are at work at once
        is_last.wait(timeout=60)
        return True

    assert at_once([meets] * MOST, lambda *_: None) == [True] * MOST


def test_what_a_job_raises_is_raised_when_all_have_ended():
    ended = []

    def fails(_say):
        raise LookupError("one of them")

    def works(_say):
        ended.append(True)

    with pytest.raises(LookupError, match="one of them"):
        at_once([fails, *[works] * 30], lambda *_: None)
    assert len(ended) == 30


INTERRUPTED = """\
import _thread, threading
from blocker.commands.at_once import at_once

def hangs(say):
    say("now")
    threading.Event().wait()

try:
    at_once([hangs], lambda number, word: _thread.interrupt_main())
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interruption_does_not_wait_for_a_server_that_hangs():
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "interrupted\n")
