"""`store restore`: fills an empty store with what a backup holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from blocker.commands.deciding import manager_asking
from blocker.domain.errors import Refused
from blocker.store import tables
from blocker.store.opening import open_store, place_of
from blocker.workspace import Workspace

_NOBODYS_WORK = frozenset({tables.log.name, tables.calendar_copies.name})
"""What may stand in an empty store: making its tables is logged, and copies come again."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was filled from which file, and how many tasks and commitments are in it now."""

    path: Path
    place: str
    tasks: int
    commitments: int


def restore(workspace: Workspace, path: Path) -> Restored:
    """Take in everything that a backup, of this schema or an earlier one, holds of the team.

    Raises WrongUse without a manager, Refused for a marketer, for a file that is not there or
    holds nothing of the team, and for a store that is not empty; Unreachable.
    """
    manager = manager_asking(workspace, "store restore")
    team = workspace.team
    if not path.exists():
        raise Refused(f"{path} is not there; name a file that blocker store backup wrote")
    url = URL.create("sqlite", database=str(path.absolute()))
    with open_store(url, team.id, rehearse=True) as backup:
        rows = backup.everything()
    if not any(rows.values()):
        raise Refused(f"{path} holds nothing of the team {team.id}; is it another team's?")
    address = workspace.config.store_url
    with workspace.store() as store, store.transaction():
        if any(rows for name, rows in store.everything().items() if name not in _NOBODYS_WORK):
            raise Refused(
                f"store {place_of(address)}: it holds something of {team.name} already; restore "
                "fills an empty store"
            )
        store.fill(rows)
        store.log(workspace.now, manager.id, f"restored {path.name}")
    return Restored(path, place_of(address), len(rows["tasks"]), len(rows["commitments"]))
