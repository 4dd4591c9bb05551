"""`blocker task`."""

from __future__ import annotations

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option, sprint_option


@click.group("task", invoke_without_command=False)
def command() -> None:
    """Look at the work itself: the tasks of a sprint and of the backlog."""


@command.command("list", epilog="Example: blocker task list --sprint next --for ana")
@sprint_option
@click.option("--backlog", is_flag=True, help="The backlog instead of a sprint.")
@for_option
@format_option("table", "json")
@click.pass_obj
def list_tasks(
    given: Globals, sprint: str | None, backlog: bool, members: tuple[str, ...], form: str
) -> int:
    """List the tasks of a sprint, or of the backlog."""
    from blocker.commands.tasks import list_tasks as listing

    workspace = given.workspace()
    found = listing(workspace, sprint, members, backlog=backlog)
    if form == "json":
        from blocker.reports.as_json import tasks_json, to_text

        click.echo(to_text(tasks_json(found.tasks, workspace.team)))
    else:
        from blocker.reports.as_table import show_tasks
        from blocker.reports.terminal import console

        show_tasks(found.sprint, found.state, found.tasks, workspace.team, console())
    return exits.DONE
