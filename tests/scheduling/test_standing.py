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
