"""`audit`: the calendars as they are now, held against the tasks.  Changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from blocker.auditing.audit import Question
from blocker.auditing.audit import audit as hold_against
from blocker.auditing.evidence import CalendarsRead
from blocker.commands.choosing import choose_members, choose_sprint
from blocker.commands.privacy import may_be_named
from blocker.commands.promises import orphans_in, predecessors, promises_in
from blocker.commands.reading import MemberCalendars, Tell, is_gone, read_all, silent, window_for
from blocker.commands.take_in import take_in
from blocker.domain.finding import AuditReport
from blocker.domain.sprint import SprintState
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Audited:
    """The report, and sentences said to people beside it."""

    report: AuditReport
    notes: tuple[str, ...] = ()


def audit(
    workspace: Workspace,
    file: Path | None = None,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    tell: Tell = silent,
) -> Audited:
    """Audit a sprint against the store's tasks, or against those of a file alone.

    Raises WrongInput for mistakes in the file, WrongUse, Unreachable for the store.  Calendars that
    are not calendars are findings; those that cannot be reached are the report's errors.
    """
    picked = choose_members(workspace, named)
    with workspace.store(rehearse=True) as store:
        states = store.sprint_states()
        stored = {} if file is not None else store.tasks()
        receipts = store.receipts()
        day_limits = store.day_limits()
    sprint = choose_sprint(
        workspace,
        sprint_word,
        [one.task for one in stored.values()],
        states,
        tasks_come_in=file is not None,
    )
    notes: tuple[str, ...] = ()
    if file is not None:
        taken = take_in(workspace, file, {}, {}, sprint)
        stored, notes = taken.tasks, taken.notes
    tasks = {name: one.task for name, one in stored.items()}
    promises = promises_in(workspace, tasks.values(), sprint)
    elsewhere, never = predecessors(workspace, tasks, promises, sprint)
    awaited = {after.task for one in promises.values() for after in one.task.after}
    wanted = {member.id for member in picked}
    wanted |= {one.task.owner for one in elsewhere if one.task.is_owed}
    wanted |= {promises[name].task.owner for name in awaited if name in promises}
    readers = [member for member in workspace.team.members if member.id in wanted]
    window = window_for(sprint.interval, *(one.sprint for one in elsewhere))
    calendars = read_all(workspace, readers, window, tell)
    is_whole_team = len(picked) == len(workspace.team.members)
    question = Question(
        workspace.now,
        sprint,
        states.get(sprint.number, SprintState.PLANNED),
        [_told(read, receipts) for read in calendars.values()],
        frozenset(member.id for member in picked),
        list(promises.values()),
        elsewhere,
        never,
        may_be_named(workspace),
        tuple(error for read in calendars.values() for error in read.unreachable),
        tuple(orphans_in(workspace, tasks.values(), sprint)) if is_whole_team else (),
        frozenset(name for name, read in calendars.items() if read.unreachable),
        day_limits,
    )
    return Audited(hold_against(question), notes)


def _told(read: MemberCalendars, receipts: Collection[tuple[str, str]]) -> CalendarsRead:
    """What was read, a calendar of blocks that is gone being one that cannot be read."""
    ref = read.member.blocks
    if ref is None or not is_gone(read, receipts):
        return read.read
    why = "the file is gone, and blocks were written to it; put it back, or book --anew"
    return replace(read.read, unreadable=(*read.read.unreadable, (ref.label, why)))
