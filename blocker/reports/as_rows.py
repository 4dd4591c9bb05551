"""An audit as the rows of a spreadsheet."""

from __future__ import annotations

from datetime import timedelta

from blocker.domain.finding import AuditReport, Finding, TaskAudit
from blocker.domain.hours import moment_text
from blocker.domain.team import Team
from blocker.reports import wording
from blocker.reports.about_audit import findings_without_task, promise_lines, promise_of
from blocker.reports.terminal import plain

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


PROMISE_HEADER = ("member", "promised (hours)", "still standing (hours)", "share")


def audit_rows(report: AuditReport, team: Team) -> list[Row]:
    """A title, a header, and a row for each finding; a task without one has a row too.

    Before the header stands what was promised, once the sprint is accepted.
    """
    title = wording.sprint_line(report.sprint, report.sprint_state)
    rows: list[Row] = [
        [TITLE, title, wording.verdict(report, team)],
        ["read", f"{moment_text(report.now, team.zone)} {team.zone.key}"],
        *_promise(report, team),
        [],
        [*HEADER],
    ]
    for audited in report.members:
        name = team.member(audited.member).name
        for task in audited.tasks:
            rows += [_row(name, task, one) for one in task.findings]
            if not task.findings:
                rows.append(_row(name, task, None))
        rows += [_row(name, None, one) for one in findings_without_task(audited)]
    whole = (*report.errors, *report.orphans)
    rows += [["", "", "", "", "", "", "", "", "", "error", error] for error in whole]
    return [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def _promise(report: AuditReport, team: Team) -> list[Row]:
    """Once accepted, by whom, and what still stands of each promise and of the team's."""
    if report.accepted is None:
        return []
    rows: list[Row] = [["accepted", *promise_lines(report, team)], [], [*PROMISE_HEADER]]
    for one in report.members:
        rows.append(_share(team.member(one.member).name, one.kept, one.promised))
    return [*rows, _share("together", *promise_of(report))]


def _share(name: str, kept: timedelta, promised: timedelta) -> Row:
    hour = timedelta(hours=1)
    return [name, promised / hour, kept / hour, round(kept / promised, 3) if promised else ""]


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
