"""Faults 23 and 26 with the store on PostgreSQL: killed in the midst, and several runs at once."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.team import CONFIG

ROWS = ("T-1,Landing page,ana,3h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,", "T-3,Report,ben,1h,,,,,,")
PATIENCE_SECONDS = 120

KILLED = """\
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from blocker.cli.main import main

left = int(sys.argv.pop(1))

def die_in_time(*_):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    if statement.startswith(("INSERT", "UPDATE", "DELETE")):
        die_in_time()

event.listen(Engine, "commit", die_in_time)
sys.argv[0] = "blocker"
main()
"""


@pytest.fixture
def shared(team, postgres):
    """A team whose store is on PostgreSQL, its tables made."""
    team.write("config.yaml", f"store: {postgres}\n{CONFIG}")
    with team.open().store():
        pass
    return team


def parts(team) -> Counter[str]:
    lines = [line for who in ("ana", "ben") for line in team.blocks(who).splitlines()]
    return Counter(line for line in lines if line.startswith("UID:"))


def is_right(team) -> None:
    """Each block stands once, the store is sound, and nothing is left to do."""
    assert len(parts(team)) == 4 and set(parts(team).values()) == {1}
    checked = team.run("store", "check", "--format", "json").json
    assert checked["ok"] and checked["notes"] == []
    again = team.book()
    assert again.code == 0, again.err
    blocks = [block for member in again.json["members"] for block in member["blocks"]]
    assert {block["change"] for block in blocks} == {"keep"}


@pytest.mark.parametrize("number", [1, 4, 7, 9, 10, 12, 15, 18])
def test_fault_23_killed_before_a_change_of_the_store_the_next_run_finishes(shared, number):
    name = shared.tasks(*ROWS)
    words = ["-c", "config.yaml", "--now", shared.now, "book", name]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(number), *words],
        cwd=shared.folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    after = shared.run("book", name)
    assert after.code == 0, after.err
    is_right(shared)


def test_fault_26_runs_at_once_take_turns_and_none_fails(shared):
    name = shared.tasks(*ROWS)
    words = ["-c", "config.yaml", "--now", shared.now, "book", name]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "blocker", *words],
            cwd=shared.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ended = [run.communicate(timeout=PATIENCE_SECONDS) for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, ended
    is_right(shared)
