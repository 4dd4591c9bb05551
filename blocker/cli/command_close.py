"""`blocker close`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, is_terminal, sprint_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.closing import Closing, ClosingPreview, Decision
    from blocker.domain.team import Team


@click.command("close", epilog="Example: blocker --as maya close S27 --plan plan.csv")
@click.argument("name", required=False, metavar="[SPRINT]")
@sprint_option
@click.option("--preview", is_flag=True, help="Show what there is to decide; change nothing.")
@click.option(
    "--plan",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A table that says of each unfinished task what is left and where it goes.",
)
@click.option(
    "--waive-unreadable",
    "unreadable",
    multiple=True,
    metavar="MEMBER",
    help="Close although calendars of this member cannot be reached; needs --because.",
)
@click.option("--because", metavar="TEXT", help="Why: it is kept in the log.")
@format_option("table", "json", "csv")
@click.pass_obj
def command(
    given: Globals,
    name: str | None,
    sprint: str | None,
    preview: bool,
    plan: Path | None,
    unreadable: tuple[str, ...],
    because: str | None,
    form: str,
) -> int:
    """End a sprint: unfinished tasks go to the next one or to the backlog, the record is kept.

    A manager decides.  In a terminal it asks what is left of each unfinished task; otherwise write
    the answers into a file: `blocker close --preview --format csv > plan.csv`, and give it with
    --plan.
    """
    from blocker.commands.close import Unseen, close
    from blocker.commands.close import preview as look
    from blocker.commands.deciding import manager_asking

    if form == "csv" and not preview:
        raise click.UsageError("--format csv is for --preview")
    if name and sprint:
        raise click.UsageError("name the sprint once")
    workspace = given.workspace()
    word = name or sprint
    unseen = Unseen(unreadable, because)
    decisions: Mapping[str, Decision] = {}
    if preview or plan is not None or is_terminal():
        if not preview:
            manager_asking(workspace, "close")
        with progress() as tell:
            shown = look(workspace, word, tell.say, unseen)
        if preview:
            _show_preview(shown, workspace.team, form)
            return exits.DONE
        word = shown.sprint.name
        decisions = _decided(shown, workspace.team, plan)
    with progress() as tell:
        closing = close(workspace, word, decisions, tell.say, unseen)
    _show(closing, workspace.team, form)
    return exits.DONE


def _decided(shown: ClosingPreview, team: Team, plan: Path | None) -> dict[str, Decision]:
    """From the file, else asked for one by one."""
    if plan is not None:
        from blocker.intake.closing_plan import read_closing_plan

        return read_closing_plan(plan, [one.task.id for one in shown.unfinished])
    from blocker.cli.options import duration
    from blocker.domain.closing import Decision, Whither
    from blocker.domain.interval import duration_text
    from blocker.reports.about_closing import question
    from blocker.reports.terminal import plain

    found = {}
    for one in shown.unfinished:
        click.echo(plain(question(one, team)), err=True)
        to = Whither(
            click.prompt(
                f"  where to ({shown.following.name} is next)",
                type=click.Choice([str(each) for each in Whither]),
                default=one.proposal.to.value,
                err=True,
            )
        )
        if to in (Whither.DONE, Whither.DROP):
            found[one.task.id] = Decision(to)
            continue
        left = click.prompt(
            "  how much is left",
            value_proc=duration,
            default=duration_text(one.proposal.remaining or one.task.estimate).replace(" ", ""),
            err=True,
        )
        found[one.task.id] = Decision(to, left)
    return found


def _show(closing: Closing, team: Team, form: str) -> None:
    from blocker.reports.about_closing import closing_json, closing_lines

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(closing_json(closing, team)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(closing_lines(closing, team), console())


def _show_preview(shown: ClosingPreview, team: Team, form: str) -> None:
    from blocker.reports import about_closing

    if form == "csv":
        click.echo(about_closing.preview_csv(shown, team), nl=False)
    elif form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(about_closing.preview_json(shown)))
    else:
        from blocker.reports.terminal import console

        about_closing.show_preview(shown, team, console())
