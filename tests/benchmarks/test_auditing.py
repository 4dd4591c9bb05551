"""An audit, and an acceptance, cost each member the same however large the team is.

Calls are counted, which no other work on the machine changes; seconds are held against each other
in one run, the least of a few.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path

import pytest

from blocker.commands.accept import Asked, accept
from tests.benchmarks.auditing import (
    BEGIN,
    END,
    README,
    TASKS,
    opened,
    readme_with,
    seconds_of_audit,
    take_in,
    write,
)

FEW, MANY = 30, 120
MORE = MANY / FEW


@pytest.fixture(scope="module")
def teams(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Their tasks are taken in, their blocks stand, nothing is accepted."""
    folders = {size: tmp_path_factory.mktemp(f"{size}") for size in (FEW, MANY)}
    for size, folder in folders.items():
        write(size, folder)
        take_in(folder)
    seconds_of_audit(folders[FEW])  # so that neither side pays for imports
    return folders


def calls(job: Callable[[], object]) -> int:
    """How many functions a job calls, all the way down."""
    profile = cProfile.Profile()
    profile.runcall(job)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]  # not in typeshed


def test_an_audit_grows_with_the_team_and_no_faster(teams: dict[int, Path]) -> None:
    ratios = []
    for _ in range(3):
        few = seconds_of_audit(teams[FEW])
        ratios.append(seconds_of_audit(teams[MANY]) / few)
    assert min(ratios) <= MORE * 2, ratios
    few, many = (calls(lambda size=size: seconds_of_audit(teams[size])) for size in (FEW, MANY))
    assert many / few <= MORE * 1.05


def test_accept_and_what_it_seals_grow_with_the_team_and_no_faster(teams: dict[int, Path]) -> None:
    took, sealed, later = [], [], []
    for size in (FEW, MANY):
        folder = teams[size]
        took.append(calls(lambda folder=folder: accept(opened(folder), Asked())))
        with opened(folder).store(rehearse=True) as store:
            (kept,) = store.commitments()
        assert kept.commitment is not None and len(kept.commitment.tasks) == size * TASKS
        sealed.append(len(kept.content))
        later.append(calls(lambda folder=folder: seconds_of_audit(folder)))
    for few, many in (took, sealed, later):
        assert many / few <= MORE * 1.05
    assert sealed[1] / (MANY * TASKS) < 500  # characters for a promised task


def test_the_readme_has_a_place_for_the_figures() -> None:
    text = README.read_text(encoding="utf-8")
    assert readme_with(text.split(BEGIN)[1].split(END)[0].strip()) == text
