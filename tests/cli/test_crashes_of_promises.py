"""kill -9 while a sprint is accepted, changed or closed: the state before, or after, never half.

The program is killed before statements that change the store, one after the other, each time on a
team as it was; then the same command is run again, and ends as if nothing had been.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from blocker.commands.verifying import faults_in
from blocker.domain.sprint import SprintState
from tests.team import Team

ROWS = (
    "T-1,Landing page,ana,3h,1,,,,leads,",
    "T-2,Report,ben,1h,2,,,,leads,",
    "T-3,Blog post,ana,1h,3,,,,leads,S28",
)
PLAN = "id,remaining,to\nT-1,2h,next\nT-2,,done\n"
PROGRAM = """\
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from blocker.cli.main import main

left = int(sys.argv.pop(1))

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, many):
    global left
    if not statement.startswith(("SELECT", "PRAGMA")):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

main()
"""
MOST_STATEMENTS = 60
COMMANDS = {
    "accept": ("2027-01-04T08:00", ["accept", "--sprint", "S27"]),
    "close": ("2027-01-15T17:00", ["close", "S27", "--plan", "plan.csv"]),
    "pull": ("2027-01-04T08:00", ["pull", "--take", "T-3"]),
}
STEP = {"accept": 1, "close": 1, "pull": 4}
"""What `pull` writes is written as `book` writes it, and killed more often there."""


def kept(team: Team) -> tuple[object, ...]:
    """All that the store says of promises, and whether it holds."""
    with team.open().store(rehearse=True) as store:
        assert faults_in(store, team.open().team) == []
        return (
            store.sprint_states(),
            [one.seal for one in store.commitments()],
            [(one.kind, one.task) for one in store.amendments()],
            sorted(store.closings()),
            {name: one.task for name, one in store.tasks().items()},
        )


@pytest.fixture
def booked(team) -> Team:
    team.write("plan.csv", PLAN)
    team.write("killed.py", PROGRAM)
    team.booked(*ROWS, sprint="S27")
    return team


def run(team: Team, command: str, statement: int) -> subprocess.CompletedProcess[bytes]:
    now, words = COMMANDS[command]
    return subprocess.run(
        [
            *(sys.executable, "killed.py", str(statement)),
            *("-c", "config.yaml", "--now", now, "--as", "ben", *words),
        ],
        cwd=team.folder,
        check=False,
        capture_output=True,
        env={**os.environ, **team.environment},
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_fault_24_killed_before_any_statement_it_is_whole_or_not_at_all(booked, tmp_path, command):
    if command != "accept":
        assert run(booked, "accept", 0).returncode == 0
    as_it_was = tmp_path.parent / f"{tmp_path.name}-was"
    shutil.copytree(booked.folder, as_it_was)
    before = kept(booked)
    assert run(booked, command, 0).returncode == 0
    after = kept(booked)
    assert before != after
    assert (SprintState.ACCEPTED in after[0].values()) is (command != "close")
    for statement in range(1, MOST_STATEMENTS, STEP[command]):
        _restore(as_it_was, booked.folder)
        ran = run(booked, command, statement)
        if ran.returncode == 0:  # it needs no more statements
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
        now = kept(booked)
        assert now in (before, after)
        if statement > 1 + STEP[command]:
            continue
        assert run(booked, command, 0).returncode == 0
        assert kept(booked) == after
    assert statement > 3


def _restore(saved: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(saved, folder)
