"""`blocker reassign`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.changing import because_option, carry_out, way_options
from blocker.cli.options import Globals
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.commands.reassign import Candidates


@click.command("reassign", epilog="Example: blocker reassign T-014 ben --because sick")
@click.argument("task")
@click.argument("member", required=False)
@because_option
@way_options
@click.pass_obj
def command(
    given: Globals,
    task: str,
    member: str | None,
    because: str | None,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Give what is left of TASK to MEMBER, and book it in their free time.

    Without MEMBER: shows who has the room for it.
    """
    from blocker.commands.reassign import candidates, reassign

    workspace = given.workspace()
    if member is not None:
        job = partial(reassign, workspace, task, member, because)
        return carry_out("reassign", job, workspace.team, form, yes=yes, dry_run=dry_run)
    with progress() as tell:
        found = candidates(workspace, task, tell.say)
    _show(found, form)
    for error in found.errors:
        exits.say_wrong(error)
    if found.errors:
        return exits.UNREACHABLE
    return exits.DONE if found.members else exits.NO


def _show(found: Candidates, form: str) -> None:
    from blocker.reports.about_candidates import as_lines, as_value
    from blocker.reports.as_json import to_text
    from blocker.reports.terminal import console, plain, show_lines

    if form == "json":
        click.echo(to_text(as_value(found.task, found.left, found.members, found.errors)))
        return
    lines = as_lines(found.task, found.left, found.members)
    show_lines((plain(line) for line in lines), console())
