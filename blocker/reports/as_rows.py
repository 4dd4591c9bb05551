"""An audit as the rows of a spreadsheet."""

from __future__ import annotations

from datetime import timedelta

from blocker.domain.finding import AuditReport, Finding, TaskAudit
from blocker.domain.hours import moment_text
from blocker.domain.team import Team
from blocker.reports import wording

Row = list[str | float]

TITLE = "blocker audit"
"""The first cell: by it a tab is known that may be written over."""
HEADER = (
    "member",
    "task",
    "title",
    "outcome",
    "state",
    "estimate (hours)",
    "in the calendar (hours)",
    "ok",
    "finding",
    "severity",
    "what is wrong",
)


def audit_rows(report: AuditReport, team: Team) -> list[Row]:
    """A title, a header, and a row for each finding; a task without one has a row too."""
    title = wording.sprint_line(report.sprint, report.sprint_state)
    rows: list[Row] = [
        [TITLE, title, wording.verdict(report, team)],
        ["read", f"{moment_text(report.now, team.zone)} {team.zone.key}"],
        [],
        [*HEADER],
    ]
    for audited in report.members:
        name = team.member(audited.member).name
        for task in audited.tasks:
            rows += [_row(name, task, one) for one in task.findings]
            if not task.findings:
                rows.append(_row(name, task, None))
        rows += [_row(name, None, one) for one in audited.findings if one.task is None]
    rows += [["", "", "", "", "", "", "", "", "", "error", error] for error in report.errors]
    return rows


def _row(name: str, task: TaskAudit | None, finding: Finding | None) -> Row:
    row: Row = [name, *([""] * 7)]
    if task is not None:
        row[1:] = [
            task.task,
            task.title,
            task.outcome or "",
            task.state.value,
            task.estimate / timedelta(hours=1),
            task.counted / timedelta(hours=1),
            "yes" if task.ok else "no",
        ]
    if finding is None:
        return [*row, "", "", ""]
    return [*row, finding.code.value, finding.severity.value, finding.message]
