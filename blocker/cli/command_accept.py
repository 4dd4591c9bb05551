"""`blocker accept`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, sprint_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.commitment import Acceptance
    from blocker.domain.finding import Code
    from blocker.domain.team import Team


def _waived(text: str) -> tuple[str, Code | None]:
    """A task and, behind a colon, the code of one of its errors."""
    from blocker.domain.finding import Code

    task, _, code = text.partition(":")
    if not code:
        return task, None
    try:
        return task, Code(code.strip().lower())
    except ValueError:
        known = ", ".join(one.value for one in Code)
        raise click.BadParameter(f"{code!r} is no finding; they are {known}") from None


@click.command("accept", epilog="Example: blocker --as maya accept --sprint next")
@sprint_option
@click.option(
    "--waive",
    "waive",
    type=_waived,
    multiple=True,
    metavar="TASK[:CODE]",
    help="Accept this task as it is, or only this error of it; needs --because.",
)
@click.option(
    "--waive-unreadable",
    "unreadable",
    multiple=True,
    metavar="MEMBER",
    help="Accept although calendars of this member cannot be read; needs --because.",
)
@click.option(
    "--except",
    "without",
    multiple=True,
    metavar="MEMBER",
    help="Send this member's open tasks to the next sprint and accept the rest; needs --because.",
)
@click.option("--because", metavar="TEXT", help="Why: it is kept with the acceptance.")
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals,
    sprint: str | None,
    waive: tuple[tuple[str, Code | None], ...],
    unreadable: tuple[str, ...],
    without: tuple[str, ...],
    because: str | None,
    form: str,
) -> int:
    """Accept the sprint: only if every task stands in its owner's calendar with all its time.

    Reads all calendars now.  A manager decides.  What is accepted is kept for good, and from then
    on nothing new gets into the sprint: later changes are recorded, and `blocker audit` shows what
    moved since.
    """
    from blocker.commands.accept import Asked, accept

    workspace = given.workspace()
    asked = Asked(sprint, waive, unreadable, without, because)
    with progress() as tell:
        answer = accept(workspace, asked, tell.say)
    _show(answer, workspace.team, form)
    for error in answer.report.errors:
        exits.say_wrong(error)
    if answer.report.errors:
        return exits.UNREACHABLE
    return exits.DONE if answer.commitment is not None else exits.NO


def _show(answer: Acceptance, team: Team, form: str) -> None:
    from blocker.reports.about_acceptance import acceptance_json, show_acceptance

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(acceptance_json(answer, team)))
    else:
        from blocker.reports.terminal import console

        show_acceptance(answer, team, console())
