"""The same question in any order of rows has the same answer; easy ones need no solver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest

from blocker.domain.plan import MemberPlan
from blocker.scheduling import side_by_side
from blocker.scheduling.planner import Effort, plan
from blocker.scheduling.problem import Problem
from tests.scheduling.overfull import overfull
from tests.scheduling.planned_apart import as_json
from tests.scheduling.test_hidden_plans import KINDS
from tests.scheduling.worlds import Kind, shuffled, world
from tests.team import CONFIG, Team, meeting


@pytest.mark.parametrize("name", ["medium", "closed", "linked team", "lunch", "no rest"])
def test_the_order_of_rows_changes_nothing(name: str) -> None:
    question = world(KINDS[name], 7).problem
    first = {each.member: each for each in plan(question)}
    for seed in range(2):
        again = plan(shuffled(question, seed))
        assert {each.member: each for each in again} == first


def test_one_process_or_two_three_runs_each_give_the_same_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = world(Kind(members=6, tasks=5, days=5, fill=0.6, tight=0.5, closed=0.4), 3).problem
    monkeypatch.setattr(side_by_side, "FEWEST_GROUPS", dict.fromkeys(Effort, 2))
    plans = [plan(question, workers=workers) for workers in (1, 2) for _ in range(3)]
    assert all(each == plans[0] for each in plans)
    assert any(each.new for each in plans[0])


def apart(*words: str, seed: int, **more: object) -> bytes:
    """What a process of its own writes, its hashes made from another seed."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        check=False,
        **more,  # type: ignore[call-overload]  # what subprocess.run takes besides
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    assert isinstance(done.stdout, bytes)
    return done.stdout


def test_processes_with_other_hashes_and_orders_give_the_same_plan_byte_for_byte() -> None:
    """Three runs each with one process and with two that plan, rows in another order every time."""
    runs = [(order, workers) for workers in (1, 2) for order in range(3)]
    texts = [
        apart("tests.scheduling.planned_apart", str(order), str(workers), seed=order * 10 + workers)
        for order, workers in runs
    ]
    assert set(texts) == {texts[0]}
    rows = json.loads(texts[0])
    assert sum(len(row["new"]) for row in rows) > 20
    assert any(row["unbooked"] for row in rows)


def test_the_program_books_the_same_on_one_core_and_on_two(team: Team) -> None:
    """Rows of tasks, members and events in any order; enough members for two processes."""
    names = [f"m{number:02d}" for number in range(26)]
    rows = [f"{one}-{k},Work {k},{one},{2 + k}h,{k},,,,," for one in names for k in (1, 2, 3)]
    rows += ["m00-4,Follow-up,m00,2h,2,,,m01-2,,", "m02-4,Too much,m02,80h,2,,,,,"]
    events = [
        meeting(f"{day} {hour}:00", f"{day} {hour}:45")
        for day in (4, 5, 7)
        for hour in ("09", "14")
    ]
    ours = sorted(os.sched_getaffinity(0))
    texts = []
    for order, cores in enumerate((ours[:1], ours[:1], ours[:2], ours[:2])):
        random = Random(order)
        for each in (names, rows, events):
            random.shuffle(each)
        members = "".join(
            f"  - {{id: {one}, name: {one}, email: {one}@small.example, "
            f"calendars: {{busy: [{{ics: ana.ics}}], blocks: {{ics: out/{one}.ics}}}}}}\n"
            for one in names
        )
        team.write("config.yaml", CONFIG.split("members:")[0] + f"members:\n{members}")
        team.calendar("ana", *events)
        words = team.arguments("book", team.tasks(*rows), "--dry-run", "--format", "json")
        said = json.loads(
            apart(
                "blocker", *words, seed=order, cwd=team.folder,
                preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores),
            )
        )  # fmt: skip
        said["members"].sort(key=lambda row: row["member"])
        texts.append(json.dumps(said))
    assert set(texts) == {texts[0]}
    assert texts[0].count('"change": "create"') > 78


# --- other names ------------------------------------------------------------------------------


def renamed(value: object, names: dict[str, str]) -> object:
    """JSON with every id in it replaced."""
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def with_names(question: Problem, names: dict[str, str]) -> Problem:
    desks = tuple(
        replace(
            desk,
            member=names[desk.member],
            standing=tuple(
                replace(block, key=names[block.key], task=names[block.task])
                for block in desk.standing
            ),
        )
        for desk in question.desks
    )
    works = tuple(
        replace(
            work,
            task=names[work.task],
            member=names[work.member],
            after=tuple(replace(wait, task=names[wait.task]) for wait in work.after),
        )
        for work in question.works
    )
    return replace(question, desks=desks, works=works)


def other_names(question: Problem, seed: int) -> dict[str, str]:
    """Other ids of every sort, in the same order as before."""
    random = Random(seed)
    sorts = (
        {desk.member for desk in question.desks},
        {work.task for work in question.works},
        {block.key for desk in question.desks for block in desk.standing},
    )
    found = {}
    for number, ids in enumerate(sorts):
        fresh = {f"{number}{random.getrandbits(48):x}" for _ in ids}
        assert len(fresh) == len(ids)
        found |= dict(zip(sorted(ids), sorted(fresh), strict=True))
    return found


@pytest.mark.parametrize("name", ["medium", "closed", "linked team", "lunch", "reserve"])
def test_other_ids_in_the_same_order_give_the_same_plan(name: str) -> None:
    same_but_for_names(world(KINDS[name], 7).problem, 1)


@pytest.mark.parametrize("seed", range(12))
def test_so_they_do_where_not_all_fits_and_blocks_stand(seed: int) -> None:
    same_but_for_names(overfull(seed, "quick").booked, seed)


def same_but_for_names(question: Problem, seed: int) -> None:
    names = other_names(question, seed)
    first: tuple[MemberPlan, ...] = plan(question)
    again = plan(shuffled(with_names(question, names), seed))
    assert renamed(json.loads(as_json(first)), names) == json.loads(as_json(again))
    assert [each.member for each in first] != [each.member for each in again]


def test_an_easy_plan_never_loads_the_solver() -> None:
    code = (
        "import sys\n"
        "from blocker.scheduling.planner import plan\n"
        "from tests.scheduling.small import desk, problem, work\n"
        "found = plan(problem(desk(), [work('a', 300), work('b', 60, after=['a'])]))\n"
        "assert found[0].proven == ('tasks', 'blocks', 'preferred')\n"
        "assert not [name for name in sys.modules if name.startswith('highspy')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
