"""What the planner owes on the benchmark set, cheaply: ratios within one run and counts, no times.

`python -m tests.benchmarks.run` says the rest.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from blocker.scheduling.planner import plan
from tests.benchmarks import as_files
from tests.benchmarks.drawing import record_of
from tests.benchmarks.growth import cores_of, team
from tests.benchmarks.instances import FAMILIES, FOLDER, LOADS, SEEDS, named, published
from tests.benchmarks.peers.compared import blocks_of
from tests.benchmarks.peers.gaps import axis_of
from tests.benchmarks.run import ran
from tests.benchmarks.stability import MEETINGS, replanned
from tests.benchmarks.table import BEGIN, END, README, readme_with
from tests.scheduling.brute_force import plans_of
from tests.scheduling.checker import check

ONE_MEMBER = [name for name, family in FAMILIES.items() if family.members == 1]


def test_the_set_is_what_is_promised() -> None:
    for size in (8, 15, 30):
        for load in LOADS:
            found = published(f"{size}-{load}")
            assert [each.size for each in found] == [size] * 10
            steps = {each.problem.desks[0].rules.step.total_seconds() for each in found}
            assert steps == {300, 900}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_files_are_drawn_from_their_names(family: str) -> None:
    for seed in SEEDS:
        drawn = json.dumps(record_of(FAMILIES[family], seed), separators=(",", ":"))
        kept = (FOLDER / f"{family}-{seed:02d}.json").read_text(encoding="utf-8")
        assert drawn == kept.strip()


def test_hidden_plans_break_no_rule_and_book_everything() -> None:
    hidden = [each for each in published() if each.hidden is not None]
    assert len(hidden) >= 30
    for each in hidden:
        plans = plans_of(each.problem, each.hidden or {})
        assert not check(each.problem, plans)
        assert not [entry for plan in plans for entry in plan.unbooked]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_quick_plan_of_any_instance_breaks_no_rule(family: str) -> None:
    for instance in published(family):
        assert not check(instance.problem, ran(instance, "quick").plans), instance.name


@pytest.mark.parametrize("name", ["8-tight-01", "8-tight-02", "8-tight-03", "15-tight-03"])
def test_what_can_fit_fits_in_no_more_blocks_than_the_hidden_plan(name: str) -> None:
    assert ran(named(name), "normal").faults() == []


@pytest.mark.parametrize("name", ["8-loose-01", "8-overfull-01"])
def test_the_program_plans_the_same_from_files(name: str, tmp_path) -> None:
    instance = named(name)
    as_files.write(instance, tmp_path)
    command = [sys.executable, "-m", "blocker", "-c", str(tmp_path / "config.yaml"), *as_files.NEXT]
    done = subprocess.run(
        [*command, str(tmp_path / "tasks.csv"), "--dry-run", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    (member,) = json.loads(done.stdout)["members"]
    assert as_files.blocks_of(member) == blocks_of(ran(instance, "normal"))


def test_the_readme_has_a_place_for_the_figures() -> None:
    text = README.read_text(encoding="utf-8")
    assert readme_with(text.split(BEGIN)[1].split(END)[0].strip()) == text


def test_peers_are_offered_every_place_that_a_hidden_plan_uses() -> None:
    for each in (named("15-tight-01"), named("15-tight-02")):
        axis = axis_of(each.problem)
        for work in each.problem.works:
            for block in (each.hidden or {})[work.task]:
                steps = block.length // axis.step
                places = [axis.interval(start, steps) for start in axis.starts(work, steps)]
                assert block in places


def test_time_grows_with_members_and_no_faster() -> None:
    small, large = team(25), team(100)
    ratios = []
    for _ in range(2):
        some = cores_of(small, "quick")
        ratios.append(cores_of(large, "quick") / some)
    assert min(ratios) <= 4 * 1.5, ratios


@pytest.mark.parametrize("name", ["8-loose-01", "8-loose-04", "15-loose-03"])
def test_a_meeting_that_leaves_room_moves_no_block_it_does_not_touch(name: str) -> None:
    instance = named(name)
    plans = plan(instance.problem)
    for seed in range(MEETINGS):
        effect = replanned(instance, plans, seed)
        assert (effect.moved, effect.left_out) == (0, 0)
