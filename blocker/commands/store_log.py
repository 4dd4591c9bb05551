"""`store log`: who did what."""

from __future__ import annotations

from datetime import date

from blocker.domain.hours import instant
from blocker.store.promises import LogEntry
from blocker.workspace import Workspace


def log(workspace: Workspace, since: date | None = None) -> list[LogEntry]:
    """What was done since the beginning of that day in the team's zone, the oldest first."""
    start = None if since is None else instant(since, 0, workspace.team.zone)
    with workspace.store(rehearse=True) as store:
        return [one for one in store.logged() if start is None or one.at >= start]
