"""Wall clocks turned into instants, across the clock changes of many zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.hours import (
    DAY_MINUTES,
    HoursBetween,
    WallSpan,
    WorkingHours,
    day_of,
    days_of,
    instant,
    local_day,
    span_text,
)
from blocker.domain.interval import Interval, total

ZONES = [
    "Europe/Paris",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Santiago",  # days without midnight
    "Asia/Beirut",  # likewise
    "Africa/Cairo",  # likewise
    "Asia/Kolkata",  # half an hour
    "Asia/Kathmandu",  # three quarters
    "Australia/Lord_Howe",  # a change of half an hour
    "Africa/Casablanca",  # Ramadan
    "Pacific/Chatham",
    "America/Phoenix",
    "UTC",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2020, 1, 1), date(2036, 12, 31))
walls = st.integers(0, DAY_MINUTES)


@given(days, zones)
def test_days_follow_each_other_without_a_hole(day, zone):
    today, tomorrow = local_day(day, zone), local_day(day + timedelta(days=1), zone)
    assert today.end == tomorrow.start
    assert timedelta(hours=23) <= today.length <= timedelta(hours=25)


@given(days, zones)
def test_every_day_exists_and_its_first_instant_is_in_it(day, zone):
    assert day_of(local_day(day, zone).start, zone) == day
    before = local_day(day, zone).start - timedelta(seconds=1)
    assert day_of(before, zone) == day - timedelta(days=1)


@given(days, walls, zones)
def test_an_instant_shows_the_wall_time_asked_for_unless_the_clock_skips_it(day, wall, zone):
    found = instant(day, wall, zone).astimezone(zone)
    shown = (found.date() - day).days * DAY_MINUTES + found.hour * 60 + found.minute
    exists = any(
        datetime(day.year, day.month, day.day, tzinfo=zone).replace(
            hour=wall // 60 % 24, minute=wall % 60, fold=fold
        )
        + timedelta(days=wall // DAY_MINUTES)
        == found
        for fold in (0, 1)
    )
    assert shown == wall or (shown > wall and not exists) or not exists


@given(days, walls, walls, zones)
def test_wall_times_never_run_backwards(day, one, other, zone):
    early, late = sorted((one, other))
    assert instant(day, early, zone) <= instant(day, late, zone)


def test_a_skipped_time_is_the_moment_of_the_change():
    paris = ZoneInfo("Europe/Paris")
    for wall in (120, 150, 179, 180):
        found = instant(date(2027, 3, 28), wall, paris)
        assert found == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first():
    paris = ZoneInfo("Europe/Paris")
    found = instant(date(2027, 10, 31), 150, paris)
    assert found == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Africa/Cairo", date(2027, 4, 30)), ("America/Santiago", date(2027, 9, 5))],
)
def test_a_day_without_midnight_begins_at_one(zone, day):
    start = local_day(day, ZoneInfo(zone)).start.astimezone(ZoneInfo(zone))
    assert (start.date(), start.hour, start.minute) == (day, 1, 0)


def hours(zone: str, **more) -> WorkingHours:
    workday = (WallSpan(9 * 60, 12 * 60), WallSpan(13 * 60, 17 * 60))
    return WorkingHours(ZoneInfo(zone), (workday,) * 5 + ((), ()), **more)


@given(days, zones)
def test_ordinary_hours_have_their_length_on_every_working_day(day, zone):
    found = hours(zone.key).on(day)
    assert total(found) == (timedelta(hours=7) if day.weekday() < 5 else timedelta())


@pytest.mark.parametrize(
    ("day", "length"), [(date(2027, 3, 28), 2), (date(2027, 10, 31), 4), (date(2027, 7, 4), 3)]
)
def test_night_hours_are_counted_as_they_pass(day, length):
    night = (WallSpan(60, 240),)
    worker = WorkingHours(ZoneInfo("Europe/Paris"), (night,) * 7)
    assert total(worker.on(day)) == timedelta(hours=length)


def test_hours_that_a_change_swallows_are_none():
    gone = WorkingHours(ZoneInfo("Europe/Paris"), ((WallSpan(120, 180),),) * 7)
    assert gone.on(date(2027, 3, 28)) == ()


def test_within_cuts_at_the_window_and_days_of_names_its_days():
    paris = ZoneInfo("Europe/Paris")
    window = Interval(instant(date(2027, 1, 4), 600, paris), instant(date(2027, 1, 5), 570, paris))
    assert total(hours("Europe/Paris").within(window)) == timedelta(hours=6, minutes=30)
    assert list(days_of(window, paris)) == [date(2027, 1, 4), date(2027, 1, 5)]


def test_dated_hours_and_holidays_take_the_place_of_the_week():
    summer = HoursBetween(date(2027, 7, 1), date(2027, 8, 31), ((WallSpan(480, 840),),) * 7)
    worker = hours("Europe/Paris", between=(summer,), holidays=frozenset([date(2027, 7, 14)]))
    assert total(worker.on(date(2027, 7, 13))) == timedelta(hours=6)
    assert worker.on(date(2027, 7, 14)) == ()
    assert total(worker.on(date(2027, 9, 1))) == timedelta(hours=7)


@pytest.mark.parametrize("span", [(540, 540), (600, 540), (-1, 60), (60, 1441)])
def test_a_span_runs_forward_inside_one_day(span):
    with pytest.raises(ValueError, match="inside one day"):
        WallSpan(*span)


def test_overlapping_spans_of_a_day_are_refused():
    day = (WallSpan(540, 720), WallSpan(700, 800))
    with pytest.raises(ValueError, match="overlap"):
        WorkingHours(ZoneInfo("UTC"), (day,) * 7)


def test_a_span_in_words_names_the_second_day_only_when_there_is_one():
    paris = ZoneInfo("Europe/Paris")
    start = instant(date(2027, 1, 4), 22 * 60, paris)
    assert span_text(Interval(start, start + timedelta(hours=2)), paris) == "Mon 4 Jan 22:00-24:00"
    assert span_text(Interval(start, start + timedelta(hours=3)), paris) == (
        "Mon 4 Jan 22:00 - Tue 5 Jan 01:00"
    )
