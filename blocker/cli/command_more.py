"""`blocker more`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import click

from blocker.cli.changing import because_option, carry_out, way_options
from blocker.cli.options import Globals, duration


@click.command("more", epilog='Example: blocker more T-014 2h --because "the client sent changes"')
@click.argument("task")
@click.argument("time", type=duration)
@because_option
@way_options
@click.pass_obj
def command(
    given: Globals,
    task: str,
    time: timedelta,
    because: str | None,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Say that TASK needs so much TIME more than was thought, and why.

    What fits into free time is booked; nothing else moves.  Where there is no room it is recorded
    all the same, and what would help is shown.
    """
    from blocker.commands.more import more

    workspace = given.workspace()
    job = partial(more, workspace, task, time, because)
    return carry_out("more", job, workspace.team, form, yes=yes, dry_run=dry_run)
