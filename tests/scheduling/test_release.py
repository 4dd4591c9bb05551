"""What stands moves only to book a task without room, and then as little as possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from blocker.domain.interval import Interval
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Standing
from tests.scheduling.checker import check
from tests.scheduling.small import at, desk, problem, span, stands, work
from tests.scheduling.worlds import Kind, world

MONDAY = Interval(at(4, "00:00"), at(5, "00:00"))


def crowded(movable: bool = True) -> Problem:
    """`old` stands where alone `new` can lie."""
    standing = (
        stands("k1", "old", span(4, "09:00-11:00"), movable),
        stands("k2", "other", span(4, "13:00-15:00"), movable),
    )
    own = desk(clocks="09:00-17:00", standing=standing)
    works = [
        work("old", 0, whole=False),
        work("other", 0, whole=False),
        work("new", 120, window=span(4, "09:00-11:30")),
    ]
    return problem(own, works)


def test_one_block_moves_for_a_task_without_room() -> None:
    question = crowded()
    (found,) = plan(question)
    assert not check(question, [found])
    assert found.released == ("k1",) and not found.unbooked
    assert {p.task for p in found.new} == {"old", "new"}


def test_nothing_moves_after_acceptance_or_when_placed_by_a_person() -> None:
    for question in (replace(crowded(), may_release=False), crowded(movable=False)):
        (found,) = plan(question)
        assert not check(question, [found])
        assert found.released == () and [u.task for u in found.unbooked] == ["new"]


def test_nothing_moves_for_a_better_place_or_when_it_does_not_help() -> None:
    question = crowded()
    loose = replace(question, works=(*question.works[:2], work("new", 120)))
    (found,) = plan(loose)
    assert found.released == () and len(found.new) == 1
    hopeless = replace(question, works=(*question.works[:2], work("new", 600, window=MONDAY)))
    (found,) = plan(hopeless)
    assert found.released == () and found.new == ()


def test_no_task_loses_what_it_had() -> None:
    own = desk(clocks="09:00-11:00", standing=(stands("k", "old", span(4, "09:00-11:00")),))
    works = [work("old", 0, 4, whole=False), work("new", 120, 1)]
    (found,) = plan(problem(own, works, days=1))
    assert found.released == () and found.new == ()


def half_booked(seed: int) -> Problem:
    """A world some of whose tasks were booked before the others were known."""
    question = world(Kind(tasks=9, days=4, fill=0.9, tight=0.9, closed=0.8), seed).problem
    random = Random(seed)
    works = list(question.works)
    random.shuffle(works)
    first = plan(replace(question, works=tuple(works[: len(works) * 2 // 3])), effort="quick")
    standing = tuple(
        Standing(f"k{k}", p.task, p.interval, p.interval.length, True)
        for k, p in enumerate(first[0].new)
    )
    has: dict[str, timedelta] = {}
    for block in standing:
        has[block.task] = has.get(block.task, timedelta()) + block.interval.length
    return replace(
        question,
        desks=(replace(question.desks[0], standing=standing),),
        works=tuple(
            replace(w, missing=w.missing - has.get(w.task, timedelta()), is_whole=w.task not in has)
            for w in question.works
        ),
    )


def test_a_follower_of_a_task_that_cannot_be_planned_stays() -> None:
    # Set free, it could not be booked anew, since it waits for what cannot be cut.
    own = desk(clocks="09:00-11:00", standing=(stands("k", "b", span(4, "09:00-11:00")),))
    works = [
        work("a", 135, shortest=timedelta(hours=2), longest=timedelta(hours=2)),
        work("b", 0, 4, whole=False, after=["a"]),
        work("c", 120, 1),
    ]
    question = problem(own, works, days=1)
    (found,) = plan(question)
    assert not check(question, [found])
    assert found.released == () and {u.task for u in found.unbooked} == {"a", "c"}


@pytest.mark.parametrize("seed", [0, 4, 14, 16, 18, 26, 47])
def test_as_few_blocks_as_possible_move(seed: int) -> None:
    question = half_booked(seed)
    (found,) = plan(question)
    assert not check(question, [found])
    assert not found.unbooked and found.released
    keys = [block.key for block in question.desks[0].standing]
    # what fewer could do, these could do as well
    for keys_freed in combinations(keys, len(found.released) - 1):
        assert not books_all(question, set(keys_freed)), keys_freed


def books_all(question: Problem, movable: set[str]) -> bool:
    """Whether moving these blocks alone would do; each is tried without the others' help."""
    own = question.desks[0]
    standing = tuple(replace(b, is_movable=b.key in movable) for b in own.standing)
    (found,) = plan(replace(question, desks=(replace(own, standing=standing),)))
    return not found.unbooked
