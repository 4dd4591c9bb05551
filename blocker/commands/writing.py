"""Writes blocks exactly once: intents first, then calendars, then receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blocker.calendars.base import Calendar, Fate, Put, Receipt, Remove, Write
from blocker.calendars.event_text import stands_as
from blocker.commands.reading import MemberCalendars
from blocker.domain.block import TimeBlock
from blocker.domain.errors import CalendarUnreadable, Unreachable
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef
from blocker.domain.plan import Change, ChangeKind
from blocker.store.records import Intent, IntentState, StoredReceipt
from blocker.store.store import Store


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the writes of one member.  `changed` were someone else's before ours."""

    done: tuple[Intent, ...]
    changed: tuple[Intent, ...]
    error: str | None = None


def is_as_meant(event: Event | None, block: TimeBlock | None) -> bool:
    """The calendar shows the block as it was meant, None meaning gone."""
    if event is None or block is None:
        return event is None and block is None
    return stands_as(event, block)


def settle_doubts(store: Store, calendars: Mapping[str, MemberCalendars], window: Interval) -> None:
    """Look up what a crashed run left open, where the window that was read can show it.

    What stands as intended gets its receipt, all else is given up: the plan is made anew from what
    stands.  Only calendars that could be read are judged.
    """
    for intent in store.open_intents():
        read = calendars.get(intent.member)
        if read is None or read.calendar is None or read.member.blocks is None:
            continue
        sides = [block for block in (intent.before, intent.after) if block is not None]
        is_seen = all(window.contains(block.interval) for block in sides)
        if read.member.blocks.key != intent.calendar or not is_seen:
            continue
        found = next((event for event in read.in_blocks if event.uid == intent.uid), None)
        if is_as_meant(found, intent.after):
            store.settle(intent, IntentState.DONE, found.revision if found else "")
        else:
            store.settle(intent, IntentState.GIVEN_UP)


def intents_for(ref: CalendarRef, changes: Iterable[Change]) -> list[Intent]:
    """The writes that changes mean, in their order."""
    intents = []
    for change in changes:
        if change.kind is ChangeKind.KEEP:
            continue
        block = change.block
        after = None if change.kind is ChangeKind.REMOVE else block
        before = None if change.before is None else _as_it_stood(block, change.before)
        intents.append(Intent(ref.key, block.member, block.uid, before, after))
    return intents


def _as_it_stood(block: TimeBlock, event: Event) -> TimeBlock:
    mark = event.mark
    return TimeBlock(
        event.uid,
        block.member,
        mark.task if mark else block.task,
        block.sprint,
        (mark.sprint if mark else None) or block.sprint_name,
        (mark.part if mark else None) or block.part,
        (mark.parts if mark else None) or block.parts,
        event.interval,
        block.zone,
        event.title,
        event.description,
        event.categories,
    )


def carry_out(
    store: Store,
    calendar: Calendar,
    intents: Sequence[Intent],
    expected: Mapping[str, str],
) -> Written:
    """Write one member's intents and remember each answer.

    `expected` gives the revision each UID had when it was read.  A calendar that fails in between
    leaves its intents open: the next run looks.
    """
    writes: list[Write] = [
        Remove(one.uid, expected.get(one.uid))
        if one.after is None
        else Put(one.after, expected.get(one.uid))
        for one in intents
    ]
    try:
        receipts = calendar.apply(writes)
    except (Unreachable, CalendarUnreadable) as problem:
        return Written((), (), str(problem))
    done, changed = [], []
    with store.transaction():
        for intent, receipt in zip(intents, receipts, strict=True):
            if receipt.fate is Fate.CHANGED:
                store.settle(intent, IntentState.CHANGED)
                changed.append(intent)
            else:
                store.settle(intent, IntentState.DONE, _revision(receipt))
                done.append(intent)
    return Written(tuple(done), tuple(changed))


def _revision(receipt: Receipt) -> str:
    return receipt.event.revision if receipt.event else ""


def adopt(store: Store, ref: CalendarRef, blocks: Iterable[tuple[TimeBlock, Event]]) -> None:
    """Remember blocks that stand without a receipt: another machine wrote them."""
    known = store.receipts()
    for block, event in blocks:
        if (ref.key, block.uid) not in known:
            store.remember(StoredReceipt(ref.key, block, event.revision))
