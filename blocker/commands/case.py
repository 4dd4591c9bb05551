"""Everything that is known when a plan is made, and the plan; nothing is written yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from blocker.auditing.evidence import Promise
from blocker.commands.at_the_gate import Late
from blocker.commands.checked import completion_of, earlier_in
from blocker.commands.choosing import choose_members, choose_sprint, running_besides
from blocker.commands.freeze import gate_of
from blocker.commands.learned import with_experience
from blocker.commands.look import View, look
from blocker.commands.planning import Planned
from blocker.commands.promises import orphans_in, promises_in, said_of
from blocker.commands.reading import (
    MemberCalendars,
    Tell,
    refuse_broken,
)
from blocker.commands.revision import Revision, revised, with_tasks
from blocker.commands.saying import booking_of
from blocker.commands.scene import Scene
from blocker.commands.standing import Stand
from blocker.commands.steps import changes_for
from blocker.commands.take_in import take_in
from blocker.commands.task_source import Source
from blocker.domain.commitment import Amendment, Completion
from blocker.domain.errors import Mistake, WrongInput
from blocker.domain.member import Member
from blocker.domain.plan import Booking, Change
from blocker.domain.sprint import Sprint
from blocker.store.records import StoredTask
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
    experience: tuple[Sequence[Completion], Sequence[Amendment]] = ((), ())
    """What finished tasks took, and all amendments."""

    def booking(self, dry_run: bool) -> Booking:
        booking = booking_of(
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
        amendments = self.revision.amendments if self.revision else ()
        members = with_experience(self.scene, booking.members, *self.experience)
        return replace(booking, members=members, amendments=amendments)


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
    tasks = {name: one.task for name, one in stored.items()}
    promises = promises_in(workspace, tasks.values(), sprint)
    orphans = orphans_in(workspace, tasks.values(), sprint)

    def refuse(calendars: Mapping[str, MemberCalendars]) -> None:
        refuse_broken(calendars.values(), () if request.anew else store.receipts())
        _refuse_homeless(workspace, picked, promises)

    view = look(workspace, store, sprint, tasks, picked, request.effort, tell, refuse, revision)
    revision = _with_finished(workspace, store, revision, stored, view)
    besides = running_besides(workspace, request.sprint, sprint, store.sprint_states())
    said = [said_of(promise.task, sprint, workspace.team) for promise in promises.values()]
    notes = [*orphans, *(sentence for sentence in (besides, *said) if sentence)]
    return Case(
        workspace,
        view.scene,
        picked,
        view.calendars,
        view.stands,
        view.planned,
        _changes(view, picked),
        revision,
        (*(revision.notes if revision else ()), *notes),
        bool(orphans),
        request.effort,
        (store.completions(), amendments),
    )


def _changes(view: View, picked: Sequence[Member]) -> dict[str, tuple[Change, ...]]:
    """What the plan changes in the calendars of those who are written, by member."""
    return {
        member.id: changes_for(view.scene, view.stands[member.id], view.planned.plans[member.id])
        for member in picked
        if member.id in view.stands
    }


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


def _with_finished(
    workspace: Workspace,
    store: Store,
    revision: Revision | None,
    known: Mapping[str, StoredTask],
    view: View,
) -> Revision | None:
    """The revision with what finished tasks took, those that were checked off among them."""
    finished = {**(revision.finished if revision else {}), **dict.fromkeys(view.finished)}
    if not finished:
        return revision
    revision = revision or Revision(known)
    scene = view.scene
    checked = [scene.tasks[name] for name in view.finished]
    gate = gate_of(workspace, store.sprint_states())
    recorded = [gate.done(one) for one in checked if gate.is_promised(known[one.id].task)]
    earlier = earlier_in(store)
    return replace(
        revision,
        tasks=revised(revision.tasks, *checked),
        changed=(*revision.changed, *with_tasks(known, *checked)),
        amendments=(*revision.amendments, *recorded),
        completions=tuple(
            completion_of(
                scene.promises[name].task,
                stand.evidence.stood(name, workspace.now),
                took,
                workspace.now,
                earlier,
            )
            for name, took in finished.items()
            if (stand := view.stands.get(scene.tasks[name].owner)) is not None
        ),
        notes=(
            *revision.notes,
            *(f"{task.named} was checked off, so it is done" for task in checked),
        ),
        what=revision.what or f"checked off: {', '.join(view.finished)}",
    )


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
