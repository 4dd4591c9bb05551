"""A task in words on a command line, judged as a row of a tasks file is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blocker.domain.errors import Mistake, WrongInput, WrongUse
from blocker.domain.task import Task
from blocker.domain.team import Team

if TYPE_CHECKING:
    from blocker.intake.tasks_file import TaskTable


def read_typed(
    words: Mapping[str, str],
    *,
    team: Team,
    locale: str | None,
    known: Mapping[str, Task],
    title: str = "--title",
) -> TaskTable:
    """The table of one row that these words are, by our columns' names.

    `title` is what the command calls the title.  Raises WrongUse with every mistake in them, each
    under its option's name.
    """
    from blocker.intake.problems import Mistakes
    from blocker.intake.sheet import Row, Sheet
    from blocker.intake.tasks_file import tasks_in

    sheet = Sheet(tuple(words), 1, (Row(1, tuple(words.values())),))
    mistakes = Mistakes("")
    try:
        return tasks_in(sheet, mistakes, team=team, columns={}, locale=locale, known=known)
    except WrongInput as wrong:
        raise WrongUse("\n".join(_said(one, title) for one in wrong.mistakes)) from None


def _said(mistake: Mistake, title: str) -> str:
    """`--not-before: what is wrong; what would be right`."""
    option = title if mistake.place == "title" else f"--{mistake.place.replace('_', '-')}"
    remedy = mistake.remedy.removesuffix(_OF_A_FILE)
    return f"{option}: {mistake.message}" + (f"; {remedy}" if remedy else "")


_OF_A_FILE = ", or name the column `hours`"
"""What only a file could do about an estimate without a unit."""
