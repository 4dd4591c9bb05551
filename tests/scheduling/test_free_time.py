"""Free time lies on the grid of the local wall clock, whatever the clock does."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from blocker.domain.hours import WallSpan, WorkingHours, local_day
from blocker.scheduling.free_time import as_instant, fill, free_stretches, grid_parts

ALWAYS = tuple((WallSpan(0, 1440),) for _ in range(7))


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", date(2027, 3, 28)),
        ("Europe/Paris", date(2027, 10, 31)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
        ("Australia/Lord_Howe", date(2027, 10, 3)),
        ("America/Santiago", date(2027, 9, 5)),
        ("America/Santiago", date(2027, 4, 3)),
        ("Africa/Cairo", date(2027, 4, 30)),
        ("America/Havana", date(2027, 3, 14)),
        ("Asia/Kathmandu", date(2027, 1, 5)),
        ("America/New_York", date(2027, 11, 7)),
    ],
)
@pytest.mark.parametrize("step", [5, 15, 30, 45, 60, 90])
def test_both_ends_are_on_the_wall_clock_grid(zone: str, day: date, step: int) -> None:
    place = ZoneInfo(zone)
    hours = WorkingHours(place, ALWAYS)
    found = free_stretches(hours, local_day(day, place), (), step * 60)
    assert sum(each.end - each.start for each in found) >= 20 * 3600
    for each in found:
        assert (each.end - each.start) % (step * 60) == 0
        for k in range(0, each.end - each.start, step * 60):
            local = as_instant(each.start + k).astimezone(place)
            assert (local.hour * 60 + local.minute) % step == 0
            assert local.date() == day


def test_a_change_that_is_no_multiple_of_the_step_divides_the_day() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    assert len(grid_parts(date(2027, 4, 4), zone, 3600)) == 2
    assert len(grid_parts(date(2027, 4, 4), zone, 1800)) == 1
    assert len(grid_parts(date(2027, 4, 5), zone, 3600)) == 1


def test_busy_edges_off_the_grid_are_rounded_into_the_free_time() -> None:
    zone = ZoneInfo("UTC")
    hours = WorkingHours(zone, tuple((WallSpan(540, 1020),) for _ in range(7)))
    day = local_day(date(2027, 1, 4), zone)
    start = int((day.start - as_instant(0)) / timedelta(seconds=1))
    busy = [(start + 36_061, start + 39_599)]  # 10:01:01 to 10:59:59
    clocks = [
        (as_instant(s.start).strftime("%H:%M"), as_instant(s.end).strftime("%H:%M"))
        for s in free_stretches(hours, day, busy, 900)
    ]
    assert clocks == [("09:00", "10:00"), ("11:00", "17:00")]


def test_what_one_stretch_can_hold_is_what_trying_all_numbers_of_blocks_gives() -> None:
    for length, shortest, extra, rest in product(range(25), (1, 2, 3), (0, 1, 4), (0, 1, 2, 5)):
        longest = shortest + extra
        tried = [
            min(n * longest, length - (n - 1) * rest)
            for n in range(1, 30)
            if n * shortest + (n - 1) * rest <= length
        ]
        assert fill(length, shortest, longest, rest, 1) == max(tried, default=0)
