"""`blocker capacity`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option, sprint_option, tasks_source
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.intake.google_tab import GoogleTab


@click.command("capacity", epilog="Example: blocker capacity tasks.csv --sprint next")
@click.argument("file", type=tasks_source, required=False)
@sprint_option
@for_option
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals,
    file: Path | GoogleTab | None,
    sprint: str | None,
    members: tuple[str, ...],
    form: str,
) -> int:
    """Show who has how much room, before anyone commits.

    For each member and week: working, busy and free time, how much of it work blocks could fill,
    and how much the open tasks need.  With FILE: as if its tasks had been taken in.  Plans nothing
    and writes nothing; exit 1 when somebody has too much.
    """
    from blocker.commands.capacity import capacity
    from blocker.reports.about_capacity import capacity_json, show_capacity

    workspace = given.workspace()
    with progress() as tell:
        answer = capacity(workspace, file, sprint, members, tell.say)
    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(capacity_json(answer, workspace.team)))
        for note in answer.notes:
            exits.say_wrong(note)
    else:
        from blocker.reports.terminal import console

        show_capacity(answer, workspace.team, console())
    for error in answer.errors:
        exits.say_wrong(error)
    if answer.errors:
        return exits.UNREACHABLE
    return exits.DONE if answer.fits else exits.NO
