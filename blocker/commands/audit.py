"""`audit`: the calendars as they are now, held against the tasks.  Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from blocker.auditing.audit import Question
from blocker.auditing.audit import audit as hold_against
from blocker.auditing.evidence import CalendarsRead, Promise
from blocker.commands.accepted import Accepted, accepted_in
from blocker.commands.checked import checked_off, with_done
from blocker.commands.choosing import choose_members, choose_sprint, running_besides
from blocker.commands.privacy import may_be_named
from blocker.commands.promises import orphans_in, predecessors, promises_in
from blocker.commands.reading import MemberCalendars, Tell, is_gone, read_all, silent, window_for
from blocker.commands.take_in import take_in
from blocker.commands.task_source import Source
from blocker.domain.commitment import Amendment
from blocker.domain.finding import AuditReport
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Audited:
    """The report, and sentences said to people beside it.

    `checked` are the tasks that their owners checked off in their calendars and that the store does
    not know to be done; `unreached` the calendars that did not answer, each with whose it is.
    """

    report: AuditReport
    notes: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    unreached: tuple[tuple[str, str], ...] = ()


def audit(
    workspace: Workspace,
    file: Source | None = None,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    tell: Tell = silent,
    *,
    is_for_others: bool = False,
) -> Audited:
    """Audit a sprint against the store's tasks, or against those of a file alone.

    Raises WrongInput for mistakes in the file, WrongUse, Unreachable for the store.  Calendars that
    are not calendars are findings; those that cannot be reached are the report's errors.
    """
    with workspace.store(rehearse=True) as store:
        stored = {} if file is not None else store.tasks()
        sprint = choose_sprint(
            workspace,
            sprint_word,
            [one.task for one in stored.values()],
            store.sprint_states(),
            tasks_come_in=file is not None,
        )
        records = records_of(store, sprint, of_file=file is not None)
    notes: tuple[str, ...] = ()
    if file is not None:
        taken = take_in(workspace, file, {}, {}, sprint)
        stored, notes = dict(taken.tasks), taken.notes
    tasks = {name: one.task for name, one in stored.items()}
    workspace = workspace.amended(records.all_amendments)
    picked = choose_members(workspace, named)
    question, said = question_now(workspace, sprint, tasks, records, picked, tell)
    if is_for_others:
        question = replace(question, names_meetings_of=frozenset())
    besides = running_besides(workspace, sprint_word, sprint, records.states)
    return Audited(hold_against(question), (*notes, *([besides] if besides else ()), *said))


@dataclass(frozen=True, slots=True)
class Records:
    """What the store says besides the tasks; of a FILE that is audited alone, next to nothing."""

    state: SprintState
    states: Mapping[int, SprintState]
    receipts: Collection[tuple[str, str]]
    day_limits: Mapping[tuple[str, date], timedelta]
    accepted: Accepted
    all_amendments: tuple[Amendment, ...]


def records_of(store: Store, sprint: Sprint, *, of_file: bool = False) -> Records:
    """What is known of one sprint."""
    return Records(
        store.sprint_state(sprint.number),
        store.sprint_states(),
        store.receipts(),
        store.day_limits(),
        Accepted() if of_file else accepted_in(store, sprint.number),
        tuple(store.amendments()),
    )


def audited_now(
    workspace: Workspace,
    sprint: Sprint,
    tasks: Mapping[str, Task],
    records: Records,
    picked: Sequence[Member],
    tell: Tell = silent,
) -> Audited:
    """The calendars of these members, and of those they wait for, held against the tasks."""
    question, notes = question_now(workspace, sprint, tasks, records, picked, tell)
    finished = newly_done(question, tasks)
    return Audited(hold_against(question), notes, finished, unreached_in(question))


def newly_done(question: Question, tasks: Mapping[str, Task]) -> tuple[str, ...]:
    """Tasks that the calendars show as checked off, and that are open for the store."""
    return tuple(
        name for name, task in question.tasks.items() if tasks[name].is_owed and not task.is_owed
    )


def unreached_in(question: Question) -> tuple[tuple[str, str], ...]:
    """Of each calendar that did not answer: whose it is, and the sentence about it."""
    return tuple(
        (read.member.id, f"{read.member.name}: {sentence}")
        for read in question.reads
        for sentence in read.unreachable
    )


def question_now(
    workspace: Workspace,
    sprint: Sprint,
    tasks: Mapping[str, Task],
    records: Records,
    picked: Sequence[Member],
    tell: Tell = silent,
) -> tuple[Question, tuple[str, ...]]:
    """What the calendars of these members, and of those they wait for, are asked; and warnings."""
    promises = promises_in(workspace, tasks.values(), sprint)
    elsewhere, never = predecessors(workspace, tasks, promises, sprint)
    readers = _readers(workspace, picked, promises, elsewhere)
    window = window_for(sprint.interval, *(one.sprint for one in elsewhere))
    calendars = read_all(workspace, readers, window, tell)
    tasks = with_done(tasks, _checked(calendars, sprint, tasks))
    promises = promises_in(workspace, tasks.values(), sprint)
    accepted = records.accepted
    is_whole_team = len(picked) == len(workspace.team.members)
    question = Question(
        workspace.now,
        sprint,
        records.state,
        [_told(read, records.receipts) for read in calendars.values()],
        frozenset(member.id for member in picked),
        list(promises.values()),
        elsewhere,
        never,
        may_be_named(workspace),
        tuple(error for read in calendars.values() for error in read.unreachable),
        tuple(orphans_in(workspace, tasks.values(), sprint)) if is_whole_team else (),
        frozenset(name for name, read in calendars.items() if read.unreachable),
        records.day_limits,
        accepted.commitment,
        accepted.amendments,
        tasks,
        accepted.outcomes,
    )
    warnings = tuple(one for read in calendars.values() for one in read.warnings)
    return question, warnings


def _checked(
    calendars: Mapping[str, MemberCalendars], sprint: Sprint, tasks: Mapping[str, Task]
) -> list[str]:
    """Tasks that their owners checked off in their calendars: they are done."""
    return [
        name
        for member, read in calendars.items()
        for name in checked_off(read.in_blocks, member, sprint, tasks)
    ]


def _readers(
    workspace: Workspace,
    picked: Sequence[Member],
    promises: Mapping[str, Promise],
    elsewhere: Sequence[Promise],
) -> list[Member]:
    """The members in question and the owners of tasks that some wait for, in config order."""
    awaited = {after.task for one in promises.values() for after in one.task.after}
    wanted = {member.id for member in picked}
    wanted |= {one.task.owner for one in elsewhere if one.task.is_owed}
    wanted |= {promises[name].task.owner for name in awaited if name in promises}
    return [member for member in workspace.team.members if member.id in wanted]


def _told(read: MemberCalendars, receipts: Collection[tuple[str, str]]) -> CalendarsRead:
    """What was read, a calendar of blocks that is gone being one that cannot be read."""
    ref = read.member.blocks
    if ref is None or not is_gone(read, receipts):
        return read.read
    why = "the file is gone, and blocks were written to it; put it back, or book --anew"
    return replace(read.read, unreadable=(*read.read.unreadable, (ref.label, why)))
