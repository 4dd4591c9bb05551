"""Short ways to write small problems; times are UTC wall clocks of January 2027, 4th = Monday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.hours import WallSpan, WorkingHours
from blocker.domain.interval import Interval
from blocker.domain.member import BlockRules
from blocker.scheduling.problem import Desk, Problem, Standing, Wait, Work

MINUTE = timedelta(minutes=1)


def at(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2027, 1, day, int(hour), int(minute), tzinfo=UTC)


def span(day: int, clocks: str) -> Interval:
    start, end = clocks.split("-")
    return Interval(at(day, start), at(day, end))


def rules(**minutes: Any) -> BlockRules:
    known = {"step": 15, "shortest": 30, "longest": 120, "gap": 0, "rest": 0, **minutes}
    return BlockRules(**{k: v * MINUTE if isinstance(v, int) else v for k, v in known.items()})


def desk(
    member: str = "ana",
    clocks: str = "09:00-17:00",
    busy: tuple[Interval, ...] = (),
    standing: tuple[Standing, ...] = (),
    zone: str = "UTC",
    **minutes: Any,
) -> Desk:
    start, end = (int(c[:2]) * 60 + int(c[3:]) for c in clocks.split("-"))
    week = tuple((WallSpan(start, end),) if k < 5 else () for k in range(7))
    hours = WorkingHours(ZoneInfo(zone), week)
    return Desk(member, hours, rules(**minutes), busy, standing)


def problem(desks: Any, works: Any, days: int = 5, **more: Any) -> Problem:
    desks = desks if isinstance(desks, tuple) else (desks,)
    horizon = Interval(at(4, "00:00"), at(4 + days, "00:00"))
    known = {"sprint": horizon, "first_day": date(2027, 1, 4), **more}
    return Problem(horizon, desks, tuple(works), **known)


def work(
    task: str,
    minutes: int,
    priority: int = 3,
    window: Interval | str | None = "all",
    member: str = "ana",
    after: Any = (),
    whole: bool = True,
    **more: Any,
) -> Work:
    if window == "all":
        window = Interval(at(4, "00:00"), at(9, "00:00"))
    assert not isinstance(window, str)
    waits = tuple(Wait(each) if isinstance(each, str) else each for each in after)
    return Work(task, member, priority, minutes * MINUTE, whole, window, waits, **more)


def stands(key: str, task: str, interval: Interval, movable: bool = True) -> Standing:
    return Standing(key, task, interval, interval.length, movable)
