"""`blocker store`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option, is_terminal, yes_option

if TYPE_CHECKING:
    from blocker.commands.store_purge import Purged


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no date; write it like 2027-01-31") from None


def _print_json(found: object) -> None:
    import json

    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.group("store", epilog="Example: blocker store check")
def command() -> None:
    """Look after the store: back it up, check it, see who did what, take out what is old."""


@command.command("migrate", epilog="Example: blocker --as maya store migrate")
@format_option("table", "json")
@click.pass_obj
def migrate(given: Globals, form: str) -> int:
    """Bring the store forward to this version of blocker; for a manager.

    A store in a file comes forward by itself.  One on PostgreSQL is shared: this waits until nobody
    uses it, and afterwards everybody needs this version.  It happens wholly or not at all.
    """
    from blocker.commands.store_migrate import migrate as bring_forward

    done = bring_forward(given.workspace())
    if form == "json":
        _print_json({"store": done.place, "before": done.before, "after": done.after})
    elif done.before == done.after:
        click.echo(f"{done.place} has schema {done.after} already: nothing was changed.")
    else:
        click.echo(f"{done.place}: schema {done.before or 'none'} -> {done.after}")
        click.echo("From now on everybody who shares it needs this version of blocker.")
        if done.place.startswith("postgresql"):
            click.echo("Where roles are used, give their rights anew: blocker store roles --sql")
    return exits.DONE


@command.command("backup", epilog="Example: blocker store backup blocker-2027-01-31.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@format_option("table", "json")
@click.pass_obj
def backup(given: Globals, file: Path, force: bool, form: str) -> int:
    """Write everything into FILE, as of one moment, readable by you alone.

    FILE is a store itself, wherever the store is kept: `store: sqlite:///FILE` opens it.
    """
    from blocker.commands.store_backup import backup as write

    done = write(given.workspace(), file, force=force)
    if form == "json":
        counts = {"tasks": done.tasks, "commitments": done.commitments}
        _print_json({"file": str(done.path), **counts})
    else:
        click.echo(f"{done.path}: tasks {done.tasks}, commitments {done.commitments}")
    return exits.DONE


@command.command("restore", epilog="Example: blocker --as maya store restore blocker-2027-01-31.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@format_option("table", "json")
@click.pass_obj
def restore(given: Globals, file: Path, form: str) -> int:
    """Fill an empty store with what a backup holds of your team; for a manager.

    So a store also moves to PostgreSQL: back it up, change `store:` in the config, restore it.
    """
    from blocker.commands.store_restore import restore as fill

    done = fill(given.workspace(), file)
    if form == "json":
        counts = {"tasks": done.tasks, "commitments": done.commitments}
        _print_json({"file": str(done.path), "store": done.place, **counts})
    else:
        click.echo(f"{done.place}: tasks {done.tasks}, commitments {done.commitments}")
        click.echo("Look at it with: blocker store check")
    return exits.DONE


@command.command("check", epilog="Example: blocker store check")
@format_option("table", "json")
@click.pass_obj
def check(given: Globals, form: str) -> int:
    """Check that the database is sound, each acceptance is as it was sealed, and the chain holds.

    Exit 1 when something is wrong.  Changes nothing.
    """
    from blocker.commands.store_check import check as look
    from blocker.reports.about_store import check_json, check_lines

    found = look(given.workspace())
    parts = (found.place, found.schema, found.counts, found.faults, found.notes)
    if form == "json":
        _print_json(check_json(*parts))
    else:
        from blocker.reports.terminal import console, show_lines

        show_lines(check_lines(*parts), console())
    return exits.DONE if found.ok else exits.NO


@command.command("purge", epilog="Example: blocker --as maya store purge --before 2026-07-01")
@click.option(
    "--before", type=_day, metavar="DATE", required=True, help="A day, such as 2026-07-01."
)
@click.option("--dry-run", is_flag=True, help="Show how much it would be; change nothing.")
@yes_option
@format_option("table", "json")
@click.pass_obj
def purge(given: Globals, before: date, dry_run: bool, yes: bool, form: str) -> int:
    """Take out for good what is old; for a manager.

    That is: of closed sprints that ended before the day, their finished tasks, runs, receipts,
    amendments and records; and what was logged before it.  Of what was accepted the seals stay.
    """
    from blocker.commands.store_purge import purge as take_out
    from blocker.reports.about_store import purge_json

    def confirm(found: Purged) -> bool:
        if yes or not is_terminal():
            return True
        _show_purge(found)
        return click.confirm("Take this out for good?", default=False, err=True)

    found = take_out(given.workspace(), before, confirm, dry_run=dry_run)
    if form == "json":
        _print_json(purge_json(found.before, found.sprints, found.counts, is_done=found.is_done))
    else:
        _show_purge(found)
    return exits.DONE


def _show_purge(found: Purged) -> None:
    from blocker.reports.about_store import purge_lines
    from blocker.reports.terminal import console, show_lines

    lines = purge_lines(found.before, found.sprints, found.counts, is_done=found.is_done)
    show_lines(lines, console())


@command.command("export", epilog="Example: blocker --as ana store export --for ana -o ana.json")
@click.option(
    "--for", "who", metavar="MEMBER", required=True, help="Whom it is about (id, name or email)."
)
@click.option(
    "-o",
    "--output",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it into this new file, readable by you alone; else to stdout.",
)
@click.pass_obj
def export(given: Globals, who: str, output: Path | None) -> int:
    """Give out everything that is kept about one person, as JSON; for them, or for a manager."""
    from blocker.commands.store_person import everything_about, save

    found = everything_about(given.workspace(), who)
    if output is None:
        _print_json(found)
    else:
        save(found, output)
        click.echo(f"{output}: everything about {found['person']['name']}", err=True)
    return exits.DONE


@command.command("log", epilog="Example: blocker store log --since 2027-01-04")
@click.option(
    "--since", type=_day, metavar="DATE", help="Only from this day on, such as 2027-01-04."
)
@format_option("table", "json")
@click.pass_obj
def log(given: Globals, since: date | None, form: str) -> int:
    """Show who did what, the newest last."""
    from blocker.commands.store_log import log as read
    from blocker.reports.about_store import log_json, show_log

    workspace = given.workspace()
    entries = [(one.at, one.who, one.what) for one in read(workspace, since)]
    if form == "json":
        _print_json(log_json(entries, workspace.team))
    else:
        from blocker.reports.terminal import console

        show_log(entries, workspace.team, console())
    return exits.DONE


@command.command("roles", epilog="Example: blocker store roles --sql | psql blocker")
@click.option("--sql", "as_sql", is_flag=True, help="The statements that make the roles.")
@format_option("table", "json")
@click.pass_obj
def roles(given: Globals, as_sql: bool, form: str) -> int:
    """Show who may write what in a shared store, or the statements for PostgreSQL that make it so.

    With SQLite nothing of this is enforced: roles there guard against mistakes, not malice.
    """
    from blocker.commands.store_roles import rights, roles_sql

    if as_sql:
        click.echo(roles_sql(given.workspace()))
    elif form == "json":
        _print_json({name: ["SELECT", *words] for name, words in rights().items()})
    else:
        from blocker.reports.about_store import show_rights
        from blocker.reports.terminal import console

        show_rights(rights(), console())
    return exits.DONE
