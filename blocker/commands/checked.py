"""Work that is finished: blocks checked off in a calendar, and what finished tasks took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.domain.closing import Closing
from blocker.domain.commitment import Amendment, Commitment, Completion
from blocker.domain.event import Event
from blocker.domain.finding import AuditReport
from blocker.domain.learning import first_estimate, stood_before
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.store.store import Store
from blocker.workspace import Workspace

CHECK_MARKS = ("✓", "✔", "✅", "☑", "🗸")


def is_checked_off(event: Event) -> bool:
    """Its owner wrote a check mark before the block's title: the task is done."""
    return event.is_own and event.title.lstrip().startswith(CHECK_MARKS)


def checked_off(
    events: Iterable[Event], member: str, sprint: Sprint, tasks: Mapping[str, Task]
) -> tuple[str, ...]:
    """The member's open tasks of a sprint of which a block is checked off, in order of id."""
    found = set()
    for event in events:
        mark = event.mark
        task = tasks.get(mark.task) if mark is not None else None
        if task is None or mark is None or mark.sprint != sprint.name:
            continue
        is_theirs = task.owner == member and task.sprint == sprint.number and task.is_owed
        if is_theirs and is_checked_off(event):
            found.add(task.id)
    return tuple(sorted(found))


def with_done(tasks: Mapping[str, Task], done: Iterable[str]) -> dict[str, Task]:
    """All tasks, these being done."""
    return {**tasks, **{name: replace(tasks[name], state=TaskState.DONE) for name in done}}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was promised and what came of it, sprint by sprint."""

    commitments: Sequence[Commitment]
    closings: Sequence[Closing]
    amendments: Sequence[Amendment]


def earlier_in(store: Store) -> Earlier:
    """All that the store knows of it."""
    closed = [n for n, state in store.sprint_states().items() if state is SprintState.CLOSED]
    chain = store.commitments()
    for sealed in chain:
        sealed.refuse_emptied(closed)
    kept = [sealed.commitment for sealed in chain]
    closings = list(store.closings().values())
    return Earlier([one for one in kept if one is not None], closings, store.amendments())


def settle_checked(
    workspace: Workspace, store: Store, report: AuditReport, names: Iterable[str]
) -> None:
    """Keep that these tasks are done, as their owners' calendars say; inside a transaction."""
    known, earlier = store.tasks(), earlier_in(store)
    stood = {task.task: task.stood for member in report.members for task in member.tasks}
    for name in names:
        task = replace(known[name].task, state=TaskState.DONE)
        store.save_tasks([replace(known[name], task=task)])
        past = stood.get(name, timedelta())
        store.complete(completion_of(task, past, None, workspace.now, earlier))


def completion_of(
    task: Task, stood: timedelta, took: timedelta | None, now: datetime, earlier: Earlier
) -> Completion:
    """What a finished task took: as its owner says, else the time of its blocks so far.

    That is `stood` in its sprint, and what stood in those it was carried over from.  It is held
    against the estimate that was first accepted, since later ones know better.
    """
    if took is None:
        took = stood_before(task, earlier.closings, earlier.amendments) + stood
    first = first_estimate(task, earlier.commitments, earlier.closings, earlier.amendments)
    return Completion(task.id, task.owner, task.sprint, task.campaign, first, took, now)
