"""Members from a table: one row a person, `members: {file: people.csv}` in the config."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blocker.intake.any_sheet import read_sheet
from blocker.intake.hours_text import days_and_spans
from blocker.intake.named_columns import named_columns
from blocker.intake.problems import Mistakes, Wrong
from blocker.intake.sheet import Row

COLUMNS = (
    "id",
    "name",
    "email",
    "role",
    "timezone",
    "holidays",
    "hours",
    "time_off",
    "from",
    "until",
)
"""Columns of the table; they mean what the keys of the same names mean in the config."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a table in the form of the config's `members`, and where each stands.

    `lines` are those of the rows.  `notes` say what was passed over.
    """

    members: tuple[dict[str, Any], ...]
    lines: tuple[int, ...]
    mistakes: Mistakes
    notes: tuple[str, ...] = ()


def read_people(path: Path) -> People:
    """Read a table of people.

    What is wrong in it as a table is among `mistakes`; what its cells say is not looked at.
    Raises WrongInput in one line when it is no table.
    """
    mistakes = Mistakes(str(path))
    sheet = read_sheet(path, {name: name for name in COLUMNS}, None, mistakes)
    at, ignored = named_columns(sheet, COLUMNS, mistakes)
    if "id" not in at:
        mistakes.add(sheet.line, "", "has no column id", "give each person a short name: ana")
    rows = [row for row in sheet.rows if row.is_whole] if "id" in at else []
    if not rows:
        mistakes.add(sheet.line, "", "names nobody", "write one row for each person")
    members = tuple(_member(row, at, mistakes) for row in rows)
    notes = (f"{path}: columns ignored: {', '.join(ignored)}",) if ignored else ()
    return People(members, tuple(row.line for row in rows), mistakes, (*sheet.notes, *notes))


def _member(row: Row, at: dict[str, int], mistakes: Mistakes) -> dict[str, Any]:
    member: dict[str, Any] = {}
    for name, position in at.items():
        text = row.cell(position)
        if not text:
            continue
        if name == "time_off":
            member[name] = [part.strip() for part in text.split(";") if part.strip()]
        elif name == "hours":
            try:
                member[name] = days_and_spans(text)
            except Wrong as wrong:
                mistakes.add_wrong(row.line, name, wrong)
        else:
            member[name] = text
    return member
