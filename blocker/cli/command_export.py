"""`blocker export`."""

from __future__ import annotations

from pathlib import Path

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option, sprint_option


@click.command("export", epilog="Example: blocker export -o blocks --sprint next")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder for the files; made if it is not there.",
)
@click.option("--team", "whole_team", is_flag=True, help="One file with everybody's blocks.")
@sprint_option
@for_option
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals,
    folder: Path,
    whole_team: bool,
    sprint: str | None,
    members: tuple[str, ...],
    form: str,
) -> int:
    """Write the blocks that stand as .ics files, for calendars that this program cannot reach.

    One file for each member, SPRINT-MEMBER.ics, to be imported by hand: Outlook, Microsoft 365,
    Apple Calendar, Google Calendar and others read it.
    """
    from blocker.commands.export import export

    done = export(given.workspace(), folder, sprint, members, whole_team=whole_team)
    if form == "json":
        from blocker.reports.as_json import to_text

        files = [{"file": str(path), "blocks": number} for path, number in done.files]
        shown = {"schema": "blocker.export/1", "sprint": done.sprint.name, "files": files}
        click.echo(to_text({**shown, "errors": list(done.errors)}))
    else:
        from blocker.reports.wording import counted

        for path, number in done.files:
            click.echo(f"{path}: {counted(number, 'block')}")
        if done.empty:
            names = ", ".join(member.name for member in done.empty)
            click.echo(f"{done.sprint.name}: no blocks of {names} to export; book them first")
    for error in done.errors:
        exits.say_wrong(error)
    return exits.UNREACHABLE if done.errors else exits.DONE
