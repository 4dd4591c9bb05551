"""`more`: a task takes longer than was thought."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from blocker.commands.amending import carry_out, gate_in, needs_reason, open_task, still_open
from blocker.commands.book import Confirm
from blocker.commands.deciding import refuse_others_work
from blocker.commands.reading import Tell, silent
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.domain.commitment import AmendmentKind
from blocker.domain.interval import duration_text
from blocker.domain.plan import Booking
from blocker.domain.sprint import Sprint
from blocker.store.store import Store
from blocker.workspace import Workspace


def more(
    workspace: Workspace,
    name: str,
    time: timedelta,
    because: str | None,
    *,
    confirm: Confirm = lambda _: True,
    dry_run: bool = False,
    tell: Tell = silent,
) -> Booking:
    """A task takes longer than was thought: its estimate grows, and what fits is booked.

    It is recorded all the same where there is no room: the task is then at risk.
    """
    reason = needs_reason(because, "more")
    task = open_task(workspace, name)

    def revise(workspace: Workspace, store: Store, _sprint: Sprint) -> Revision:
        known = store.tasks()
        now = still_open(store, task)
        refuse_others_work(workspace, now)
        gate = gate_in(workspace, store, reason)
        grown = replace(now, estimate=now.estimate + time)
        record = gate.amendment(AmendmentKind.MORE, now, minutes=time)
        words = (
            f"{now.named} needs {duration_text(time)} more, "
            f"{duration_text(grown.estimate)} in all: {reason}"
        )
        return Revision(
            revised(known, grown),
            with_tasks(known, grown),
            (record,) if gate.is_promised(now) else (),
            notes=(words,),
            about=frozenset([now.id]),
            what=words,
        )

    return carry_out(workspace, [task], revise, confirm=confirm, dry_run=dry_run, tell=tell)
