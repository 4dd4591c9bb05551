"""Ids, made ids, and what waits for what."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.task import TASK_ID
from blocker.domain.team import Team
from blocker.intake.predecessors import find_cycles
from blocker.intake.task_ids import made_id
from tests.intake.samples import read, stored, wrong


def test_cycles_run_across_the_file_and_the_store(csv: Path, team: Team) -> None:
    text = "id,title,owner,estimate,after\nT-2,x,ana,2h,T-1\nT-3,y,ana,2h,\n"
    known = stored(T_1="T-3", T_3="T-2")
    assert "T-2 -> T-1 -> T-3 -> T-2" in wrong(csv, team, text, known=known)
    assert len(read(csv, team, text.replace("T-3,y", "T-4,y"), known=stored(T_1="")).rows) == 2
    knot = stored(T_8="T-9", T_9="T-8", T_1="")
    assert read(csv, team, text, known=knot).rows  # the store's own knot is not this file's


def test_ids_that_differ_in_case_alone_are_one(csv: Path, team: Team) -> None:
    text = "id,title,owner,estimate\nt-1,x,ana,2h\n"
    assert "write T-1" in wrong(csv, team, text, known=stored(T_1=""))
    assert read(csv, team, text, known=stored(T_1="", t_1="")).rows


@given(st.text(max_size=300))
def test_made_ids_are_ids_and_always_the_same(title: str) -> None:
    made = made_id(title)
    assert TASK_ID.fullmatch(made)
    assert len(made) <= 40
    assert made == made_id(title)


def test_made_ids_of_long_titles_stay_apart() -> None:
    titles = [
        f"Write the long and winding article about the spring launch, part {n}" for n in range(50)
    ]
    assert len({made_id(title) for title in titles}) == 50


@given(
    st.dictionaries(
        st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4, unique=True), max_size=13
    )
)
def test_a_cycle_is_found_exactly_when_there_is_one(graph: dict[int, list[int]]) -> None:
    after = {f"T-{node}": [f"T-{other}" for other in others] for node, others in graph.items()}
    reach = {node: set(others) for node, others in after.items()}
    for _ in after:
        for node in reach:
            reach[node] |= set().union(*(reach.get(other, set()) for other in reach[node]))
    cycles = find_cycles(after, sorted(after))
    assert bool(cycles) == any(node in reach[node] for node in reach)
    for cycle in cycles:
        assert cycle[0] == cycle[-1]
        assert all(b in after[a] for a, b in itertools.pairwise(cycle))


def test_a_long_chain_is_no_cycle_and_no_stack() -> None:
    chain = {f"T-{n}": [f"T-{n + 1}"] for n in range(20_000)}
    order = list(chain)
    random.Random(7).shuffle(order)
    assert find_cycles(chain, order) == []
