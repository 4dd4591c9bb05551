"""`status`: where the sprint stands at this moment.  Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.auditing.audit import audit as hold_against
from blocker.commands.audit import Records, question_now, records_of
from blocker.commands.choosing import choose_members, choose_sprint, sprint_numbered
from blocker.commands.news import History, history_of, news_of
from blocker.commands.reading import Tell, silent
from blocker.domain.closing import Closing
from blocker.domain.commitment import AmendmentKind
from blocker.domain.finding import AuditReport, MemberAudit
from blocker.domain.hours import day_of, instant
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.status import (
    MemberStatus,
    SprintAtAGlance,
    Status,
    ahead_of,
    next_step,
    present_of,
)
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace

_ROUTED = AmendmentKind.ROUTED


def status(
    workspace: Workspace,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    *,
    as_manager: bool = False,
    tell: Tell = silent,
) -> Status:
    """The sprint that runs, else the one at hand, held against the calendars as they are now.

    It is told to one member where a marketer asks, or one is named; else, and with `as_manager`, to
    a manager: nothing in it depends on who asks then.  Meetings are never named.  Raises WrongUse,
    Unreachable for the store; calendars that cannot be reached are the report's errors.
    """
    whole_team = as_manager and not named
    picked = workspace.team.members if whole_team else choose_members(workspace, named)
    is_to_one = bool(named) or (workspace.asker is not None and not workspace.asker.is_manager)
    ids = {one.id for one in picked}
    with workspace.store(rehearse=True) as store:
        known = _known(workspace, store, sprint_word)
    workspace = workspace.amended(known.records.all_amendments)
    picked = tuple(one for one in workspace.team.members if one.id in ids)
    report, notes = _report(workspace, known, picked, tell)
    amendments = known.records.accepted.amendments
    return Status(
        report,
        tuple(_member(workspace, known, report, audit) for audit in report.members),
        is_to_one and not as_manager and len(picked) == 1,
        {name: task.title for name, task in known.tasks.items()},
        tuple(one for one in amendments if one.kind is _ROUTED and one.member in ids),
        tuple(_unclosed(workspace, known)),
        _following(workspace, known),
        known.closing,
        notes,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store says of the sprint and of those around it."""

    sprint: Sprint
    states: Mapping[int, SprintState]
    records: Records
    history: History
    closing: Closing | None

    @property
    def tasks(self) -> Mapping[str, Task]:
        return self.history.tasks


def _known(workspace: Workspace, store: Store, word: str | None) -> _Known:
    tasks = {name: one.task for name, one in store.tasks().items()}
    states = store.sprint_states()
    sprint = _sprint(workspace, word, tasks.values(), states)
    records = records_of(store, sprint)
    since = min(_yesterday(workspace, member) for member in workspace.team.members)
    history = history_of(store, sprint, records.accepted, since)
    return _Known(sprint, states, records, history, store.closings().get(sprint.number))


def _yesterday(workspace: Workspace, member: Member) -> datetime:
    """The first instant of the day before this one, where the member is."""
    return instant(day_of(workspace.now, member.zone) - timedelta(days=1), 0, member.zone)


def _sprint(
    workspace: Workspace, word: str | None, tasks: Iterable[Task], states: Mapping[int, SprintState]
) -> Sprint:
    """An accepted sprint that runs is the one at hand, even where the next waits for acceptance."""
    running = workspace.team.sprints.number_at(workspace.now)
    if word is None and states.get(running) is SprintState.ACCEPTED:
        return sprint_numbered(workspace.team, running)
    return choose_sprint(workspace, word, tasks, states)


def _report(
    workspace: Workspace, known: _Known, picked: Sequence[Member], tell: Tell
) -> tuple[AuditReport, tuple[str, ...]]:
    """The audit, with no meeting named; of a closed sprint nothing is read: its record counts."""
    if known.records.state is SprintState.CLOSED:
        return AuditReport(workspace.now, known.sprint, SprintState.CLOSED, ()), ()
    question, notes = question_now(
        workspace, known.sprint, known.tasks, known.records, picked, tell
    )
    return hold_against(replace(question, names_meetings_of=frozenset())), notes


def _member(
    workspace: Workspace, known: _Known, report: AuditReport, audit: MemberAudit
) -> MemberStatus:
    member = workspace.team.member(audit.member)
    return MemberStatus(
        audit,
        present_of(audit, member.time_off, report.now),
        ahead_of(audit, report.now),
        news_of(known.history, audit, _yesterday(workspace, member)),
        next_step(audit, report),
    )


def _unclosed(workspace: Workspace, known: _Known) -> Iterator[SprintAtAGlance]:
    """Other sprints that are over and still open: accepted, or with open tasks."""
    numbers = {task.sprint for task in known.tasks.values() if task.is_owed and task.sprint}
    numbers |= {number for number, state in known.states.items() if state is SprintState.ACCEPTED}
    for number in sorted(numbers - {known.sprint.number}):
        sprint = sprint_numbered(workspace.team, number)
        is_closed = known.states.get(number) is SprintState.CLOSED
        if sprint.interval.end <= workspace.now and not is_closed:
            yield _glance(known, sprint)


def _following(workspace: Workspace, known: _Known) -> SprintAtAGlance | None:
    """The sprint after this one, where this one runs."""
    if not known.sprint.interval.holds(workspace.now):
        return None
    return _glance(known, sprint_numbered(workspace.team, known.sprint.number + 1))


def _glance(known: _Known, sprint: Sprint) -> SprintAtAGlance:
    own = [one for one in known.tasks.values() if one.is_owed and one.sprint == sprint.number]
    return SprintAtAGlance(
        sprint,
        known.states.get(sprint.number, SprintState.PLANNED),
        len(own),
        sum((one.estimate for one in own), timedelta()),
    )
