"""Tiny problems where every plan can be tried: none meets the wishes better."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from blocker.domain.interval import Interval
from blocker.domain.plan import MemberPlan
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Wait, Work
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, span, stands, work

SLOT = 30
Placed = tuple[tuple[int, int], ...]


def tiny(seed: int) -> Problem:
    """One member, one morning of eight half hours, three or four tasks."""
    random = Random(seed)
    busy = tuple(
        span(4, f"{9 + k // 2:02d}:{k % 2 * 30:02d}-{9 + (k + 1) // 2:02d}:{(k + 1) % 2 * 30:02d}")
        for k in range(8)
        if random.random() < 0.2
    )
    own = desk(
        clocks="09:00-13:00",
        busy=busy,
        step=SLOT,
        shortest=30 * random.choice((1, 1, 2)),
        longest=60 + 30 * random.choice((0, 1)),
        rest=30 * random.choice((0, 0, 1)),
        per_day=random.choice((None, None, 150)),
    )
    works: list[Work] = []
    for k in range(random.choice((3, 4))):
        first, last = random.choice((0, 0, 1, 3)), random.choice((8, 8, 6, 4))
        window = Interval(
            at(4, "09:00") + first * timedelta(minutes=SLOT),
            at(4, "09:00") + last * timedelta(minutes=SLOT),
        )
        after = [f"t{k - 1}"] if k and random.random() < 0.3 else []
        works.append(
            work(
                f"t{k}",
                30 * random.choice((1, 2, 2, 3, 4)),
                random.choice((1, 2, 2, 3)),
                window,
                after=[Wait(each) for each in after],
            )
        )
    return problem(own, works, days=1)


def ways(question: Problem, each: Work) -> Iterator[Placed]:
    """All sets of blocks (start, length in slots) of one task, and the empty one."""
    own = question.desks[0]
    need = int(each.missing / timedelta(minutes=SLOT))
    low = min(need, int(own.rules.shortest / timedelta(minutes=SLOT)))
    high = int(own.rules.longest / timedelta(minutes=SLOT))
    rest = int(own.rules.rest / timedelta(minutes=SLOT))
    yield ()

    def more(left: int, start: int, placed: Placed) -> Iterator[Placed]:
        if not left:
            yield placed
            return
        for begin in range(start, 8):
            for length in range(low, min(high, left) + 1):
                interval = Interval(
                    at(4, "09:00") + timedelta(minutes=SLOT * begin),
                    at(4, "09:00") + timedelta(minutes=SLOT * (begin + length)),
                )
                if (
                    each.window
                    and each.window.contains(interval)
                    and not any(interval.overlaps(b) for b in own.busy)
                    and begin + length <= 8
                ):
                    yield from more(
                        left - length, begin + length + rest, (*placed, (begin, length))
                    )

    yield from more(need, 0, ())


def best(question: Problem) -> tuple[int, ...]:
    """Tasks and time of each priority, then blocks (negative), over all plans there are."""
    rules = question.desks[0].rules
    rest = int(rules.rest / timedelta(minutes=SLOT))
    limit = 99 if rules.per_day is None else int(rules.per_day / timedelta(minutes=SLOT))
    found: tuple[int, ...] = ()

    def search(k: int, placed: dict[str, Placed], used: int, time: int) -> None:
        nonlocal found
        if k == len(question.works):
            found = max(found, value(question, placed))
            return
        each = question.works[k]
        for way in ways(question, each):
            size = sum(length for _, length in way)
            bits = sum(((1 << length + rest) - 1) << start for start, length in way)
            bare = sum(((1 << length) - 1) << start for start, length in way)
            if time + size > limit or bits & used or taken(placed, rest) & bare:
                continue
            if way and any(
                not placed[wait.task] or max(s + n for s, n in placed[wait.task]) > way[0][0]
                for wait in each.after
            ):
                continue
            search(k + 1, {**placed, each.task: way}, used | bare, time + size)

    search(0, {}, 0, 0)
    return found


def taken(placed: dict[str, Placed], rest: int) -> int:
    """The slots that blocks and the rests after them take, as bits."""
    bits = 0
    for way in placed.values():
        for start, length in way:
            bits |= ((1 << length + rest) - 1) << start
    return bits


def value(question: Problem, placed: dict[str, Placed]) -> tuple[int, ...]:
    head: list[int] = []
    for priority in (1, 2, 3, 4):
        mine = [placed[w.task] for w in question.works if w.priority == priority]
        head += [sum(bool(way) for way in mine), sum(n for way in mine for _, n in way)]
    return (*head, -sum(len(way) for way in placed.values()))


def reached(question: Problem, found: MemberPlan) -> tuple[int, ...]:
    placed = {
        each.task: tuple(
            (
                int((p.interval.start - at(4, "09:00")) / timedelta(minutes=SLOT)),
                int(p.interval.length / timedelta(minutes=SLOT)),
            )
            for p in found.new
            if p.task == each.task
        )
        for each in question.works
    }
    return value(question, placed)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_of_all_that_there_are_is_better(seed: int) -> None:
    question = tiny(seed)
    (found,) = plan(question)
    assert not check(question, [found])
    assert reached(question, found) == best(question)
    assert found.proven[:2] == ("tasks", "blocks")


def test_a_block_makes_room_before_it_for_one_that_is_due_sooner() -> None:
    """Started as early as it can, t2 would leave t1 only one of its two half hours."""
    own = desk(
        clocks="09:00-11:30", busy=(span(4, "10:00-11:30"),), step=30, shortest=60, per_day=90,
        standing=(stands("k1", "t1", span(4, "10:30-11:30"), movable=False),),
    )  # fmt: skip
    soon = Interval(at(4, "00:00"), at(5, "10:00"))
    works = [
        work("t1", 150, window=soon, whole=False, shortest=30 * MINUTE),
        work("t2", 60, priority=1, window=Interval(at(5, "00:00"), at(6, "00:00"))),
    ]
    (found,) = plan(problem(own, works, days=2))
    assert [(each.task, each.interval) for each in found.new] == [
        ("t1", span(4, "09:00-09:30")),
        ("t1", span(5, "09:00-09:30")),
        ("t2", span(5, "09:30-10:30")),
    ]
