"""`blocker sprint`."""

from __future__ import annotations

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, sprint_option
from blocker.cli.progress import progress


@click.group("sprint", epilog="Example: blocker sprint show S27 --verify")
def command() -> None:
    """Look at sprints: what was promised, what changed since, what came of it."""


@command.command("list", epilog="Example: blocker sprint list")
@format_option("table", "json")
@click.pass_obj
def list_sprints(given: Globals, form: str) -> int:
    """The last six sprints: hours promised, standing and past, tasks done."""
    from blocker.commands.sprints import list_sprints as listing
    from blocker.reports.about_sprints import show_sprints, sprints_json

    with progress() as tell:
        sums, errors = listing(given.workspace(), tell.say)
    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(sprints_json(sums, errors)))
    else:
        from blocker.reports.terminal import console

        show_sprints(sums, console())
    for error in errors:
        exits.say_wrong(error)
    return exits.UNREACHABLE if errors else exits.DONE


@command.command("show", epilog="Example: blocker sprint show S27 --verify")
@click.argument("name", required=False, metavar="[SPRINT]")
@sprint_option
@click.option(
    "--verify",
    is_flag=True,
    help="Check that no acceptance was changed since, and that each change of the sprint is kept.",
)
@format_option("table", "json")
@click.pass_obj
def show_sprint(
    given: Globals, name: str | None, sprint: str | None, verify: bool, form: str
) -> int:
    """One sprint: what was accepted and by whom, each change since, and how it ended."""
    from blocker.commands.sprints import show_sprint as showing
    from blocker.reports.about_sprints import sprint_lines, sprint_record_json

    if name and sprint:
        raise click.UsageError("name the sprint once")
    workspace = given.workspace()
    record = showing(workspace, name or sprint, verify=verify)
    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(sprint_record_json(record, workspace.team)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(sprint_lines(record, workspace.team), console())
    return exits.NO if record.faults else exits.DONE
