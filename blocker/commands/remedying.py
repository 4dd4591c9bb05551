"""What would make tasks fit that were left out: asked of the planner, said to people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blocker.commands.case import Case
from blocker.commands.freeze import gate_of
from blocker.commands.look import look
from blocker.commands.planning import work_for
from blocker.commands.privacy import may_be_named
from blocker.commands.promises import promise_of
from blocker.commands.reading import Tell, silent
from blocker.commands.remedy_words import Words
from blocker.commands.standing import Stand
from blocker.domain.event import Event
from blocker.domain.member import Member
from blocker.domain.plan import Booking, ChangeKind, Remedy, RemedyKind, Unbooked
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task
from blocker.scheduling.as_booked import as_booked
from blocker.scheduling.changed import Choices
from blocker.scheduling.freed_certificate import with_freed_certificates
from blocker.scheduling.obstacles import with_obstacle
from blocker.scheduling.planner import Effort
from blocker.scheduling.problem import Problem, Work
from blocker.scheduling.remedies import REMEDIABLE, remedies_for
from blocker.store.store import Store
from blocker.workspace import Workspace

EXPLAINED = 3
"""So many tasks of a booking get their remedies at once; for the others `why` finds them."""

_PLANNED, _EXPLAINED = 0.6, 0.9
"""The shares of the job that are behind us when the plan stands, and when remedies are found."""

_COLLEAGUES = 12
"""So many members are asked whether they have time, the first of the config."""


def with_remedies(
    workspace: Workspace,
    store: Store,
    case: Case,
    booking: Booking,
    tasks: Collection[str] | None = None,
    tell: Tell = silent,
) -> Booking:
    """The booking with remedies for the most important tasks that were left out, or for `tasks`."""
    if case.planned.problem is None:
        return booking
    problem, out = standing_after(case), _lacking(case)
    lacks = [lack for member in booking.members for lack in member.unbooked]
    freed = with_freed_certificates(problem, lacks, out)
    known = {name: with_obstacle(problem, lack) for name, lack in freed.items()}
    booking = _each(booking, lambda lack: known[lack.task])
    lacks = [lack for lack in known.values() if lack.reason in REMEDIABLE]
    if tasks is None:
        lacks.sort(key=lambda lack: (case.scene.tasks[lack.task].priority, lack.task))
        lacks = lacks[:EXPLAINED]
    else:
        lacks = [lack for lack in lacks if lack.task in tasks]
    if not lacks:
        return booking
    found = _found(workspace, store, case, problem, lacks, tell)
    return _each(booking, lambda lack: replace(lack, remedies=found.get(lack.task, ())))


def _each(booking: Booking, change: Callable[[Unbooked], Unbooked]) -> Booking:
    members = tuple(
        replace(member, unbooked=tuple(change(lack) for lack in member.unbooked))
        for member in booking.members
    )
    return replace(booking, members=members)


def _lacking(case: Case) -> frozenset[str]:
    plans = case.planned.plans.values()
    return frozenset(lack.task for plan in plans for lack in plan.unbooked)


@dataclass(frozen=True, slots=True)
class _Room:
    """The question as it will be when the booking stands, colleagues included."""

    problem: Problem
    stands: Mapping[str, Stand]
    lacking: frozenset[str]


def _found(
    workspace: Workspace,
    store: Store,
    case: Case,
    problem: Problem,
    lacks: Sequence[Unbooked],
    tell: Tell,
) -> dict[str, tuple[Remedy, ...]]:
    tell("looking who else has time", _PLANNED)
    owners = {case.scene.tasks[lack.task].owner for lack in lacks}
    colleagues = {owner: _colleagues(workspace, owner) for owner in owners}
    asked = {one.id for them in colleagues.values() for one in them}
    room = _room(workspace, store, case, problem, asked)
    named = may_be_named(workspace)
    gate = gate_of(workspace, store.sprint_states())
    found = {}
    for number, lack in enumerate(lacks):
        share = _PLANNED + (_EXPLAINED - _PLANNED) * number / len(lacks)
        tell(f"looking for what would make {lack.task} fit", share)
        task = case.scene.tasks[lack.task]
        stand = room.stands[task.owner]
        meetings = list(_meetings(case, stand))
        choices = Choices(
            {task.id: case.scene.promises[task.id].not_before},
            {task.owner: tuple(event.interval for event in meetings)},
            {task.id: tuple(_ways(case, room, task, colleagues[task.owner]))},
        )
        remedies = remedies_for(room.problem, lack, room.lacking, choices, Effort(case.effort))
        titles = {event.interval: event.title for event in meetings if task.owner in named}
        if case.scene.state is SprintState.ACCEPTED:  # no due date moves back then
            remedies = tuple(one for one in remedies if one.kind is not RemedyKind.EXTEND_DUE)
        words = Words(case.scene, task, titles, gate)
        found[task.id] = tuple(replace(one, detail=words.detail(one)) for one in remedies)
    return found


def _colleagues(workspace: Workspace, owner: str) -> list[Member]:
    others = [one for one in workspace.team.members if one.id != owner and one.blocks is not None]
    return others[:_COLLEAGUES]


def standing_after(case: Case) -> Problem:
    """The question as it will be when the booking stands.  The case must have a question."""
    problem, plans = case.planned.problem, case.planned.plans
    assert problem is not None
    keys = {
        (change.block.task, change.block.interval): f"{change.block.uid}\x00"
        for changes in case.changes.values()
        for change in changes
        if change.kind in (ChangeKind.CREATE, ChangeKind.MOVE)
    }
    return as_booked(problem, [plans[desk.member] for desk in problem.desks], keys)


def _room(
    workspace: Workspace, store: Store, case: Case, booked: Problem, colleagues: Collection[str]
) -> _Room:
    """What stands once the booking is written; colleagues not in it are planned quickly."""
    lacking = set(_lacking(case))
    stands = dict(case.stands)
    unknown = {
        one
        for one in set(colleagues) - set(stands)
        if one not in case.calendars or case.calendars[one].is_whole
    }
    if unknown:
        members = [one for one in workspace.team.members if one.id in unknown | set(stands)]
        scene = case.scene
        view = look(workspace, store, scene.sprint, scene.tasks, members, Effort.QUICK.value)
        assert view.planned.problem is not None
        if view.planned.is_cut_short:
            raise KeyboardInterrupt  # a part of what colleagues have is of no use
        others = as_booked(
            view.planned.problem,
            [view.planned.plans[desk.member] for desk in view.planned.problem.desks],
        )
        # of others a case knows at most what stands, the view all of it
        theirs = {desk.member for desk in others.desks} - set(stands)
        booked = replace(
            booked,
            desks=(
                *(desk for desk in booked.desks if desk.member not in theirs),
                *(desk for desk in others.desks if desk.member in theirs),
            ),
            works=(
                *(work for work in booked.works if work.member not in theirs),
                *(work for work in others.works if work.member in theirs),
            ),
        )
        for name in set(view.stands) - set(stands):
            lacking |= {lack.task for lack in view.planned.plans[name].unbooked}
            stands[name] = view.stands[name]
    return _Room(booked, stands, frozenset(lacking))


def meetings_of(stand: Stand) -> list[Event]:
    """Busy, timed events that name no task of the sprint."""
    return [one for one in stand.evidence.silent if one.is_busy and not one.all_day]


def _meetings(case: Case, stand: Stand) -> Iterable[Event]:
    """Events still to come that somebody could move: not ours, not whole days, naming no task."""
    for event in meetings_of(stand):
        if event.mark is None and event.interval.start >= case.scene.now:
            yield event


def _ways(case: Case, room: _Room, task: Task, colleagues: Sequence[Member]) -> Iterable[Work]:
    """The task as the work of each colleague whose calendars could be read."""
    for other in colleagues:
        if other.id in room.stands:
            theirs = replace(task, owner=other.id)
            promise = promise_of(theirs, case.scene.sprint, case.scene.team)
            yield work_for(case.scene, room.stands, promise, room.problem.horizon)
