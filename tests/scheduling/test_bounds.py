"""What the bounds rule out no plan has: held against plans that are hidden in worlds."""

from __future__ import annotations

import pytest

from blocker.domain.hours import WallSpan
from blocker.scheduling.block_bound import alone, cannot_all_fit, fewest_blocks
from blocker.scheduling.bounds import most_preferred
from blocker.scheduling.facts import Facts
from blocker.scheduling.goals import Goals
from blocker.scheduling.linear import NONE
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem
from blocker.scheduling.reading import facts_of
from blocker.scheduling.relaxation import Relaxation
from blocker.scheduling.solving import groups
from tests.benchmarks.instances import published
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, desk, problem, span, stands, work
from tests.scheduling.test_hidden_plans import KINDS
from tests.scheduling.worlds import world

LOOKS = 10


@pytest.mark.parametrize("name", KINDS)
def test_no_bound_forbids_a_hidden_plan(name: str) -> None:
    for seed in range(40):
        hidden = world(KINDS[name], 500 + seed)
        least = 0
        for group in groups(hidden.problem):
            facts = facts_of(hidden.problem, group.desks, group.works)
            assert not cannot_all_fit(facts)
            assert not any(
                row.forbids(frozenset(range(len(facts.jobs)))) for row in Goals(facts).rows
            )
            least += fewest_blocks(facts)
        assert least <= hidden.blocks


def test_no_bound_forbids_what_the_benchmark_hides() -> None:
    for instance in published():
        if instance.hidden is not None:
            least = 0
            for group in groups(instance.problem):
                facts = facts_of(instance.problem, group.desks, group.works)
                assert not cannot_all_fit(facts)
                least += fewest_blocks(facts)
            assert least <= (instance.hidden_blocks or 0)


@pytest.mark.parametrize("name", KINDS)
def test_the_relaxation_forbids_no_hidden_plan(name: str) -> None:
    for seed in range(12):
        hidden = world(KINDS[name], 700 + seed)
        asked = groups(hidden.problem)
        all_facts = [facts_of(hidden.problem, each.desks, each.works) for each in asked]
        for facts in all_facts:
            relaxation = Relaxation(facts, all_booked=True)
            assert relaxation.can_reach((), 0, LOOKS)[0] != NONE
            if len(all_facts) == 1:
                wish = relaxation.blocks()
                assert relaxation.can_reach(wish, -hidden.blocks, LOOKS)[0] != NONE


def least_of(question: Problem) -> int:
    (group,) = groups(question)
    return fewest_blocks(facts_of(question, group.desks, group.works))


def test_few_long_pieces_make_more_blocks() -> None:
    """Three tasks of two hours, one piece that holds two hours at once, and four of one hour."""
    busy = tuple(span(4, each) for each in ("11:00-11:30", "12:30-13:00", "14:00-14:30"))
    day = desk(clocks="09:00-17:00", busy=(*busy, span(4, "15:30-16:00")), rest=0, longest=120)
    question = problem(day, [work(f"t{k}", 120) for k in range(3)], days=1)
    assert least_of(question) == 1 + 2 + 2
    (found,) = plan(question)
    assert len(found.new) == 5
    assert found.proven == ("tasks", "blocks", "preferred")


def test_a_rest_after_each_block_counts() -> None:
    """150 minutes of work in three blocks leave room for their two rests in three hours, in four
    blocks they do not; no sum of minutes says so."""
    tasks = [work(f"t{k}", minutes) for k, minutes in enumerate((60, 30, 30, 30))]
    own = desk(clocks="09:00-12:00", rest=15)
    assert not plan(problem(own, [*tasks[:2], work("t9", 60)], days=1))[0].unbooked
    (found,) = plan(problem(own, tasks, days=1))
    (left_out,) = found.unbooked
    assert found.proven[0] == "tasks"
    assert left_out.certificate is None
    assert len(left_out.competing) == 3


def facts_in(question: Problem) -> Facts:
    (group,) = groups(question)
    return facts_of(question, group.desks, group.works)


def test_a_day_limit_takes_no_rests_away() -> None:
    """Four hours in blocks of one hour, two a day: four blocks, rests lie beside the limit."""
    own = desk(clocks="09:00-12:20", longest=60, rest=15, per_day=120)
    question = problem(own, [work("t", 240)], days=3)
    assert alone(facts_in(question), facts_in(question).jobs[0]) == 4
    assert len(plan(question)[0].new) == 4


def test_the_most_preferred_time_counts_every_piece_that_a_window_touches() -> None:
    busy = (span(4, "10:00-10:30"), span(4, "11:00-11:15"))
    prefer = (WallSpan(540, 600), WallSpan(630, 660))
    own = desk(clocks="09:00-12:00", longest=60, busy=busy, prefer=prefer)
    long = work("k", 60, shortest=60 * MINUTE, longest=60 * MINUTE)
    question = problem(own, [work("j", 30, window=span(4, "00:00-12:00")), long], days=1)
    assert most_preferred(facts_in(question), {0: 2, 1: 4}) >= 6
    (found,) = plan(question)
    assert found.proven == ("tasks", "blocks", "preferred")


@pytest.mark.parametrize("minutes", [(60, 30), (60, 15)])
def test_a_task_is_never_chosen_without_what_it_waits_for(minutes: tuple[int, int]) -> None:
    """The first fits nowhere, the second would; both together only seem to."""
    free = 30 if minutes[1] == 30 else 15
    busy = tuple(span(4, f"{hour:02}:{free}-{hour + 1:02}:00") for hour in range(9, 17))
    whole = {"shortest": 60 * MINUTE, "longest": 60 * MINUTE} if free == 30 else {}
    tasks = [work("A", minutes[0], 1, **whole), work("B", minutes[1], 2, after=["A"])]
    question = problem(desk(busy=busy), tasks, days=1)
    (found,) = plan(question)
    assert not check(question, [found])
    assert [each.task for each in found.unbooked] == ["A", "B"]


def test_blocks_are_not_proven_where_more_ties_are_than_are_looked_at() -> None:
    """Thirteen hours for fourteen tasks of one hour; only without the last are blocks fewest."""
    last = work("t99", 60, window=span(4, "00:00-20:30"), shortest=30 * MINUTE, longest=30 * MINUTE)
    tasks = [*(work(f"t{k:02}", 60) for k in range(13)), last]
    own = desk(clocks="09:00-22:00", longest=60, rest=0)
    (found,) = plan(problem(own, tasks, days=1))
    assert len(found.unbooked) == 1
    assert len(found.new) == 13 or "blocks" not in found.proven


def test_time_of_tasks_that_take_what_fits_is_no_set() -> None:
    """What is proven of tasks is so for those too that may be booked in part."""
    busy = tuple(span(4, each) for each in ("12:30-12:45", "11:00-11:15", "10:30-10:45"))
    stand = stands("k", "a", span(5, "09:00-09:30"), movable=False)
    own = desk(clocks="09:00-14:00", busy=busy, rest=15, longest=90, standing=(stand,))
    tasks = [work("a", 90, whole=False), work("b0", 90, 3), work("b1", 60, 2)]
    question = problem(own, tasks, days=1, may_release=False)
    (found,) = plan(question)
    assert not check(question, [found])
    third = sum(each.interval.length / MINUTE for each in found.new if each.task != "b1")
    assert third >= 165 or "tasks" not in found.proven
