"""`blocker missed`."""

from __future__ import annotations

from functools import partial

import click

from blocker.cli.changing import because_option, carry_out, way_options
from blocker.cli.options import Globals


@click.command("missed", epilog="Example: blocker missed T-014 2/3")
@click.argument("task")
@click.argument("part", required=False)
@because_option
@way_options
@click.pass_obj
def command(
    given: Globals,
    task: str,
    part: str | None,
    because: str | None,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Say that the work of a past block of TASK did not happen: it no longer counts.

    PART is the block's number, such as 2/3; it is not needed where only one is past.  Its time is
    booked anew where there is room.
    """
    from blocker.commands.missed import missed

    workspace = given.workspace()
    job = partial(missed, workspace, task, part, because)
    return carry_out("missed", job, workspace.team, form, yes=yes, dry_run=dry_run)
