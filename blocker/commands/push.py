"""Puts an audit's report into a tab of a Google Sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blocker.domain.errors import WrongUse
from blocker.domain.finding import AuditReport
from blocker.intake.google_tab import GoogleTab
from blocker.workspace import Workspace


def push_audit(workspace: Workspace, tab: GoogleTab, report: AuditReport) -> None:
    """Let the tab hold this report; a tab that holds anything but an earlier one is left alone.

    Raises WrongUse when the address names no tab, Unreachable.
    """
    from blocker.reports.as_rows import TITLE, audit_rows

    if tab.title is None:
        raise WrongUse(f"--push: name the tab to write at the end of the address: {tab}#Audit")

    def is_ours(held: Sequence[Sequence[Any]]) -> bool:
        first = next((cell for row in held for cell in row if cell not in ("", None)), TITLE)
        return bool(first == TITLE)

    rows = audit_rows(report, workspace.team)
    workspace.sheets().replace(tab.spreadsheet, tab.title, str(tab), rows, is_ours)
