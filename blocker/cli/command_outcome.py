"""`blocker outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.outcome import OutcomeChange
    from blocker.domain.team import Team

_quarter_option = click.option(
    "--quarter", metavar="QUARTER", help="Such as 2027-Q1; by default the present one."
)


@click.group("outcome", epilog="Example: blocker outcome list")
def command() -> None:
    """The three to seven results that the quarter is for, and the hours that serve each."""


@command.command(
    "add", epilog="Example: blocker outcome add leads '400 qualified leads' --owner maya"
)
@click.argument("id_", metavar="ID")
@click.argument("title")
@_quarter_option
@click.option("--owner", metavar="MEMBER", help="Who answers for it.")
@format_option("table", "json")
@click.pass_obj
def add(
    given: Globals, id_: str, title: str, quarter: str | None, owner: str | None, form: str
) -> int:
    """Agree on an outcome, or bring a known one up to date.

    Tasks serve it by its ID: in the column outcome of a tasks file, or with --outcome.  A closed
    one is open again.
    """
    from blocker.commands.quarter import add_outcome

    workspace = given.workspace()
    change = add_outcome(workspace, id_, title, quarter, owner)
    _show(change, workspace.team, form)
    return exits.DONE


@command.command("list", epilog="Example: blocker outcome list --quarter 2027-Q1")
@_quarter_option
@click.option("--all", "everything", is_flag=True, help="Of all quarters, closed ones too.")
@format_option("table", "json")
@click.pass_obj
def list_outcomes(given: Globals, quarter: str | None, everything: bool, form: str) -> int:
    """List the quarter's outcomes with the hours that serve them.

    Committed: estimates of the tasks that name it.  Standing: how much of that is in the calendars
    as they are now.  Stood: what of it is past.  Closed sprints count as they were recorded.
    """
    from blocker.commands.outcome_hours import list_outcomes as listing

    workspace = given.workspace()
    with progress() as tell:
        found = listing(workspace, quarter, everything=everything, tell=tell.say)
    if form == "json":
        from blocker.reports.about_outcomes import outcomes_json
        from blocker.reports.as_json import to_text

        click.echo(to_text(outcomes_json(found, workspace.team)))
    else:
        from blocker.reports.about_outcomes import show_outcomes
        from blocker.reports.terminal import console

        show_outcomes(found, workspace.team, console())
    for error in found.errors:
        exits.say_wrong(error)
    return exits.UNREACHABLE if found.errors else exits.DONE


@command.command("close", epilog="Example: blocker outcome close leads")
@click.argument("id_", metavar="ID")
@format_option("table", "json")
@click.pass_obj
def close(given: Globals, id_: str, form: str) -> int:
    """An outcome was reached, or given up; `blocker outcome add` opens it again."""
    from blocker.commands.quarter import close_outcome

    workspace = given.workspace()
    _show(close_outcome(workspace, id_), workspace.team, form)
    return exits.DONE


def _show(change: OutcomeChange, team: Team, form: str) -> None:
    from blocker.reports.about_outcomes import change_json, change_lines

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(change_json(change, team)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(change_lines(change, team), console())
