"""Columns `shortest` and `longest`: read, rounded, held against each other and against rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from blocker.domain.member import BlockRules
from blocker.domain.team import Team
from blocker.intake.tasks_file import TaskRow
from tests.intake.samples import read, stored, wrong

HOUR = timedelta(hours=1)
HEADER = "id,title,owner,estimate,Shortest,LONGEST\n"


def row(csv: Path, team: Team, shortest: str, longest: str) -> TaskRow:
    return read(csv, team, f"{HEADER}T-1,Write,ana,4h,{shortest},{longest}\n").rows[0]


@pytest.mark.parametrize(
    ("shortest", "longest", "read_as"),
    [
        ("", "", (None, None)),
        ("1h", "", (HOUR, None)),
        ("", "PT1H", (None, HOUR)),
        ("30m", "1:30", (HOUR / 2, HOUR * 1.5)),
        ("2h", "2h", (2 * HOUR, 2 * HOUR)),
        ("", "24h", (None, 24 * HOUR)),
    ],
)
def test_lengths_are_read_as_estimates_are(
    csv: Path, team: Team, shortest: str, longest: str, read_as: tuple[timedelta | None, ...]
) -> None:
    found = row(csv, team, shortest, longest)
    assert (found.shortest, found.longest) == read_as


def test_a_length_off_the_step_stays_as_written_and_is_said_to_count_as_whole_steps(
    csv: Path, team: Team
) -> None:
    text = f"{HEADER}T-1,a,ana,4h,50m,1h50\nT-2,b,ben,4h,,1h\nT-3,c,ana,4h,5m,20m\n"
    table = read(csv, team, text)
    assert (table.rows[0].shortest, table.rows[0].longest) == (50 * HOUR / 60, 110 * HOUR / 60)
    assert table.notes == (
        "blocks are whole steps long: T-1 shortest 50m counts as 1h; T-1 longest 1h50 counts as "
        "1h45; T-3 shortest 5m counts as 15m; T-3 longest 20m counts as 15m",
    )


def test_many_rounded_lengths_are_one_sentence(csv: Path, team: Team) -> None:
    rows = "".join(f"T-{k},a,ana,4h,50m,\n" for k in range(30))
    (note,) = read(csv, team, HEADER + rows).notes
    assert note.endswith("; and 20 more")


def test_an_empty_cell_is_held_against_what_the_store_knows(csv: Path, team: Team) -> None:
    known = {"T-1": replace(stored(T_1="")["T-1"], longest=4 * HOUR)}
    text = f"{HEADER}T-1,Write,ana,4h,3h,\n"
    assert read(csv, team, text, known=known).rows
    assert "the longest block of Ana Ruiz, 2h" in wrong(csv, team, text)


def test_a_row_that_asks_for_nothing_new_is_never_refused(csv: Path, team: Team) -> None:
    """The owner's rules were others when it came in."""
    known = {"T-1": replace(stored(T_1="")["T-1"], shortest=3 * HOUR)}
    for cell in ("3h", ""):
        assert read(csv, team, f"{HEADER}T-1,Write,ana,4h,{cell},\n", known=known).rows
    assert ":2: Shortest: its shortest block, 4h" in wrong(
        csv, team, f"{HEADER}T-1,Write,ana,4h,4h,\n", known=known
    )
    assert f"{csv}:2: owner: its shortest block, 3h, is more than the longest block of Ben" in (
        wrong(csv, team, f"{HEADER}T-1,Write,ben,4h,,\n", known=known)
    )


def test_a_file_without_owners_says_just_that(csv: Path, team: Team) -> None:
    known = {"T-1": replace(stored(T_1="")["T-1"], shortest=3 * HOUR, longest=HOUR)}
    assert wrong(csv, team, "id,title,estimate,longest\nT-1,x,4h,\n", known=known).count("\n") == 0


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Min chunk", "shortest"),
        ("Durée maximale", "longest"),
        ("Shortest block", "shortest"),
        ("longst", "longest"),
    ],
)
def test_other_names_of_the_columns_are_not_passed_over(
    csv: Path, team: Team, name: str, ours: str
) -> None:
    text = f"title,owner,estimate,{name}\nx,ana,2h,1h\n"
    assert f"nearly is our column {ours}" in wrong(csv, team, text)
    assert read(csv, team, text, columns={name: ours}).rows[0].cells[ours] == "1h"


@pytest.mark.parametrize(
    ("shortest", "longest", "counts_as"),
    [
        (None, None, (30, 120)),
        (50, 110, (60, 105)),
        (None, 20, (15, 15)),
        (180, None, (180, 180)),
        (60, 55, (60, 60)),
        (None, 5, (15, 15)),
    ],
)
def test_what_the_task_says_wins_over_its_owners_rules(
    shortest: int | None, longest: int | None, counts_as: tuple[int, int]
) -> None:
    """Rules may have changed since the task came in; it must be planned all the same."""
    own = (None if each is None else timedelta(minutes=each) for each in (shortest, longest))
    found = BlockRules().block_lengths(*own)
    assert tuple(each // timedelta(minutes=1) for each in found) == counts_as
