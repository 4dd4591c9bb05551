"""What is said of tasks that do not fit holds, on hundreds of over-full problems.

Nothing here is taken from the planner but its answers: the sums are the test's own, small sets are
tried block by block, larger ones by plans that the checker judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from blocker.domain.hours import day_of
from blocker.domain.interval import Interval, intersect, subtract
from blocker.domain.plan import Unbooked
from blocker.scheduling.freed_certificate import with_freed_certificates
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Desk, Problem, Work
from tests.benchmarks.instances import made
from tests.scheduling.brute_force import is_possible
from tests.scheduling.checker import check, wall_minutes
from tests.scheduling.overfull import Overfull, overfull, planned
from tests.scheduling.test_remedies import works_when_applied
from tests.scheduling.tiny import tiny

ZERO = timedelta()
FAMILIES = ("8-overfull", "15-overfull", "linked", "team", "fragmented")


def said(case: Overfull) -> list[Unbooked]:
    """What a booking says of each task left out, but for its remedies."""
    return list(with_freed_certificates(case.booked, case.lacks, case.lacking).values())


# --- sums --------------------------------------------------------------------------------------


def adds_up(question: Problem, lack: Unbooked) -> None:
    """The named tasks must all lie in the window, need more than any plan can book there, and each
    of them is needed for that."""
    proof = lack.certificate
    assert proof is not None
    works = {work.task: work for work in question.works}
    named = [works[task] for task in (lack.task, *lack.competing)]
    desk = next(desk for desk in question.desks if desk.member == named[0].member)
    assert len({work.task for work in named}) == len(named)
    for work in named:
        assert work.member == desk.member
        assert work.window is not None and proof.window.contains(work.window)
    need = {work.task: desk.rules.round_up(work.missing) for work in named}
    assert proof.needed == sum(need.values(), ZERO)
    assert proof.needed > proof.free
    assert proof.needed > most_bookable(question, desk, proof.window, named)
    for task in lack.competing:
        assert proof.needed - need[task] <= proof.free, task


def most_bookable(
    question: Problem, desk: Desk, window: Interval, works: Collection[Work]
) -> timedelta:
    """No plan books more of these works there: every gap as full as blocks and rests can be."""
    rules = desk.rules
    need = {work.task: rules.round_up(work.missing) for work in works}
    shortest = min(min(work.shortest or rules.shortest, need[work.task]) for work in works)
    longest = max(min(work.longest or rules.longest, need[work.task]) for work in works)
    hours = intersect(desk.hours.within(question.horizon), [window])
    days: Counter[object] = Counter()
    for gap in subtract(hours, [busy.widen(rules.gap) for busy in desk.busy]):
        length = gap.end - on_grid(gap.start, desk)
        held = max(
            (
                min(number * longest, length - (number - 1) * rules.rest) // rules.step
                for number in range(1, (length + rules.rest) // (shortest + rules.rest) + 1)
            ),
            default=0,
        )
        days[day_of(gap.start, desk.hours.zone)] += max(0, held)
    limit = rules.per_day // rules.step if rules.per_day is not None else None
    return rules.step * sum(held if limit is None else min(held, limit) for held in days.values())


def on_grid(moment: datetime, desk: Desk) -> datetime:
    """The first moment from there on at which a block may begin."""
    step = desk.rules.step / timedelta(minutes=1)
    return moment + timedelta(minutes=-wall_minutes(moment, desk) % step)


def sums_of(cases: Iterable[Overfull]) -> int:
    """How many certificates there were; all of them hold."""
    number = 0
    for case in cases:
        assert not check(case.problem, case.plans)
        for lack in said(case):
            if lack.certificate is not None:
                adds_up(case.problem, lack)
                number += 1
    return number


@pytest.mark.parametrize("first", range(2000, 2200, 50))
def test_sums_shown_add_up_in_worlds_that_were_full_already(first: int) -> None:
    assert sums_of(overfull(seed, "quick") for seed in range(first, first + 50)) > 20


@pytest.mark.parametrize("family", FAMILIES)
def test_sums_shown_add_up_in_sprints_as_marketers_have_them(family: str) -> None:
    sprints = (planned(made(family, seed).problem, "quick") for seed in range(101, 131))
    assert sums_of(sprints) > 5


def test_sums_shown_add_up_with_the_effort_of_a_booking() -> None:
    assert sums_of(overfull(seed) for seed in range(3000, 3012)) > 5


# --- sets, tried block by block ----------------------------------------------------------------


def alone(question: Problem, tasks: Collection[str]) -> Problem:
    """Only these tasks, and as if the others they wait for were done."""
    works = tuple(
        replace(work, after=tuple(wait for wait in work.after if wait.task in tasks))
        for work in question.works
        if work.task in tasks
    )
    return replace(question, works=works)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_tasks_named_cannot_all_be_booked_whatever_is_tried(first: int) -> None:
    """Where only a search proves it, any one of them less and the rest can."""
    kinds: Counter[str] = Counter()
    for seed in range(first, first + 50):
        case = planned(tiny(seed))
        assert not check(case.problem, case.plans)
        for lack in said(case):
            named = (lack.task, *lack.competing)
            if lack.certificate is not None:
                adds_up(case.problem, lack)
            elif not lack.competing:
                continue
            assert not is_possible(alone(case.problem, named), named), (seed, lack)
            for task in lack.competing if lack.certificate is None else ():
                rest = [each for each in named if each != task]
                assert is_possible(alone(case.problem, rest), rest), (seed, lack, task)
            kinds["sum" if lack.certificate else "set"] += 1
    assert kinds["sum"] > 20


def test_sets_named_of_a_linked_team_are_the_fewest() -> None:
    question = made("team", 102).problem
    sets = [one for one in said(planned(question)) if one.competing and not one.certificate]
    assert sets
    for lack in sets:
        named = (lack.task, *lack.competing)
        assert any(one.unbooked for one in plan(alone(question, named))), lack
        for task in lack.competing:
            rest = alone(question, [each for each in named if each != task])
            plans = plan(rest)
            assert not check(rest, plans)
            assert not any(one.unbooked for one in plans), (lack, task)


# --- remedies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_remedies_for_too_much_in_a_day_work_when_applied(first: int) -> None:
    for seed in range(first, first + 40):
        works_when_applied(planned(tiny(seed)), "normal")


@pytest.mark.parametrize("family", FAMILIES)
def test_remedies_in_sprints_as_marketers_have_them_work_when_applied(family: str) -> None:
    for seed in range(101, 104):
        works_when_applied(planned(made(family, seed).problem, "quick"), "quick")
