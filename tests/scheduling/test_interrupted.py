"""Ctrl-C while the planner works: the best plan so far, with what is proven of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from blocker.scheduling import planner, solving, tasks_search
from blocker.scheduling.planner import plan
from blocker.scheduling.solver import search_once
from tests.benchmarks.instances import named
from tests.scheduling.checker import check

HARD = named("15-overfull-10").problem


def interrupt(*_: Any, **__: Any) -> Any:
    signal.raise_signal(signal.SIGINT)
    raise AssertionError("nobody was interrupted")


@pytest.mark.parametrize(
    ("room", "stage"),
    [(solving, "walked"), (solving, "book_most"), (solving, "earlier"), (tasks_search, "filled")],
)
def test_the_best_so_far_is_given_and_keeps_every_rule(
    monkeypatch: pytest.MonkeyPatch, room: Any, stage: str
) -> None:
    monkeypatch.setattr(room, stage, interrupt)
    found = plan(HARD)
    assert all(each.is_cut_short for each in found)
    assert not check(HARD, found)
    assert all(each.new for each in found)


def test_before_there_is_any_plan_a_quick_one_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    real = planner.plan_group
    asked: list[str] = []

    def once(question: Any, group: Any, effort: Any) -> Any:
        asked.append(effort)
        return interrupt() if len(asked) == 1 else real(question, group, effort)

    monkeypatch.setattr(planner, "plan_group", once)
    found = plan(HARD)
    assert asked == ["normal", "quick"]
    assert all(each.is_cut_short for each in found)
    assert not check(HARD, found)


def test_nothing_is_cut_short_otherwise() -> None:
    assert not any(each.is_cut_short for each in plan(HARD, effort="quick"))


def test_the_solver_is_stopped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from ortools.sat.python import cp_model

    stopped = Event()

    def solve(*_: Any) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        assert stopped.wait(60)
        return int(cp_model.UNKNOWN)

    def stop(*_: Any) -> None:
        stopped.set()

    replaced: list[tuple[str, Callable[..., Any]]] = [("solve", solve), ("stop_search", stop)]
    for name, instead in replaced:
        monkeypatch.setattr(cp_model.CpSolver, name, instead)
    with pytest.raises(KeyboardInterrupt):
        search_once(cp_model.CpModel(), 1.0)
    assert stopped.is_set()
