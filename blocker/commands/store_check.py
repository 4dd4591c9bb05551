"""`store check`: whether everything in the store is whole and fits together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blocker.commands.verifying import faults_in
from blocker.store.opening import place_of
from blocker.store.store import Store
from blocker.store.tables import SCHEMA
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong with it; `notes` are no faults."""

    place: str
    schema: str
    counts: Mapping[str, int]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.faults


def check(workspace: Workspace) -> Checked:
    """Look at all of it, as of one moment; changes nothing.  Raises Unreachable."""
    place = place_of(workspace.config.store_url)
    with workspace.store(rehearse=True) as store:
        if faults := store.faults():
            mend = "restore it from a backup"
            return Checked(place, SCHEMA, {}, tuple(f"{one}; {mend}" for one in faults))
        found = tuple(faults_in(store, workspace.team))
        counts = {
            "tasks": len(store.tasks()),
            "commitments": len(store.commitments()),
            "amendments": len(store.amendments()),
            "receipts": len(store.receipts()),
            "log entries": len(store.logged()),
        }
        return Checked(place, SCHEMA, counts, found, tuple(_notes(store)))


def _notes(store: Store) -> Iterator[str]:
    if cut_short := len(store.open_intents()):
        yield f"a run was cut short, its writes: {cut_short}; the next book finishes it"
