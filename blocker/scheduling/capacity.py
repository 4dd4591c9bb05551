"""What the weeks of a sprint have room for, and what tasks need of it; nothing is planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from blocker.domain.capacity import Capacity, MemberCapacity, WeekCapacity
from blocker.domain.hours import day_of, days_of, local_day
from blocker.domain.interval import Interval, clip, intersect, subtract, total
from blocker.domain.sprint import weeks_in
from blocker.scheduling.free_time import length_up
from blocker.scheduling.problem import Desk, Problem, Work
from blocker.scheduling.rooms import first_day, usable_by_day
from blocker.scheduling.week_shares import Demand, shared_out

_MINUTE = timedelta(minutes=1)
_ZERO = timedelta()


def capacity_of(problem: Problem) -> dict[str, MemberCapacity]:
    """Each desk's weeks, by member, in whole minutes from the horizon's start.

    `usable` is no less than what any plan can book, so what is over does not fit.  Blocks that
    stand are needed where they stand; what tasks lack besides, as `shared_out` says.
    """
    works: dict[str, list[Work]] = {}
    for work in problem.works:
        if work.missing > _ZERO:
            works.setdefault(work.member, []).append(work)
    return {
        desk.member: _capacity(_view(problem, desk), works.get(desk.member, ()))
        for desk in problem.desks
    }


@dataclass(frozen=True, slots=True)
class _Stood:
    """A block still to come, as far as it takes free working time and counts."""

    task: str
    day: date
    time: timedelta


@dataclass(frozen=True, slots=True)
class _View:
    """A desk's time in its weeks.  `free` is the working time that nothing but blocks may take."""

    problem: Problem
    desk: Desk
    weeks: tuple[Interval, ...]
    hours: tuple[Interval, ...]
    free: tuple[Interval, ...]
    standing: tuple[_Stood, ...]

    def week(self, day: date) -> int:
        """The index of a local day's week; a day cut off by the team's midnight is its neighbour's.

        That happens on the sprint's edges, where a member lives in another zone.
        """
        week = (day - first_day(self.problem)).days // 7
        return min(max(week, 0), len(self.weeks) - 1)

    def by_week(self, minutes: Iterable[tuple[date, int]]) -> list[int]:
        sums = [0] * len(self.weeks)
        for day, own in minutes:
            sums[self.week(day)] += own
        return sums

    def stood(self) -> list[int]:
        """The minutes of standing blocks, by week."""
        return self.by_week((one.day, one.time // _MINUTE) for one in self.standing)


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day's free time, and the minutes of it that blocks could fill."""

    day: date
    week: int
    whole: Interval
    free: tuple[Interval, ...]
    usable: int = 0


def _view(problem: Problem, desk: Desk) -> _View:
    desk = _without_own(desk)
    zone = desk.hours.zone
    hours = desk.hours.within(problem.horizon)
    free = subtract(hours, desk.busy)
    standing = []
    for block in desk.standing:
        taken = intersect(free, [block.interval])
        if taken and block.counted:
            time = min(total(taken), block.counted)
            standing.append(_Stood(block.task, day_of(taken[0].start, zone), time))
    weeks = weeks_in(problem.sprint or problem.horizon, first_day(problem), zone)
    return _View(problem, desk, weeks, hours, free, tuple(standing))


def _without_own(desk: Desk) -> Desk:
    """The desk without busy time that is a standing block itself, made by hand."""
    standing = [block.interval for block in desk.standing if block.counted]
    busy = []
    for span in desk.busy:
        if span in standing:
            standing.remove(span)
        else:
            busy.append(span)
    return replace(desk, busy=tuple(busy))


def _capacity(view: _View, works: Sequence[Work]) -> MemberCapacity:
    free = _days(view)
    days = _filled(view, view.desk, free)
    special = [work for work in works if _is_special(view.desk, work)]
    wide = _filled(view, _wide(view.desk, special), free) if special else days
    usable = _usable(view, days, wide, special)
    stood = view.stood()
    demands = [_demand(view, wide, usable, work) for work in works]
    shares = shared_out(
        demands, [max(0, own - taken) for own, taken in zip(usable, stood, strict=True)]
    )
    weeks = []
    for k, span in enumerate(view.weeks):
        hours = clip(view.hours, span)
        busy = total(intersect(hours, view.desk.busy))
        minutes = Capacity(
            total(hours) // _MINUTE, busy // _MINUTE, usable[k], stood[k] + shares[k]
        )
        weeks.append(WeekCapacity(k + 1, span, minutes))
    needs: dict[str, int] = {}
    for task, own in (
        *((one.task, one.time // _MINUTE) for one in view.standing),
        *((demand.task, demand.needed) for demand in demands),
    ):
        needs[task] = needs.get(task, 0) + own
    return MemberCapacity(view.desk.member, tuple(weeks), needs)


def _days(view: _View) -> list[_Day]:
    """Local days with free time."""
    zone = view.desk.hours.zone
    wholes: dict[date, Interval] = {}
    pieces: dict[date, list[Interval]] = {}
    for span in view.free:
        for day in days_of(span, zone):
            whole = wholes.get(day) or wholes.setdefault(day, local_day(day, zone))
            part = span if whole.contains(span) else span.meet(whole)
            if part is not None:
                pieces.setdefault(day, []).append(part)
    return [_Day(day, view.week(day), wholes[day], tuple(own)) for day, own in pieces.items()]


def _filled(view: _View, desk: Desk, days: Iterable[_Day]) -> list[_Day]:
    """The days with what blocks could fill by the desk's rules, or by what stands there."""
    usable = usable_by_day(desk, view.problem.horizon)
    stood: dict[date, int] = {}
    for one in view.standing:
        stood[one.day] = stood.get(one.day, 0) + one.time // _MINUTE
    found = []
    for day in days:
        most = max(usable.get(day.day, 0) // 60, stood.get(day.day, 0))
        found.append(replace(day, usable=min(most, total(day.free) // _MINUTE)))
    return found


def _is_special(desk: Desk, work: Work) -> bool:
    """Its blocks may be shorter or longer than the member's rules say."""
    rules = desk.rules
    return (
        rules.round_up(work.missing) < rules.shortest
        or (work.shortest is not None and work.shortest < rules.shortest)
        or (work.longest is not None and work.longest > rules.longest)
    )


def _wide(desk: Desk, works: Iterable[Work]) -> Desk:
    """The desk with rules that allow the blocks of these tasks as well."""
    rules = desk.rules
    shortest, longest = rules.shortest, rules.longest
    for work in works:
        shortest = min(shortest, work.shortest or shortest, rules.round_up(work.missing))
        longest = max(longest, work.longest or longest)
    wide = replace(rules, shortest=rules.round_up(shortest), longest=rules.round_up(longest))
    return replace(desk, rules=wide)


def _usable(
    view: _View, days: Sequence[_Day], wide: Sequence[_Day], special: Sequence[Work]
) -> list[int]:
    """Each week's usable minutes.

    Tasks with block lengths of their own may fill what others cannot, but only for their own
    time.  `reserve` keeps its share of each whole week free, days that are past included.
    """
    usual = view.by_week((day.day, day.usable) for day in days)
    most = view.by_week((day.day, day.usable) for day in wide)
    usable = []
    for k, span in enumerate(view.weeks):
        theirs = sum(
            work.missing // _MINUTE
            for work in special
            if work.window is not None and work.window.overlaps(span)
        )
        usable.append(min(most[k], usual[k] + theirs))
    if not view.desk.rules.reserve:
        return usable
    return [
        min(own, max(allowed, stood))
        for own, allowed, stood in zip(usable, _allowed(view), view.stood(), strict=True)
    ]


def _allowed(view: _View) -> list[int]:
    """The minutes that `reserve` leaves of each whole week, less what stood there before now."""
    rules, horizon = view.desk.rules, view.problem.horizon
    days = usable_by_day(view.desk, view.problem.sprint or horizon)
    whole = view.by_week((day, seconds) for day, seconds in days.items())
    past = view.by_week(
        (day_of(part.start, view.desk.hours.zone), length_up(part.length))
        for block in view.desk.standing
        for part in subtract([block.interval], [horizon])
        if part.end <= horizon.start
    )
    step = length_up(rules.step)
    return [
        max(0, int(own * (1 - rules.reserve)) - taken) // step * step // 60
        for own, taken in zip(whole, past, strict=True)
    ]


def _demand(view: _View, days: Sequence[_Day], usable: Sequence[int], work: Work) -> Demand:
    zone = view.desk.hours.zone
    needed = work.missing // _MINUTE
    window = work.window
    if window is None:  # its time is over: it presses now
        home = view.week(day_of(view.problem.horizon.start, zone))
        return Demand(work.task, needed, (0,) * len(view.weeks), home)
    inside = [0] * len(view.weeks)
    for day in days:
        if day.whole.overlaps(window):
            inside[day.week] += _minutes_in(day, window)
    return Demand(
        work.task,
        needed,
        tuple(min(own, week) for own, week in zip(inside, usable, strict=True)),
        view.week(day_of(window.end - timedelta.resolution, zone)),
    )


def _minutes_in(day: _Day, window: Interval) -> int:
    """No less than what blocks inside the window could fill of the day."""
    if window.contains(day.whole):
        return day.usable
    return min(day.usable, total(clip(day.free, window)) // _MINUTE)
