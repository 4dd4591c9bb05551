"""The exact search: what it calls impossible is, and it finds what walks do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from blocker.domain.hours import WallSpan
from blocker.domain.interval import Interval
from blocker.domain.member import Break
from blocker.scheduling.block_bound import cannot_all_fit, fewest_blocks
from blocker.scheduling.exact_search import tried
from blocker.scheduling.facts import Facts
from blocker.scheduling.linear import FOUND, NONE, UNKNOWN
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Problem, Wait
from blocker.scheduling.reading import facts_of
from blocker.scheduling.solving import groups
from tests.benchmarks.instances import published
from tests.scheduling.brute_force import choices, plans_of, total
from tests.scheduling.checker import check
from tests.scheduling.small import MINUTE, at, desk, problem, span, work
from tests.scheduling.test_brute_force import problems
from tests.scheduling.test_hidden_plans import KINDS
from tests.scheduling.worlds import world

LIMIT = 300_000


def all_facts(question: Problem) -> list[Facts]:
    return [facts_of(question, group.desks, group.works) for group in groups(question)]


@pytest.mark.parametrize("name", KINDS)
def test_it_forbids_no_hidden_plan(name: str) -> None:
    for seed in range(20):
        hidden = world(KINDS[name], 900 + seed)
        for facts in all_facts(hidden.problem):
            blocks = sum(len(hidden.hidden[job.task]) for job in facts.jobs)
            assert tried(facts, None, LIMIT)[0] != NONE
            assert tried(facts, blocks, LIMIT)[0] != NONE


def test_it_forbids_nothing_that_the_benchmark_hides_and_knows_more_than_sums() -> None:
    proofs = 0
    for instance in (*published("8-tight"), *published("15-tight"), *published("30-tight")):
        for facts in all_facts(instance.problem):
            assert tried(facts, instance.hidden_blocks, LIMIT)[0] == FOUND
            proofs += tried(facts, fewest_blocks(facts), LIMIT)[0] == NONE
    assert proofs > 0


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(problems())
def test_it_agrees_with_every_plan_there_is(question: Problem) -> None:
    needs = {
        facts.jobs[k].task: facts.jobs[k].need * facts.unit
        for facts in all_facts(question)
        for k in range(len(facts.jobs))
    }
    if len(needs) < len(question.works) or len(groups(question)) > 1:
        return  # a task that cannot be planned at all never gets as far as this search
    (facts,) = all_facts(question)
    least = min(
        (
            sum(map(len, chosen.values()))
            for chosen in choices(question, tuple(needs))
            if all(total(chosen[task]).total_seconds() == needs[task] for task in needs)
            and not check(question, plans_of(question, chosen))
        ),
        default=None,
    )
    for blocks in range(1, 9):
        answer, _ = tried(facts, blocks, LIMIT)
        if least is not None and blocks >= least:
            assert answer == FOUND
        elif answer == FOUND:  # only what it leaves out can stand in the way
            assert facts.breaks or facts.has_near or any(job.before for job in facts.jobs)


def one_day(busy: tuple[str, ...], *minutes: int, **rules: Any) -> Facts:
    own = desk(clocks="09:00-12:00", busy=tuple(span(4, each) for each in busy), **rules)
    (facts,) = all_facts(problem(own, [work(f"t{n}", each) for n, each in enumerate(minutes)], 1))
    return facts


def test_lengths_that_do_not_come_out() -> None:
    """35 and 35 minutes hold 70 together, but neither 40 nor what 40 would leave."""
    facts = one_day(("09:35-10:00", "10:35-12:00"), 40, 30, step=5, shortest=30)
    assert not cannot_all_fit(facts)
    assert tried(facts, None, LIMIT) == (NONE, {})


def test_where_everything_has_to_lie_is_said() -> None:
    facts = one_day(("09:35-10:00", "10:40-12:00"), 40, 35, step=5, shortest=30)
    answer, windows = tried(facts, 2, LIMIT)
    assert answer == FOUND
    assert [option.piece for option in windows[0]] == [1]
    assert [option.piece for option in windows[1]] == [0]


def test_a_task_in_short_blocks_of_its_own_loses_much_to_rests() -> None:
    """Eight half hours with a half hour between them, where others may have two hours at once."""
    own = desk(clocks="09:00-17:00", shortest=30, longest=120, rest=30)
    mon, tue = span(4, "00:00-23:59"), span(5, "00:00-23:59")
    short = work("short", 240, window=mon, longest=30 * MINUTE)
    (facts,) = all_facts(problem(own, [short, work("other", 120, window=tue)], 2))
    assert tried(facts, 8, LIMIT)[0] == NONE
    assert tried(facts, 9, LIMIT)[0] == FOUND


@pytest.mark.parametrize("name", KINDS)
def test_nor_does_it_where_tasks_have_their_own_longest_block(name: str) -> None:
    for seed in range(20):
        hidden = world(KINDS[name], 1300 + seed)
        works = tuple(
            replace(work, longest=max(block.length for block in hidden.hidden[work.task]))
            for work in hidden.problem.works
        )
        for facts in all_facts(replace(hidden.problem, works=works)):
            blocks = sum(len(hidden.hidden[job.task]) for job in facts.jobs)
            assert tried(facts, None, LIMIT)[0] != NONE
            assert tried(facts, blocks, LIMIT)[0] != NONE


def test_a_break_in_the_middle_of_a_piece_is_kept_out_of() -> None:
    """Three hours hold no two blocks of 75 minutes beside half an hour between 10:00 and 11:00."""
    rule = Break(WallSpan(600, 660), 30 * MINUTE)
    assert tried(one_day((), 75, 75, breaks=(rule,)), None, LIMIT)[0] == FOUND
    assert tried(one_day((), 75, 90, breaks=(rule,)), None, LIMIT)[0] == NONE
    assert tried(one_day((), 120, 30, breaks=(rule,)), None, LIMIT)[0] == FOUND
    assert tried(one_day((), 120, breaks=(rule,), shortest=120), None, LIMIT)[0] == NONE


def test_before_and_after_a_break_may_overlap_but_blocks_do_not() -> None:
    own = desk(
        clocks="09:00-13:00", step=30, shortest=30, longest=30, margin=90,
        breaks=(Break(WallSpan(570, 690), 30 * MINUTE),),
    )  # fmt: skip
    soon = Interval(at(4, "00:00"), at(4, "10:40"))
    late = Wait("t0", 40 * MINUTE)
    works = [
        work("t2", 150, priority=2, window=soon, after=(late, "t1")),
        work("t1", 120, priority=2, window=soon),
        work("t0", 150, window=Interval(at(4, "00:00"), at(5, "00:00"))),
    ]
    question = problem(own, works, days=1, may_release=False)
    plans = plan(question)
    assert not check(question, plans)
    assert sum(len(each.new) for each in plans) == 5


def test_a_limit_of_the_day_binds() -> None:
    assert tried(one_day((), 60, 60, per_day=90), None, LIMIT)[0] == NONE
    assert tried(one_day((), 60, 30, per_day=90), None, LIMIT)[0] == FOUND


def test_it_stops_when_its_work_is_done() -> None:
    assert tried(one_day((), 60, 60), None, 0)[0] == UNKNOWN
