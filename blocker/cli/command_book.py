"""`blocker book`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import (
    Globals,
    effort_option,
    for_option,
    format_option,
    is_terminal,
    late_options,
    sprint_option,
    tasks_source,
    yes_option,
)
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.commands.book import Request
    from blocker.domain.plan import Booking, Change
    from blocker.intake.google_tab import GoogleTab
    from blocker.workspace import Workspace


@click.command("book", epilog="Example: blocker book tasks.csv --sprint next")
@click.argument("file", type=tasks_source, required=False)
@sprint_option
@for_option
@click.option("--dry-run", is_flag=True, help="Show what would be written; write nothing.")
@click.option("--prune", is_flag=True, help="Drop tasks of the sprint that FILE no longer names.")
@click.option("--anew", is_flag=True, help="Write all blocks anew when a calendar file is gone.")
@late_options
@effort_option
@yes_option
@format_option("table", "json", "svg")
@click.pass_obj
def command(
    given: Globals,
    file: Path | GoogleTab | None,
    sprint: str | None,
    members: tuple[str, ...],
    dry_run: bool,
    prune: bool,
    anew: bool,
    route: bool,
    asked_by: str | None,
    effort: str,
    yes: bool,
    form: str,
) -> int:
    """Book the sprint's tasks as named blocks into their owners' calendars.

    Takes in the tasks of FILE first, if it is given.  Reads every calendar, finds the best plan,
    writes the blocks and reads them back.  Running it again changes nothing that is right.
    """
    from blocker.commands.at_the_gate import Late
    from blocker.commands.book import Request, book

    late = Late(route, asked_by)
    request = Request(file, sprint, members, dry_run, prune, anew, effort=effort, late=late)
    workspace = given.workspace()
    if is_terminal() and not yes and not dry_run:
        booking = _asked(workspace, request)
        if booking is None:
            click.echo("Nothing was written.", err=True)
            return exits.DONE
    else:
        with progress() as tell:
            booking = book(workspace, request, tell=tell.say)
        _show(booking, form)
        for note in booking.notes if form != "table" else ():
            exits.say_wrong(note)
    for error in booking.errors:
        exits.say_wrong(error)
    if booking.is_cut_short:
        exits.say_wrong("interrupted; this is the best plan so far, and nothing was booked")
        return exits.INTERRUPTED
    if booking.errors:
        return exits.UNREACHABLE
    return exits.DONE if booking.fits and not booking.is_disturbed else exits.NO


def _asked(workspace: Workspace, request: Request) -> Booking | None:
    """Show the plan, ask, and write just that; None when the answer is no.

    While the question waits nothing is held: others can book.  If the plan is another one by the
    time of the answer, it is shown and asked about anew.
    """
    from blocker.commands.book import book
    from blocker.reports.as_table import show_booking, show_outcome
    from blocker.reports.terminal import console
    from blocker.reports.wording import question

    while True:
        with progress() as tell:
            shown = book(workspace, replace(request, dry_run=True), tell=tell.say)
        if shown.is_cut_short:
            show_booking(shown, console())
            return shown
        if _changes(shown):
            show_booking(shown, console(), is_question=True)
            if not click.confirm(question(shown), default=True, err=True):
                return None
        with progress() as tell:
            is_same = partial(_is_same, shown)
            told = replace(request, explain=not _changes(shown))
            booking = book(workspace, told, is_same, tell.say)
        if booking.is_cut_short:
            return booking
        if not booking.dry_run:
            if _changes(shown):
                show_outcome(booking, shown, console())
            else:
                show_booking(booking, console())
            return booking
        click.echo("Something changed meanwhile; this is the plan now.", err=True)


def _changes(booking: Booking) -> list[Change]:
    from blocker.domain.plan import ChangeKind

    return [
        change
        for member in booking.members
        for change in member.changes
        if change.kind is not ChangeKind.KEEP
    ]


def _is_same(shown: Booking, booking: Booking) -> bool:
    return _changes(shown) == _changes(booking)


def _show(booking: Booking, form: str) -> None:
    if form == "json":
        from blocker.reports.as_json import booking_json, to_text

        click.echo(to_text(booking_json(booking)))
        return
    from blocker.reports.as_table import show_booking
    from blocker.reports.terminal import as_svg, console

    if form == "svg":
        click.echo(as_svg(lambda out: show_booking(booking, out), "blocker book"))
    else:
        show_booking(booking, console())
