"""The same question in any order of rows has the same answer; easy ones need no solver."""

from __future__ import annotations

import subprocess
import sys

import pytest

from blocker.scheduling import side_by_side
from blocker.scheduling.planner import Effort, plan
from tests.scheduling.test_hidden_plans import KINDS
from tests.scheduling.worlds import Kind, shuffled, world


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


def test_an_easy_plan_never_loads_the_solver() -> None:
    code = (
        "import sys\n"
        "from blocker.scheduling.planner import plan\n"
        "from tests.scheduling.small import desk, problem, work\n"
        "found = plan(problem(desk(), [work('a', 300), work('b', 60, after=['a'])]))\n"
        "assert found[0].proven == ('tasks', 'blocks', 'preferred')\n"
        "assert not [name for name in sys.modules if name.startswith('ortools')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
