"""An independent judge of plans: instants and wall clocks only, nothing of the planner's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from blocker.domain.hours import day_of, local_day, spans_on
from blocker.domain.interval import Interval, clip, subtract, total
from blocker.domain.plan import MemberPlan
from blocker.scheduling.problem import Desk, Problem, Work

ZERO = timedelta()
SECOND = timedelta(seconds=1)


def check(problem: Problem, plans: Sequence[MemberPlan]) -> list[str]:
    """Every hard rule that the plans break, in words; empty when they are right."""
    wrong: list[str] = []
    if [plan.member for plan in plans] != [desk.member for desk in problem.desks]:
        return ["the plans are not one per desk in the problem's order"]
    works = {work.task: work for work in problem.works}
    for desk, plan in zip(problem.desks, plans, strict=True):
        wrong += _desk(problem, desk, plan, works)
    wrong += _tasks(problem, plans, works)
    wrong += _order(problem, plans, works)
    return wrong


def stays(desk: Desk, plan: MemberPlan) -> list[Interval]:
    return [b.interval for b in desk.standing if b.key not in plan.released]


def wall_minutes(moment: datetime, desk: Desk) -> float:
    local = moment.astimezone(desk.hours.zone)
    return local.hour * 60 + local.minute + local.second / 60


def _desk(problem: Problem, desk: Desk, plan: MemberPlan, works: dict[str, Work]) -> Iterable[str]:
    rules = desk.rules
    working = desk.hours.within(problem.horizon)
    blocks = [placement.interval for placement in plan.new]
    standing = stays(desk, plan)
    step = rules.step / timedelta(minutes=1)
    for placement in plan.new:
        block, name = placement.interval, f"{placement.task} at {placement.interval.start}"
        work = works.get(placement.task)
        if work is None or work.member != desk.member:
            yield f"{name}: no work of {desk.member}"
            continue
        if subtract([block], working):
            yield f"{name}: outside hours or horizon"
        if work.window is None or not work.window.contains(block):
            yield f"{name}: outside its window"
        if wall_minutes(block.start, desk) % step:
            yield f"{name}: starts off the grid"
        if block.length % rules.step:
            yield f"{name}: length off the grid"
        for busy in desk.busy:
            if block.overlaps(busy):
                yield f"{name}: on a busy event"
            elif block.widen(rules.gap).overlaps(busy):
                yield f"{name}: closer than the gap to a busy event"
        for wait in work.after:
            if wait.ready is not None and block.start < wait.ready + wait.lag:
                yield f"{name}: before its predecessor is ready"
    for k, block in enumerate(blocks):
        for other in (*blocks[k + 1 :], *standing):
            if block.overlaps(other):
                yield f"{block}: overlaps {other}"
            elif block.widen(rules.rest).overlaps(other):
                yield f"{block}: no rest before or after {other}"
    yield from _days(problem, desk, blocks, standing)
    yield from _weeks(problem, desk, blocks, standing)


def _days(
    problem: Problem, desk: Desk, blocks: list[Interval], standing: list[Interval]
) -> Iterable[str]:
    rules, zone = desk.rules, desk.hours.zone
    for day in sorted({day_of(block.start, zone) for block in blocks}):
        whole = local_day(day, zone)
        taken = sum((b.length for b in clip((*blocks, *standing), whole)), ZERO)
        raised = desk.day_limits.get(day, ZERO)
        if rules.per_day is not None and taken > max(rules.per_day, raised):
            yield f"{day}: {taken} of blocks"
        for rule in rules.breaks:
            between = spans_on(day, (rule.between,), zone)
            without_us = subtract(between, (*desk.busy, *standing))
            if any(span.length >= rule.keep for span in without_us) and not any(
                span.length >= rule.keep for span in subtract(without_us, blocks)
            ):
                yield f"{day}: no break of {rule.keep} in {rule.between}"


def _weeks(
    problem: Problem, desk: Desk, blocks: list[Interval], standing: list[Interval]
) -> Iterable[str]:
    """The share is judged against free time in pieces of the shortest block, generously."""
    rules, zone = desk.rules, desk.hours.zone
    if not rules.reserve or not blocks or problem.first_day is None:
        return
    weeks: dict[int, timedelta] = {}
    for block in (*blocks, *standing):
        week = (day_of(block.start, zone) - problem.first_day).days // 7
        weeks[week] = weeks.get(week, ZERO) + block.length
    span = problem.sprint or problem.horizon
    free = subtract(desk.hours.within(span), [b.widen(rules.gap) for b in desk.busy])
    for week in {(day_of(b.start, zone) - problem.first_day).days // 7 for b in blocks}:
        usable = total(
            [
                part
                for part in free
                if part.length >= rules.shortest
                and (day_of(part.start, zone) - problem.first_day).days // 7 == week
            ]
        )
        if weeks[week] // SECOND > (1 - rules.reserve) * (usable // SECOND):
            yield f"week {week}: {weeks[week]} of {usable} with reserve {rules.reserve}"


def given(problem: Problem, plans: Sequence[MemberPlan], task: str) -> timedelta:
    """New time of a task."""
    return sum((p.interval.length for plan in plans for p in plan.new if p.task == task), ZERO)


def freed(problem: Problem, plans: Sequence[MemberPlan], task: str) -> timedelta:
    """What the task's released blocks counted."""
    keys = {key for plan in plans for key in plan.released}
    return sum(
        (b.counted for d in problem.desks for b in d.standing if b.key in keys and b.task == task),
        ZERO,
    )


def _tasks(problem: Problem, plans: Sequence[MemberPlan], works: dict[str, Work]) -> Iterable[str]:
    rules = {desk.member: desk.rules for desk in problem.desks}
    left_out = {u.task: u for plan in plans for u in plan.unbooked}
    for task, work in works.items():
        rule = rules[work.member]
        again = freed(problem, plans, task)
        need, got = rule.round_up(work.missing + again), given(problem, plans, task)
        shortest, longest = work.shortest or rule.shortest, work.longest or rule.longest
        lengths = [p.interval.length for plan in plans for p in plan.new if p.task == task]
        if got > need:
            yield f"{task}: {got} booked of {need}"
        if got < again:
            yield f"{task}: loses time it had"
        left = need
        for length in sorted(lengths, reverse=True):
            if length > longest or (length < shortest and length != left):
                yield f"{task}: a block of {length}"
            left -= length
        if work.is_whole and not again and lengths and got != need:
            yield f"{task}: booked in part"
        if (got < need) != (task in left_out):
            yield f"{task}: {got} of {need} booked, yet unbooked is {left_out.get(task)}"
    for task, entry in left_out.items():
        if not ZERO < entry.missing <= works[task].missing:
            yield f"{task}: {entry.missing} missing"
        if entry.certificate and entry.certificate.needed <= entry.certificate.free:
            yield f"{task}: an empty certificate"


def _order(problem: Problem, plans: Sequence[MemberPlan], works: dict[str, Work]) -> Iterable[str]:
    yield from _before_standing(problem, plans, works)
    for task, work in works.items():
        mine = [p.interval for plan in plans for p in plan.new if p.task == task]
        for wait in work.after if mine else ():
            if wait.ready is not None or wait.task not in works:
                continue
            other = works[wait.task]
            rules = next(d.rules for d in problem.desks if d.member == other.member)
            need = rules.round_up(other.missing + freed(problem, plans, wait.task))
            if given(problem, plans, wait.task) < need:
                yield f"{task}: has new blocks though {wait.task} lacks time"
            ends = [p.interval.end for plan in plans for p in plan.new if p.task == wait.task]
            for desk, plan in zip(problem.desks, plans, strict=True):
                ends += [
                    b.interval.end
                    for b in desk.standing
                    if b.task == wait.task and b.key not in plan.released
                ]
            if ends and min(block.start for block in mine) < max(ends) + wait.lag:
                yield f"{task}: begins before {wait.task} is finished"


def _before_standing(
    problem: Problem, plans: Sequence[MemberPlan], works: dict[str, Work]
) -> Iterable[str]:
    """New blocks end before a follower's blocks that stand, unless the follower has begun."""
    for task, work in works.items():
        starts = [
            b.interval.start
            for desk, plan in zip(problem.desks, plans, strict=True)
            for b in desk.standing
            if b.task == task and b.key not in plan.released
        ]
        if not starts or min(starts) < problem.horizon.start:
            continue
        for wait in work.after:
            ends = [p.interval.end for plan in plans for p in plan.new if p.task == wait.task]
            if ends and max(ends) + wait.lag > min(starts):
                yield f"{wait.task}: a new block after {task} began, which stands"
