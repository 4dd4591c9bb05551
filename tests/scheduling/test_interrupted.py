"""Ctrl-C while the planner works: the best plan so far, with what is proven of it."""

from __future__ import annotations

import os
import signal
from threading import Event
from typing import Any

import pytest

from blocker.scheduling import planner, solving, tasks_search
from blocker.scheduling.linear import LinearModel, row_of
from blocker.scheduling.planner import plan, plan_whole
from tests.benchmarks.instances import named
from tests.scheduling.checker import check
from tests.scheduling.small import desk, problem, span, stands, work

HARD = named("15-overfull-10").problem


def interrupt(*_: Any, **__: Any) -> Any:
    signal.raise_signal(signal.SIGINT)
    raise AssertionError("nobody was interrupted")


@pytest.mark.parametrize(
    ("room", "stage"),
    [(solving, "preferred"), (solving, "book_most"), (solving, "earlier"), (tasks_search, "fits")],
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
    import highspy

    stopped = Event()

    def run(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert stopped.wait(60)

    def stop(*_: Any) -> None:
        stopped.set()

    monkeypatch.setattr(highspy.Highs, "run", run)
    monkeypatch.setattr(highspy.Highs, "cancelSolve", stop)
    model = LinearModel()
    with pytest.raises(KeyboardInterrupt):
        model.ask(row_of([(model.column(1), 1)]), 10)
    assert stopped.is_set()


def test_nothing_is_claimed_that_the_whole_search_would_not_prove(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = named("fragmented-02").problem
    whole = [each.proven for each in plan(question)]
    monkeypatch.setattr(solving, "earlier", interrupt)
    cut = [each.proven for each in plan(question)]
    assert all(some == most[: len(some)] for some, most in zip(cut, whole, strict=True))


def test_an_interrupt_in_the_round_of_remainders_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    stand = stands("k", "a", span(4, "09:00-09:30"), movable=False)
    own = desk(clocks="09:00-11:00", busy=(span(4, "10:30-10:45"),), standing=(stand,), longest=60)
    question = problem(own, [work("a", 75, whole=False)], days=1)
    real = planner.plan_group
    asked: list[str] = []

    def second(given: Any, group: Any, effort: Any) -> Any:
        asked.append(effort)
        return interrupt() if len(asked) == 2 else real(given, group, effort)

    monkeypatch.setattr(planner, "plan_group", second)
    assert [each.is_cut_short for each in plan(question)] == [True]
    assert asked == ["normal", "normal", "quick"]


def test_where_a_plan_cut_short_is_of_no_use_the_interrupt_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "book_most", interrupt)
    with pytest.raises(KeyboardInterrupt):
        plan_whole(HARD, effort="normal")
