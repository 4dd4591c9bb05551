"""`blocker swap`."""

from __future__ import annotations

from functools import partial

import click

from blocker.cli.changing import because_option, carry_out, way_options
from blocker.cli.options import Globals


@click.command(
    "swap", epilog='Example: blocker --as maya swap --out T-020 --in T-099 --because "press date"'
)
@click.option("--out", multiple=True, required=True, metavar="TASK", help="What leaves.")
@click.option(
    "--in",
    "into",
    required=True,
    metavar="TASK",
    help="What comes in: of a later sprint or backlog.",
)
@because_option
@click.option("--asked-by", metavar="NAME", help="Who asked for it, a member or not.")
@way_options
@click.pass_obj
def command(
    given: Globals,
    out: tuple[str, ...],
    into: str,
    because: str | None,
    asked_by: str | None,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Let an urgent task into an accepted sprint for others that leave it.  A manager decides.

    No more minutes come in than leave, and only if they find free time.  What leaves goes to the
    next sprint.
    """
    from blocker.commands.swap import swap

    workspace = given.workspace()
    job = partial(swap, workspace, out, into, because, asked_by=asked_by)
    return carry_out("swap", job, workspace.team, form, yes=yes, dry_run=dry_run)
