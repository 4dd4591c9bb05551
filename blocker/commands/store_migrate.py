"""`store migrate`: brings the store's tables forward to this program's schema."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.commands.deciding import manager_asking
from blocker.store.opening import migrate_store, place_of
from blocker.store.tables import SCHEMA
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Migrated:
    """A store's schema before (None: there was none) and after."""

    place: str
    before: str | None
    after: str


def migrate(workspace: Workspace) -> Migrated:
    """Bring it forward, in one transaction, once no run of anybody uses the store.

    Raises WrongUse without a manager, Refused for a marketer, Unreachable.
    """
    manager = manager_asking(workspace, "store migrate")
    address = workspace.config.store_url
    before = migrate_store(address, workspace.team.id, workspace.now, manager.id)
    return Migrated(place_of(address), before, SCHEMA)
