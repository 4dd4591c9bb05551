"""`swap`: something urgent comes in, and as much goes out.  A manager decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import (
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
        gone, records, freed = [], [], timedelta()
        for one in leaving:
            now = still_open(store, one)
            left = now.estimate - stood.get(now.id, timedelta())
            if now.sprint != sprint.number or left <= timedelta():
                raise Refused(f"{now.id} has no time left in {sprint.name} that could be freed")
            freed += left
            gone.append(replace(put_off(now, gate), estimate=left))
            records.append(
                leaving_record(gate, AmendmentKind.SWAPPED_OUT, now, gone[-1], now.estimate - left)
            )
        refuse_belonging(known[coming.id].task, sprint, gate)
        enters = brought_in(workspace, known[coming.id].task, sprint)
        if enters.estimate > freed:
            raise Refused(
                f"{enters.id} needs {duration_text(enters.estimate)}, and only "
                f"{duration_text(freed)} leave with {', '.join(task.id for task in gone)}; take "
                "more out, or make it smaller"
            )
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
