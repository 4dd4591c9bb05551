"""Where tasks come from: a file, or a tab of a Google Sheet, read alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blocker.domain.task import Task
from blocker.intake.google_tab import GoogleTab
from blocker.workspace import Workspace

if TYPE_CHECKING:
    from blocker.calendars.google.sheets import Tab
    from blocker.intake.sheet import Sheet
    from blocker.intake.tasks_file import TaskTable

Source = Path | GoogleTab


@dataclass(frozen=True, slots=True)
class Table:
    """The tasks of a source; `tab` and `sheet` where it is a tab of a spreadsheet."""

    tasks: TaskTable
    tab: Tab | None = None
    sheet: Sheet | None = None


def read_table(workspace: Workspace, source: Source, known: Mapping[str, Task]) -> Table:
    """The tasks of a source.

    Raises WrongInput with all its mistakes, Unreachable for a sheet that cannot be read.
    """
    from blocker.intake.tasks_file import read_tasks, tasks_in

    config = workspace.config
    if isinstance(source, Path):
        return Table(
            read_tasks(
                source,
                team=workspace.team,
                columns=config.columns,
                locale=config.locale,
                known=known,
            )
        )
    from blocker.intake.grid_sheet import grid_sheet
    from blocker.intake.problems import Mistakes

    name = str(source)
    grid = workspace.sheets().read(source.spreadsheet, source.title, source.gid, name)
    locale = config.locale or grid.tab.locale
    sheet = grid_sheet(name, grid.values, grid.shown, locale)
    tasks = tasks_in(
        sheet,
        Mistakes(name),
        team=workspace.team,
        columns=config.columns,
        locale=locale,
        known=known,
    )
    return Table(tasks, grid.tab, sheet)
