"""Faults 23 and 26: kill -9 before any write of `book`, and two runs at once.

Whatever happens, running it again leaves every block exactly once.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter

import pytest

ROWS = ("T-1,Landing page,ana,3h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,", "T-3,Report,ben,1h,,,,,,")

POINTS = [
    *(("fdatasync", k) for k in (2, 5, 6, 7, 8, 10, 12, 16)),
    *(("fsync", k) for k in range(1, 5)),
    *(("rename", k) for k in range(1, 3)),
    *(("unlink", k) for k in (1, 3, 6, 9)),
    *(("write", k) for k in (2, 3, 4)),
    *(("pwrite64", k) for k in range(10, 91, 12)),
]
"""System calls that change something, counted as they come in one run of `book`.

All of the few that write calendars, and some of the many of each transaction of the store.
"""

SURE = {"fdatasync": 8, "fsync": 2, "rename": 1, "unlink": 1, "write": 4, "pwrite64": 40}
"""So many of each certainly come; a later one may not, and then nothing is killed."""

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace kills the program before a system call"
)


def command(team, *words: str) -> list[str]:
    return [sys.executable, "-m", "blocker", *team.arguments(*words)]


def parts(team) -> Counter[str]:
    return Counter(
        line
        for member in ("ana", "ben")
        for line in team.blocks(member).splitlines()
        if line.startswith("UID:")
    )


@needs_strace
@pytest.mark.parametrize(("call", "number"), POINTS)
def test_killed_before_a_system_call_the_next_run_books_each_block_once(team, call, number):
    name = team.tasks(*ROWS)
    inject = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
    inject += ["-e", f"inject={call}:signal=KILL:when={number}"]
    done = subprocess.run(
        [*inject, *command(team, "book", str(team.folder / name))],
        cwd=team.folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    is_killed = done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    assert is_killed or (done.returncode == 0 and number > SURE[call])
    booking = team.booked(*ROWS)
    assert booking.fits
    assert sorted(parts(team).values()) == [1] * 4
    assert team.audited().ok
    assert sorted(path.name for path in (team.folder / "out").iterdir()) == ["ana.ics", "ben.ics"]
    again = team.booked(*ROWS)
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}


def test_two_runs_at_once_book_each_block_once_and_neither_fails(team):
    name = str(team.folder / team.tasks(*ROWS))
    runs = [
        subprocess.Popen(
            command(team, "book", name),
            cwd=team.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ended = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], ended
    assert sorted(parts(team).values()) == [1] * 4
    assert team.audited().ok


def test_two_machines_on_one_calendar_book_each_block_once(team):
    """Two stores, one calendar: UIDs are the same on every machine."""
    config = (team.folder / "config.yaml").read_text()
    team.write("other.yaml", config + "store: sqlite:///other/blocker.db\n")
    name = str(team.folder / team.tasks(*ROWS))
    runs = []
    for which in ("config.yaml", "other.yaml"):
        own = team.folder / f"tmp-of-{which}"  # locks of this machine do not reach the other
        own.mkdir()
        words = ["-m", "blocker", "-c", which, "--now", team.now, "book", name]
        runs.append(
            subprocess.Popen(
                [sys.executable, *words],
                cwd=team.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": str(own)},
            )
        )
    ended = [run.communicate(timeout=120) for run in runs]
    assert all(run.returncode in (0, 1) for run in runs), ended
    assert sorted(parts(team).values()) == [1] * 4
    assert team.audited().ok
