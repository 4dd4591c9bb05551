"""Tasks from a file: a CSV, a spreadsheet or YAML, our columns or another tool's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.intake.any_sheet import read_sheet
from blocker.intake.block_lengths import OwnLengths, rounding_notes
from blocker.intake.columns import find_columns
from blocker.intake.predecessors import find_cycles
from blocker.intake.problems import MOST_SHOWN, Mistakes, nearest, shown
from blocker.intake.sheet import Sheet
from blocker.intake.sprint_word import SprintWord
from blocker.intake.task_row import RowReader, SeenId, TaskRow

__all__ = ["SprintWord", "TaskRow", "TaskTable", "read_tasks", "tasks_in"]


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
    known: Mapping[str, Task],
) -> TaskTable:
    """Read a tasks file.

    `columns` maps other tools' names of columns to ours, `locale` says how numbers and dates read.
    `known` are the tasks that the store has.
    Raises WrongInput with all mistakes of the file; then nothing of it is to be taken.
    """
    mistakes = Mistakes(str(path))
    sheet = read_sheet(path, columns, locale, mistakes)
    return tasks_in(sheet, mistakes, team=team, columns=columns, locale=locale, known=known)


def tasks_in(
    sheet: Sheet,
    mistakes: Mistakes,
    *,
    team: Team,
    columns: Mapping[str, str],
    locale: str | None,
    known: Mapping[str, Task],
) -> TaskTable:
    """The tasks of a table, as `read_tasks` has those of a file; `mistakes` are its own so far."""
    if not sheet.names and not sheet.rows:
        mistakes.raise_if_any()
        return TaskTable((), (*sheet.notes, "the file holds no tasks"))
    found = find_columns(sheet.names, columns, sheet.line, mistakes)
    reader = RowReader(team, found, sheet, locale, known, mistakes)
    rows = [row for raw in sheet.rows if (row := reader.row(raw))]
    _refuse_same_ids(reader.seen, known, mistakes)
    _refuse_unknown_after(reader.seen, known, mistakes)
    _refuse_cycles(reader.seen, known, mistakes)
    mistakes.raise_if_any()
    rounded = rounding_notes(
        (row.id, OwnLengths(row.shortest, row.longest), team.member(row.owner).rules)
        for row in rows
    )
    notes = (*sheet.notes, *found.notes, *rounded)
    return TaskTable(tuple(rows), notes if rows else (*notes, "the file holds no tasks"))


def _refuse_same_ids(seen: list[SeenId], known: Mapping[str, Task], mistakes: Mistakes) -> None:
    """Ids that differ in letter case alone could not be told apart in a calendar."""
    spelt = {task_id.casefold(): task_id for task_id in known}
    lines: dict[str, int] = {}
    for one in seen:
        folded = one.id.casefold()
        if folded in lines:
            message = f"{one.id} stands on line {lines[folded]} already"
            if one.is_made:
                message = f"the same title stands on line {lines[folded]}"
            remedy = "give each task an id of its own in a column `id`"
            mistakes.add(one.line, "id", message, remedy)
            continue
        lines[folded] = one.line
        before = spelt.get(folded, one.id)
        if before != one.id and one.id not in known:
            mistakes.add(one.line, "id", f"{one.id} is known as {before}", f"write {before}")


def _refuse_unknown_after(
    seen: list[SeenId], known: Mapping[str, Task], mistakes: Mistakes
) -> None:
    ids = {one.id for one in seen} | set(known)
    looked_for = 0
    for one in seen:
        for after in one.after or ():
            if after.task == one.id:
                message, remedy = f"{one.id} waits for itself", "leave it out"
                mistakes.add(one.after_line, one.after_place, message, remedy)
            elif after.task not in ids:
                looked_for += 1
                like = nearest(after.task, ids, 0.75) if looked_for <= MOST_SHOWN else None
                remedy = f"write {like}" if like else "write the id of a task here or in the store"
                message = f"no task is called {shown(after.task)}"
                mistakes.add(one.after_line, one.after_place, message, remedy)


def _refuse_cycles(seen: list[SeenId], known: Mapping[str, Task], mistakes: Mistakes) -> None:
    """An empty cell leaves what the store knows of its task."""
    waits = {name: [after.task for after in task.after] for name, task in known.items()}
    rows: dict[str, SeenId] = {}
    for one in seen:
        rows.setdefault(one.id, one)
        if one.after is not None:
            waits[one.id] = [after.task for after in one.after if after.task != one.id]
    for cycle in find_cycles(waits, rows):
        inside = [task for task in cycle if task in rows]
        if inside:  # else it is the store's own, and nothing of this file
            first = rows[min(inside, key=lambda task: rows[task].line)]
            turned = cycle.index(first.id)
            path = (*cycle[turned:-1], *cycle[:turned], first.id)
            message = f"these tasks wait for each other: {' -> '.join(path)}"
            mistakes.add(
                first.after_line, first.after_place, message, "take one of them out of `after`"
            )
