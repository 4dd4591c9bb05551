"""Reads the calendars that a plan depends on, sorts out what stands, and plans; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from blocker.auditing.audit import Question, readiness, weigh
from blocker.auditing.evidence import Promise
from blocker.commands.checked import checked_off, with_done
from blocker.commands.joined import involved_with, waiting_for, with_owners
from blocker.commands.planning import Planned, plan_team
from blocker.commands.promises import predecessors, promises_in
from blocker.commands.reading import MemberCalendars, Tell, read_all, silent, window_for
from blocker.commands.revision import Revision
from blocker.commands.scene import Scene
from blocker.commands.standing import Stand, sort_out
from blocker.commands.writing import settle_doubts
from blocker.domain.commitment import AmendmentKind
from blocker.domain.member import Member
from blocker.domain.sprint import Sprint
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class View:
    """What some members' calendars say, and the plan made of it."""

    scene: Scene
    calendars: Mapping[str, MemberCalendars]
    stands: Mapping[str, Stand]
    planned: Planned
    finished: tuple[str, ...] = ()
    """Tasks that were checked off in these calendars."""


def look(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    tasks: Mapping[str, Task],
    picked: Sequence[Member],
    effort: str,
    tell: Tell = silent,
    refuse: Callable[[Mapping[str, MemberCalendars]], None] = lambda _: None,
    revision: Revision | None = None,
) -> View:
    """Read the calendars of these members and of those theirs depend on, and plan.

    Members whose calendars could not all be read are left out of the plan.  Of members who wait for
    these the blocks that stand are looked at, where that is possible, and nothing is planned.
    """
    promises = promises_in(workspace, tasks.values(), sprint)
    involved = involved_with(workspace, picked, promises)
    elsewhere, never = predecessors(workspace, tasks, promises, sprint)
    followers = waiting_for(workspace, involved, promises)
    readers = with_owners(workspace, [*involved, *followers], elsewhere)
    needed = {member.id for member in with_owners(workspace, involved, elsewhere)}
    window = window_for(sprint.interval, *(promise.sprint for promise in elsewhere))
    to_write = {member.id for member in picked}
    calendars = read_all(workspace, readers, window, tell, until=0.5, to_write=to_write)
    refuse({name: read for name, read in calendars.items() if name in needed})
    with store.transaction():
        settle_doubts(store, calendars, window)
    is_about_all = revision is None or revision.about is None
    done = _checked(calendars, picked, sprint, tasks) if is_about_all else ()
    tasks = with_done(tasks, done)
    promises = promises_in(workspace, tasks.values(), sprint)
    whole = {name: read for name, read in calendars.items() if read.is_whole}
    question = _question(workspace, store, sprint, whole, promises, elsewhere, never)
    scene = _scene(workspace, question, promises, tasks, store, picked, involved)
    scene = _revised(scene, store, revision)
    tell("planning", 0.5)
    readable = [whole[one.id] for one in (*involved, *followers) if one.id in whole]
    scene, stands, planned = _planned(scene, readable, effort, workspace.workers)
    own = {name: stand for name, stand in stands.items() if name in scene.planned}
    return View(scene, calendars, own, planned, done)


def _question(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    calendars: Mapping[str, MemberCalendars],
    promises: Mapping[str, Promise],
    elsewhere: Sequence[Promise],
    never: frozenset[str],
) -> Question:
    """What the auditor is asked: which events speak, count and are wrong; it reports on nobody."""
    return Question(
        workspace.now,
        sprint,
        store.sprint_state(sprint.number),
        [read.read for read in calendars.values()],
        frozenset(),
        list(promises.values()),
        elsewhere,
        never,
    )


def _revised(scene: Scene, store: Store, revision: Revision | None) -> Scene:
    """The scene as a command revises it, and with what was lowered before and by it."""
    records = [*store.amendments(scene.sprint.number), *(revision.amendments if revision else ())]
    lowered = frozenset(
        one.task for one in records if one.kind is AmendmentKind.LOWERED and one.task is not None
    )
    if revision is None:
        return replace(scene, lowered=lowered)
    may_use = revision.may_use_reserve
    return replace(scene, lowered=lowered, about=revision.about, may_use_reserve=may_use)


def _scene(
    workspace: Workspace,
    question: Question,
    promises: Mapping[str, Promise],
    tasks: Mapping[str, Task],
    store: Store,
    picked: Sequence[Member],
    involved: Sequence[Member],
) -> Scene:
    """What is known when planning begins; when tasks are ready, the auditor says."""
    evidences = weigh(question.reads, question.promises, question.sprint)
    return Scene(
        workspace.team,
        question.sprint,
        question.state,
        workspace.now,
        promises,
        tasks,
        store.receipts(),
        readiness(question, evidences),
        store.day_limits(),
        frozenset(member.id for member in picked),
        frozenset(member.id for member in involved),
    )


def _planned(
    scene: Scene, calendars: Sequence[MemberCalendars], effort: str, workers: int
) -> tuple[Scene, dict[str, Stand], Planned]:
    """Sort out what stands and plan the rest.

    What stands is never removed because the rest has no room: a block that breaks a rule stays
    after all when its task finds no other place.
    """
    while True:
        stands = {read.member.id: sort_out(scene, read) for read in calendars}
        planned = plan_team(scene, stands, effort, workers)
        homeless = {
            key
            for name, stand in stands.items()
            for lack in planned.plans[name].unbooked
            for key in stand.rule_breakers.get(lack.task, ())
        } - scene.tolerated
        if not homeless or planned.is_cut_short:
            return scene, stands, planned
        scene = replace(scene, tolerated=scene.tolerated | homeless)


def _checked(
    calendars: Mapping[str, MemberCalendars],
    picked: Sequence[Member],
    sprint: Sprint,
    tasks: Mapping[str, Task],
) -> tuple[str, ...]:
    """What these members checked off in their calendars."""
    return tuple(
        name
        for member in picked
        if member.id in calendars
        for name in checked_off(calendars[member.id].in_blocks, member.id, sprint, tasks)
    )
