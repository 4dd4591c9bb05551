"""What every form of an audit says besides its findings: the promise, the outcomes, the rest."""

from __future__ import annotations

from datetime import timedelta

from blocker.domain.finding import AuditReport, Finding, MemberAudit, OutcomeAudit
from blocker.domain.hours import moment_text
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports.wording import of_whom


def share_text(kept: timedelta, promised: timedelta) -> str:
    """'92%', rounded down so that only the whole is 100%; '-' of nothing.

    >>> share_text(timedelta(hours=199), timedelta(hours=200))
    '99%'
    """
    return f"{kept * 100 // promised}%" if promised else "-"


def kept_text(audit: MemberAudit) -> str:
    """What of a member's promise still stands: '14h, 90%'."""
    if not audit.promised:
        return "-"
    return f"{duration_text(audit.kept)}, {share_text(audit.kept, audit.promised)}"


def promise_of(report: AuditReport) -> tuple[timedelta, timedelta]:
    """What still stands of what was promised, and that; of all members audited."""
    kept = sum((one.kept for one in report.members), timedelta())
    return kept, sum((one.promised for one in report.members), timedelta())


def promise_lines(report: AuditReport, team: Team) -> list[str]:
    """When and by whom the sprint was accepted, and how much still stands; none before that.

    'Accepted Mon 4 Jan 08:30 (Europe/Paris) by Maya Laurent.'
    '84h30 of the 92h promised still stand (91%).'
    """
    if report.accepted is None:
        return []
    at, by = report.accepted
    name = team.name_of(by)
    accepted = f"Accepted {moment_text(at, team.zone)} ({team.zone.key}) by {name}."
    kept, promised = promise_of(report)
    by_whom = of_whom(report, team, "by")
    if not promised:
        return [accepted, f"Nothing was promised{by_whom}."]
    is_whole = len(report.members) == len(team.members)
    out = report.taken_out if is_whole else timedelta()
    at_first = promised + out
    hours = f"{duration_text(kept)} of the {duration_text(at_first)} promised{by_whom}"
    since = f"; {duration_text(out)} were taken out since, on record" if out else ""
    return [accepted, f"{hours} still stand ({share_text(kept, at_first)}){since}."]


def outcome_name(one: OutcomeAudit) -> str:
    """Its id, and its title where one is known."""
    return f"{one.outcome}: {one.title}" if one.title else one.outcome


def outcome_lack(one: OutcomeAudit) -> str:
    """What is said of an outcome that has no hours; empty where it has some."""
    if one.on_calendar or one.stood:
        return ""
    return "no hours in the calendars" if one.committed else "no hours, no open task serves it"


def findings_without_task(audit: MemberAudit) -> list[Finding]:
    """Those about a member's calendars as a whole, rather than about one of the tasks."""
    of_tasks = [finding for task in audit.tasks for finding in task.findings]
    return [finding for finding in audit.findings if finding not in of_tasks]


def is_unreachable(finding: Finding, report: AuditReport) -> bool:
    """Whether it repeats that a calendar could not be reached, which the report says itself."""
    return finding.message in report.errors
