"""Writes blocks exactly once: intents first, then calendars, then receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from blocker.calendars.base import Calendar, Fate, Heard, Put, Receipt, Remove, Write
from blocker.calendars.text.event_text import stands_as
from blocker.commands.at_once import at_once
from blocker.commands.reading import MemberCalendars, not_understood
from blocker.domain.block import TimeBlock
from blocker.domain.errors import CalendarUnreadable, Unreachable
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.domain.member import CalendarRef
from blocker.domain.plan import Change, ChangeKind
from blocker.store.records import Intent, IntentState, StoredReceipt
from blocker.store.store import Store


def is_as_meant(event: Event | None, block: TimeBlock | None) -> bool:
    """The calendar shows the block as it was meant, None meaning gone."""
    if event is None or block is None:
        return event is None and block is None
    return stands_as(event, block)


def settle_doubts(store: Store, calendars: Mapping[str, MemberCalendars], window: Interval) -> None:
    """Look up what a crashed run left open, where the window that was read can show it.

    What stands as intended gets its receipt.  So does what stands otherwise and not as before: it
    was ours, and a person has changed it since, who wins.  All else is given up: the plan is made
    anew from what stands.  Only calendars that could be read are judged.
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
        is_ours = found is not None and found.mark is not None and intent.after is not None
        if is_as_meant(found, intent.after) or (is_ours and not is_as_meant(found, intent.before)):
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


@dataclass(slots=True)
class Writing:
    """What is to be written to one calendar, and what became of it.

    `expected` gives the revision each UID had when it was read.  `changed` are intents whose events
    were someone else's before ours; `error` says what stopped the rest.
    """

    ref: CalendarRef
    calendar: Calendar
    intents: Sequence[Intent]
    expected: Mapping[str, str]
    done: list[Intent] = field(default_factory=list)
    changed: list[Intent] = field(default_factory=list)
    error: str | None = None

    @property
    def writes(self) -> list[Write]:
        return [
            Remove(one.uid, self.expected.get(one.uid))
            if one.after is None
            else Put(one.after, self.expected.get(one.uid))
            for one in self.intents
        ]

    def settle(self, store: Store, receipts: Sequence[Receipt]) -> None:
        """Remember receipts; a UID's come in the order of its intents."""
        with store.transaction():
            for receipt in receipts:
                known = {one.id for one in (*self.done, *self.changed)}
                intent = next(
                    one
                    for one in self.intents
                    if one.uid == receipt.write.uid and one.id not in known
                )
                if receipt.fate is Fate.CHANGED:
                    store.settle(intent, IntentState.CHANGED)
                    self.changed.append(intent)
                else:
                    store.settle(intent, IntentState.DONE, _revision(receipt))
                    self.done.append(intent)


def carry_out(store: Store, writings: Sequence[Writing]) -> None:
    """Write to several calendars and remember each answer as soon as it is known.

    Those on other machines are written side by side, the files one after the other.  A calendar
    that fails in between leaves its other intents open: the next run looks.
    """
    far = [one for one in writings if one.ref.is_far]
    for one, error in zip(
        far,
        at_once(
            [partial(_apply, one) for one in far],
            lambda number, receipts: far[number].settle(store, receipts),
        ),
        strict=True,
    ):
        one.error = error
    for one in writings:
        if not one.ref.is_far:
            one.error = _apply(one, partial(one.settle, store))


def _apply(writing: Writing, heard: Heard) -> str | None:
    """The writes of one calendar; what stopped them, or None."""
    try:
        writing.calendar.apply(writing.writes, heard)
    except (Unreachable, CalendarUnreadable) as problem:
        return str(problem)
    except Exception as problem:
        if not writing.ref.is_far:
            raise
        return str(not_understood(writing.calendar, problem))
    return None


def _revision(receipt: Receipt) -> str:
    return receipt.event.revision if receipt.event else ""


def adopt(store: Store, ref: CalendarRef, blocks: Iterable[tuple[TimeBlock, Event]]) -> None:
    """Remember blocks that stand without a receipt: another machine wrote them."""
    known = store.receipts()
    for block, event in blocks:
        if (ref.key, block.uid) not in known:
            store.remember(StoredReceipt(ref.key, block, event.revision))
