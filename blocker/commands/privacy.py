"""Whose meetings may be shown by title."""

from __future__ import annotations

from blocker.workspace import Workspace


def may_be_named(workspace: Workspace) -> frozenset[str]:
    """Members whose meetings the asker may see by title: their own, or all (privacy: all)."""
    if workspace.team.titles_are_open:
        return frozenset(member.id for member in workspace.team.members)
    return frozenset([workspace.asker.id] if workspace.asker else [])
