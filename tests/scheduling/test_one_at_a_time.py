"""Members planned one at a time: never worse than the start, and the others' plans are kept to."""

from __future__ import annotations

import pytest

from blocker.scheduling.draft import wishes
from blocker.scheduling.greedy import quick_plan
from blocker.scheduling.one_at_a_time import one_at_a_time, part_of
from blocker.scheduling.problem import Problem
from blocker.scheduling.reading import facts_of
from blocker.scheduling.solving import groups
from tests.scheduling.small import desk, problem, span, work


def linked() -> Problem:
    """Ben's b waits for Ana's a; Ana has a room that only one order of hers fills."""
    ana = desk("ana", "09:00-12:00", rest=0, longest=60)
    ben = desk("ben", "09:00-12:00", rest=0, longest=60)
    works = [
        work("a", 60, member="ana", window=span(4, "09:00-12:00")),
        work("c", 120, member="ana", window=span(4, "09:00-12:00")),
        work("b", 60, member="ben", window=span(4, "09:00-12:00"), after=["a"]),
    ]
    return problem((ana, ben), works, days=1)


def test_a_part_holds_one_members_jobs_between_what_the_others_booked() -> None:
    (group,) = groups(linked())
    facts = facts_of(linked(), group.desks, group.works, frozenset())
    number = {job.task: job.index for job in facts.jobs}
    schedule = quick_plan(facts, 10).chunks
    part, numbers = part_of(facts, schedule, facts.jobs[number["b"]].desk)
    assert [job.task for job in part.jobs] == ["b"]
    assert numbers == {0: number["b"]}
    ends = max(start + length for _, start, length in schedule[number["a"]])
    assert part.jobs[0].release >= ends
    part, _ = part_of(facts, schedule, facts.jobs[number["a"]].desk)
    first = min(start for _, start, _ in schedule[number["b"]])
    assert {job.task: job.due for job in part.jobs}["a"] <= first


def test_a_job_that_waits_for_something_not_booked_is_left_out() -> None:
    (group,) = groups(linked())
    facts = facts_of(linked(), group.desks, group.works, frozenset())
    number = {job.task: job.index for job in facts.jobs}
    part, _ = part_of(facts, {}, facts.jobs[number["b"]].desk)
    assert part.jobs == ()


@pytest.mark.parametrize("seed", range(4))
def test_it_is_never_worse_than_its_start_and_takes_no_answer_that_is(seed: int) -> None:
    (group,) = groups(linked())
    facts = facts_of(linked(), group.desks, group.works, frozenset())
    start = quick_plan(facts, seed).chunks
    better = one_at_a_time(facts, start, lambda part: quick_plan(part, 20).chunks)
    assert wishes(facts, better) >= wishes(facts, start)
    assert dict(one_at_a_time(facts, start, lambda _: {})) == dict(start)
