"""Which blocks that stand may stay, one small desk for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from blocker.domain.interval import Interval
from blocker.scheduling.standing import Candidate, right
from tests.scheduling.small import MINUTE, at, desk, span

WEEK = Interval(at(4, "00:00"), at(9, "00:00"))


def test_what_stands_is_held_against_the_limit_of_its_day() -> None:
    own = desk(per_day=60)
    blocks = [
        Candidate("k1", "a", span(5, "09:00-10:00"), WEEK),
        Candidate("k2", "b", span(5, "11:00-12:00"), WEEK),
    ]
    assert right(own, [], blocks) == {"k1"}
    raised = replace(own, day_limits={date(2027, 1, 5): 120 * MINUTE})
    assert right(raised, [], blocks) == {"k1", "k2"}


def test_a_task_may_have_lengths_of_its_own() -> None:
    own = desk()  # 30m to 2h
    tall = Candidate("tall", "a", span(4, "09:00-12:00"), WEEK)
    low = Candidate("low", "b", span(4, "13:00-13:15"), WEEK)
    assert right(own, [], [tall, low]) == set()
    assert right(own, [], [replace(tall, longest=180 * MINUTE), low]) == {"tall"}
    assert right(own, [], [tall, replace(low, shortest=15 * MINUTE)]) == {"low"}
    assert right(own, [], [tall, replace(low, is_remainder=True)]) == {"low"}
    usual = Candidate("usual", "c", span(4, "14:00-15:00"), WEEK)
    assert right(own, [], [usual]) == {"usual"}
    assert right(own, [], [replace(usual, longest=45 * MINUTE)]) == set()
    assert right(own, [], [replace(usual, shortest=75 * MINUTE)]) == set()
