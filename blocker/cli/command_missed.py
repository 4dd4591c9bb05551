"""`blocker missed`."""

from __future__ import annotations

from functools import partial

import click

from blocker.cli.changing import because_option, carry_out, dry_run_option
from blocker.cli.options import Globals, format_option, yes_option


@click.command("missed", epilog="Example: blocker missed T-014 2/3")
@click.argument("task")
@click.argument("part", required=False)
@because_option
@dry_run_option
@yes_option
@format_option("table", "json")
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
