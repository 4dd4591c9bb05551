"""What keeps out every block of a task, seen without anything else that is booked."""

import pytest

from blocker.domain.plan import Obstacle, ObstacleKind, Reason, Unbooked
from blocker.scheduling.obstacles import with_obstacle
from blocker.scheduling.planner import plan
from tests.scheduling.small import MINUTE, desk, problem, span, stands, work

HOURS = span(4, "09:00-17:00")


def obstacle(question, reason=Reason.NO_ROOM, **more):
    lack = Unbooked("t", 60 * MINUTE, reason, **more)
    return with_obstacle(question, lack).obstacle


def test_where_nothing_is_known_it_says_what_was_looked_for():
    question = problem(desk(standing=(stands("s", "u", HOURS),)), [work("t", 60, window=HOURS)])
    assert obstacle(question) == Obstacle(ObstacleKind.NOT_FOUND, HOURS, 30 * MINUTE, 60 * MINUTE)


def test_what_competes_or_waits_is_no_such_obstacle():
    question = problem(desk(), [work("t", 60, window=HOURS)])
    assert obstacle(question, competing=("u",)) is None
    assert obstacle(question, Reason.AFTER_UNBOOKED) is None


@pytest.mark.parametrize(
    ("rules", "busy", "kind", "most"),
    [
        ({}, "09:00-10:00 11:45-17:00", ObstacleKind.STRETCH, 105),
        ({"gap": 15}, "09:00-10:00 12:00-17:00", ObstacleKind.STRETCH, 90),
        ({"per_day": 90}, "", ObstacleKind.DAY_LIMIT, 90),
        ({"per_day": 90}, "09:00-10:00 11:45-17:00", ObstacleKind.STRETCH, 105),
        ({}, "09:00-17:00", ObstacleKind.NO_FREE_TIME, 0),
    ],
)
def test_each_limit_is_one_that_the_planner_obeys(rules, busy, kind, most):
    spans = tuple(span(4, clocks) for clocks in busy.split())
    question = problem(
        desk(busy=spans, **rules),
        [work("t", 120, window=HOURS, shortest=120 * MINUTE, longest=120 * MINUTE)],
    )
    found = obstacle(question)
    assert found is not None
    assert (found.kind, found.most) == (kind, most * MINUTE)
    (made,) = plan(question)
    assert [lack.task for lack in made.unbooked] == ["t"]


def test_a_rest_shorter_than_a_block_is_one_short_block():
    busy = (span(4, "09:15-17:00"),)
    question = problem(desk(busy=busy), [work("t", 20, window=HOURS)])
    lack = Unbooked("t", 20 * MINUTE, Reason.NO_ROOM)
    found = with_obstacle(question, lack).obstacle
    assert found == Obstacle(ObstacleKind.STRETCH, HOURS, 30 * MINUTE, 30 * MINUTE, 15 * MINUTE)
