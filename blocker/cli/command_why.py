"""`blocker why`."""

from __future__ import annotations

import click

from blocker.cli import exits
from blocker.cli.options import Globals, effort_option, format_option
from blocker.cli.progress import progress


@click.command("why", epilog="Example: blocker why T-020")
@click.argument("task")
@effort_option
@format_option("table", "json")
@click.pass_obj
def command(given: Globals, task: str, effort: str, form: str) -> int:
    """Say why a task stands where it stands, or does not fit, and what would make it fit.

    TASK is its id.  For a booked task: what stood in the way before it, what it competes with, how
    much later it could begin.  Else: why it has no room, and numbered remedies for `blocker fix`.
    """
    from blocker.commands.why import why

    with progress() as tell:
        found = why(given.workspace(), task, effort=effort, tell=tell.say)
    if form == "json":
        from blocker.reports.about_task import why_json
        from blocker.reports.as_json import to_text

        click.echo(to_text(why_json(found)))
    else:
        from blocker.reports.about_task import why_lines
        from blocker.reports.terminal import console, show_lines

        show_lines(why_lines(found), console())
    return exits.DONE if found.fits else exits.NO
