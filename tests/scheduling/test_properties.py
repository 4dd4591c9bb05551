"""Whatever is asked, no plan breaks a hard rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocker.domain.hours import WallSpan
from blocker.domain.interval import Interval
from blocker.domain.member import Break
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Standing, Wait, Work
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, rules

MOMENTS = st.integers(0, 4 * 24 * 60).map(lambda minutes: at(4, "00:00") + minutes * MINUTE)
WORKDAYS = st.tuples(st.integers(0, 3), st.integers(8 * 60, 17 * 60), st.integers(5, 180)).map(
    lambda each: Interval(
        at(4, "00:00") + timedelta(days=each[0], minutes=each[1]),
        at(4, "00:00") + timedelta(days=each[0], minutes=each[1] + each[2]),
    )
)
LENGTHS = st.sampled_from((None, None, 20 * MINUTE, 75 * MINUTE, 180 * MINUTE))


@st.composite
def questions(draw: st.DrawFn) -> Problem:
    step = draw(st.sampled_from((5, 15, 30)))
    shortest = step * draw(st.integers(1, 4))
    own = desk(
        clocks=draw(st.sampled_from(("09:00-17:00", "08:10-15:40"))),
        busy=tuple(draw(st.lists(WORKDAYS, max_size=6))),
        zone=draw(st.sampled_from(("UTC", "Asia/Kathmandu", "America/New_York"))),
    )
    own = replace(
        own,
        rules=rules(
            step=step,
            shortest=shortest,
            longest=shortest + step * draw(st.integers(0, 6)),
            gap=draw(st.sampled_from((0, 5, 10))),
            rest=draw(st.sampled_from((0, 10, 15))),
            per_day=draw(st.sampled_from((None, 180))),
            breaks=draw(st.sampled_from(((), (Break(WallSpan(690, 840), 40 * MINUTE),)))),
            reserve=draw(st.sampled_from((Fraction(0), Fraction(1, 5)))),
            margin=draw(st.sampled_from((0, 120))),
        ),
    )
    works: list[Work] = []
    standing: list[Standing] = []
    for k in range(draw(st.integers(0, 5))):
        start, end = draw(MOMENTS), draw(MOMENTS)
        window = Interval(start, end) if start < end else None
        has = [
            Standing(f"k{k}.{n}", f"t{k}", each, each.length)
            for n, each in enumerate(draw(st.lists(WORKDAYS, max_size=1)))
        ]
        standing += has
        after = [Wait(f"t{k - 1}", draw(st.sampled_from((0, 90))) * MINUTE)] if k else []
        works.append(
            Work(
                f"t{k}",
                "ana",
                draw(st.integers(1, 4)),
                draw(st.integers(0, 400)) * MINUTE,
                not has,
                window,
                tuple(after) if draw(st.booleans()) else (),
                False,
                *own.rules.block_lengths(draw(LENGTHS), draw(LENGTHS)),
            )
        )
    return problem(replace(own, standing=tuple(standing)), works)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(questions())
def test_no_plan_breaks_a_hard_rule(question: Problem) -> None:
    assert not check(question, plan(question))
    assert not check(question, plan(question, effort="quick"))
