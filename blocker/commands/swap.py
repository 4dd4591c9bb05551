"""`swap`: something urgent comes in, and as much goes out.  A manager decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import (
    Stood,
    carry_out,
    gate_in,
    needs_reason,
    open_task,
    still_open,
    stood_now,
)
from blocker.commands.book import Confirm
from blocker.commands.carrying import leaving_record
from blocker.commands.coming_in import brought_in, only_if_fits, refuse_belonging, refuse_unfit
from blocker.commands.deciding import manager_asking
from blocker.commands.effects import put_off
from blocker.commands.freeze import Gate
from blocker.commands.one_task import task_named
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import Amendment, AmendmentKind
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.interval import duration_text
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace


def swap(
    workspace: Workspace,
    out: Sequence[str],
    into: str,
    because: str | None,
    *,
    asked_by: str | None = None,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """Tasks leave an accepted sprint for the next one, and one comes in with no more minutes.

    Raises Refused where it has more, or where it does not fit: nothing is changed then.
    """
    reason = needs_reason(because, "swap")
    manager_asking(workspace, "swap")
    leaving = [open_task(workspace, name) for name in dict.fromkeys(out)]
    coming = _coming(workspace, into, leaving)
    stood = stood_now(workspace, leaving, tell)

    def revise(workspace: Workspace, store: Store, sprint: Sprint) -> Revision:
        known = store.tasks()
        gate = replace(gate_in(workspace, store, reason), asked_by=asked_by)
        if gate.state_of(sprint.number) is not SprintState.ACCEPTED:
            raise Refused(
                f"{sprint.name} is not accepted, so nothing has to leave it: give it the task "
                f"with: blocker task edit {coming.id} --sprint {sprint.name}"
            )
        gone, records = _gone(store, gate, sprint, leaving, stood)
        refuse_belonging(known[coming.id].task, sprint, gate)
        enters = brought_in(workspace, known[coming.id].task, sprint)
        _refuse_larger(enters, gone)
        records.append(gate.amendment(AmendmentKind.SWAPPED_IN, enters, minutes=enters.estimate))
        return _revision(store, gone, enters, records, reason)

    booking = carry_out(
        workspace,
        [*leaving, replace(coming, sprint=leaving[0].sprint)],
        revise,
        confirm=only_if_fits(coming, confirm),
        dry_run=dry_run,
        tell=tell,
    )
    if dry_run:
        refuse_unfit(booking, coming)
    return booking


def _gone(
    store: Store, gate: Gate, sprint: Sprint, leaving: Sequence[Task], stood: Stood
) -> tuple[list[Task], list[Amendment]]:
    """What is left of the tasks that leave, in the sprint they go to, and the records of it."""
    gone, records = [], []
    for one in leaving:
        now = still_open(store, one)
        past = stood.get(now.id, timedelta())
        if past >= now.estimate:
            raise Refused(f"{now.id} has no time left in {sprint.name} that could be freed")
        gone.append(replace(put_off(now, gate), estimate=now.estimate - past))
        records.append(leaving_record(gate, AmendmentKind.SWAPPED_OUT, now, gone[-1], past))
    return gone, records


def _refuse_larger(enters: Task, gone: Sequence[Task]) -> None:
    freed = sum((task.estimate for task in gone), timedelta())
    if enters.estimate > freed:
        raise Refused(
            f"{enters.id} needs {duration_text(enters.estimate)}, and only {duration_text(freed)} "
            f"leave with {', '.join(task.id for task in gone)}; take more out, or make it smaller"
        )


def _coming(workspace: Workspace, into: str, leaving: Sequence[Task]) -> Task:
    with workspace.store(rehearse=True) as store:
        coming = task_named(store.tasks(), into)
    if len({task.sprint for task in leaving}) > 1:
        raise WrongUse("the tasks that leave must be of one sprint")
    return coming


def _revision(
    store: Store, gone: Sequence[Task], enters: Task, records: Sequence[Amendment], reason: str
) -> Revision:
    known = store.tasks()
    words = f"{enters.id} came in for {', '.join(task.id for task in gone)}: {reason}"
    return Revision(
        revised(known, *gone, enters),
        with_tasks(known, *gone, enters),
        tuple(records),
        notes=(words,),
        about=frozenset([enters.id, *(task.id for task in gone)]),
        what=words,
    )
