"""`sprint`: the sprints so far, and one of them with all that was promised and changed."""

from __future__ import annotations

from datetime import timedelta

from blocker.commands.audit import audited_now, records_of
from blocker.commands.choosing import choose_sprint, sprint_numbered
from blocker.commands.reading import Tell, silent
from blocker.commands.verifying import faults_in
from blocker.domain.closing import Closing, Fate
from blocker.domain.finding import AuditReport
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.sprint_record import SprintRecord, SprintSum
from blocker.domain.task import TaskState
from blocker.store.store import Store
from blocker.workspace import Workspace

SHOWN = 6


def list_sprints(
    workspace: Workspace, tell: Tell = silent
) -> tuple[tuple[SprintSum, ...], tuple[str, ...]]:
    """The last six sprints that have tasks or a record, the newest last; and what was not reached.

    Of closed ones the record is shown, of others the calendars as they are now.
    """
    with workspace.store(rehearse=True) as store:
        workspace = workspace.amended(store.amendments())
        closings = store.closings()
        used = {one.task.sprint for one in store.tasks().values() if one.task.sprint is not None}
        numbers = sorted(used | set(closings) | set(store.sprint_states()))[-SHOWN:]
        found: list[SprintSum] = []
        errors: list[str] = []
        for number in numbers:
            sprint = sprint_numbered(workspace.team, number)
            if number in closings:
                found.append(_of_record(sprint, closings[number]))
                continue
            if store.sprint_state(number) is SprintState.CLOSED:
                found.append(_purged(sprint))
                continue
            report = _audited(workspace, store, sprint, tell)
            errors += report.errors
            found.append(_of_now(sprint, report))
    return tuple(found), tuple(dict.fromkeys(errors))


def _audited(workspace: Workspace, store: Store, sprint: Sprint, tell: Tell) -> AuditReport:
    tasks = {name: one.task for name, one in store.tasks().items()}
    records = records_of(store, sprint)
    return audited_now(workspace, sprint, tasks, records, workspace.team.members, tell).report


def _of_record(sprint: Sprint, closing: Closing) -> SprintSum:
    return SprintSum(
        sprint,
        SprintState.CLOSED,
        closing.promised,
        closing.standing,
        closing.stood,
        len(closing.tasks),
        closing.count(Fate.DONE),
        closing.was_accepted,
    )


def _purged(sprint: Sprint) -> SprintSum:
    zero = timedelta()
    return SprintSum(
        sprint, SprintState.CLOSED, zero, zero, zero, 0, 0, was_accepted=False, is_kept=False
    )


def _of_now(sprint: Sprint, report: AuditReport) -> SprintSum:
    members = report.members
    tasks = [task for member in members for task in member.tasks]
    tasks = [task for task in tasks if task.state is not TaskState.DROPPED]
    is_accepted = report.accepted is not None
    zero = timedelta()
    return SprintSum(
        sprint,
        report.sprint_state,
        sum((m.promised if is_accepted else m.committed for m in members), report.taken_out),
        sum((m.kept if is_accepted else m.on_calendar for m in members), zero),
        sum((task.stood for task in tasks), zero),
        len(tasks),
        sum(task.state is TaskState.DONE for task in tasks),
        is_accepted,
    )


def show_sprint(workspace: Workspace, word: str | None, *, verify: bool = False) -> SprintRecord:
    """All that is kept of one sprint; with `verify` what of it, and of the chain, does not hold.

    Reads no calendar.  Raises WrongUse for a name that is no sprint's.
    """
    with workspace.store(rehearse=True) as store:
        tasks = [one.task for one in store.tasks().values()]
        sprint = choose_sprint(workspace, word, tasks, store.sprint_states())
        chain = store.commitments()
        sealed = next((one for one in chain if one.sprint == sprint.number), None)
        is_readable = sealed is not None and sealed.is_whole
        return SprintRecord(
            sprint,
            store.sprint_state(sprint.number),
            sealed.commitment if sealed and is_readable else None,
            sealed.seal if sealed else None,
            tuple(store.amendments(sprint.number)),
            store.closings().get(sprint.number),
            sum(task.sprint == sprint.number and task.is_owed for task in tasks),
            tuple(faults_in(store, workspace.team)) if verify else None,
            len(chain),
        )
