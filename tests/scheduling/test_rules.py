"""One small problem for each rule, where the right answer is plain to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from blocker.domain.hours import WallSpan, WorkingHours
from blocker.domain.interval import Interval
from blocker.domain.member import Break
from blocker.domain.plan import MemberPlan, Reason
from blocker.scheduling.capacity import capacity_of
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Wait
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, span, stands, work


def solved(question: Problem) -> tuple[MemberPlan, ...]:
    plans = plan(question)
    assert not check(question, plans)
    return plans


def usable(question: Problem) -> float:
    """Hours of the only desk that blocks could fill."""
    (found,) = capacity_of(question).values()
    return found.minutes.usable / 60


def times(member_plan: MemberPlan) -> list[str]:
    return [f"{p.task} {p.interval.start:%d %H:%M}-{p.interval.end:%H:%M}" for p in member_plan.new]


def reasons(member_plan: MemberPlan) -> dict[str, Reason]:
    return {u.task: u.reason for u in member_plan.unbooked}


def test_nothing_to_plan_is_an_empty_plan_with_all_proven() -> None:
    (found,) = solved(problem(desk(), ()))
    assert found.new == () and found.proven == ("tasks", "blocks", "preferred")
    assert usable(problem(desk(), ())) == 40


def test_no_desks() -> None:
    assert plan(problem((), ())) == ()


def test_two_blocks_of_one_task_may_stand_back_to_back_and_stay_two() -> None:
    (found,) = solved(problem(desk(clocks="09:00-13:00"), [work("a", 240)], days=1))
    assert times(found) == ["a 04 09:00-11:00", "a 04 11:00-13:00"]


def test_rest_is_kept_between_blocks_of_neighbouring_pieces() -> None:
    short_meeting = span(4, "11:00-11:05")
    own = desk(clocks="09:00-14:00", busy=(short_meeting,), rest=30)
    (found,) = solved(problem(own, [work("a", 240)], days=1))
    assert len(found.new) == 2
    (tight,) = solved(
        problem(
            desk(clocks="09:00-13:00", busy=(short_meeting,), rest=30), [work("a", 225)], days=1
        )
    )
    assert reasons(tight) == {"a": Reason.NO_ROOM}


def test_gap_to_busy_and_none_to_the_edge_of_the_day() -> None:
    own = desk(clocks="09:00-12:00", busy=(span(4, "10:00-10:30"),), gap=15)
    (found,) = solved(problem(own, [work("a", 45), work("b", 75)], days=1))
    assert times(found) == ["a 04 09:00-09:45", "b 04 10:45-12:00"]


def test_day_limit_counts_what_stands() -> None:
    own = desk(standing=(stands("k", "x", span(4, "09:00-11:00"), False),), per_day=180)
    (found,) = solved(problem(own, [work("a", 60), work("b", 60)]))
    assert sorted(p.interval.start.day for p in found.new) == [4, 5]


def test_a_day_limit_raised_once_counts_on_that_day_alone() -> None:
    works = [work(name, 60) for name in "abcde"]
    own = replace(desk(per_day=60), day_limits={date(2027, 1, 5): 180 * MINUTE})
    (found,) = solved(problem(own, works, days=3))
    days = sorted(p.interval.start.day for p in found.new)
    assert days == [4, 5, 5, 5, 6]
    assert usable(problem(own, works, days=3)) == 5
    lower = replace(own, day_limits={date(2027, 1, 5): 30 * MINUTE})
    (found,) = solved(problem(lower, works, days=3))
    assert sorted(p.interval.start.day for p in found.new) == [4, 5, 6]


def test_a_break_floats_and_is_kept() -> None:
    lunch = (Break(WallSpan(12 * 60, 14 * 60), 45 * MINUTE),)
    own = desk(breaks=lunch, clocks="09:00-17:00", busy=(span(4, "12:00-12:30"),))
    (found,) = solved(problem(own, [work("a", 375)], days=1))
    assert sum(p.interval.minutes for p in found.new) == 375
    (over,) = solved(problem(own, [work("a", 420)], days=1))
    assert reasons(over) == {"a": Reason.NO_ROOM}


def test_a_break_that_meetings_make_impossible_forbids_no_work() -> None:
    lunch = (Break(WallSpan(12 * 60, 14 * 60), 60 * MINUTE),)
    own = desk(breaks=lunch, busy=(span(4, "12:30-13:30"),))
    (found,) = solved(problem(own, [work("a", 420)], days=1))
    assert found.unbooked == ()


def test_reserve_leaves_a_share_of_the_week_free() -> None:
    own = desk(reserve=Fraction(1, 4))
    (found,) = solved(problem(own, [work("a", 1800)]))
    assert found.unbooked == () and usable(problem(own, [])) == 30
    (over,) = solved(problem(own, [work("a", 1815)]))
    assert reasons(over) == {"a": Reason.NO_ROOM}


def test_reasons() -> None:
    works = [
        work("late", 60, window=None),
        work("uncut", 135, shortest=120 * MINUTE, longest=120 * MINUTE),
        work("stuck", 60, is_stuck=True),
        work("long", 6000),
        work("follower", 60, after=["long"]),
        work("fits", 60),
    ]
    (found,) = solved(problem(desk(), works))
    assert reasons(found) == {
        "late": Reason.PAST_DUE,
        "uncut": Reason.CANNOT_BE_CUT,
        "stuck": Reason.AFTER_UNBOOKED,
        "long": Reason.NO_ROOM,
        "follower": Reason.AFTER_UNBOOKED,
    }
    assert times(found) == ["fits 04 09:00-10:00"]


def test_a_task_is_cut_by_its_own_lengths() -> None:
    hours = {"shortest": 180 * MINUTE, "longest": 180 * MINUTE}
    halves = {"shortest": 15 * MINUTE, "longest": 30 * MINUTE}
    busy = (span(4, "12:00-12:45"), span(4, "13:00-13:45"))
    works = [work("a", 180, **hours), work("b", 75, **halves), work("c", 120)]
    (found,) = solved(problem(desk(busy=busy), works, days=1))
    assert found.unbooked == ()
    lengths = {
        name: sorted(p.interval.minutes for p in found.new if p.task == name) for name in "abc"
    }
    assert lengths == {"a": [180], "b": [15, 30, 30], "c": [120]}
    assert found.proven[:2] == ("tasks", "blocks")


def test_less_than_the_shortest_is_one_block_rounded_up_to_the_step() -> None:
    (found,) = solved(problem(desk(), [work("a", 10)]))
    assert times(found) == ["a 04 09:00-09:15"]


def test_a_task_with_minutes_takes_what_fits_and_its_short_remainder() -> None:
    own = desk(clocks="09:00-13:00", shortest=60, longest=60, standing=())
    (found,) = solved(problem(own, [work("a", 90, whole=False)], days=1))
    assert [p.interval.minutes for p in found.new] == [60, 30]
    assert not found.unbooked
    (part,) = solved(problem(own, [work("a", 600, whole=False)], days=1))
    assert sum(p.interval.minutes for p in part.new) == 240
    assert part.unbooked[0].missing == timedelta(minutes=360)


def test_followers_wait_for_all_of_it_and_the_lag_across_members() -> None:
    desks = (desk("ana"), desk("ben"))
    works = [
        work("a", 180, member="ben"),
        work("b", 60, priority=1, after=[Wait("a", timedelta(hours=24))]),
    ]
    plans = solved(problem(desks, works))
    assert times(plans[0]) == ["b 05 12:00-13:00"]
    assert plans[0].proven == ("tasks", "blocks", "preferred")


def test_a_settled_predecessor_is_an_instant() -> None:
    wait = Wait("old", timedelta(hours=1), at(5, "10:07"))
    (found,) = solved(problem(desk(), [work("a", 60, after=[wait])]))
    assert times(found) == ["a 05 11:15-12:15"]


def test_what_comes_before_a_standing_follower_ends_before_it() -> None:
    own = desk(standing=(stands("k", "b", span(5, "09:00-10:00"), False),))
    works = [
        work("a", 60, window=Interval(at(4, "16:00"), at(8, "00:00"))),
        work("b", 0, whole=False, after=["a"]),
    ]
    (found,) = solved(problem(own, works))
    assert times(found) == ["a 04 16:00-17:00"]


def test_a_short_remainder_ends_before_a_standing_follower_too() -> None:
    own = desk(
        clocks="10:00-17:00",
        busy=(span(4, "10:30-12:00"), span(4, "13:00-16:00")),
        standing=(
            stands("k1", "a", span(4, "16:30-17:00"), False),
            stands("k2", "b", span(4, "12:00-13:00"), False),
        ),
    )
    works = [work("a", 45, whole=False), work("b", 0, whole=False, after=["a"])]
    (found,) = solved(problem(own, works, days=1))
    assert times(found) == ["a 04 10:00-10:30"]
    assert [(u.task, u.missing) for u in found.unbooked] == [("a", 15 * MINUTE)]


def test_a_short_remainder_ends_before_another_members_standing_follower() -> None:
    busy = (span(4, "10:30-12:00"), span(4, "13:00-16:00"))
    desks = (
        desk("ana", clocks="10:00-17:00", busy=busy),
        desk("ben", standing=(stands("k", "b", span(4, "12:00-13:00"), False),)),
    )
    lag = Wait("a", 60 * MINUTE)
    works = [work("a", 45, whole=False), work("b", 0, whole=False, member="ben", after=[lag])]
    plans = solved(problem(desks, works, days=1))
    assert times(plans[0]) == ["a 04 10:00-10:30"] and plans[1].new == ()


def test_a_short_remainder_waits_for_its_predecessor() -> None:
    works = [work("a", 60, member="ben"), work("b", 75, whole=False, after=["a"])]
    desks = (desk("ana", shortest=60, longest=60, busy=(span(4, "11:00-12:00"),)), desk("ben"))
    plans = solved(problem(desks, works, days=1))
    assert times(plans[0]) == ["b 04 10:00-11:00", "b 04 12:00-12:15"]


def test_priority_goes_first_where_not_everything_fits() -> None:
    works = [work("low", 240, 4), work("high", 240, 1), work("mid", 240, 2)]
    (found,) = solved(problem(desk(), works, days=1))
    assert reasons(found) == {"low": Reason.NO_ROOM}
    assert [p.task for p in found.new[:2]] == ["high", "high"]


def test_preferred_hours_come_after_fewest_blocks() -> None:
    own = desk(prefer=(WallSpan(13 * 60, 17 * 60),))
    (found,) = solved(problem(own, [work("a", 120)], days=1))
    assert times(found) == ["a 04 13:00-15:00"]
    busy = desk(prefer=(WallSpan(16 * 60, 17 * 60),), busy=(span(4, "15:30-16:00"),))
    (one,) = solved(problem(busy, [work("a", 120)], days=1))
    assert len(one.new) == 1 and one.proven == ("tasks", "blocks", "preferred")


def test_margin_is_wished_for_before_blocks() -> None:
    due = Interval(at(4, "00:00"), at(4, "17:00"))
    own = desk(busy=(span(4, "10:00-11:00"), span(4, "12:00-13:00")), margin=240)
    (found,) = solved(problem(own, [work("a", 120, window=due)], days=1))
    assert times(found) == ["a 04 09:00-10:00", "a 04 11:00-12:00"]


def test_avoided_hours_are_taken_only_when_nothing_else_is_as_good() -> None:
    deleted = (span(4, "09:00-11:00"),)
    (found,) = solved(problem(desk(), [work("a", 120, avoid=deleted)], days=1))
    assert times(found) == ["a 04 11:00-13:00"]
    full = desk(clocks="09:00-11:00")
    (same,) = solved(problem(full, [work("a", 120, avoid=deleted)], days=1))
    assert times(same) == ["a 04 09:00-11:00"]


def test_usable_leaves_out_scraps_and_knows_the_day_limit() -> None:
    busy = (span(4, "09:15-10:00"), span(4, "10:15-12:00"))
    assert usable(problem(desk(busy=busy, clocks="09:00-14:00"), (), days=1)) == 2
    assert usable(problem(desk(per_day=90), (), days=2)) == 3


def test_usable_leaves_room_for_a_break_where_no_meeting_does() -> None:
    lunch = (Break(WallSpan(12 * 60, 14 * 60), 45 * MINUTE),)
    for clocks, busy, hours in (
        ("09:00-17:00", (), 7.25),
        ("09:00-12:30", (), 3.5),  # the break fits after work
        ("09:00-17:00", (span(4, "12:30-13:30"),), 7),  # no gap is left that is long enough
        ("09:00-17:00", (span(4, "11:00-12:45"), span(4, "13:15-16:00")), 3.5),
        ("11:00-15:00", (span(4, "11:00-12:15"), span(4, "13:00-14:45")), 0),
    ):
        question = problem(desk(breaks=lunch, clocks=clocks, busy=busy), (), days=1)
        assert usable(question) == hours, (clocks, busy)


def test_too_many_tasks_give_a_plain_answer() -> None:
    works = [work(f"t{k:03}", 60 + k % 5 * 15, 1 + k % 4) for k in range(120)]
    (found,) = solved(problem(desk(), works))
    assert sum(p.interval.minutes for p in found.new) > 30 * 60
    assert len(found.unbooked) > 50


def test_rest_is_kept_across_midnight() -> None:
    night = (WallSpan(0, 4 * 60), WallSpan(23 * 60, 24 * 60))
    own = desk(rest=15, longest=60)
    own = replace(own, hours=WorkingHours(own.hours.zone, (night,) * 7))
    window = Interval(at(4, "23:00"), at(5, "02:00"))
    (found,) = solved(problem(own, [work("a", 120, window=window)], days=2))
    assert times(found) == ["a 04 23:00-00:00", "a 05 00:15-01:15"]


def test_a_lunch_break_goes_where_it_leaves_the_morning_for_work() -> None:
    """Two hours fit between the first task and a later lunch, so none waits for the afternoon."""
    rule = Break(WallSpan(720, 870), 45 * MINUTE)
    own = desk(clocks="09:00-18:00", rest=15, breaks=(rule,))
    question = problem(own, [work("a", 60, 1), work("b", 120, 1), work("c", 120, 1)], days=1)
    (found,) = plan(question)
    assert not check(question, [found])
    assert [each.interval.length / MINUTE for each in found.new[:2]] in ([60, 120], [120, 60])
    assert found.new[1].interval.end == at(4, "12:15")
    assert found.new[2].interval == span(4, "13:00-15:00")
