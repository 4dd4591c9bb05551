"""Worlds built around a hidden plan that fits, so that a planner has nothing to complain of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from blocker.domain.hours import WallSpan, WorkingHours, days_of, instant, local_day, spans_on
from blocker.domain.interval import Interval, clip, subtract
from blocker.domain.member import BlockRules, Break
from blocker.scheduling.problem import Desk, Problem, Wait, Work

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Cairo",
    "Pacific/Auckland",
)
# Mondays; the later ones have clock changes inside the two weeks (Europe, America, Australia).
STARTS = (
    date(2027, 1, 4),
    date(2027, 3, 22),
    date(2027, 10, 25),
    date(2027, 3, 8),
    date(2027, 4, 1),
)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Kind:
    """What sort of world."""

    members: int = 1
    tasks: int = 8
    days: int = 10
    step: int = 15
    rest: int = 15
    gap: int = 0
    busy: float = 0.4
    fill: float = 0.5  # share of the hidden plan's slots that are used
    tight: float = 0.3  # share of windows that hug the hidden blocks
    closed: float = 0.0  # share of left-over time that becomes busy
    links: float = 0.0
    per_day: int | None = None
    shortest: int = 30
    longest: int = 120
    breaks: tuple[Break, ...] = ()
    zones: tuple[str, ...] = ("Europe/Paris",)
    start: date = date(2027, 1, 4)
    whole_blocks: float = 0.5
    prefer: tuple[WallSpan, ...] = ()
    reserve: Fraction = Fraction(0)


@dataclass
class World:
    problem: Problem
    hidden: dict[str, list[Interval]] = field(default_factory=dict)

    @property
    def blocks(self) -> int:
        return sum(len(each) for each in self.hidden.values())


def world(kind: Kind, seed: int) -> World:
    random = Random(f"{kind}-{seed}")
    zone = ZoneInfo(kind.zones[0])
    horizon = Interval(
        instant(kind.start, 0, zone),
        instant(kind.start + timedelta(days=kind.days // 5 * 7 + kind.days % 5), 0, zone),
    )
    hidden: dict[str, list[Interval]] = {}
    desks: list[Desk] = []
    works: list[Work] = []
    for number in range(kind.members):
        desk, own = _desk(kind, random, number, horizon)
        desks.append(desk)
        hidden.update(own)
        works += [_work(kind, random, desk, task, own[task], horizon) for task in sorted(own)]
    works = _linked(kind, random, works, hidden)
    problem = Problem(horizon, tuple(desks), tuple(works), sprint=horizon, first_day=kind.start)
    return World(problem, hidden)


def _desk(
    kind: Kind, random: Random, number: int, horizon: Interval
) -> tuple[Desk, dict[str, list[Interval]]]:
    zone = ZoneInfo(kind.zones[number % len(kind.zones)])
    day = random.choice(
        (
            (WallSpan(540, 750), WallSpan(810, 1080)),
            (WallSpan(480, 1020),),
            (WallSpan(545, 725), WallSpan(790, 1065)),
        )
    )
    week = tuple(day if k < 5 else () for k in range(7))
    hours = WorkingHours(zone, week)
    rules = BlockRules(
        step=kind.step * MINUTE,
        shortest=kind.shortest * MINUTE,
        longest=kind.longest * MINUTE,
        gap=kind.gap * MINUTE,
        rest=kind.rest * MINUTE,
        per_day=None if kind.per_day is None else kind.per_day * MINUTE,
        breaks=kind.breaks,
        prefer=kind.prefer,
        reserve=kind.reserve,
    )
    working = hours.within(horizon)
    busy: list[Interval] = []
    for span in working:
        cursor = span.start
        while cursor < span.end:
            length = random.choice((25, 30, 45, 60, 60, 90, 120)) * MINUTE
            if random.random() < kind.busy and cursor + length <= span.end:
                busy.append(Interval(cursor, cursor + length))
            cursor += length
    blocks = _hidden_blocks(kind, random, hours, rules, horizon, busy)
    own: dict[str, list[Interval]] = {}
    for block in blocks:
        own.setdefault(f"M{number}-{random.randrange(kind.tasks):02d}", []).append(block)
    for each in own.values():
        each.sort()
    if kind.closed:
        near = [block.widen(max(rules.gap, timedelta())) for block in blocks]
        keep = [
            span
            for day in days_of(horizon, zone)
            for b in kind.breaks
            for span in spans_on(day, (b.between,), zone)
        ]
        for span in subtract(working, (*busy, *near, *keep)):
            if random.random() < kind.closed:
                busy.append(span)
    return Desk(f"m{number}", hours, rules, tuple(busy)), own


def _hidden_blocks(kind, random, hours, rules, horizon, busy):  # type: ignore[no-untyped-def]  # its types say nothing here
    """Random legal blocks: on the grid by the wall clock, rested, inside free time and limits."""
    found: list[Interval] = []
    zone = hours.zone
    step = kind.step
    for day in days_of(horizon, zone):
        kept = []
        for rule in rules.breaks:
            between = spans_on(day, (rule.between,), zone)
            room = [s for s in subtract(between, busy) if s.length >= rule.keep]
            if room:
                span = random.choice(room)
                slack = int((span.length - rule.keep) / MINUTE)
                start = span.start + random.randint(0, slack) * MINUTE
                kept.append(Interval(start, start + rule.keep))
        free = subtract(clip(hours.on(day), horizon), (*(b.widen(rules.gap) for b in busy), *kept))
        used = timedelta()
        for minutes in range(0, 1440, step):
            start = instant(day, minutes, zone)
            local = start.astimezone(zone)
            if local.hour * 60 + local.minute != minutes or random.random() > kind.fill:
                continue
            if found and start < found[-1].end + rules.rest:
                continue
            sizes = list(range(kind.shortest, kind.longest + 1, step))
            if random.random() < kind.whole_blocks:
                sizes = [kind.longest, kind.longest, *sizes]
            length = random.choice(sizes) * MINUTE
            block = Interval(start, start + length)
            fits = any(span.contains(block) for span in free)
            if fits and (rules.per_day is None or used + length <= rules.per_day):
                found.append(block)
                used += length
    return found


def _work(kind, random, desk, task, blocks, horizon):  # type: ignore[no-untyped-def]  # its types say nothing here
    first, last = blocks[0].start, blocks[-1].end
    start, end = horizon.start, horizon.end
    if random.random() < kind.tight:
        start = first - random.choice((0, 0, 5, 30, 60, 1440)) * MINUTE
    if random.random() < kind.tight:
        end = last + random.choice((0, 0, 5, 20, 60, 1440)) * MINUTE
    window = Interval(max(start, horizon.start), min(end, horizon.end))
    minutes = sum(int(b.length / MINUTE) for b in blocks)
    return Work(task, desk.member, random.choice((1, 2, 3, 3, 4)), minutes * MINUTE, True, window)


def _linked(kind, random, works, hidden):  # type: ignore[no-untyped-def]  # its types say nothing here
    from dataclasses import replace

    found = []
    for work in works:
        before = [
            other.task
            for other in works
            if hidden[other.task][-1].end <= hidden[work.task][0].start
        ]
        random.shuffle(before)
        after = []
        for task in before[:2]:
            if random.random() < kind.links:
                room = hidden[work.task][0].start - hidden[task][-1].end
                after.append(Wait(task, random.choice((timedelta(), timedelta(), room))))
        found.append(replace(work, after=tuple(after)))
    return found


def shuffled(problem: Problem, seed: int) -> Problem:
    from dataclasses import replace

    random = Random(seed)

    def mixed(rows):  # type: ignore[no-untyped-def]  # its types say nothing here
        rows = list(rows)
        random.shuffle(rows)
        return tuple(rows)

    desks = mixed(replace(d, busy=mixed(d.busy), standing=mixed(d.standing)) for d in problem.desks)
    return replace(problem, desks=desks, works=mixed(problem.works))


NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
__all__ = ["Kind", "World", "local_day", "shuffled", "world"]
