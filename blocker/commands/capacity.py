"""`capacity`: who has how much room in a sprint, before anyone commits.  Plans nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from blocker.commands.choosing import choose_members, choose_sprint
from blocker.commands.planning import problem_of
from blocker.commands.promises import orphans_in, promises_in
from blocker.commands.reading import Tell, read_all, refuse_broken, silent, window_for
from blocker.commands.saying import of_calendars
from blocker.commands.scene import Scene
from blocker.commands.standing import Stand, sort_out
from blocker.commands.take_in import take_in
from blocker.commands.task_source import Source
from blocker.commands.writing import settle_doubts
from blocker.domain.capacity import (
    Capacity,
    MemberCapacity,
    OutcomeNeed,
    TeamCapacity,
    WeekCapacity,
)
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint, weeks_in
from blocker.domain.task import Task
from blocker.scheduling.capacity import capacity_of
from blocker.store.store import Store
from blocker.workspace import Workspace


def capacity(
    workspace: Workspace,
    file: Source | None = None,
    sprint_word: str | None = None,
    named: tuple[str, ...] = (),
    tell: Tell = silent,
) -> TeamCapacity:
    """The room of the members in question, with the tasks of FILE as if they were taken in.

    Writes nothing.  Raises WrongUse, WrongInput for mistakes in FILE and broken calendar files,
    Refused for rows that a frozen sprint does not let in, Unreachable for the store.  A calendar
    that cannot be reached is in the answer's errors, and its member left out.
    """
    with workspace.store(rehearse=True) as store:
        workspace = workspace.amended(store.amendments())
        picked = choose_members(workspace, named)
        stored, states = store.tasks(), store.sprint_states()
        known = [one.task for one in stored.values()]
        comes_in = file is not None
        sprint = choose_sprint(workspace, sprint_word, known, states, tasks_come_in=comes_in)
        notes: tuple[str, ...] = ()
        if file is not None:
            taken = take_in(workspace, file, stored, states, sprint)
            stored, notes = dict(taken.tasks), taken.notes
        tasks = {name: one.task for name, one in stored.items()}
        window = window_for(sprint.interval)
        calendars = read_all(workspace, picked, window, tell)
        refuse_broken(calendars.values(), store.receipts())
        with store.transaction():
            settle_doubts(store, calendars, window)
        scene = _scene(workspace, store, sprint, tasks, picked)
    stands = {name: sort_out(scene, read) for name, read in calendars.items() if read.is_whole}
    problem = problem_of(scene, stands)
    found = _nothing_left(scene, stands) if problem is None else list(capacity_of(problem).values())
    is_whole_team = len(picked) == len(workspace.team.members)
    orphans = orphans_in(workspace, tasks.values(), sprint)
    return TeamCapacity(
        workspace.now,
        sprint,
        scene.state,
        tuple(found),
        _by_outcome(found, tasks),
        (*notes, *_warnings(scene, stands), *(orphans if is_whole_team else ())),
        tuple(error for read in calendars.values() for error in read.failures),
        is_over=problem is None,
        has_orphans=is_whole_team and bool(orphans),
    )


def _warnings(scene: Scene, stands: Mapping[str, Stand]) -> list[str]:
    return [
        f"{stand.calendars.member.name}: {sentence}"
        for stand in stands.values()
        for sentence in of_calendars(scene, stand)
    ]


def _scene(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    tasks: Mapping[str, Task],
    picked: Sequence[Member],
) -> Scene:
    """What decides which blocks stand; what tasks wait for takes no room, so it is not asked."""
    members = frozenset(member.id for member in picked)
    return Scene(
        workspace.team,
        sprint,
        store.sprint_state(sprint.number),
        workspace.now,
        promises_in(workspace, tasks.values(), sprint),
        tasks,
        store.receipts(),
        {},
        store.day_limits(),
        members,
        members,
    )


def _nothing_left(scene: Scene, stands: Mapping[str, Stand]) -> list[MemberCapacity]:
    """The weeks of a sprint that is over: what tasks lack has no time any more."""
    found = []
    for name, stand in stands.items():
        owed = [
            promise.task
            for promise in scene.promises.values()
            if promise.task.owner == name and promise.task.is_owed
        ]
        lacks = {task.id: max(task.estimate - stand.counted(task.id), timedelta()) for task in owed}
        needs = {task: lack // timedelta(minutes=1) for task, lack in lacks.items() if lack}
        zone = stand.calendars.member.zone
        spans = weeks_in(scene.sprint.interval, scene.sprint.first_day, zone)
        weeks = [WeekCapacity(k, span, Capacity()) for k, span in enumerate(spans, 1)]
        weeks[-1] = WeekCapacity(len(spans), spans[-1], Capacity(needed=sum(needs.values())))
        found.append(MemberCapacity(name, tuple(weeks), needs))
    return found


def _by_outcome(
    members: Sequence[MemberCapacity], tasks: Mapping[str, Task]
) -> tuple[OutcomeNeed, ...]:
    """What is needed for each outcome, the most first; tasks without one last."""
    needs: dict[str | None, list[int]] = {}
    rooms: dict[str | None, dict[str, int]] = {}
    for member in members:
        for task, needed in member.needs.items():
            outcome = tasks[task].outcome
            needs.setdefault(outcome, []).append(needed)
            rooms.setdefault(outcome, {})[member.member] = member.room
    found = [
        OutcomeNeed(outcome, len(own), sum(own), sum(rooms[outcome].values()))
        for outcome, own in needs.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (one.outcome is None, -one.needed, one.outcome or ""))
    )
