"""`blocker import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, late_options, sprint_option, tasks_source

if TYPE_CHECKING:
    from blocker.commands.import_tasks import Imported
    from blocker.intake.google_tab import GoogleTab


@click.command("import", epilog="Example: blocker import tasks.csv --sprint next")
@click.argument("file", type=tasks_source)
@sprint_option
@click.option("--prune", is_flag=True, help="Drop tasks of the sprint that FILE no longer names.")
@click.option(
    "--write-ids",
    is_flag=True,
    help="Fill the empty cells of a Google Sheet's column id, so that a renamed task stays itself.",
)
@late_options
@format_option("table", "json")
@click.pass_obj
def command(
    given: Globals,
    file: Path | GoogleTab,
    sprint: str | None,
    prune: bool,
    write_ids: bool,
    route: bool,
    asked_by: str | None,
    form: str,
) -> int:
    """Take tasks in from a CSV, XLSX or YAML file, or from a tab of a Google Sheet.

    All of them or, when a row is wrong, none.  FILE may be an address such as
    https://docs.google.com/spreadsheets/d/...#Tasks, with the name of the tab at its end.

    A task that is known already is brought up to date by the cells that changed since its last
    import.  Importing the same file twice changes nothing.

    An accepted sprint lets no task in: then nothing is taken, or with --route the late ones go to
    the next sprint.
    """
    from blocker.commands.at_the_gate import Late
    from blocker.commands.import_tasks import import_tasks

    late = Late(route, asked_by)
    done = import_tasks(
        given.workspace(), file, sprint, prune=prune, writes_ids=write_ids, late=late
    )
    _show(done, form)
    return exits.DONE


def _show(done: Imported, form: str) -> None:
    changed = len(done.taken.changed) - done.taken.added
    if form == "json":
        from blocker.reports.as_json import to_text

        click.echo(
            to_text(
                {
                    "schema": "blocker.import/1",
                    "sprint": done.sprint.name,
                    "added": done.taken.added,
                    "changed": changed,
                    "gone": list(done.taken.gone),
                    "routed": list(done.taken.routed),
                    "notes": list(done.taken.notes),
                    "ids_written": done.ids_written,
                }
            )
        )
        return
    from blocker.reports.terminal import plain
    from blocker.reports.wording import counted

    for note in done.taken.notes:
        click.echo(plain(f"! {note}"))
    if done.ids_written:
        click.echo(f"{counted(done.ids_written, 'id')} written into the sheet.")
    click.echo(
        f"{done.sprint.name}: {counted(done.taken.added, 'task')} added, {changed} changed, "
        f"{len(done.taken.pruned)} dropped."
    )
