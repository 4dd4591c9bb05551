"""Sprints count without a gap, and moments in words of a sprint mean the right instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.hours import day_of
from blocker.domain.moment import DateMoment, SprintMoment, parse_moment, resolve
from blocker.domain.sprint import SprintCalendar

PARIS = ZoneInfo("Europe/Paris")
SPRINTS = SprintCalendar(date(2026, 1, 5), 14, "S{number}", PARIS)


@given(st.integers(1, 3000))
def test_sprints_follow_each_other_without_a_hole(number):
    this, following = SPRINTS.sprint(number), SPRINTS.sprint(number + 1)
    assert this.interval.end == following.interval.start
    assert SPRINTS.number_on(this.first_day) == SPRINTS.number_on(this.last_day) == number


@given(
    st.datetimes(datetime(2026, 1, 6), datetime(2060, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))
)
def test_an_instant_lies_in_the_sprint_of_its_number(moment):
    assert SPRINTS.sprint(SPRINTS.number_at(moment)).interval.holds(moment)


def test_week_53_and_leap_days_are_days_like_others():
    assert SPRINTS.sprint(27).first_day == date(2027, 1, 4)
    assert SPRINTS.number_on(date(2027, 1, 3)) == 26  # ISO week 53 of 2026
    assert SPRINTS.number_on(date(2028, 2, 29)) == 57


@pytest.mark.parametrize(
    ("text", "number"),
    [("S27", 27), ("s27", 27), (" 27 ", 27), ("S0", None), ("27S", None), ("", None), ("-1", None)],
)
def test_a_sprint_is_named_by_name_or_number(text, number):
    assert SPRINTS.number_named(text) == number


@given(
    st.builds(
        SprintMoment,
        st.integers(1, 20),
        st.integers(0, 6),
        st.none() | st.integers(0, 1440),
    )
    | st.builds(
        DateMoment,
        st.dates(date(1970, 1, 1), date(2199, 12, 31)),
        st.none() | st.integers(0, 1440),
    )
)
def test_a_moment_is_read_back_from_its_spelling(moment):
    assert parse_moment(str(moment)) == moment


@pytest.mark.parametrize("text", ["", "W0 Mon", "W1 Foo", "2027-02-30", "2027-01-01 25:00", "soon"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


@given(st.integers(1, 2), st.integers(0, 6), st.integers(1, 200))
def test_words_of_the_sprint_name_that_weekday_in_that_week(week, weekday, number):
    sprint = SPRINTS.sprint(number)
    zone = ZoneInfo("America/New_York")
    found = day_of(resolve(SprintMoment(week, weekday), sprint, zone, "start"), zone)
    assert found.weekday() == weekday
    assert (found - sprint.first_day).days // 7 == week - 1


def test_a_sprint_that_begins_on_sunday_counts_its_weeks_from_there():
    sprint = SprintCalendar(date(2026, 1, 4), 14, "{number}", PARIS).sprint(1)
    found = resolve(SprintMoment(1, 6), sprint, PARIS, "start")
    assert day_of(found, PARIS) == date(2026, 1, 4)


def test_a_date_is_its_whole_day():
    sprint = SPRINTS.sprint(27)
    moment = parse_moment("2027-01-14")
    start, end = (resolve(moment, sprint, PARIS, edge) for edge in ("start", "end"))
    assert end - start == timedelta(days=1)
    assert end == datetime(2027, 1, 14, 23, tzinfo=UTC)
