"""`blocker fix`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, effort_option, format_option, is_terminal, yes_option
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.domain.explanation import Fix


@click.command("fix", epilog="Example: blocker fix T-020 2")
@click.argument("task")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--dry-run", is_flag=True, help="Show what would be changed; change nothing.")
@effort_option
@yes_option
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals, task: str, number: int, dry_run: bool, effort: str, yes: bool, form: str
) -> int:
    """Apply a remedy: TASK is the id of a task that does not fit, NUMBER one of its remedies.

    `blocker book` and `blocker why` show them.  It changes tasks, or the limit of one day; blocks
    follow with the next `blocker book`.  A meeting cannot be moved for you: whom to ask is said.
    """
    from blocker.commands.fix import fix

    with progress() as tell:

        def confirm(found: Fix) -> bool:
            if yes or not is_terminal():
                return True
            tell.stop()
            _show(found, "table")
            return click.confirm("Change this?", default=True, err=True)

        found = fix(
            given.workspace(),
            task,
            number,
            confirm,
            effort=effort,
            dry_run=dry_run,
            tell=tell.say,
        )
    _show(found, form)
    return exits.NO if found.ask is not None else exits.DONE


def _show(found: Fix, form: str) -> None:
    from blocker.reports.about_task import fix_json, fix_lines

    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(to_text(fix_json(found)))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(fix_lines(found), console())
