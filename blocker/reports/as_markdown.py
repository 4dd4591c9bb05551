"""An audit as Markdown, for a page or a chat."""

from __future__ import annotations

import re

from blocker.domain.finding import AuditReport
from blocker.domain.interval import duration_text
from blocker.domain.team import Team
from blocker.reports import wording


def audit_markdown(report: AuditReport, team: Team) -> str:
    """A table of members, then each member's findings, then the verdict."""
    lines = [f"# {_text(wording.sprint_line(report.sprint, report.sprint_state))}", ""]
    lines += ["| member | tasks | promised | on calendar | |", "|---|--:|--:|--:|---|"]
    for audit in report.members:
        owed = sum(task.is_owed for task in audit.tasks)
        cells = (
            _text(team.member(audit.member).name),
            str(owed),
            duration_text(audit.committed),
            duration_text(audit.on_calendar),
            "holds" if audit.ok else "**open**" if audit.is_seen else "**not all read**",
        )
        lines.append(f"| {' | '.join(cells)} |")
    for audit in report.members:
        if audit.findings:
            member = team.member(audit.member)
            lines += ["", f"## {_text(member.name)} ({_text(member.zone.key)})", ""]
            lines += [
                f"- **{finding.severity.value}** `{finding.code.value}` {_text(finding.message)}"
                for finding in wording.by_severity(audit.findings)
            ]
    errors = [f"> {_text(error)}" for error in (*report.errors, *report.orphans)]
    lines += ["", *errors, ""] if errors else [""]
    lines += [f"**{_text(wording.verdict(report, team))}**"]
    return "\n".join(lines)


def _text(words: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    flat = "".join(letter if letter.isprintable() else " " for letter in words)
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", flat)
