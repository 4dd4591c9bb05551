"""What the weeks have room for: sums, windows, and never a no to what a plan books whole."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocker.domain.capacity import Capacity
from blocker.domain.hours import WallSpan, instant
from blocker.domain.interval import Interval
from blocker.domain.member import Break
from blocker.domain.sprint import weeks_in
from blocker.scheduling.as_booked import as_booked
from blocker.scheduling.capacity import capacity_of
from blocker.scheduling.planner import plan
from blocker.scheduling.week_shares import Demand, in_proportion, shared_out
from tests.scheduling.small import MINUTE, at, desk, problem, span, stands, work
from tests.scheduling.test_properties import questions
from tests.scheduling.worlds import STARTS, ZONES, Kind, world


def weeks(question):
    (one,) = capacity_of(question).values()
    return [week.minutes for week in one.weeks]


def two_weeks(desks, works, **more):
    return problem(desks, works, days=14, **more)


def test_pieces_shorter_than_the_shortest_block_are_no_use():
    holes = tuple(span(4, clocks) for clocks in ("09:15-10:15", "10:30-16:00"))
    (week,) = weeks(problem(desk(busy=holes), [], days=1))
    assert week == Capacity(working=480, busy=390, usable=60, needed=0)
    assert week.free == 90


def test_a_task_with_shorter_blocks_may_use_them_but_only_for_its_own_time():
    holes = tuple(span(4, clocks) for clocks in ("09:15-10:15", "10:30-16:00"))
    mails = work("mails", 15, shortest=15 * MINUTE)
    (week,) = weeks(problem(desk(busy=holes), [mails], days=1))
    assert (week.usable, week.needed, week.room) == (75, 15, 60)


def test_what_only_one_week_can_give_is_needed_there_and_the_rest_where_room_is():
    first = Interval(at(4, "00:00"), at(11, "00:00"))
    both = Interval(at(4, "00:00"), at(18, "00:00"))
    works = [work("first", 40 * 60, window=first), work("either", 10 * 60, window=both)]
    one, two = weeks(two_weeks(desk(), works))
    assert (one.usable, one.needed, one.over) == (2400, 2400, 0)
    assert (two.needed, two.room) == (600, 1800)


def test_a_due_moment_early_in_the_second_week_leaves_the_rest_to_the_first():
    until = Interval(at(4, "00:00"), at(11, "11:00"))
    busy = tuple(span(day, "09:00-17:00") for day in (5, 6, 7, 8))
    one, two = weeks(two_weeks(desk(busy=busy), [work("T", 10 * 60, window=until)]))
    assert (one.usable, one.needed, one.over) == (480, 480, 0)
    assert (two.needed, two.room) == (120, 2280)
    one, two = weeks(two_weeks(desk(busy=busy), [work("T", 12 * 60, window=until)]))
    assert one.over > 0
    assert one.needed + two.needed == 12 * 60


def test_a_task_whose_time_is_over_is_needed_now():
    late = Interval(at(12, "00:00"), at(18, "00:00"))
    question = two_weeks(desk(), [work("late", 60, window=None)])
    one, two = weeks(question)
    assert (one.needed, two.needed) == (60, 0)
    one, two = weeks(replace(question, horizon=late))
    assert (one.working, one.needed, two.needed) == (0, 0, 60)


def test_blocks_that_stand_are_no_busy_time_and_are_needed_where_they_stand():
    standing = (stands("a", "T", span(12, "09:00-11:00")),)
    one, two = weeks(two_weeks(desk(standing=standing), [work("T", 60)]))
    assert (one.busy, two.busy, two.usable) == (0, 0, 2400)
    assert one.needed + two.needed == 180
    assert two.needed >= 120


def test_a_block_made_by_hand_is_not_counted_twice():
    by_hand = span(4, "09:00-11:00")
    standing = (stands("a", "T", by_hand, movable=False),)
    (week,) = weeks(problem(desk(busy=(by_hand,), standing=standing), []))
    assert (week.busy, week.usable, week.needed) == (0, 2400, 120)


def test_a_block_in_the_evening_takes_no_working_time():
    standing = (stands("a", "T", span(4, "19:00-21:00"), movable=False),)
    (week,) = weeks(problem(desk(standing=standing), []))
    assert week.needed == 0


def test_a_reserve_counts_the_days_of_the_week_that_are_past():
    standing = (stands("a", "T", span(4, "09:00-17:00"), movable=False),)
    own = desk(standing=standing, reserve=Fraction(1, 4))
    question = problem(own, [], sprint=Interval(at(4, "00:00"), at(9, "00:00")))
    later = replace(question, horizon=Interval(at(5, "00:00"), at(9, "00:00")))
    (week,) = weeks(later)
    # 30 of the week's 40 hours may be filled, and 8 are
    assert (week.free, week.usable) == (32 * 60, 22 * 60)


def test_day_limits_and_breaks_count():
    own = desk(per_day=180, breaks=(Break(WallSpan(720, 840), 60 * MINUTE),))
    (week,) = weeks(problem(own, []))
    assert week.usable == 5 * 180
    (day,) = weeks(problem(replace(own, rules=replace(own.rules, per_day=None)), [], days=1))
    assert day.usable == 420


def test_needs_are_told_by_task_and_are_all_that_is_needed():
    standing = (stands("a", "T", span(4, "09:00-11:00")),)
    works = [work("T", 45), work("U", 90), work("V", 0)]
    (one,) = capacity_of(two_weeks(desk(standing=standing), works)).values()
    assert one.needs == {"T": 165, "U": 90}
    assert one.minutes.needed == 255


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("first", STARTS)
@pytest.mark.parametrize("days", [5, 7, 8, 14, 21])
def test_weeks_fill_the_sprint_across_zones_and_clock_changes(zone, first, days):
    team = ZoneInfo("Europe/Paris")
    sprint = Interval(instant(first, 0, team), instant(first + timedelta(days=days), 0, team))
    found = weeks_in(sprint, first, ZoneInfo(zone))
    assert len(found) == -(-days // 7)
    assert (found[0].start, found[-1].end) == (sprint.start, sprint.end)
    assert all(one.end == two.start for one, two in pairwise(found))


@pytest.mark.parametrize("first", STARTS[1:4])
@pytest.mark.parametrize("zone", ZONES)
def test_sums_add_up_with_clock_changes_and_zones(zone, first):
    kind = Kind(days=10, start=first, zones=("Europe/Paris", zone), members=2, tight=0.6)
    for seed in range(3):
        question = world(kind, seed).problem
        for member, own in capacity_of(question).items():
            hours = next(d for d in question.desks if d.member == member).hours
            working = sum(one.minutes for one in hours.within(question.horizon))
            assert own.minutes.working == working
            assert_sound(question, member, own)


def assert_sound(question, member, own):
    for week in own.weeks:
        assert week.minutes.free == week.minutes.working - week.minutes.busy
        assert 0 <= week.minutes.usable <= week.minutes.free
        assert week.minutes.needed >= 0
    missing = sum(one.missing // MINUTE for one in question.works if one.member == member)
    assert own.minutes.needed == sum(own.needs.values()) >= missing
    assert own.room - own.over == own.minutes.usable - own.minutes.needed


SLOW = [HealthCheck.too_slow]


@settings(max_examples=150, suppress_health_check=SLOW, derandomize=True)
@given(questions())
def test_it_never_says_no_to_what_a_plan_books(question):
    own = next(iter(capacity_of(question).values()))
    assert_sound(question, "ana", own)
    if any(desk.standing for desk in question.desks):
        return
    (found,) = plan(question, effort="quick")
    if not found.unbooked:
        assert own.over == 0
    after = next(iter(capacity_of(as_booked(question, [found])).values()))
    assert_sound(question, "ana", after) if not found.unbooked else None


@pytest.mark.parametrize("seed", range(12))
def test_a_full_hidden_plan_of_two_weeks_is_never_over(seed):
    kind = Kind(tasks=10, fill=0.9, tight=0.7, closed=0.8, whole_blocks=1)
    question = world(kind, seed).problem
    (own,) = capacity_of(question).values()
    assert own.over == 0
    assert own.minutes.needed


MINUTES = st.integers(0, 200)


@given(
    st.lists(st.tuples(MINUTES, MINUTES, MINUTES, MINUTES), max_size=6),
    st.tuples(MINUTES, MINUTES, MINUTES),
)
def test_shares_are_whole_and_exact(rows, room):
    demands = [Demand(f"T{k}", row[0], row[1:], 2) for k, row in enumerate(rows)]
    shares = shared_out(demands, room)
    assert sum(shares) == sum(row[0] for row in rows)
    assert min(shares) >= 0


FEW = st.integers(0, 3)


@given(st.lists(st.tuples(FEW, FEW, FEW, FEW), max_size=4), st.tuples(FEW, FEW, FEW))
def test_a_week_is_too_full_only_where_no_sharing_helps(rows, room):
    demands = [Demand(f"T{k}", row[0], row[1:], 2) for k, row in enumerate(rows)]
    shares = shared_out(demands, room)
    fits = all(share <= own for share, own in zip(shares, room, strict=True))
    assert fits or not can_fit(demands, room)


def can_fit(demands, room) -> bool:
    """By trying every way to share them out."""
    if not demands:
        return True
    first, *others = demands
    for parts in product(
        *(range(min(most, left) + 1) for most, left in zip(first.most, room, strict=True))
    ):
        if sum(parts) == first.needed:
            rest = [left - part for left, part in zip(room, parts, strict=True)]
            if can_fit(others, rest):
                return True
    return False


@given(st.integers(0, 1000), st.lists(MINUTES, min_size=1, max_size=4))
def test_proportions_never_pass_their_weights_while_the_amount_does_not(amount, weights):
    parts = in_proportion(amount, weights)
    assert sum(parts) == (amount if sum(weights) else 0)
    if amount <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


def test_load_passes_100_exactly_when_it_is_too_much():
    assert Capacity(480, 0, 480, 480).load_percent == 100
    assert Capacity(480, 0, 480, 481).load_percent == 101
    assert Capacity(480, 0, 480, 1).load_percent == 1
    assert Capacity(480, 480).load_percent == 0
    assert Capacity(480, 480, 0, 5).load_percent is None
    with pytest.raises(ValueError, match="10 minutes are usable of 5"):
        Capacity(5, 0, 10)


def test_the_first_day_of_a_sprint_in_another_zone_belongs_to_its_first_week():
    own = desk(clocks="00:00-23:00", zone="America/New_York")
    start = instant(date(2027, 1, 4), 0, ZoneInfo("Europe/Paris"))
    sprint = Interval(start, start + timedelta(days=14))
    question = replace(problem(own, []), horizon=sprint, sprint=sprint)
    one, two = weeks(question)
    assert one.working == two.working == 5 * 23 * 60
