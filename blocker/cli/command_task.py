"""`blocker task`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from blocker.cli import exits
from blocker.cli.options import (
    F,
    Globals,
    for_option,
    format_option,
    late_options,
    sprint_option,
)

if TYPE_CHECKING:
    from blocker.domain.task_change import TaskChange
    from blocker.domain.team import Team

_FIELDS = {
    "owner": ("MEMBER", "Whose task it is: an id, a name or an email."),
    "estimate": ("TIME", "How long it takes: 90m, 2h, 1h30."),
    "priority": ("1-4", "1 (highest) to 4, or high, medium, low."),
    "due": ("MOMENT", "2027-01-14, '2027-01-14 12:00' or 'W2 Wed': until when, in its sprint."),
    "not_before": ("MOMENT", "The same forms: not before that."),
    "after": ("TASKS", "What must be finished first: T-1,T-2+2d."),
    "outcome": ("ID", "The quarter's outcome that it serves."),
    "campaign": ("TEXT", "The campaign that it belongs to."),
    "sprint": ("SPRINT", "Where it goes: a name or number, current, next, backlog."),
    "shortest": ("TIME", "No block of it is shorter."),
    "longest": ("TIME", "No block of it is longer."),
}
"""The columns of a tasks file that are options here, with what they take and mean."""


def _field_options(command: F) -> F:
    for name, (metavar, text) in reversed(_FIELDS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, help=text)(
            command
        )
    return command


def _because_option(text: str) -> Callable[[F], F]:
    return click.option("--because", metavar="TEXT", help=text)


@click.group("task", invoke_without_command=False)
def command() -> None:
    """Look at the work itself, and change it by hand: the tasks of a sprint and of the backlog."""


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


@command.command("show", epilog="Example: blocker task show T-014")
@click.argument("task")
@format_option("table", "json")
@click.pass_obj
def show_task(given: Globals, task: str, form: str) -> int:
    """Show all that is known of a task, and what happened to it; plans nothing."""
    from blocker.commands.tasks import show_task as showing
    from blocker.reports.about_tasks import task_json, task_lines

    workspace = given.workspace()
    found = showing(workspace, task)
    if form == "json":
        _print_json(task_json(found, workspace.team))
    else:
        _print_lines(task_lines(found, workspace.team))
    return exits.DONE


@command.command("add", epilog="Example: blocker task add 'Write the teaser' --estimate 2h")
@click.argument("title")
@_field_options
@click.option("--id", "id", metavar="ID", help="Its key; without one it is made from the title.")
@late_options
@format_option("table", "json")
@click.pass_obj
def add_task(
    given: Globals,
    /,
    title: str,
    route: bool,
    asked_by: str | None,
    form: str,
    **fields: str | None,
) -> int:
    """Add one task, in the words of a tasks file.

    Without --owner it is yours.  Without --sprint it goes into the running sprint, once that is
    accepted into the next one.  An accepted sprint lets no task in: --route sends it on.
    """
    from blocker.commands.add_task import add_task as adding
    from blocker.commands.at_the_gate import Late

    words = {"title": title, "estimate": fields.pop("estimate") or ""}
    words |= {name: text for name, text in fields.items() if text}
    workspace = given.workspace()
    _show(adding(workspace, words, Late(route, asked_by)), workspace.team, form)
    return exits.DONE


@command.command("edit", epilog="Example: blocker task edit T-014 --estimate 3h --due 'W2 Wed'")
@click.argument("task")
@click.option("--title", metavar="TEXT", help="What is to be done.")
@_field_options
@_because_option("Why; needed where it takes a task out of an accepted sprint.")
@format_option("table", "json")
@click.pass_obj
def edit_task(
    given: Globals,
    /,
    task: str,
    because: str | None,
    form: str,
    **fields: str | None,
) -> int:
    """Change fields of a task; an empty value, as in --due "", clears one.

    In an accepted sprint only what takes nothing from anybody: what is refused names the command
    that records it.  Calendars follow with the next `blocker book`.
    """
    from blocker.commands.task_changes import edit_task as editing

    words = {name: text for name, text in fields.items() if text is not None}
    workspace = given.workspace()
    _show(editing(workspace, task, words, because), workspace.team, form)
    return exits.DONE


@command.command("drop", epilog="Example: blocker task drop T-014 --because 'the fair is off'")
@click.argument("task")
@_because_option("Why; needed in an accepted sprint.")
@format_option("table", "json")
@click.pass_obj
def drop_task(given: Globals, task: str, because: str | None, form: str) -> int:
    """Give a task up.  The next `blocker book` frees its blocks; what waited for it may begin."""
    from blocker.commands.task_changes import drop_task as dropping

    workspace = given.workspace()
    _show(dropping(workspace, task, because), workspace.team, form)
    return exits.DONE


def _show(change: TaskChange, team: Team, form: str) -> None:
    from blocker.reports.about_tasks import change_json, change_lines

    if form == "json":
        _print_json(change_json(change, team))
    else:
        _print_lines(change_lines(change, team))


def _print_json(value: dict[str, Any]) -> None:
    from blocker.reports.as_json import to_text

    click.echo(to_text(value))


def _print_lines(lines: list[str]) -> None:
    from blocker.reports.terminal import console, show_lines

    show_lines(lines, console())
