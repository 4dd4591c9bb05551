"""`blocker undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, is_terminal, yes_option

if TYPE_CHECKING:
    from blocker.commands.undo import Undone


@click.command("undo", epilog="Example: blocker undo --dry-run")
@click.option("--dry-run", is_flag=True, help="Show what would be taken back; change nothing.")
@yes_option
@format_option("table", "json")
@click.pass_obj
def command(given: Globals, dry_run: bool, yes: bool, form: str) -> int:
    """Take back what your last `book` changed in calendars; again, the one before it.

    Blocks that somebody has changed since, and those that are past, stay and are named.  Tasks
    stay.
    """
    from blocker.commands.undo import undo

    def confirm(undone: Undone) -> bool:
        if not undone.count or yes or not is_terminal():
            return True
        _show(undone, "table")
        return click.confirm("Take this back?", default=True, err=True)

    undone = undo(given.workspace(), confirm, dry_run=dry_run)
    _show(undone, form)
    for error in undone.errors:
        exits.say_wrong(error)
    return exits.UNREACHABLE if undone.errors else exits.DONE


def _show(undone: Undone, form: str) -> None:
    from blocker.reports.wording import undo_lines

    if form == "json":
        from blocker.reports.as_json import blocks_json, to_text

        click.echo(
            to_text(
                {
                    "schema": "blocker.undo/1",
                    "done": undone.is_done,
                    "sprint": undone.sprint.name,
                    "removed": blocks_json(undone.removed),
                    "restored": blocks_json(undone.restored),
                    "moved_back": blocks_json(undone.moved_back),
                    "stayed": list(undone.stayed),
                    "errors": list(undone.errors),
                }
            )
        )
        return
    lines = undo_lines(
        undone.sprint.name,
        {
            "removed": undone.removed,
            "restored": undone.restored,
            "put back": undone.moved_back,
        },
        undone.stayed,
        is_done=undone.is_done,
    )
    click.echo("\n".join(lines))
