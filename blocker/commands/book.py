"""`book`: from tasks and calendars to blocks that stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from blocker.commands.case import Case, Request, prepare
from blocker.commands.outcome import landed_on, unwritten
from blocker.commands.reading import MemberCalendars, Tell, read_all, silent, window_for
from blocker.commands.remedying import with_remedies
from blocker.commands.standing import Stand
from blocker.commands.writing import Writing, adopt, carry_out, intents_for
from blocker.domain.member import Member
from blocker.domain.plan import Booking, Change, ChangeKind, MemberBooking
from blocker.store.records import Intent
from blocker.store.store import Store
from blocker.workspace import Workspace

__all__ = ["Confirm", "Request", "book"]

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
    Interrupted while it plans or looks for remedies, it gives the best plan so far and writes
    nothing.
    """
    with workspace.store(rehearse=request.dry_run) as store:
        case = prepare(workspace, request, store, tell)
        workspace = case.workspace
        booking = case.booking(request.dry_run)
        if case.planned.is_cut_short:
            return replace(booking, dry_run=True, is_cut_short=True)
        if request.explain:
            try:
                booking = with_remedies(workspace, store, case, booking, tell=tell)
            except KeyboardInterrupt:
                return replace(booking, dry_run=True, is_cut_short=True)
        if request.dry_run or not confirm(booking):
            return replace(booking, dry_run=True)
        tell("writing blocks", 0.9)
        return _write(workspace, store, case, booking, request.command)


def _write(
    workspace: Workspace, store: Store, case: Case, booking: Booking, command: str
) -> Booking:
    """Intents and tasks in one transaction, then the calendars, each receipt as it comes."""
    meant = [
        intent
        for member in case.picked
        if member.blocks is not None
        for intent in intents_for(member.blocks, case.changes.get(member.id, ()))
    ]
    asker = workspace.asker_id
    with store.transaction():
        if case.revision is not None:
            case.revision.save(workspace, store)
        for stand in case.stands.values():
            if stand.calendars.member in case.picked:
                _remember(store, stand, case.changes[stand.calendars.member.id])
        number = case.scene.sprint.number
        saved = store.begin_run(command, asker, number, workspace.now, meant) if meant else []
        if meant:
            name = case.scene.sprint.name
            what = f"{command}: blocks of {name} written, moved or removed: {len(meant)}"
            store.log(workspace.now, asker, what)
    writings = {
        member.id: writing
        for member in case.picked
        if (writing := _writing(case, member, saved)) is not None
    }
    carry_out(store, list(writings.values()))
    written = [one for one in case.picked if one.id in writings and not writings[one.id].error]
    now = read_all(workspace, written, window_for(case.scene.sprint.interval))
    members, errors, disturbed = [], list(booking.errors), False
    for one in booking.members:
        writing = writings.get(one.member.id)
        if writing is None:
            members.append(one)
        elif writing.error:
            errors.append(f"{one.member.name}: {writing.error}")
            members.append(unwritten(one, [intent.uid for intent in writing.done]))
        else:
            errors += now[one.member.id].failures
            changed = [intent.uid for intent in writing.changed]
            members.append(_after_writing(case, one, now[one.member.id], changed))
            disturbed |= bool(changed) or members[-1].warnings != one.warnings
    return replace(booking, members=tuple(members), errors=tuple(errors), is_disturbed=disturbed)


def _writing(case: Case, member: Member, saved: Sequence[Intent]) -> Writing | None:
    """What is to be written for one member."""
    mine = [intent for intent in saved if intent.member == member.id]
    calendar = case.calendars[member.id].calendar if mine else None
    if calendar is None or member.blocks is None:
        return None
    changes = case.changes[member.id]
    revisions = {one.block.uid: one.before.revision for one in changes if one.before}
    return Writing(member.blocks, calendar, mine, revisions)


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
    case: Case, booked: MemberBooking, now: MemberCalendars, changed: Sequence[str]
) -> MemberBooking:
    """What was changed by somebody meanwhile, and what landed on a new block."""
    said = landed_on(case.scene, now, booked, changed)
    changes = tuple(one for one in booked.changes if one.block.uid not in changed)
    return replace(booked, changes=changes, warnings=(*booked.warnings, *said))
