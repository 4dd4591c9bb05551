"""Everything that is known when a plan is made, and the plan; nothing is written yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from blocker.auditing.audit import Question, readiness, weigh
from blocker.auditing.evidence import Promise
from blocker.commands.at_the_gate import Late
from blocker.commands.choosing import choose_members, choose_sprint
from blocker.commands.joined import involved_with, waiting_for, with_owners
from blocker.commands.planning import Planned, plan_team
from blocker.commands.promises import orphans_in, predecessors, promises_in, said_of
from blocker.commands.reading import (
    MemberCalendars,
    Tell,
    read_all,
    refuse_broken,
    silent,
    window_for,
)
from blocker.commands.revision import Revision
from blocker.commands.saying import booking_of
from blocker.commands.scene import Scene
from blocker.commands.standing import Stand, sort_out
from blocker.commands.steps import changes_for
from blocker.commands.take_in import take_in
from blocker.commands.task_source import Source
from blocker.commands.writing import settle_doubts
from blocker.domain.errors import Mistake, WrongInput
from blocker.domain.member import Member
from blocker.domain.plan import Booking, Change
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace

Revise = Callable[[Workspace, Store, Sprint], Revision]
"""Says what a command makes of the tasks of a sprint; raises Refused where it may not."""


@dataclass(frozen=True, slots=True)
class Request:
    """What `book` is asked for."""

    file: Source | None = None
    sprint: str | None = None
    members: tuple[str, ...] = ()
    dry_run: bool = False
    prune: bool = False
    anew: bool = False
    effort: str = "normal"
    late: Late | None = None
    """What becomes of new rows of `file` for an accepted sprint."""
    explain: bool = True
    """Whether to look for remedies for what does not fit."""
    revise: Revise | None = None
    """What the command does to the tasks before it books; in place of `file`."""
    command: str = "book"
    """The name under which the run is remembered."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known when the plan is made; nothing is written yet."""

    workspace: Workspace
    """As the store amends it: who is away is off."""
    scene: Scene
    picked: tuple[Member, ...]
    calendars: Mapping[str, MemberCalendars]
    stands: Mapping[str, Stand]
    planned: Planned
    changes: Mapping[str, tuple[Change, ...]]
    revision: Revision | None
    notes: tuple[str, ...]
    has_orphans: bool
    effort: str

    def booking(self, dry_run: bool) -> Booking:
        return booking_of(
            self.scene,
            self.picked,
            self.calendars,
            self.stands,
            self.planned,
            self.changes,
            self.notes,
            dry_run,
            has_orphans=self.has_orphans,
        )


@dataclass(frozen=True, slots=True)
class View:
    """What some members' calendars say, and the plan made of it."""

    scene: Scene
    calendars: Mapping[str, MemberCalendars]
    stands: Mapping[str, Stand]
    planned: Planned


def prepare(workspace: Workspace, request: Request, store: Store, tell: Tell) -> Case:
    """Take the tasks in, read the calendars, plan.

    Raises WrongUse, WrongInput and Refused for what stops everything.
    """
    known = store.tasks()
    sprint = choose_sprint(
        workspace,
        request.sprint,
        [stored.task for stored in known.values()],
        store.sprint_states(),
        tasks_come_in=request.file is not None,
    )
    revision = _revision(workspace, request, store, sprint)
    amendments = [*store.amendments(), *(revision.amendments if revision else ())]
    workspace = workspace.amended(amendments)
    picked = choose_members(workspace, request.members)
    stored = revision.tasks if revision else known
    about = revision.about if revision else None
    tasks = {name: one.task for name, one in stored.items()}
    promises = promises_in(workspace, tasks.values(), sprint)
    orphans = orphans_in(workspace, tasks.values(), sprint)

    def refuse(calendars: Mapping[str, MemberCalendars]) -> None:
        refuse_broken(calendars.values(), () if request.anew else store.receipts())
        _refuse_homeless(workspace, picked, promises)

    view = look(workspace, store, sprint, tasks, picked, request.effort, tell, refuse, about)
    changes = {
        member.id: changes_for(view.scene, view.stands[member.id], view.planned.plans[member.id])
        for member in picked
        if member.id in view.stands
    }
    said = [said_of(promise.task, sprint, workspace.team) for promise in promises.values()]
    notes = [*orphans, *(sentence for sentence in said if sentence)]
    return Case(
        workspace,
        view.scene,
        picked,
        view.calendars,
        view.stands,
        view.planned,
        changes,
        revision,
        (*(revision.notes if revision else ()), *notes),
        bool(orphans),
        request.effort,
    )


def _revision(
    workspace: Workspace, request: Request, store: Store, sprint: Sprint
) -> Revision | None:
    if request.revise is not None:
        return request.revise(workspace, store, sprint)
    if request.file is None:
        return None
    return take_in(
        workspace,
        request.file,
        store.tasks(),
        store.sprint_states(),
        sprint,
        prune=request.prune,
        late=request.late,
        outcomes=store.outcomes(),
    )


def look(
    workspace: Workspace,
    store: Store,
    sprint: Sprint,
    tasks: Mapping[str, Task],
    picked: Sequence[Member],
    effort: str,
    tell: Tell = silent,
    refuse: Callable[[Mapping[str, MemberCalendars]], None] = lambda _: None,
    about: frozenset[str] | None = None,
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
    whole = {name: read for name, read in calendars.items() if read.is_whole}
    question = Question(
        workspace.now,
        sprint,
        store.sprint_states().get(sprint.number, SprintState.PLANNED),
        [read.read for read in whole.values()],
        frozenset(),
        list(promises.values()),
        elsewhere,
        never,
    )
    scene = _scene(workspace, question, promises, tasks, store, picked, involved, about)
    tell("planning", 0.5)
    readable = [whole[one.id] for one in (*involved, *followers) if one.id in whole]
    scene, stands, planned = _planned(scene, readable, effort, workspace.workers)
    own = {name: stand for name, stand in stands.items() if name in scene.planned}
    return View(scene, calendars, own, planned)


def _scene(
    workspace: Workspace,
    question: Question,
    promises: Mapping[str, Promise],
    tasks: Mapping[str, Task],
    store: Store,
    picked: Sequence[Member],
    involved: Sequence[Member],
    about: frozenset[str] | None,
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
        about,
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


def _refuse_homeless(
    workspace: Workspace, picked: Sequence[Member], promises: Mapping[str, Promise]
) -> None:
    """Who has tasks and no calendar for blocks cannot be booked."""
    owners = {promise.task.owner for promise in promises.values() if promise.task.is_owed}
    lacking = [one for one in picked if one.blocks is None and one.id in owners]
    if lacking:
        raise WrongInput(
            [
                Mistake(
                    str(workspace.config.path),
                    None,
                    f"members.{one.id}",
                    "has tasks and no calendar that blocks are written to",
                    "add calendars: {blocks: {ics: FILE}}, or leave them out with --for",
                )
                for one in lacking
            ]
        )
