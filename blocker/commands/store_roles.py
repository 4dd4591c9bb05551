"""`store roles`: who may write what in a shared store."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import make_url

from blocker.store.roles import MARKETERS_MAY, grants_sql
from blocker.store.tables import metadata
from blocker.workspace import Workspace


def roles_sql(workspace: Workspace) -> str:
    """The statements for PostgreSQL, with the team's people in comments."""
    url = make_url(workspace.config.store_url)
    database = url.database if url.get_backend_name() == "postgresql" else None
    people = [(one.id, one.is_manager) for one in workspace.team.members]
    return grants_sql(database, people)


def rights() -> Mapping[str, tuple[str, ...]]:
    """What marketers may do with each table besides reading it; managers may do everything."""
    return {name: MARKETERS_MAY.get(name, ()) for name in sorted(metadata.tables)}
