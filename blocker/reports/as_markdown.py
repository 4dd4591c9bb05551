"""An audit as Markdown, for a page or a chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from blocker.domain.finding import AuditReport, MemberAudit
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports import about_audit, wording
from blocker.reports.terminal import plain


def audit_markdown(report: AuditReport, team: Team, notes: Sequence[str] = ()) -> str:
    """A table of members, each one's findings, the outcomes, what else is said, the verdict."""
    lines = [f"# {_text(wording.sprint_line(report.sprint, report.sprint_state))}", ""]
    if promise := about_audit.promise_lines(report, team):
        lines += [_text(" ".join(promise)), ""]
    lines += _members(report, team)
    for audit in report.members:
        lines += _findings(audit, team)
    lines += _outcomes(report, team)
    if notes:
        lines += ["", *(f"- {_text(note)}" for note in notes)]
    errors = [f"> {_text(error)}" for error in (*report.errors, *report.orphans)]
    lines += ["", *errors, ""] if errors else [""]
    lines += [f"**{_text(wording.verdict(report, team))}**"]
    return "\n".join(lines)


def _members(report: AuditReport, team: Team) -> list[str]:
    is_accepted = report.accepted is not None
    promise = ["promised", "still stands"] if is_accepted else []
    heads = ["tasks", "needed" if is_accepted else "promised", "on calendar", *promise]
    lines = [_row(["member", *heads, ""]), f"|---|{'--:|' * len(heads)}---|"]
    for audit in report.members:
        word = wording.standing_word(audit)
        kept = [duration_text(audit.promised), about_audit.kept_text(audit)]
        cells = [
            _text(team.member(audit.member).name),
            str(sum(task.is_owed for task in audit.tasks)),
            duration_text(audit.committed),
            duration_text(audit.on_calendar),
            *(kept if is_accepted else ()),
            word if audit.ok else f"**{word}**",
        ]
        lines.append(_row(cells))
    return lines


def _findings(audit: MemberAudit, team: Team) -> list[str]:
    if not audit.findings:
        return []
    member = team.member(audit.member)
    return [
        "",
        f"## {_text(member.name)} ({_text(member.zone.key)})",
        "",
        *(
            f"- **{finding.severity.value}** `{finding.code.value}` {_text(finding.message)}"
            for finding in wording.by_severity(audit.findings)
        ),
    ]


def _outcomes(report: AuditReport, team: Team) -> list[str]:
    if not report.outcomes:
        return []
    whose = _text(wording.of_whom(report, team, "for"))
    lines = ["", f"## Outcomes{whose}", ""]
    lines += [_row(["outcome", "needed", "on calendar", "stood so far", ""])]
    lines += ["|---|--:|--:|--:|---|"]
    for one in report.outcomes:
        lack = about_audit.outcome_lack(one)
        cells = [
            _text(about_audit.outcome_name(one)),
            duration_text(one.committed),
            duration_text(one.on_calendar),
            duration_text(one.stood),
            f"**{lack}**" if lack else "",
        ]
        lines.append(_row(cells))
    return lines


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(words: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    return re.sub(r"([\\`*_\[\]<>|#~&$])", r"\\\1", plain(words).replace("\n", " "))
