"""`task add`: one task in words, judged as a row of a tasks file and held up at the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocker.commands.at_the_gate import Late, came_late, route, routed_words
from blocker.commands.choosing import choose_sprint, sprint_numbered
from blocker.commands.freeze import Gate, gate_of, price_of, to_forward
from blocker.commands.quarter import unknown_outcomes
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.commands.take_in import new_task
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.task import Task
from blocker.domain.task_change import TaskChange
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace


def add_task(
    workspace: Workspace,
    words: Mapping[str, str],
    late: Late | None = None,
) -> TaskChange:
    """Add a task of these words, by the names of a file's columns; calendars stay.

    Without an owner it is the asker's; without a sprint it goes where tasks that come in go.
    Raises WrongUse for words that a file would be refused for, Refused for an id that is known and
    for a sprint that is accepted.
    """
    late = late or Late()
    with workspace.store() as store:
        known = store.tasks()
        task, notes = _read(workspace, store, words, known)
        gate = gate_of(workspace, store.sprint_states(), asked_by=late.asked_by)
        amendments = []
        if gate.why_not(None, task) is not None:
            if not late.route:
                raise Refused(_too_late(task, [one.task for one in known.values()], gate))
            sent, amendment = route(task, gate)
            amendments.append(amendment)
            notes += (routed_words(task, sent, gate),)
            task = sent
        elif late.asked_by and (record := came_late(task, gate)) is not None:
            amendments.append(record)
        notes += tuple(unknown_outcomes([task], store.outcomes()))
        revision = Revision(
            revised(known, task),
            with_tasks(known, task),
            tuple(amendments),
            what=f"added task {task.id}",
        )
        with store.transaction():
            revision.save(workspace, store)
    sprint = sprint_numbered(workspace.team, task.sprint) if task.sprint else None
    return TaskChange(None, task, sprint, amendments=tuple(amendments), notes=notes)


def _read(
    workspace: Workspace,
    store: Store,
    words: Mapping[str, str],
    known: Mapping[str, StoredTask],
) -> tuple[Task, tuple[str, ...]]:
    """The task that the words are, in its sprint, and what is said of them."""
    from blocker.intake.typed_task import read_typed

    tasks = {name: one.task for name, one in known.items()}
    _refuse_known(words, tasks)
    table = read_typed(
        {**words, "owner": _owner(workspace, words)},
        team=workspace.team,
        locale=workspace.config.locale,
        known=tasks,
        title="TITLE",
    )
    states = store.sprint_states()
    sprint = choose_sprint(workspace, None, tasks.values(), states, tasks_come_in=True)
    return new_task(workspace, table.rows[0], sprint), table.notes


def _owner(workspace: Workspace, words: Mapping[str, str]) -> str:
    if (owner := words.get("owner")) is not None:
        return owner
    if workspace.asker is None:
        raise WrongUse("--owner: say whose task it is, or who you are with blocker --as MEMBER")
    return workspace.asker.id


def _refuse_known(words: Mapping[str, str], known: Mapping[str, Task]) -> None:
    """An id names one task for good.  Raises Refused."""
    from blocker.intake.task_ids import made_id

    wanted = words.get("id") or made_id(words["title"])
    same = next((one for one in known.values() if one.id.casefold() == wanted.casefold()), None)
    if same is None:
        return
    other = "give this one another id with --id" if words.get("id") else "give this one an --id"
    raise Refused(
        f"{same.named} is known already ({same.state}); change it with: "
        f"blocker task edit {same.id}, or {other}"
    )


def _too_late(task: Task, tasks: Sequence[Task], gate: Gate) -> str:
    """Why a new task may not come in, what it would cost, what can be done, and what to say."""
    following = gate.sprint(gate.next_open(task.sprint or 0)).name
    return "\n".join(
        [
            f"{task.named} {gate.why_not(None, task)}: {price_of(task, tasks, gate)}",
            f"nothing was added; it can go to {following} with --sprint {following} (or by itself "
            "with --route --asked-by NAME), or to the backlog with --sprint backlog",
            f"to pass on: {to_forward([task], task.sprint or 0, gate, gate.asked_by)}",
        ]
    )
