"""Expansion: the wall times that a recurrence rule gives in a window, with bounded work.

Everything here is reckoned on wall clocks without zone; the caller turns them into instants.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta

from blocker.calendars.text.recurrence import Frequency, Rule, week_of

_UNITS = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}


class TooMuchWork(Exception):
    """A rule that would need more steps, or give more instances, than anybody's calendar has."""


@dataclass(slots=True)
class Budget:
    """The steps that may still be taken; for one rule, or for a whole file."""

    steps: int

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TooMuchWork


def expand(
    rule: Rule, start: datetime, low: datetime, high: datetime, budget: Budget
) -> Iterator[datetime]:
    """The wall times of a rule from `start` on that lie in `low` <= time <= `high`, in order.

    `start` itself comes only if the rule names it.  UNTIL is the caller's business, COUNT is
    heeded.  Raises TooMuchWork when the budget is used up.
    """
    leapt = _leapt(rule, start, low)
    left = None if rule.count is None else max(0, rule.count - leapt)
    for wall in _times(rule, start, low, high, leapt, budget):
        if wall < start:
            continue
        if left is not None:
            if left == 0:
                return
            left -= 1
        if wall > high:
            return
        if wall >= low:
            yield wall


def _times(
    rule: Rule, start: datetime, low: datetime, high: datetime, leapt: int, budget: Budget
) -> Iterator[datetime]:
    """The rule's times in order, from a period at or before `low` on unless all must be counted."""
    goal = start if rule.count is not None else max(start, low)
    if rule.frequency >= Frequency.HOURLY:
        yield from _within_days(rule, start, high, leapt, budget)
        return
    clock = _clock(rule, start)
    for days in _periods(rule, start, goal, high, budget):
        found = sorted(datetime.combine(day, at) for day in days for at in clock)
        budget.spend(len(found))
        yield from _positions(rule, found)


def _positions(rule: Rule, found: list[datetime]) -> Sequence[datetime]:
    if not rule.by_position:
        return found
    size = len(found)
    chosen = {n - 1 if n > 0 else size + n for n in rule.by_position}
    return [found[index] for index in sorted(chosen) if 0 <= index < size]


def _clock(rule: Rule, start: datetime) -> list[time]:
    seconds = [min(second, 59) for second in rule.by_second] or [start.second]
    return [
        time(hour, minute, second)
        for hour in rule.by_hour or (start.hour,)
        for minute in rule.by_minute or (start.minute,)
        for second in seconds
    ]


def _periods(
    rule: Rule, start: datetime, goal: datetime, high: datetime, budget: Budget
) -> Iterator[list[date]]:
    """The days of one period after another, from the one before `goal` to the one after `high`."""
    step = rule.interval
    if rule.frequency is Frequency.YEARLY:
        skipped = max(0, (goal.year - start.year) // step - 1)
        for year in range(start.year + skipped * step, min(high.year, MAXYEAR) + 1, step):
            budget.spend(1)
            yield _days_of_year(rule, start, year, budget)
    elif rule.frequency is Frequency.MONTHLY:
        first, last = (moment.year * 12 + moment.month - 1 for moment in (start, high))
        skipped = max(0, (goal.year * 12 + goal.month - 1 - first) // step - 1)
        for month in range(first + skipped * step, last + 1, step):
            budget.spend(8 if rule.by_day else 1)
            yield _days_of_month(rule, start, month // 12, month % 12 + 1)
    else:
        yield from _short_periods(rule, start, goal, high, budget)


def _short_periods(
    rule: Rule, start: datetime, goal: datetime, high: datetime, budget: Budget
) -> Iterator[list[date]]:
    weekly = rule.frequency is Frequency.WEEKLY
    first = start.toordinal()
    if weekly:
        first -= (start.weekday() - rule.week_start) % 7
    length = rule.interval * (7 if weekly else 1)
    skipped = max(0, (goal.toordinal() - first) // length - 1)
    weekdays = {day for _, day in rule.by_day} or set(range(7))
    if weekly and not (rule.by_day or rule.by_month_day or rule.by_year_day):
        weekdays = {start.weekday()}
    for ordinal in range(first + skipped * length, high.toordinal() + 1, length):
        budget.spend(1)
        days = [
            day
            for number in range(max(1, ordinal), ordinal + (7 if weekly else 1))
            if number <= date.max.toordinal() and (number - 1) % 7 in weekdays
            for day in (date.fromordinal(number),)
            if _in_lists(rule, day)
        ]
        yield days


def _in_lists(rule: Rule, day: date) -> bool:
    """Obeys BYMONTH, BYMONTHDAY, BYYEARDAY and BYWEEKNO."""
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day:
        size = calendar.monthrange(day.year, day.month)[1]
        if day.day not in rule.by_month_day and day.day - size - 1 not in rule.by_month_day:
            return False
    if rule.by_year_day:
        number = day.timetuple().tm_yday
        size = 366 if calendar.isleap(day.year) else 365
        if number not in rule.by_year_day and number - size - 1 not in rule.by_year_day:
            return False
    if rule.by_week:
        _, number, from_end = week_of(day, rule.week_start)
        return number in rule.by_week or from_end in rule.by_week
    return True


def _on_weekday(rule: Rule, day: date, index: int, size: int) -> bool:
    """Obeys BYDAY; `index` is the day's number, from 0, in the month or year of `size` days."""
    if not rule.by_day:
        return True
    weekday = day.weekday()
    nth, from_end = index // 7 + 1, -((size - index - 1) // 7 + 1)
    return any(wanted == weekday and n in (0, nth, from_end) for n, wanted in rule.by_day)


def _days_of_month(rule: Rule, start: datetime, year: int, month: int) -> list[date]:
    if rule.by_month and month not in rule.by_month:
        return []
    size = calendar.monthrange(year, month)[1]
    if not (rule.by_day or rule.by_month_day or rule.by_year_day):
        return [date(year, month, start.day)] if start.day <= size else []
    return [
        day
        for index in range(size)
        for day in (date(year, month, index + 1),)
        if _on_weekday(rule, day, index, size) and _in_lists(rule, day)
    ]


def _days_of_year(rule: Rule, start: datetime, year: int, budget: Budget) -> list[date]:
    named = rule.by_day or rule.by_month_day or rule.by_year_day or rule.by_week
    if rule.by_month or not named:
        months = rule.by_month or (start.month,)
        return [day for month in months for day in _days_of_month(rule, start, year, month)]
    size = 366 if calendar.isleap(year) else 365
    budget.spend(size)
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + index) for index in range(size))
    only_week = rule.by_week and not (rule.by_day or rule.by_month_day or rule.by_year_day)
    return [
        day
        for index, day in enumerate(days)
        if (_weekday_in_weeks(rule, day) if rule.by_week else _on_weekday(rule, day, index, size))
        and _in_lists(rule, day)
        and (not only_week or day.weekday() == start.weekday())
    ]


def _weekday_in_weeks(rule: Rule, day: date) -> bool:
    return not rule.by_day or any(wanted == day.weekday() for _, wanted in rule.by_day)


def _leapt(rule: Rule, start: datetime, low: datetime) -> int:
    """How many periods within a day's length may be left out unseen: each is one instance, or,
    without COUNT, nobody counts them."""
    if rule.frequency < Frequency.HOURLY or low <= start or (rule.count and rule.has_by):
        return 0
    return max(0, (low - start) // (_UNITS[rule.frequency] * rule.interval))


def _within_days(
    rule: Rule, start: datetime, high: datetime, index: int, budget: Budget
) -> Iterator[datetime]:
    """HOURLY, MINUTELY, SECONDLY: step by step, leaping over days and hours that cannot match."""
    step = _UNITS[rule.frequency] * rule.interval
    weekdays = {weekday for _, weekday in rule.by_day} or set(range(7))
    while True:
        try:
            wall = start + index * step
        except OverflowError:
            return
        if wall > high:
            return
        budget.spend(1)
        leap = _leap(rule, weekdays, wall)
        if leap is not None:
            index += max(1, -(-(leap - wall) // step))
            continue
        found = _clock_within(rule, wall)
        budget.spend(len(found))
        yield from _positions(rule, found)
        index += 1


def _leap(rule: Rule, weekdays: set[int], wall: datetime) -> datetime | None:
    """Where to go on when a wall time's day, hour or minute is not one of the rule's, else None."""
    day = wall.date()
    if day.weekday() not in weekdays or not _in_lists(rule, day):
        return datetime.combine(day + timedelta(days=1), time())
    if rule.by_hour and wall.hour not in rule.by_hour:
        return wall.replace(minute=0, second=0) + timedelta(hours=1)
    if (
        rule.frequency >= Frequency.MINUTELY
        and rule.by_minute
        and wall.minute not in rule.by_minute
    ):
        return wall.replace(second=0) + timedelta(minutes=1)
    if (
        rule.frequency is Frequency.SECONDLY
        and rule.by_second
        and wall.second not in rule.by_second
    ):
        return wall + timedelta(seconds=1)
    return None


def _clock_within(rule: Rule, wall: datetime) -> list[datetime]:
    minutes: Sequence[int] = (wall.minute,)
    seconds: Sequence[int] = (wall.second,)
    if rule.frequency is Frequency.HOURLY and rule.by_minute:
        minutes = rule.by_minute
    if rule.frequency <= Frequency.MINUTELY and rule.by_second:
        seconds = rule.by_second
    return [
        wall.replace(minute=minute, second=min(second, 59))
        for minute in minutes
        for second in seconds
    ]
