"""`blocker book`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import (
    Globals,
    for_option,
    format_option,
    is_terminal,
    sprint_option,
    yes_option,
)
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.plan import Booking


@click.command("book", epilog="Example: blocker book tasks.csv --sprint next")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@sprint_option
@for_option
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.option("--prune", is_flag=True, help="Drop tasks of the sprint that FILE no longer names.")
@click.option("--anew", is_flag=True, help="Write all blocks anew when a calendar file is gone.")
@yes_option
@format_option("table", "json", "svg")
@click.pass_obj
def command(
    given: Globals,
    file: Path | None,
    sprint: str | None,
    members: tuple[str, ...],
    dry_run: bool,
    prune: bool,
    anew: bool,
    yes: bool,
    form: str,
) -> int:
    """Book the sprint's tasks as named blocks into their owners' calendars.

    Takes in the tasks of FILE first, if it is given.  Reads every calendar, finds the best plan,
    writes the blocks and reads them back.  Running it again changes nothing that is right.
    """
    from blocker.commands.book import Request, book

    asks = is_terminal() and not yes and not dry_run
    asked = False

    def confirm(booking: Booking) -> bool:
        nonlocal asked
        tell.stop()
        if not asks or not _writes(booking):
            return True
        asked = True
        from blocker.reports.as_table import console, show_booking
        from blocker.reports.wording import question

        show_booking(booking, console(), is_question=True)
        return click.confirm(question(booking), default=True, err=True)

    request = Request(file, sprint, members, dry_run, prune, anew)
    with progress() as tell:
        booking = book(given.workspace(), request, confirm, tell.say)
    if asked and booking.dry_run:
        click.echo("Nothing was written.", err=True)
        return exits.DONE
    if form != "table" or not asked:
        _show(booking, form)
    else:
        from blocker.reports.as_table import console
        from blocker.reports.wording import booking_sentence

        console().print(booking_sentence(booking))
    for error in booking.errors:
        exits.say_wrong(error)
    if booking.errors:
        return exits.UNREACHABLE
    return exits.DONE if booking.fits and not booking.is_disturbed else exits.NO


def _writes(booking: Booking) -> bool:
    from blocker.domain.plan import ChangeKind

    return booking.count(*(set(ChangeKind) - {ChangeKind.KEEP})) > 0


def _show(booking: Booking, form: str) -> None:
    if form == "json":
        from blocker.reports.as_json import booking_json, to_text

        click.echo(to_text(booking_json(booking)))
        return
    from blocker.reports.as_table import as_svg, console, show_booking

    if form == "svg":
        click.echo(as_svg(lambda out: show_booking(booking, out), "blocker book"))
    else:
        show_booking(booking, console())
