"""On tiny problems no plan at all is better than the planner's, and what it calls impossible is."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocker.domain.hours import WallSpan
from blocker.domain.interval import Interval
from blocker.domain.member import Break
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Desk, Problem, Standing, Wait, Work
from tests.scheduling.brute_force import best, is_possible, worth
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, rules

STEP = 30


def minutes(*choices: int) -> st.SearchStrategy[timedelta]:
    return st.sampled_from([each * MINUTE for each in choices])


@st.composite
def moments(draw: st.DrawFn, days: int, grid: int) -> Interval:
    """A span in the hours of one of the days."""
    first = draw(st.integers(0, 4 * 60 // grid - 1)) * grid
    length = draw(st.integers(1, 120 // grid)) * grid
    start = at(4 + draw(st.integers(0, days - 1)), "08:30") + first * MINUTE
    return Interval(start, start + length * MINUTE)


@st.composite
def desks(draw: st.DrawFn, member: str, days: int) -> Desk:
    """No `reserve`: the checker judges it generously, so it cannot say what is best under it."""
    shortest = draw(st.sampled_from((30, 60)))
    own = rules(
        step=STEP,
        shortest=shortest,
        longest=shortest + draw(st.sampled_from((0, 30, 60))),
        rest=draw(st.sampled_from((0, 0, 15, 30))),
        gap=draw(st.sampled_from((0, 0, 10))),
        per_day=draw(st.sampled_from((None, None, 60, 90))),
        margin=draw(st.sampled_from((0, 0, 30, 90))),
        prefer=draw(st.sampled_from(((), (WallSpan(540, 615),)))),
        breaks=draw(st.sampled_from(((), (), (Break(WallSpan(570, 690), 30 * MINUTE),)))),
    )
    clocks = "09:00-13:00" if days == 1 else "09:00-11:30"
    busy = draw(st.lists(moments(days, 15), max_size=2))
    return Desk(member, desk(clocks=clocks).hours, own, tuple(busy))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """One to three tasks of one or two people, with a handful of places for their blocks."""
    days = draw(st.integers(1, 2))
    members = ("ana", "ben")[: draw(st.sampled_from((1, 1, 2)))]
    teams = {member: draw(desks(member, days)) for member in members}
    standing: dict[str, list[Standing]] = {member: [] for member in members}
    works: list[Work] = []
    for k in range(draw(st.sampled_from((1, 2, 3, 3)))):
        member = draw(st.sampled_from(members))
        window = Interval(at(4, "00:00"), at(4 + days, "00:00"))
        if draw(st.booleans()):
            window = Interval(window.start, at(4, "09:00") + draw(minutes(60, 100, 150, 1500)))
        has = ()
        if draw(st.integers(0, 5)) == 0:
            has = (Standing(f"k{k}", f"t{k}", block := draw(moments(days, 30)), block.length),)
            standing[member] += has
        after = [
            Wait(f"t{other}", draw(minutes(0, 0, 40))) for other in range(k) if draw(st.booleans())
        ]
        need = draw(minutes(20, 30, 60, 60, 90, 120, 150))
        # Short remainders of what stands are booked apart, after all else: not what is judged here.
        shortest = STEP * MINUTE if has else None
        works.append(
            Work(
                f"t{k}", member, draw(st.integers(1, 4)), need, not has, window, tuple(after),
                shortest=shortest,
            )
        )  # fmt: skip
    people = [
        Desk(each.member, each.hours, each.rules, each.busy, tuple(standing[each.member]))
        for each in teams.values()
    ]
    return problem(tuple(people), draw(st.permutations(works)), days=days, may_release=False)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems())
def test_no_plan_at_all_is_better(question: Problem) -> None:
    plans = plan(question)
    assert not check(question, plans)
    blocks: dict[str, tuple[Interval, ...]] = {}
    for placement in (each for member_plan in plans for each in member_plan.new):
        blocks[placement.task] = (*blocks.get(placement.task, ()), placement.interval)
    ours = worth(question, blocks)
    better, found = best(question, ours)
    assert better == ours, found
    for entry in (entry for member_plan in plans for entry in member_plan.unbooked):
        if entry.certificate or entry.competing:
            assert not is_possible(question, (entry.task, *entry.competing))
