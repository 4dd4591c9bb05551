"""`book`: from tasks and calendars to blocks that stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from blocker.auditing.audit import Question, readiness, weigh
from blocker.auditing.evidence import Promise
from blocker.commands.choosing import choose_members, choose_sprint
from blocker.commands.planning import Planned, plan_team
from blocker.commands.promises import orphans_in, predecessors, promises_in, said_of
from blocker.commands.reading import MemberCalendars, Tell, is_gone, read_all, silent, window_for
from blocker.commands.saying import booking_of, landed_on, unwritten
from blocker.commands.scene import Scene
from blocker.commands.standing import Stand, sort_out
from blocker.commands.steps import changes_for
from blocker.commands.take_in import TakenIn, take_in
from blocker.commands.writing import adopt, carry_out, intents_for, settle_doubts
from blocker.domain.errors import CalendarUnreadable, Mistake, WrongInput
from blocker.domain.member import Member
from blocker.domain.plan import Booking, Change, ChangeKind, MemberBooking
from blocker.domain.sprint import SprintState
from blocker.domain.task import Task
from blocker.store.store import Store
from blocker.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Request:
    """What `book` is asked for."""

    file: Path | None = None
    sprint: str | None = None
    members: tuple[str, ...] = ()
    dry_run: bool = False
    prune: bool = False
    anew: bool = False


Confirm = Callable[[Booking], bool]
"""Shows what will be done and says whether to do it."""


def book(
    workspace: Workspace,
    request: Request,
    confirm: Confirm = lambda _: True,
    tell: Tell = silent,
) -> Booking:
    """Import, read, plan, write, read back.

    Raises WrongInput (nothing was done) for mistakes in files, WrongUse, Refused, Unreachable for
    the store.  A calendar that cannot be reached is in the answer's errors, the others are booked.
    """
    with workspace.store(rehearse=request.dry_run) as store:
        case = _prepare(workspace, request, store, tell)
        booking = case.booking(request.dry_run)
        if request.dry_run or not confirm(booking):
            return replace(booking, dry_run=True)
        tell("writing blocks", 0.9)
        return _write(workspace, store, case, booking)


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything known when the plan is made; nothing is written yet."""

    scene: Scene
    picked: tuple[Member, ...]
    calendars: Mapping[str, MemberCalendars]
    stands: Mapping[str, Stand]
    planned: Planned
    changes: Mapping[str, tuple[Change, ...]]
    taken: TakenIn | None
    notes: tuple[str, ...]
    has_orphans: bool

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


def _prepare(workspace: Workspace, request: Request, store: Store, tell: Tell) -> _Case:
    known, states = store.tasks(), store.sprint_states()
    picked = choose_members(workspace, request.members)
    sprint = choose_sprint(
        workspace,
        request.sprint,
        [stored.task for stored in known.values()],
        states,
        tasks_come_in=request.file is not None,
    )
    taken = None
    if request.file is not None:
        taken = take_in(workspace, request.file, known, states, sprint, prune=request.prune)
    stored = taken.tasks if taken else known
    tasks = {name: one.task for name, one in stored.items()}
    promises = promises_in(workspace, tasks.values(), sprint)
    orphans = orphans_in(workspace, tasks.values(), sprint)
    involved = _involved(workspace, picked, promises)
    elsewhere, never = predecessors(workspace, tasks, promises, sprint)
    readers = _owners(workspace, involved, elsewhere)
    window = window_for(sprint.interval, *(promise.sprint for promise in elsewhere))
    calendars = read_all(workspace, readers, window, tell, until=0.5)
    _refuse_broken(store, calendars.values(), anew=request.anew)
    _refuse_homeless(workspace, picked, promises)
    with store.transaction():
        settle_doubts(store, calendars, window)
    whole = {name: read for name, read in calendars.items() if read.is_whole}
    state = states.get(sprint.number, SprintState.PLANNED)
    question = Question(
        workspace.now,
        sprint,
        state,
        [read.read for read in whole.values()],
        frozenset(),
        list(promises.values()),
        elsewhere,
        never,
    )
    scene = _scene(workspace, question, promises, tasks, store)
    tell("planning", 0.5)
    readable = [whole[member.id] for member in involved if member.id in whole]
    scene, stands, planned = _planned(scene, readable)
    changes = {
        member.id: changes_for(scene, stands[member.id], planned.plans[member.id])
        for member in picked
        if member.id in stands
    }
    said = [said_of(promise.task, sprint, workspace.team) for promise in promises.values()]
    notes = [*orphans, *(sentence for sentence in said if sentence)]
    return _Case(
        scene,
        picked,
        calendars,
        stands,
        planned,
        changes,
        taken,
        (*(taken.notes if taken else ()), *notes),
        bool(orphans),
    )


def _scene(
    workspace: Workspace,
    question: Question,
    promises: Mapping[str, Promise],
    tasks: Mapping[str, Task],
    store: Store,
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
    )


def _planned(
    scene: Scene, calendars: Sequence[MemberCalendars]
) -> tuple[Scene, dict[str, Stand], Planned]:
    """Sort out what stands and plan the rest.

    What stands is never removed because the rest has no room: a block that breaks a rule stays
    after all when its task finds no other place.
    """
    while True:
        stands = {read.member.id: sort_out(scene, read) for read in calendars}
        planned = plan_team(scene, stands)
        homeless = {
            key
            for name, stand in stands.items()
            for lack in planned.plans[name].unbooked
            for key in stand.rule_breakers.get(lack.task, ())
        } - scene.tolerated
        if not homeless:
            return scene, stands, planned
        scene = replace(scene, tolerated=scene.tolerated | homeless)


def _involved(
    workspace: Workspace, picked: Sequence[Member], promises: Mapping[str, Promise]
) -> list[Member]:
    """The picked members and all whose plans theirs depend on, in the config's order."""
    wanted = {member.id for member in picked}
    while True:
        more = {
            promises[after.task].task.owner
            for promise in promises.values()
            if promise.task.owner in wanted and promise.task.is_owed
            for after in promise.task.after
            if after.task in promises and promises[after.task].task.is_owed
        }
        if more <= wanted:
            return [member for member in workspace.team.members if member.id in wanted]
        wanted |= more


def _owners(
    workspace: Workspace, involved: Sequence[Member], elsewhere: Iterable[Promise]
) -> list[Member]:
    wanted = {member.id for member in involved}
    wanted |= {promise.task.owner for promise in elsewhere if promise.task.is_owed}
    return [member for member in workspace.team.members if member.id in wanted]


def _refuse_broken(store: Store, calendars: Iterable[MemberCalendars], *, anew: bool) -> None:
    """A calendar file that is wrong, or gone with blocks in it, stops everything."""
    mistakes = [mistake for read in calendars for mistake in read.mistakes]
    if mistakes:
        raise CalendarUnreadable(sorted(mistakes))
    if anew:
        return
    lost = []
    receipts = store.receipts()
    for read in calendars:
        if read.member.blocks is not None and is_gone(read, receipts):
            lost.append(
                Mistake(
                    read.member.blocks.label,
                    None,
                    "",
                    f"the calendar of {read.member.name} is gone, and blocks were written to it",
                    "put it back, or write them all anew with: blocker book --anew",
                )
            )
    if lost:
        raise WrongInput(lost)


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


def _write(workspace: Workspace, store: Store, case: _Case, booking: Booking) -> Booking:
    """Intents and tasks in one transaction, then each calendar, then receipts."""
    intents, expected = {}, {}
    for member in case.picked:
        changes = case.changes.get(member.id, ())
        if member.blocks is not None and changes:
            intents[member.id] = intents_for(member.blocks, changes)
            expected[member.id] = {
                change.block.uid: change.before.revision for change in changes if change.before
            }
    meant = [one for ones in intents.values() for one in ones]
    asker = workspace.asker.id if workspace.asker else None
    with store.transaction():
        if case.taken is not None:
            store.save_tasks(case.taken.changed)
        for stand in case.stands.values():
            if stand.calendars.member in case.picked:
                _remember(store, stand, case.changes[stand.calendars.member.id])
        number = case.scene.sprint.number
        saved = store.begin_run("book", asker, number, workspace.now, meant) if meant else []
    members, errors, disturbed = [], list(booking.errors), False
    for one in booking.members:
        mine = [intent for intent in saved if intent.member == one.member.id]
        calendar = case.calendars[one.member.id].calendar
        if not mine or calendar is None:
            members.append(one)
            continue
        written = carry_out(store, calendar, mine, expected[one.member.id])
        if written.error:
            errors.append(f"{one.member.name}: {written.error}")
            members.append(unwritten(one))
            continue
        members.append(_after_writing(workspace, case, one, [i.uid for i in written.changed]))
        disturbed |= bool(written.changed) or members[-1].warnings != one.warnings
    return replace(booking, members=tuple(members), errors=tuple(errors), is_disturbed=disturbed)


def _remember(store: Store, stand: Stand, changes: Sequence[Change]) -> None:
    """Forget what a person deleted, and know what another machine wrote."""
    for receipt in stand.deleted:
        store.forget(receipt.calendar, receipt.block.uid)
    ref = stand.calendars.member.blocks
    if ref is not None:
        kept = [
            (change.block, change.before)
            for change in changes
            if change.kind is ChangeKind.KEEP and change.before is not None
        ]
        adopt(store, ref, kept)


def _after_writing(
    workspace: Workspace, case: _Case, booked: MemberBooking, changed: Sequence[str]
) -> MemberBooking:
    """Read back: what was changed by somebody meanwhile, and what landed on a new block."""
    calendars = case.calendars[booked.member.id]
    window = window_for(case.scene.sprint.interval)
    now = read_all(workspace, [calendars.member], window)[booked.member.id]
    said = landed_on(case.scene, now, booked, changed)
    changes = tuple(one for one in booked.changes if one.block.uid not in changed)
    return replace(booked, changes=changes, warnings=(*booked.warnings, *said))
