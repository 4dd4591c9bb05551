"""What the bounds rule out no plan has: held against plans that are hidden in worlds."""

from __future__ import annotations

import pytest

from blocker.scheduling.block_bound import cannot_all_fit, fewest_blocks
from blocker.scheduling.goals import Goals
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem
from blocker.scheduling.reading import facts_of
from blocker.scheduling.solving import groups
from tests.benchmarks.instances import published
from tests.scheduling.small import desk, problem, span, work
from tests.scheduling.test_hidden_plans import KINDS
from tests.scheduling.worlds import world


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
