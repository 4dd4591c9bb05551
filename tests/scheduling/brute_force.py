"""The best plan of a tiny problem, found by trying every set of blocks there is.

Judged by the independent checker; nothing of the planner's is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from blocker.domain.hours import day_of, spans_on
from blocker.domain.interval import Interval, clip, intersect, total
from blocker.domain.plan import MemberPlan, Placement, Reason, Unbooked
from blocker.scheduling.problem import Desk, Problem, Work
from tests.scheduling.checker import check

MINUTE = timedelta(minutes=1)

Choice = Mapping[str, tuple[Interval, ...]]
"""The new blocks of each task that has any."""


def worth(problem: Problem, chosen: Choice) -> tuple[float, ...]:
    """The wishes in their order, more is better.

    For each priority the tasks with all their time and their minutes; the tasks over `margin`
    before their windows end; blocks (negative); preferred minutes.
    """
    tasks, minutes = [0] * 5, [0.0] * 5
    in_margin, preferred = 0, timedelta()
    desks = {desk.member: desk for desk in problem.desks}
    for work in problem.works:
        blocks, desk = chosen.get(work.task, ()), desks[work.member]
        got = sum((block.length for block in blocks), timedelta())
        preferred += sum((_in_preferred(desk, block) for block in blocks), timedelta())
        minutes[work.priority] += got / MINUTE
        if got and got == desk.rules.round_up(work.missing):
            tasks[work.priority] += 1
            in_margin += _is_early(desk, work, blocks)
    levels = [each for priority in (1, 2, 3, 4) for each in (tasks[priority], minutes[priority])]
    return (*levels, in_margin, -sum(map(len, chosen.values())), preferred / MINUTE)


def _in_preferred(desk: Desk, block: Interval) -> timedelta:
    zone = desk.hours.zone
    return total(clip(spans_on(day_of(block.start, zone), desk.rules.prefer, zone), block))


def _is_early(desk: Desk, work: Work, blocks: Sequence[Interval]) -> bool:
    """Whether `margin` of working time lies between a task's end and that of its window."""
    standing = [each.interval for each in desk.standing if each.task == work.task]
    last = max(block.end for block in (*blocks, *standing))
    if not desk.rules.margin or work.window is None:
        return True
    left = [Interval(last, work.window.end)] if last < work.window.end else []
    return total(intersect(desk.hours.within(work.window), left)) >= desk.rules.margin


def best(problem: Problem, floor: tuple[float, ...]) -> tuple[tuple[float, ...], Choice | None]:
    """The greatest worth above `floor` of any plan that breaks no rule; `floor` where none is."""
    found: Choice | None = None
    for chosen in choices(problem):
        value = worth(problem, chosen)
        if value > floor and not check(problem, plans_of(problem, chosen)):
            floor, found = value, chosen
    return floor, found


def is_possible(problem: Problem, tasks: Sequence[str]) -> bool:
    """Whether a plan that breaks no rule gives these tasks all their time."""
    rules = {desk.member: desk.rules for desk in problem.desks}
    needs = {w.task: rules[w.member].round_up(w.missing) for w in problem.works}
    return any(
        all(total(chosen.get(task, ())) == needs[task] for task in tasks)
        and not check(problem, plans_of(problem, chosen))
        for chosen in choices(problem, tasks)
    )


def choices(problem: Problem, never_without: Sequence[str] = ()) -> Iterator[Choice]:
    """Every choice of blocks, save most of those that plainly break a rule.

    Works are listed after those they wait for; some are wanted in every choice.
    """
    desks = {desk.member: desk for desk in problem.desks}
    works = sorted(problem.works, key=lambda work: (len(_ahead(problem, work)), work.task))

    def extended(chosen: Choice, depth: int) -> Iterator[Choice]:
        if depth == len(works):
            yield chosen
            return
        work = works[depth]
        if work.task not in never_without:
            yield from extended(chosen, depth + 1)
        for blocks in _ways(problem, desks[work.member], work, chosen):
            yield from extended({**chosen, work.task: blocks}, depth + 1)

    return extended({}, 0)


def _ahead(problem: Problem, work: Work) -> set[str]:
    """All that a task waits for, directly or not."""
    works = {each.task: each for each in problem.works}
    found = {wait.task for wait in work.after}
    return found.union(*(_ahead(problem, works[task]) for task in found))


def _ways(
    problem: Problem, desk: Desk, work: Work, chosen: Choice
) -> Iterator[tuple[Interval, ...]]:
    """The sets of blocks that one task could have beside those chosen for others."""
    first = problem.horizon.start
    for wait in work.after:
        if wait.task not in chosen:
            if not any(each.task == wait.task for desk in problem.desks for each in desk.standing):
                return
        else:
            first = max(first, chosen[wait.task][-1].end + wait.lag)
    owner = {each.task: each.member for each in problem.works}
    taken = [b for task in chosen if owner[task] == desk.member for b in chosen[task]]
    rest, longest_day = desk.rules.rest, desk.rules.per_day
    holes = [*desk.busy, *(each.interval for each in desk.standing)]
    places = [
        place
        for place in _places(problem, desk, work)
        if place.start >= first
        and not any(place.overlaps(hole) for hole in holes)
        and not any(place.widen(rest).overlaps(block) for block in taken)
    ]

    def longer(blocks: tuple[Interval, ...], left: timedelta) -> Iterator[tuple[Interval, ...]]:
        if blocks and (not left or not work.is_whole):
            yield blocks
        for place in places:
            if place.length > left or (blocks and place.start < blocks[-1].end + rest):
                continue
            day = [b for b in (*taken, *blocks, place) if b.start.date() == place.start.date()]
            if longest_day is None or sum((b.length for b in day), timedelta()) <= longest_day:
                yield from longer((*blocks, place), left - place.length)

    yield from longer((), desk.rules.round_up(work.missing))


def _places(problem: Problem, desk: Desk, work: Work) -> Iterator[Interval]:
    """Each block of an allowed length on the grid inside hours and window."""
    rules = desk.rules
    step, need = rules.step, rules.round_up(work.missing)
    shortest = min(work.shortest or rules.shortest, need)
    counts = range(shortest // step, min(work.longest or rules.longest, need) // step + 1)
    for span in desk.hours.within(problem.horizon):
        start = span.start
        while start < span.end:
            for count in counts:
                place = Interval(start, start + count * step)
                if work.window and work.window.contains(place) and span.contains(place):
                    yield place
            start += step


def plans_of(problem: Problem, chosen: Choice) -> list[MemberPlan]:
    """A choice as the planner would say it, for the checker."""
    plans = []
    for desk in problem.desks:
        new, unbooked = [], []
        for work in problem.works:
            if work.member == desk.member:
                blocks = chosen.get(work.task, ())
                new += [Placement(work.task, block) for block in blocks]
                lacking = desk.rules.round_up(work.missing) - total(blocks)
                if lacking:
                    missing = min(work.missing, lacking)
                    unbooked.append(Unbooked(work.task, missing, Reason.NO_ROOM))
        plans.append(MemberPlan(desk.member, tuple(new), (), tuple(unbooked)))
    return plans
