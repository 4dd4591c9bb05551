"""Ctrl-C while `book` works: it shows the best plan so far, books nothing and leaves nobody behind.

The signal comes when the program says that it is in the middle of its work, so no verdict depends
on how fast anything is.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.test_terminal import INTERRUPT, in_terminal
from tests.team import CONFIG, Team

ROWS = ("T-1,Landing page,ana,3h,1,,,,,", "T-2,Blog post,ana,1h,2,,,,,")
TOO_MUCH = "T-3,Whole campaign,ana,90h,2,,,,,"
PATIENCE = 120
"""Seconds after which a program that does not end is held to hang."""

PLANNING = ("blocker.scheduling.planner", "plan_group")
REMEDIES = ("blocker.commands.remedying", "remedies_for")
PAUSED = """
import importlib, signal, sys
from functools import wraps
room = importlib.import_module({room!r})
real, calls = room.{name}, []
@wraps(real)
def paused(*given, **more):
    calls.append(given)
    if len(calls) != {call}:
        return real(*given, **more)
    print("in the middle of it", file=sys.stderr, flush=True)
    signal.pause()
room.{name} = paused
"""

SIDE_BY_SIDE = """
import fcntl, multiprocessing
from functools import wraps
import blocker.workspace
import blocker.scheduling.side_by_side as room
blocker.workspace._cores = lambda: 2
real = room._planned
@wraps(real)
def planned(*given):
    if multiprocessing.parent_process() is not None:
        with open("begun", "a") as begun:
            begun.write("x")
        with open("gate") as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
    return real(*given)
room._planned = planned
"""
"""Each process says that it has begun to plan, and goes on once the gate is open."""


def patched(team: Team, code: str) -> None:
    team.write("sitecustomize.py", code)
    team.environment["PYTHONPATH"] = str(team.folder)


def pausing(team: Team, where: tuple[str, str], call: int = 1) -> None:
    """From now on the program waits for a signal in a call of this function."""
    patched(team, PAUSED.format(room=where[0], name=where[1], call=call))


@contextmanager
def running(team: Team, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The program as the head of a process group, as a shell starts it."""
    run = subprocess.Popen(
        [sys.executable, "-m", "blocker", *team.arguments(*words)],
        cwd=team.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **team.environment},
        start_new_session=True,
    )
    try:
        yield run
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()


def interrupted(team: Team, *words: str) -> tuple[int, str, str]:
    """Its exit code, output and errors when Ctrl-C comes where it pauses."""
    with running(team, *words) as run:
        assert run.stderr is not None
        assert run.stderr.readline() == "in the middle of it\n"
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=PATIENCE)
    return run.returncode, out, err


def books_as_ever(team: Team) -> bool:
    """Nothing was booked or taken in, and nothing is in the way of booking it now."""
    team.environment.clear()
    is_untouched = not (team.folder / "out").exists()
    tasks = team.run("task", "list", "--format", "json").json["tasks"]
    return is_untouched and not tasks and team.booked(*ROWS).fits


def test_while_it_plans(team):
    name = team.tasks(*ROWS)
    pausing(team, PLANNING)
    code, out, err = interrupted(team, "book", name)
    assert code == 130, err
    assert "nothing was booked" in err
    assert "Traceback" not in err
    assert "Landing page" in out
    assert "Blog post" in out
    assert books_as_ever(team)


def test_while_it_looks_for_remedies(team):
    name = team.tasks(*ROWS, TOO_MUCH)
    pausing(team, REMEDIES)
    code, out, err = interrupted(team, "book", name)
    assert code == 130, err
    assert "nothing was booked" in err
    assert "Traceback" not in err
    assert "Landing page" in out
    assert "Whole campaign" in out
    assert books_as_ever(team)


def test_while_colleagues_are_looked_at_for_remedies(team):
    """Their quick plan cut short would be a wrong answer."""
    name = team.tasks(*ROWS, TOO_MUCH, "T-4,Report,ben,2h,2,,,,,")
    pausing(team, PLANNING, call=2)
    code, out, err = interrupted(team, "book", name, "--for", "ana")
    assert code == 130, err
    assert "Landing page" in out
    assert books_as_ever(team)


def test_in_a_terminal_nothing_is_asked_any_more(team):
    name = team.tasks(*ROWS)
    pausing(team, PLANNING)
    code, seen = in_terminal(
        team, [("in the middle of it", INTERRUPT)], "book", name, **team.environment
    )
    assert code == 130
    assert "Landing page" in seen
    assert "nothing was booked" in seen
    assert "[Y/n]" not in seen
    assert "Traceback" not in seen
    assert books_as_ever(team)


def test_after_the_question_was_answered_it_is_not_asked_again(team):
    name = team.tasks(*ROWS)
    pausing(team, PLANNING, call=3)  # two members are planned before the question
    answers = [("[Y/n]", "y\n"), ("in the middle of it", INTERRUPT)]
    code, seen = in_terminal(team, answers, "book", name, **team.environment)
    assert code == 130
    assert seen.count("[Y/n]") == 1
    assert "nothing was booked" in seen
    assert books_as_ever(team)


def test_a_remedy_is_not_applied(team):
    name = team.tasks(*ROWS, TOO_MUCH)
    team.run("import", name)
    before = team.run("task", "list", "--format", "json").json
    pausing(team, PLANNING)
    code, _, err = interrupted(team, "fix", "T-3", "1")
    assert code == 130, err
    team.environment.clear()
    assert team.run("task", "list", "--format", "json").json == before


@pytest.fixture
def gate(team):
    """Holds up processes that plan; `begun` tells of each that came so far."""
    os.mkfifo(team.folder / "begun")
    begun = os.open(team.folder / "begun", os.O_RDWR | os.O_NONBLOCK)
    gate = os.open(team.write("gate", ""), os.O_RDWR)
    fcntl.flock(gate, fcntl.LOCK_EX)
    yield begun, gate
    os.close(begun)
    os.close(gate)


def test_with_processes_that_plan_all_end_and_everyone_has_a_plan(team, gate):
    begun, door = gate
    patched(team, SIDE_BY_SIDE)
    names = [f"m{number:02d}" for number in range(30)]
    head = CONFIG.split("members:")[0]
    members = "".join(
        f"  - {{id: {name}, name: {name}, email: {name}@small.example, "
        f"calendars: {{busy: [{{ics: ana.ics}}], blocks: {{ics: out/{name}.ics}}}}}}\n"
        for name in names
    )
    team.write("config.yaml", f"{head}members:\n{members}")
    rows = [f"{name}-T,Work of {name},{name},3h,1,,,,," for name in names]
    with running(team, "book", team.tasks(*rows)) as run:
        seen = b""
        while len(seen) < 2:
            ready, _, _ = select.select([begun], [], [], PATIENCE)
            assert ready, "the processes did not begin"
            seen += os.read(begun, 1)
        os.killpg(run.pid, signal.SIGINT)
        fcntl.flock(door, fcntl.LOCK_UN)
        # ends only when every process that holds its output has ended
        out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130, err
    assert "nothing was booked" in err
    assert "Traceback" not in err
    assert all(f"Work of {name}" in out for name in names)
    assert "not booked:" not in out
    assert not (team.folder / "out").exists()
