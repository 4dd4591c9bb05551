"""`blocker pull`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.changing import carry_out, way_options
from blocker.cli.options import Globals, for_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.pulling import Offers
    from blocker.domain.team import Team


@click.command("pull", epilog="Example: blocker --as ana pull --take T-031")
@click.option("--take", metavar="TASK", help="Move this task into the running sprint and book it.")
@for_option
@way_options
@click.pass_obj
def command(
    given: Globals,
    take: str | None,
    members: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    form: str,
) -> int:
    """Finished early?  Shows what fits into your free time, and takes it on with --take.

    Tasks of the next sprint come first, by priority, then those of the backlog, by rank.  Nothing
    that was promised moves for it.
    """
    from blocker.commands.pull import offers, pull

    workspace = given.workspace()
    if take is not None:
        job = partial(pull, workspace, take)
        return carry_out("pull", job, workspace.team, form, yes=yes, dry_run=dry_run)
    with progress() as tell:
        found = offers(workspace, members, tell.say)
    _show(found, workspace.team, form)
    for error in found.errors:
        exits.say_wrong(error)
    if found.errors:
        return exits.UNREACHABLE
    return exits.DONE if any(one.fits for one in found.offers) else exits.NO


def _show(found: Offers, team: Team, form: str) -> None:
    from blocker.reports.about_pulling import offers_json, show_offers

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(offers_json(found, team)))
    else:
        from blocker.reports.terminal import console

        show_offers(found, team, console())
