"""Columns: ours, other tools' and unrelated ones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from blocker.domain.team import Team
from blocker.intake.columns import find_columns
from blocker.intake.problems import Mistakes
from tests.intake.samples import read, wrong


def test_unrelated_columns_are_ignored_and_said(csv: Path, team: Team) -> None:
    names = [
        "Notes",
        "Status",
        "Labels",
        "Created at",
        "Print",
        "Spring",
        "Points",
        "URL",
        "Reporter",
        "Team",
    ]
    text = f"title,owner,estimate,{','.join(names)}\nx,ana,2h\n"
    (note,) = read(csv, team, text).notes
    assert all(f'"{name}"' in note for name in names)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Deadline", "due"),
        ("Due date", "due"),
        ("DUE DATE", "due"),
        ("Due by", "due"),
        ("Final deadline", "due"),
        ("Échéance", "due"),
        ("Fecha límite", "due"),
        ("Fällig am", "due"),
        ("Scadenza", "due"),
        ("Prioridad", "priority"),
        ("Prio", "priority"),
        ("Priorty", "priority"),
        ("Priorität", "priority"),
        ("Not before", "not_before"),
        ("Start date", "not_before"),
        ("Depends on", "after"),
        ("Predecessors", "after"),
        ("Abhängig von", "after"),
        ("Campain", "campaign"),
        ("Kampagne", "campaign"),
        ("Outcomes", "outcome"),
        ("Sprint name", "sprint"),
        ("Task ID", "id"),
        ("Issue key", "id"),
        ("due:", "due"),
    ],
)
def test_nearly_ours_is_refused_with_the_line_to_add(
    csv: Path, team: Team, name: str, target: str
) -> None:
    text = f"title,owner,estimate,{name}\nx,ana,2h,\n"
    message = wrong(csv, team, text)
    assert f"nearly is our column {target}" in message
    assert message.count("\n") == 0
    read(csv, team, text, columns={name: target})
    read(csv, team, text, columns={name.upper(): "ignore"})


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Assignee", "owner"),
        ("Responsable", "owner"),
        ("Verantwortlich", "owner"),
        ("Assigned to", "owner"),
        ("Task", "title"),
        ("Summary", "title"),
        ("Tâche", "title"),
        ("Aufwand", "estimate"),
        ("Effort", "estimate"),
        ("Durée", "estimate"),
        ("Original Estimate", "estimate"),
        ("Hours est.", "hours"),
        ("Estimated hours", "hours"),
        ("Durée (heures)", "hours"),
        ("Estimate (h)", "hours"),
    ],
)
def test_required_columns_under_other_names(name: str, target: str) -> None:
    ours = (
        {"title", "owner", "estimate"} - {target} - ({"estimate"} if target == "hours" else set())
    )
    mistakes = Mistakes("tasks.csv")
    find_columns([*sorted(ours), name], {}, 1, mistakes)
    (mistake,) = mistakes.sorted()
    assert f": {target}}}" in mistake.remedy
    mistakes = Mistakes("tasks.csv")
    found = find_columns([*sorted(ours), name], {name: target}, 1, mistakes)
    assert not mistakes
    assert found.plain_is_hours == (target == "hours")


def test_a_column_of_hours_takes_plain_numbers(csv: Path, team: Team) -> None:
    rows = read(csv, team, 'title,owner,Hours\na,ana,2\nb,ana,1.5\nc,ana,"0,5"\nd,ana,90m\n').rows
    assert [row.estimate / timedelta(minutes=1) for row in rows] == [120, 90, 30, 90]
    assert rows[0].cells["estimate"] == "2"
