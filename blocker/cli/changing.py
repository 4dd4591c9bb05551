"""What commands share that change a task and then its blocks: show, ask once, write, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import click

from blocker.cli import exits
from blocker.cli.options import F, format_option, is_terminal, yes_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.commands.book import Confirm
    from blocker.commands.reading import Tell
    from blocker.domain.plan import Booking
    from blocker.domain.team import Team


class Job(Protocol):
    """Plans and, unless it is a dry run or not confirmed, writes."""

    def __call__(self, *, confirm: Confirm, dry_run: bool, tell: Tell) -> Booking: ...


dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be changed; change nothing."
)

because_option = click.option("--because", metavar="TEXT", help="Why: it is kept with the change.")


def way_options(command: F) -> F:
    """`--dry-run`, `--yes` and `--format`: what every command has that changes tasks and blocks."""
    return dry_run_option(yes_option(format_option("table", "json")(command)))


def carry_out(name: str, job: Job, team: Team, form: str, *, yes: bool, dry_run: bool) -> int:
    """Run the job, asking first on a terminal.  The exit code says whether all of it fits."""
    if is_terminal() and not yes and not dry_run:
        with progress() as tell:
            shown = job(confirm=lambda _: True, dry_run=True, tell=tell.say)
        _show(name, shown, team, "table")
        if not click.confirm("Do this?", default=True, err=True):
            click.echo("Nothing was changed.", err=True)
            return exits.DONE
        with progress() as tell:
            booking = job(confirm=_same_as(shown), dry_run=False, tell=tell.say)
        if booking.dry_run and not booking.is_cut_short:
            click.echo("Something changed meanwhile, so nothing was done; try it again.", err=True)
            return exits.NO
    else:
        with progress() as tell:
            booking = job(confirm=lambda _: True, dry_run=dry_run, tell=tell.say)
    _show(name, booking, team, form)
    for error in booking.errors:
        exits.say_wrong(error)
    if booking.is_cut_short:
        exits.say_wrong("interrupted; nothing was changed")
        return exits.INTERRUPTED
    if booking.errors:
        return exits.UNREACHABLE
    return exits.DONE if booking.fits and not booking.is_disturbed else exits.NO


def _same_as(shown: Booking) -> Callable[[Booking], bool]:
    """Only what was shown is written."""
    return lambda booking: (
        [(member.member.id, member.changes) for member in booking.members]
        == [(member.member.id, member.changes) for member in shown.members]
    )


def _show(name: str, booking: Booking, team: Team, form: str) -> None:
    from blocker.reports.about_booked_change import change_json, change_lines

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(change_json(name, booking, team)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(change_lines(booking), console())
