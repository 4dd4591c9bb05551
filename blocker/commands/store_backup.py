"""`store backup`: a copy of the store in a file."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from blocker.calendars.file_writing import unreachable
from blocker.domain.errors import Refused, Unreachable
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Backup:
    """Where it lies, and how many tasks and commitments are in it."""

    path: Path
    tasks: int
    commitments: int


def backup(workspace: Workspace, path: Path, *, force: bool = False) -> Backup:
    """Write everything as of one moment into a file that is a store itself, its owner's alone.

    The file is whole or not there.  Raises Refused for one that is there already, unless `force`d,
    and for the store's own; Unreachable.
    """
    if _is_the_store(workspace, path):
        raise Refused(f"{path} is the store itself; name another file")
    there = Refused(f"{path} is there already; name another file, or add --force")
    if not force and os.path.lexists(path):
        raise there
    with workspace.store(rehearse=True) as store:
        try:
            store.backup(path, replace=force)
        except FileExistsError:
            raise there from None
        except OSError as problem:
            raise unreachable(str(path), "written", problem) from None
        except sqlite3.Error as problem:
            raise Unreachable(f"{path} cannot be written: {problem}") from None
        return Backup(path, len(store.tasks()), len(store.commitments()))


def _is_the_store(workspace: Workspace, path: Path) -> bool:
    url = make_url(workspace.config.store_url)
    if url.get_backend_name() != "sqlite" or not url.database or not path.exists():
        return False
    store = Path(url.database)
    return store.exists() and path.samefile(store)
