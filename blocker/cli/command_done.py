"""`blocker done`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import click

from blocker.cli.changing import Job, carry_out, way_options
from blocker.cli.options import Globals, duration


@click.command("done", epilog="Example: blocker done T-014 --took 5h")
@click.argument("task")
@click.option(
    "--took",
    type=duration,
    metavar="TIME",
    help="What it took in all; else the time of its blocks so far.",
)
@click.option("--reopen", is_flag=True, help="It is not finished after all.")
@way_options
@click.pass_obj
def command(
    given: Globals,
    task: str,
    took: timedelta | None,
    reopen: bool,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Say that TASK is finished: its blocks to come go, and nothing else moves.

    A check mark at the beginning of a block's title in your calendar says the same.  Who finishes
    early finds more with: blocker pull
    """
    from blocker.commands import done as jobs

    if reopen and took is not None:
        raise click.UsageError("--took is for what is finished, --reopen for what is not")
    workspace = given.workspace()
    job: Job = partial(jobs.done, workspace, task, took)
    if reopen:
        job = partial(jobs.reopen, workspace, task)
    return carry_out("done", job, workspace.team, form, yes=yes, dry_run=dry_run)
