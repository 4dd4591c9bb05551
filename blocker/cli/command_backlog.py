"""`blocker backlog`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option

if TYPE_CHECKING:
    from blocker.domain.task_change import Backlog
    from blocker.domain.team import Team


@click.group("backlog", invoke_without_command=True, epilog="Example: blocker backlog --for ana")
@for_option
@format_option("table", "json")
@click.pass_context
def command(context: click.Context, members: tuple[str, ...], form: str) -> int:
    """List what waits for no sprint yet, in the order in which `blocker pull` offers it.

    Tasks get here with `--sprint backlog`, or with backlog in the column sprint of a tasks file.
    """
    if context.invoked_subcommand is not None:
        return exits.DONE
    from blocker.commands.backlog import list_backlog

    workspace = context.obj.workspace()
    _show(list_backlog(workspace, members), workspace.team, form)
    return exits.DONE


@command.command("rank", epilog="Example: blocker backlog rank T-020 --above T-014")
@click.argument("task")
@click.option("--above", metavar="TASK", help="Right above this one.")
@click.option("--below", metavar="TASK", help="Right below this one.")
@click.option("--top", is_flag=True, help="Above all.")
@format_option("table", "json")
@click.pass_obj
def rank(
    given: Globals, task: str, above: str | None, below: str | None, top: bool, form: str
) -> int:
    """Move a task of the backlog up or down; show the backlog as it is then."""
    from blocker.commands.backlog import rank_in_backlog

    workspace = given.workspace()
    backlog = rank_in_backlog(workspace, task, above=above, below=below, top=top)
    _show(backlog, workspace.team, form)
    return exits.DONE


def _show(backlog: Backlog, team: Team, form: str) -> None:
    from blocker.reports.about_tasks import backlog_json, backlog_lines

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(backlog_json(backlog, team)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(backlog_lines(backlog, team), console())
