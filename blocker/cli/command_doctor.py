"""`blocker doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from blocker.cli import exits
from blocker.cli.options import Globals, format_option
from blocker.cli.progress import progress


@click.command("doctor", epilog="Example: blocker doctor, or: blocker doctor calendar.ics")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@format_option("table", "json")
@click.pass_obj
def command(given: Globals, file: Path | None, form: str) -> int:
    """Check config, time zone data, every calendar and the store; say what to do where one lacks.

    With FILE.ics: read that one calendar, no config needed.
    """
    if file is not None:
        return _one_file(file, form, given.now)
    from blocker.commands.doctor import Health, examine

    with progress() as tell:
        checks = examine(given.workspace(), tell.say)
    if form == "json":
        from blocker.reports.as_json import to_text

        shown = [
            {"health": one.health.value, "about": one.about, "text": one.text} for one in checks
        ]
        click.echo(to_text({"schema": "blocker.doctor/1", "checks": shown}))
    else:
        for one in checks:
            click.echo(f"{one.health.value:11} {one.about}: {one.text}")
    found = {one.health for one in checks}
    if Health.WRONG in found:
        return exits.WRONG_INPUT
    return exits.UNREACHABLE if Health.UNREACHABLE in found else exits.DONE


def _one_file(file: Path, form: str, now: str | None) -> int:
    from zoneinfo import ZoneInfo

    from blocker.commands.doctor import check_file
    from blocker.workspace import instant

    found = check_file(file, instant(now, ZoneInfo("UTC")))
    if form == "json":
        from blocker.reports.as_json import to_text

        shown = {"schema": "blocker.doctor-file/1", "file": str(file), "events": found.entries}
        troubles = [
            {"line": one.line, "uid": one.uid, "message": one.message} for one in found.troubles
        ]
        click.echo(to_text({**shown, "troubles": troubles}))
        return exits.DONE
    click.echo(
        f"{file}: {found.entries} events read, {found.instances} times within 400 days, "
        f"{len(found.troubles)} not understood"
    )
    for trouble in found.troubles:
        exits.say_wrong(str(trouble))
    return exits.DONE
