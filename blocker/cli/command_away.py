"""`blocker away`."""

from __future__ import annotations

from functools import partial

import click

from blocker.cli.changing import because_option, carry_out, way_options
from blocker.cli.options import Globals


@click.command("away", epilog="Example: blocker away ana 6..8 Jan --because sick --carry")
@click.argument("member")
@click.argument("when", nargs=-1, required=True)
@because_option
@click.option(
    "--carry", is_flag=True, help="Send tasks that find no room any more to the next sprint."
)
@way_options
@click.pass_obj
def command(
    given: Globals,
    member: str,
    when: tuple[str, ...],
    because: str | None,
    carry: bool,
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Say that MEMBER is away, at once: their blocks of that time are placed anew.

    WHEN is a day or several: 6 Jan, 6..8 Jan, 2027-01-06..2027-01-08, "2027-01-06 13:00-18:00".
    What finds no room is shown with what would help: give it away with `blocker reassign`, or send
    it to the next sprint with --carry.
    """
    from blocker.commands.away import away, time_away

    workspace = given.workspace()
    spans = time_away(workspace, member, " ".join(when))
    job = partial(away, workspace, member, spans, because, carry=carry)
    return carry_out("away", job, workspace.team, form, yes=yes, dry_run=dry_run)
