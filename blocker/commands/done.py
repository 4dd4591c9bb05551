"""`done`: a task is finished, and its time to come is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import carry_out, gate_in, open_task, still_open
from blocker.commands.book import Confirm
from blocker.commands.deciding import refuse_others_work
from blocker.commands.one_task import task_named
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import AmendmentKind
from blocker.domain.errors import Refused
from blocker.domain.hours import moment_text
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task, TaskState
from blocker.store.store import Store
from blocker.workspace import Workspace


def done(
    workspace: Workspace,
    name: str,
    took: timedelta | None = None,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """A task is finished: its blocks to come are freed; nothing else moves.

    `took` is what it took in all, None for the time of its blocks so far.
    """
    task = open_task(workspace, name)

    def revise(workspace: Workspace, store: Store, _sprint: Sprint) -> Revision:
        known = store.tasks()
        now = still_open(store, task)
        refuse_others_work(workspace, now)
        gate = gate_in(workspace, store)
        finished = replace(now, state=TaskState.DONE)
        words = f"{now.named} is done"
        return Revision(
            revised(known, finished),
            with_tasks(known, finished),
            (gate.done(now),) if gate.is_promised(now) else (),
            {now.id: took},
            notes=(f"{words}.", *could_start(workspace, store, now)),
            about=frozenset([now.id]),
            what=words,
        )

    return carry_out(workspace, [task], revise, confirm=confirm, dry_run=dry_run, tell=tell)


def reopen(
    workspace: Workspace,
    name: str,
    because: str | None = None,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """A task is not finished after all: what it lacks is booked where there is room.

    Raises Refused for a task that is not done, and for one of a closed sprint.
    """
    with workspace.store(rehearse=True) as store:
        task = _done_task(workspace, store, name)

    def revise(workspace: Workspace, store: Store, _sprint: Sprint) -> Revision:
        known = store.tasks()
        now = _done_task(workspace, store, task.id)
        gate = gate_in(workspace, store, because)
        again = replace(now, state=TaskState.OPEN)
        words = f"{now.named} is open again"
        record = gate.amendment(AmendmentKind.REOPENED, now)
        return Revision(
            revised(known, again),
            with_tasks(known, again),
            (record,) if gate.is_promised(again) else (),
            reopened=(now.id,),
            notes=(f"{words}.",),
            about=frozenset([now.id]),
            what=words,
        )

    return carry_out(workspace, [task], revise, confirm=confirm, dry_run=dry_run, tell=tell)


def _done_task(workspace: Workspace, store: Store, name: str) -> Task:
    task = task_named(store.tasks(), name)
    refuse_others_work(workspace, task)
    named = task.named
    if task.state is not TaskState.DONE:
        raise Refused(f"{named} is not done but {task.state}")
    if task.sprint is None or gate_in(workspace, store).state_of(task.sprint) is SprintState.CLOSED:
        raise Refused(f"{named} is of a closed sprint; add what is left as a new task")
    return task


def could_start(workspace: Workspace, store: Store, task: Task) -> list[str]:
    """A sentence for each open task that waited for this one and is booked for later."""
    said = []
    receipts = store.receipts().values()
    members = {member.id: member for member in workspace.team.members}
    for stored in store.tasks().values():
        other = stored.task
        waits = [after for after in other.after if after.task == task.id]
        if not waits or not other.is_owed or other.owner not in members:
            continue
        ready = workspace.now + waits[0].lag
        starts = [
            one.block.interval.start
            for one in receipts
            if one.block.task == other.id and one.block.interval.start > ready
        ]
        if starts and other.sprint == task.sprint:
            zone = members[other.owner].zone
            when = "now" if not waits[0].lag else f"from {moment_text(ready, zone)}"
            said.append(
                f"{other.named} ({workspace.team.short_name(other.owner)}) waited "
                f"for it and begins {moment_text(min(starts), zone)}; it could start {when}. "
                "Nothing was moved."
            )
    return said
