"""`book`: from tasks and calendars to blocks that stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from blocker.commands.case import Case, Request, prepare
from blocker.commands.outcome import landed_on, unwritten
from blocker.commands.reading import Tell, read_all, silent, window_for
from blocker.commands.remedying import with_remedies
from blocker.commands.standing import Stand
from blocker.commands.writing import adopt, carry_out, intents_for
from blocker.domain.plan import Booking, Change, ChangeKind, MemberBooking
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
        return _write(workspace, store, case, booking)


def _write(workspace: Workspace, store: Store, case: Case, booking: Booking) -> Booking:
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
    workspace: Workspace, case: Case, booked: MemberBooking, changed: Sequence[str]
) -> MemberBooking:
    """Read back: what was changed by somebody meanwhile, and what landed on a new block."""
    calendars = case.calendars[booked.member.id]
    window = window_for(case.scene.sprint.interval)
    now = read_all(workspace, [calendars.member], window)[booked.member.id]
    said = landed_on(case.scene, now, booked, changed)
    changes = tuple(one for one in booked.changes if one.block.uid not in changed)
    return replace(booked, changes=changes, warnings=(*booked.warnings, *said))
