"""When people work and when not: from the checked shapes of a config to the domain's words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blocker.domain.hours import DAY_MINUTES, HoursBetween, Week, instant, spans_on
from blocker.domain.interval import Interval
from blocker.intake.config_shape import Hours, HoursBetweenShape, MemberShape
from blocker.intake.hours_text import make_week, union


def week_of(hours: Hours) -> Week:
    """The hours of each weekday."""
    return make_week({days: union(spans) for days, spans in hours.items()})


def between_of(shapes: list[HoursBetweenShape]) -> tuple[HoursBetween, ...]:
    """Other hours for a while, in the order in which they are written."""
    return tuple(HoursBetween(one.first, one.last, week_of(one.hours)) for one in shapes)


def away_of(member: MemberShape) -> tuple[HoursBetween, ...]:
    """The days before somebody joins and after they leave, which have no hours."""
    day, none = timedelta(days=1), ((),) * 7
    away = []
    if member.joins is not None and member.joins > date.min:
        away.append(HoursBetween(date.min, member.joins - day, none))
    if member.leaves is not None and member.leaves < date.max:
        away.append(HoursBetween(member.leaves + day, date.max, none))
    return tuple(away)


def time_off_of(entries: list[Any], zone: ZoneInfo) -> tuple[Interval, ...]:
    """Instants off: whole local days, or hours of one."""
    off: list[Interval] = []
    for first, last, spans in entries:
        if spans:
            off += spans_on(first, tuple(spans), zone)
        else:
            off.append(Interval(instant(first, 0, zone), instant(last, DAY_MINUTES, zone)))
    return tuple(off)
