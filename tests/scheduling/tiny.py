"""Problems so small that every plan of them can be tried: one day, three or four tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from blocker.domain.interval import Interval
from blocker.scheduling.problem import Desk, Problem, Work
from tests.scheduling.small import MINUTE, at, desk, problem, work


def tiny(seed: int) -> Problem:
    """Mostly more work than fits, in windows, by meetings and after one another."""
    random = Random(f"tiny {seed}")
    own = _desk(random)
    works: list[Work] = []
    for number in range(random.randint(3, 4)):
        after = [each.task for each in works if random.random() < 0.15]
        minutes, priority = random.choice((30, 60, 60, 90, 120)), random.randint(1, 4)
        works.append(work(f"t{number}", minutes, priority, _window(random), after=after))
    return problem(own, works, days=1)


def _desk(random: Random) -> Desk:
    shortest = random.choice((30, 30, 60))
    return desk(
        clocks=random.choice(("09:00-12:00", "09:00-13:00")),
        busy=tuple(_meeting(random) for _ in range(random.randrange(3))),
        step=30,
        shortest=shortest,
        longest=shortest + 30 * random.randrange(3),
        rest=random.choice((0, 0, 30)),
        gap=random.choice((0, 0, 15)),
        per_day=random.choice((None, None, 120)),
    )


def _meeting(random: Random) -> Interval:
    start = _clock(540 + 30 * random.randrange(7))
    return Interval(start, start + random.choice((15, 30, 60)) * MINUTE)


def _window(random: Random) -> Interval:
    """The whole day, until eleven, or from eleven."""
    return random.choice(
        (
            Interval(_clock(0), _clock(1440)),
            Interval(_clock(0), _clock(660)),
            Interval(_clock(660), _clock(1440)),
        )
    )


def _clock(minutes: int) -> datetime:
    return at(4, "00:00") + timedelta(minutes=minutes)
