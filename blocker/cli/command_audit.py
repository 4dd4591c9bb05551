"""`blocker audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from blocker.cli import exits
from blocker.cli.options import Globals, for_option, format_option, sprint_option, tasks_source
from blocker.cli.progress import progress

if TYPE_CHECKING:
    from blocker.commands.audit import Audited
    from blocker.domain.finding import AuditReport
    from blocker.domain.team import Team
    from blocker.intake.google_tab import GoogleTab


_FOR_OTHERS = ("markdown", "html", "junit", "svg")
"""What is made to be passed on names no meeting, not even the asker's own."""


@click.command("audit", epilog="Example: blocker audit --sprint next")
@click.argument("file", type=tasks_source, required=False)
@sprint_option
@for_option
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="Exit 1 when a finding is this grave or graver.",
)
@click.option(
    "--push",
    type=tasks_source,
    metavar="URL#TAB",
    help="Write the report into this tab of a Google Sheet, too.",
)
@format_option("table", "json", "markdown", "html", "junit", "svg")
@click.pass_obj
def command(
    given: Globals,
    file: Path | GoogleTab | None,
    sprint: str | None,
    members: tuple[str, ...],
    fail_on: str,
    push: Path | GoogleTab | None,
    form: str,
) -> int:
    """Check that each task really stands in its owner's calendar with all its time.

    Reads the calendars as they are now and holds them against the tasks that were taken in, or
    against those of FILE alone.  Changes no calendar and no task.
    """
    from blocker.commands.audit import audit

    if isinstance(push, Path):
        raise click.UsageError(
            "--push wants the address of a Google Sheet, with its tab at the end"
        )
    workspace = given.workspace()
    with progress() as tell:
        is_for_others = push is not None or form in _FOR_OTHERS
        audited = audit(workspace, file, sprint, members, tell.say, is_for_others=is_for_others)
    _show(audited, workspace.team, form)
    if push is not None:
        from blocker.commands.push import push_audit

        push_audit(workspace, push, audited.report)
        click.echo(f"The report stands in {push}.", err=True)
    for error in audited.report.errors:
        exits.say_wrong(error)
    if audited.report.errors:
        return exits.UNREACHABLE
    return exits.NO if _fails(audited.report, fail_on) else exits.DONE


def _fails(report: AuditReport, fail_on: str) -> bool:
    from blocker.domain.finding import Severity

    worst = report.worst()
    return fail_on != "never" and worst is not None and worst.rank <= Severity(fail_on).rank


def _show(audited: Audited, team: Team, form: str) -> None:
    report, notes = audited.report, audited.notes
    if form == "json":
        from blocker.reports.as_json import audit_json, to_text

        zones = {one.id: one.zone for one in team.members}
        click.echo(to_text(audit_json(report, zones, notes)))
    elif form == "markdown":
        from blocker.reports.as_markdown import audit_markdown

        click.echo(audit_markdown(report, team, notes))
    elif form == "html":
        from blocker.reports.as_html import audit_html

        click.echo(audit_html(report, team, notes), nl=False)
    elif form == "junit":
        from blocker.reports.as_junit import audit_junit

        click.echo(audit_junit(report, team))
    else:
        from blocker.reports.audit_table import show_audit
        from blocker.reports.terminal import as_svg, console

        if form == "svg":
            click.echo(as_svg(lambda out: show_audit(report, team, notes, out), "blocker audit"))
        else:
            show_audit(report, team, notes, console())
