"""`task edit`, `task drop`: one known task by hand; the calendars follow with the next `book`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from blocker.commands.amending import stood_now
from blocker.commands.carrying import leaving_record, left_of
from blocker.commands.choosing import sprint_numbered
from blocker.commands.deciding import refuse_finished, refuse_others_work
from blocker.commands.effects import in_sprint
from blocker.commands.freeze import Gate, gate_of, price_of
from blocker.commands.one_task import task_named
from blocker.commands.quarter import unknown_outcomes
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.commands.take_in import sprint_of
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task, TaskState
from blocker.domain.task_change import TaskChange
from blocker.domain.team import Team
from blocker.store.records import StoredTask
from blocker.store.store import Store
from blocker.workspace import Workspace

_EMPTY: Mapping[str, Any] = {
    "priority": 3,
    "due": None,
    "not_before": None,
    "after": (),
    "outcome": None,
    "campaign": None,
    "shortest": None,
    "longest": None,
    "sprint": None,
}
"""What an empty word makes of a field."""


def edit_task(
    workspace: Workspace,
    name: str,
    words: Mapping[str, str],
    because: str | None = None,
    tell: Tell = silent,
) -> TaskChange:
    """Change fields of a task; an empty word clears one.

    What is taken out of an accepted sprint goes on with what is left of it: what is past and counts
    stays there.

    Raises WrongUse for an unknown task, words that a file would be refused for, and a task that is
    taken out of an accepted sprint without a reason; Refused for what the freeze does not let
    through, for a task that is somebody else's, for one that is done or dropped, and for one that
    has nothing left to go on with; Unreachable where that cannot be seen.
    """
    if not words:
        raise WrongUse("say what to change, for example: --estimate 3h; see: blocker task edit -h")
    seen, stood = _stood(workspace, name, words, tell)
    with workspace.store() as store:
        known = store.tasks()
        before = task_named(known, name)
        refuse_others_work(workspace, before)
        _refuse_settled(before, words)
        gate = gate_of(workspace, store.sprint_states(), reason_in(because))
        after, notes = _edited(workspace, before, words, known)
        _refuse_frozen(before, after, gate, [one.task for one in known.values()])
        if gate.is_promised(before) and after.sprint != before.sprint:
            if before != seen:
                raise Refused(
                    f"somebody changed {name} meanwhile, so nothing was done; try it again"
                )
            if "estimate" not in words:
                after = replace(after, estimate=left_of(before, stood))
        change = _changed(workspace, gate, known, before, after, stood)
        notes += tuple(unknown_outcomes([after] if words.get("outcome") else (), store.outcomes()))
        if change.is_changed:
            fields = ", ".join(_fields_changed(before, after))
            _save(workspace, store, known, change, f"edited task {after.id}: {fields}")
    return replace(change, notes=notes)


def _stood(
    workspace: Workspace, name: str, words: Mapping[str, str], tell: Tell
) -> tuple[Task | None, timedelta]:
    """The task as it is now, and what of it would stay in an accepted sprint that it leaves."""
    if "sprint" not in words:
        return None, timedelta()
    with workspace.store(rehearse=True) as store:
        task = task_named(store.tasks(), name)
        gate = gate_of(workspace, store.sprint_states())
    refuse_others_work(workspace, task)
    has_begun = task.sprint and gate.sprint(task.sprint).interval.start < workspace.now
    if not gate.is_promised(task) or not has_begun:
        return task, timedelta()
    return task, stood_now(workspace, [task], tell).get(task.id, timedelta())


def drop_task(workspace: Workspace, name: str, because: str | None = None) -> TaskChange:
    """Give a task up; what waits for it no longer does.

    Raises WrongUse for an unknown task, and without a reason in an accepted sprint; Refused for one
    that is done or dropped, and for somebody else's.
    """
    with workspace.store() as store:
        known = store.tasks()
        before = task_named(known, name)
        refuse_others_work(workspace, before)
        refuse_finished(before)
        gate = gate_of(workspace, store.sprint_states(), reason_in(because))
        after = replace(before, state=TaskState.DROPPED)
        change = _changed(workspace, gate, known, before, after)
        why = f": {gate.because}" if gate.because else ""
        _save(workspace, store, known, change, f"dropped task {after.id}{why}")
    return change


def reason_in(because: str | None) -> str | None:
    """A reason on one line; None for an empty one."""
    from blocker.intake.problems import one_line

    return one_line(because or "") or None


def _refuse_settled(task: Task, words: Collection[str]) -> None:
    """What is done stays as it is; what was dropped comes back into a sprint alone."""
    if task.is_owed or (task.state is TaskState.DROPPED and "sprint" in words):
        return
    named = f"{task.named} is {task.state}"
    if task.state is TaskState.DROPPED:
        raise Refused(f"{named}; bring it back with: blocker task edit {task.id} --sprint next")
    raise Refused(f"{named}, and what is done stays as it was")


def _edited(
    workspace: Workspace,
    before: Task,
    words: Mapping[str, str],
    known: Mapping[str, StoredTask],
) -> tuple[Task, tuple[str, ...]]:
    """The task with its fields as the words say, and what is said of them."""
    from blocker.intake.typed_task import read_typed

    emptied = {key: _EMPTY[key] for key, text in words.items() if key in _EMPTY and not text}
    written = {key: text for key, text in words.items() if key not in emptied}
    task = replace(before, **{key: value for key, value in emptied.items() if key != "sprint"})
    tasks = {**{name: one.task for name, one in known.items()}, task.id: task}
    whole = {"title": task.title, "owner": _some_owner(workspace.team, task), "estimate": "1h"}
    table = read_typed(
        {"id": task.id, **whole, **written},
        team=workspace.team,
        locale=workspace.config.locale,
        known=tasks,
    )
    (row,) = table.rows
    fields = {key: getattr(row, key) for key in written if key != "sprint"}
    task, notes = replace(task, **fields), table.notes
    if "sprint" in words:
        moved = _moved(task, sprint_of(workspace, row, None), workspace.team)
        if moved.due != task.due:
            name = workspace.team.sprints.sprint(moved.sprint or 1).name
            notes += (f"its due date {task.due} leaves no time in {name}, so it goes",)
        task = moved
    return task, notes


def _moved(task: Task, number: int | None, team: Team) -> Task:
    """The open task in a sprint, None being the backlog."""
    if task.sprint == number and task.is_owed:
        return task
    moved = replace(task, sprint=None) if number is None else in_sprint(task, number, team)
    return replace(moved, state=TaskState.OPEN)


def _some_owner(team: Team, task: Task) -> str:
    """Whose words they are, for a row that does not change the owner."""
    owners = [member.id for member in team.members]
    return task.owner if task.owner in owners else owners[0]


def _refuse_frozen(before: Task, after: Task, gate: Gate, tasks: Collection[Task]) -> None:
    """Raises Refused with the way that is open; WrongUse for a task taken out without a reason."""
    comes_in = after.sprint != before.sprint or not before.is_owed
    why = gate.why_not(None if comes_in else before, after)
    if why is None:
        return
    named = after.named
    if not comes_in:
        raise Refused(f"{named} {why}")
    raise Refused(
        f"{named} {why}: {price_of(after, tasks, gate)}\n"
        "nothing was changed; a manager may let it in for another: blocker swap --out TASK --in "
        f"{after.id} --because TEXT, and who has finished early: blocker pull --take {after.id}"
    )


def _changed(
    workspace: Workspace,
    gate: Gate,
    known: Mapping[str, StoredTask],
    before: Task,
    after: Task,
    stood: timedelta = timedelta(),
) -> TaskChange:
    """What the change comes to, with its record.  Raises WrongUse where a reason is lacking."""
    leaves = after.sprint != before.sprint or after.state is TaskState.DROPPED
    if leaves and gate.is_promised(before) and gate.because is None:
        name = gate.sprint(before.sprint).name
        verb = "dropped" if after.state is TaskState.DROPPED else "taken out"
        raise WrongUse(f"--because: {name} is accepted, so say why {before.id} is {verb}")
    amendments = tuple(gate.amendments(before, after))
    if gate.is_promised(before) and after.sprint != before.sprint:
        amendments = (leaving_record(gate, AmendmentKind.CARRIED, before, after, stood),)
    waiting = tuple(
        one.task
        for one in known.values()
        if one.task.is_owed and before.id in {after.task for after in one.task.after}
    )
    return TaskChange(
        before,
        after,
        _sprint(workspace, after.sprint),
        _sprint(workspace, before.sprint) if leaves else None,
        amendments,
        waiting,
    )


def _sprint(workspace: Workspace, number: int | None) -> Sprint | None:
    return None if number is None else sprint_numbered(workspace.team, number)


def _save(
    workspace: Workspace,
    store: Store,
    known: Mapping[str, StoredTask],
    change: TaskChange,
    what: str,
) -> None:
    """Keep it; a dropped task has cells, so that a file which names it does not bring it back."""
    (stored,) = with_tasks(known, change.after)
    if change.after.state is TaskState.DROPPED:
        stored = replace(stored, imported=stored.imported or {})
    revision = Revision(revised(known, change.after), (stored,), change.amendments, what=what)
    with store.transaction():
        revision.save(workspace, store)


def _fields_changed(before: Task, after: Task) -> Iterator[str]:
    for key in (*_EMPTY, "title", "owner", "estimate", "state"):
        if getattr(before, key) != getattr(after, key):
            yield key
