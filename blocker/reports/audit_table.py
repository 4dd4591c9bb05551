"""An audit for a person in a terminal; plain when piped.  Colour never carries meaning alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from blocker.domain.finding import AuditReport, Finding, MemberAudit, Severity
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports import about_audit, wording
from blocker.reports.terminal import hanging, member_head, plain

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def show_audit(report: AuditReport, team: Team, notes: Sequence[str], out: Console) -> None:
    """Each member in a line, what was found, the outcomes, the verdict, and messages to pass on."""
    out.print(Text(wording.sprint_line(report.sprint, report.sprint_state), "bold"))
    for sentence in about_audit.promise_lines(report, team):
        out.print(Text(plain(sentence)))
    out.print()
    out.print(_members(report, team))
    for audit in report.members:
        _show_findings(audit, team, out)
    if report.outcomes:
        out.print()
        out.print(_outcomes(report, team))
    if notes or report.orphans:
        out.print()
    for note in (*notes, *report.orphans):
        out.print(hanging("! ", Text(plain(note)), "yellow"))
    out.print()
    verdict = plain(wording.verdict(report, team))
    out.print(Text(verdict, "bold green" if report.ok else "bold red"))
    _show_messages(report, team, out)


def _show_messages(report: AuditReport, team: Team, out: Console) -> None:
    open_ones = [audit for audit in report.members if not audit.ok]
    if open_ones:
        out.print(Text("\nTo pass on:", "dim"))
    for audit in open_ones:
        message = wording.message_to(team.member(audit.member), audit, report.sprint)
        out.print()
        out.print(Text(plain(message)), soft_wrap=not out.record)


def _members(report: AuditReport, team: Team) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    is_accepted = report.accepted is not None
    names = ["tasks", "needed" if is_accepted else "promised", "on calendar"]
    names += ["promised", "still stands"] if is_accepted else []
    table.add_column("")
    for name in names:
        table.add_column(name, justify="right")
    table.add_column("")
    for audit in report.members:
        promise = [duration_text(audit.promised), about_audit.kept_text(audit)]
        table.add_row(
            plain(team.member(audit.member).name),
            str(sum(task.is_owed for task in audit.tasks)),
            duration_text(audit.committed),
            duration_text(audit.on_calendar),
            *(promise if is_accepted else ()),
            _standing(audit),
        )
    return table


def _standing(audit: MemberAudit) -> Text:
    return Text(wording.standing_word(audit), "green" if audit.ok else "bold red")


def _outcomes(report: AuditReport, team: Team) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    table.add_column(plain(f"outcome{wording.of_whom(report, team, 'for')}"))
    for name in ("needed", "on calendar", "stood so far"):
        table.add_column(name, justify="right")
    table.add_column("")
    for one in report.outcomes:
        table.add_row(
            plain(about_audit.outcome_name(one)),
            duration_text(one.committed),
            duration_text(one.on_calendar),
            duration_text(one.stood),
            Text(about_audit.outcome_lack(one), "yellow"),
        )
    return table


def _show_findings(audit: MemberAudit, team: Team, out: Console) -> None:
    shown = [one for one in audit.findings if one.code not in wording.QUIET]
    quiet = Counter(one.code for one in audit.findings if one.code in wording.QUIET)
    if not shown and not quiet:
        return
    out.print()
    out.print(member_head(team.member(audit.member)))
    for finding in wording.by_severity(shown):
        out.print(_finding(finding))
    for code, number in quiet.items():
        line = f"{code.value}, {number}: {wording.QUIET[code]}"
        out.print(hanging("  ", Text(line, "dim")))


def _finding(finding: Finding) -> Table:
    text = Text()
    text.append(f"{finding.code.value}: ", _STYLES[finding.severity])
    text.append(plain(finding.message))
    return hanging(f"  {finding.severity.value:8}", text, _STYLES[finding.severity])
