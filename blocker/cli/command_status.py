"""`blocker status`."""

from __future__ import annotations

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option, sprint_option
from blocker.cli.progress import progress


@click.command("status", epilog="Example: blocker status --for ana")
@sprint_option
@for_option
@click.option("--as-manager", is_flag=True, help="Show what a manager sees, byte for byte.")
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals, sprint: str | None, members: tuple[str, ...], as_manager: bool, form: str
) -> int:
    """Say where the sprint stands at this moment; changes nothing.

    A marketer, or whoever names one with --for, hears in three lines what runs now, what comes next
    and what changed since yesterday.  A manager sees the team in one table, and what there is to
    decide.  Other people's meetings are never named, only that somebody is busy.
    """
    from blocker.commands.status import status

    workspace = given.workspace()
    with progress() as tell:
        found = status(workspace, sprint, members, as_manager=as_manager, tell=tell.say)
    if form == "json":
        from blocker.reports.about_status import status_json
        from blocker.reports.as_json import to_text

        click.echo(to_text(status_json(found, workspace.team)))
    else:
        from blocker.reports.about_status import show_status
        from blocker.reports.terminal import console

        show_status(found, workspace.team, console())
    for error in found.report.errors:
        exits.say_wrong(error)
    if found.report.errors:
        return exits.UNREACHABLE
    return exits.DONE if found.report.ok else exits.NO
