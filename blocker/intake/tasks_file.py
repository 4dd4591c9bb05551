"""Tasks from a file: a CSV, a spreadsheet or YAML, our columns or another tool's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blocker.domain.task import After
from blocker.domain.team import Team
from blocker.intake.columns import Columns, find_columns
from blocker.intake.csv_sheet import read_csv
from blocker.intake.plain_text import read_bytes
from blocker.intake.predecessors import find_cycles
from blocker.intake.problems import Mistakes, nearest, shown
from blocker.intake.sheet import LARGEST, Sheet
from blocker.intake.sprint_word import SprintWord
from blocker.intake.task_row import RowReader, TaskRow
from blocker.intake.xlsx_sheet import read_xlsx
from blocker.intake.yaml_sheet import read_yaml_sheet

__all__ = ["SprintWord", "TaskRow", "TaskTable", "read_tasks"]


@dataclass(frozen=True, slots=True)
class TaskTable:
    """The tasks of a file in the order of its rows; `notes` say what was passed over."""

    rows: tuple[TaskRow, ...]
    notes: tuple[str, ...]


def read_tasks(
    path: Path,
    *,
    team: Team,
    columns: Mapping[str, str],
    locale: str | None,
    known: Mapping[str, tuple[After, ...]],
) -> TaskTable:
    """Read a tasks file.

    `columns` maps other tools' names of columns to ours, `locale` says how numbers and dates read.
    `known` are the ids that the store has, with what each waits for.
    Raises WrongInput with all mistakes of the file; then nothing of it is to be taken.
    """
    mistakes = Mistakes(str(path))
    sheet = _read_sheet(path, columns, locale, mistakes)
    if not sheet.names and not sheet.rows:
        mistakes.raise_if_any()
        return TaskTable((), (*sheet.notes, "the file holds no tasks"))
    found = find_columns(sheet.names, columns, sheet.line, mistakes)
    reader = RowReader(team, found, sheet, locale, mistakes)
    rows = [row for raw in sheet.rows if (row := reader.row(raw))]
    ids = _refuse_same_ids(reader.ids, known, mistakes)
    _refuse_unknown_after(rows, ids, known, sheet, found, mistakes)
    _refuse_cycles(rows, known, sheet, found, mistakes)
    mistakes.raise_if_any()
    notes = (*sheet.notes, *found.notes)
    return TaskTable(tuple(rows), notes if rows else (*notes, "the file holds no tasks"))


def _read_sheet(
    path: Path, columns: Mapping[str, str], locale: str | None, mistakes: Mistakes
) -> Sheet:
    """By its content where that is plain (a zip archive is a workbook), else by its name."""
    data = read_bytes(path, LARGEST)
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data, path, locale, mistakes)
    if path.suffix.casefold() in (".yaml", ".yml", ".json"):
        return read_yaml_sheet(data, path, mistakes)
    return read_csv(data, path, columns, mistakes)


def _refuse_same_ids(
    ids: list[tuple[str, int, bool]], known: Mapping[str, tuple[After, ...]], mistakes: Mistakes
) -> set[str]:
    """All ids of the file.  Those that differ in letter case alone could not be told apart."""
    first: dict[str, tuple[str, int]] = {}
    for known_id in known:
        first.setdefault(known_id.casefold(), (known_id, 0))
    for task_id, line, is_made in ids:
        before, before_line = first.get(task_id.casefold(), (task_id, 0))
        if before_line:
            message = f"{task_id} stands on line {before_line} already"
            if is_made:
                message = f"the same title stands on line {before_line}"
            mistakes.add(line, "id", message, "give each task an id of its own in a column `id`")
            continue
        if before != task_id:
            mistakes.add(line, "id", f"{task_id} is known as {before}", f"write {before}")
        first[task_id.casefold()] = (task_id, line)
    return {task_id for task_id, _, _ in ids}


def _place(row_line: int, sheet: Sheet, columns: Columns, column: str) -> str:
    position = columns.at.get(column)
    if position is None:
        return column
    cell = sheet.cell_name(position, row_line)
    return f"{sheet.names[position]} ({cell})" if cell else sheet.names[position]


def _refuse_unknown_after(
    rows: list[TaskRow],
    ids: set[str],
    known: Mapping[str, tuple[After, ...]],
    sheet: Sheet,
    columns: Columns,
    mistakes: Mistakes,
) -> None:
    for row in rows:
        for after in row.after or ():
            place = _place(row.line, sheet, columns, "after")
            if after.task == row.id:
                mistakes.add(row.line, place, f"{row.id} waits for itself", "leave it out")
            elif after.task not in ids and after.task not in known:
                like = nearest(after.task, [*ids, *known], 0.75)
                remedy = (
                    f"write {like}" if like else "write the id of a task of this file or the store"
                )
                mistakes.add(row.line, place, f"no task is called {shown(after.task)}", remedy)


def _refuse_cycles(
    rows: list[TaskRow],
    known: Mapping[str, tuple[After, ...]],
    sheet: Sheet,
    columns: Columns,
    mistakes: Mistakes,
) -> None:
    """An empty cell leaves what the store knows of its task."""
    waits = {task: [after.task for after in afters] for task, afters in known.items()}
    lines: dict[str, int] = {}
    for row in rows:
        lines.setdefault(row.id, row.line)
        if row.after is not None:
            waits[row.id] = [after.task for after in row.after if after.task != row.id]
    for cycle in find_cycles(waits, lines):
        inside = [task for task in cycle if task in lines]
        if inside:
            first = min(inside, key=lambda task: lines[task])
            place = _place(lines[first], sheet, columns, "after")
            turned = cycle.index(first)
            path = (*cycle[turned:-1], *cycle[:turned], first)
            mistakes.add(
                lines[first],
                place,
                f"these tasks wait for each other: {' -> '.join(path)}",
                "take one of them out of `after`",
            )
