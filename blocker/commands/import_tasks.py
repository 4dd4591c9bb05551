"""`import`: a tasks file into the store, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from blocker.commands.at_the_gate import Late
from blocker.commands.choosing import choose_sprint
from blocker.commands.take_in import TakenIn, take_in
from blocker.commands.task_source import Source
from blocker.commands.written_ids import write_ids
from blocker.domain.sprint import Sprint
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Imported:
    sprint: Sprint
    taken: TakenIn
    ids_written: int = 0


def import_tasks(
    workspace: Workspace,
    file: Source,
    sprint_word: str | None,
    *,
    prune: bool = False,
    writes_ids: bool = False,
    late: Late | None = None,
) -> Imported:
    """Take tasks in; with `writes_ids` ids that were made go back into the spreadsheet.

    Raises WrongInput with all mistakes of the file, Refused for a frozen sprint, Unreachable.
    """
    with workspace.store() as store:
        known, states = store.tasks(), store.sprint_states()
        tasks = [stored.task for stored in known.values()]
        sprint = choose_sprint(workspace, sprint_word, tasks, states, tasks_come_in=True)
        taken = take_in(
            workspace,
            file,
            known,
            states,
            sprint,
            prune=prune,
            late=late,
            outcomes=store.outcomes(),
        )
        with store.transaction():
            taken.save(workspace, store)
    written = write_ids(workspace, file) if writes_ids else 0
    return Imported(sprint, taken, written)
