"""What stands: which blocks stay, which go, and what a person did to them since (section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from blocker.auditing.evidence import Evidence, Promise, Spoken, distinct, gather
from blocker.commands.leaving import excess_in, is_stale, wrong_in
from blocker.commands.reading import MemberCalendars
from blocker.commands.scene import Scene, is_by_person, key_of, ours_in
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.store.records import StoredReceipt


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that speaks for a task and stays.  `by_person`: made or moved by one."""

    spoken: Spoken
    is_ours: bool
    by_person: bool

    @property
    def event(self) -> Event:
        return self.spoken.event

    @property
    def task(self) -> str:
        return self.spoken.task


@dataclass(frozen=True, slots=True)
class Stand:
    """One member's calendar, sorted out.

    `leaving` are events of ours that are to go or to be placed anew; `rule_breakers` the keys of
    those among them that count all the same, by task; `strange` blocks that name
    tasks the store does not know; `deleted` blocks of open tasks that a person removed; `busy` all
    other time that is taken.
    """

    calendars: MemberCalendars
    kept: tuple[Kept, ...]
    leaving: tuple[Event, ...]
    strange: tuple[Event, ...]
    deleted: tuple[StoredReceipt, ...]
    busy: tuple[Interval, ...]
    evidence: Evidence
    rule_breakers: Mapping[str, tuple[str, ...]]

    def counted(self, task: str) -> timedelta:
        """The minutes that stand for a task, as the auditor counts them."""
        return self.evidence.counted(task)


def sort_out(scene: Scene, calendars: MemberCalendars) -> Stand:
    """Decide for each of a member's blocks whether it stays (contract, "What stands")."""
    own = [one for one in scene.promises.values() if one.task.owner == calendars.member.id]
    ours = ours_in(scene, calendars)
    events = distinct(calendars.read.events)
    stale = [
        event for event in events if key_of(event) in ours and is_stale(scene, calendars, event)
    ]
    rest = _without(events, stale)
    evidence = _evidence(scene, calendars, rest, own)
    wrong = wrong_in(scene, calendars, evidence, ours)
    wrong += [
        event
        for event in evidence.copies
        if key_of(event) in ours and event.interval.start >= scene.now
    ]
    excess = [
        event
        for event in excess_in(
            scene, calendars, _evidence(scene, calendars, _without(rest, wrong), own), ours
        )
        if scene.may_free(calendars.member.id, event)
    ]
    leaving = [
        event
        for event in (*stale, *wrong, *excess)
        if event.mark is not None and scene.is_about(event.mark.task)
    ]
    breakers = _rule_breakers(evidence, leaving)
    evidence = _evidence(scene, calendars, _without(events, leaving), own)
    kept = _kept(scene, calendars, evidence, ours)
    speaking = {key_of(one.event) for one in kept} | {key_of(event) for event in evidence.copies}
    gone = {key_of(event) for event in leaving}
    others = [event for event in events if key_of(event) not in speaking | gone]
    return Stand(
        calendars,
        tuple(kept),
        tuple(leaving),
        tuple(_strange(scene, others)),
        tuple(_deleted(scene, calendars)),
        (
            *(event.interval for event in others if event.is_busy),
            *(trouble.span for trouble in calendars.read.troubles if trouble.span is not None),
            *calendars.member.time_off,
        ),
        evidence,
        breakers,
    )


def _kept(
    scene: Scene, calendars: MemberCalendars, evidence: Evidence, ours: set[str]
) -> list[Kept]:
    """The events that speak for tasks and take time."""
    twins = {event.interval for event in evidence.copies if key_of(event) not in ours}
    return [
        Kept(
            one,
            key_of(one.event) in ours,
            # a person carried a copy elsewhere: moving ours would leave that one behind
            one.event.interval in twins or is_by_person(scene, calendars, one.event, ours),
        )
        for one in evidence.spoken
        if one.is_timed_and_busy
    ]


def _rule_breakers(evidence: Evidence, wrong: Sequence[Event]) -> dict[str, tuple[str, ...]]:
    """Of the blocks that are wrong, those whose minutes count all the same, by task."""
    breakers: dict[str, tuple[str, ...]] = {}
    going = {key_of(event) for event in wrong}
    for one in evidence.spoken:
        is_hit = one.clashes or one.off or one.doubles
        if key_of(one.event) in going and one.minutes and not is_hit:
            breakers[one.task] = (*breakers.get(one.task, ()), key_of(one.event))
    return breakers


def _without(events: Sequence[Event], leaving: Sequence[Event]) -> list[Event]:
    gone = {key_of(event) for event in leaving}
    return [event for event in events if key_of(event) not in gone]


def _evidence(
    scene: Scene, calendars: MemberCalendars, events: Sequence[Event], own: Sequence[Promise]
) -> Evidence:
    read = replace(calendars.read, events=tuple(events))
    return gather(read, own, scene.sprint.interval, scene.sprint.name)


def _strange(scene: Scene, events: Sequence[Event]) -> list[Event]:
    return [
        event
        for event in events
        if event.mark is not None
        and event.mark.task not in scene.tasks
        and event.is_busy
        and event.interval.overlaps(scene.sprint.interval)
    ]


def _deleted(scene: Scene, calendars: MemberCalendars) -> list[StoredReceipt]:
    """Blocks we wrote for tasks still owed here, of which nothing is left in the calendar."""
    ref = calendars.member.blocks
    if ref is None or calendars.calendar is None:
        return []
    there = {event.uid for event in calendars.in_blocks} | calendars.damaged
    return [
        receipt
        for (calendar, uid), receipt in scene.receipts.items()
        if calendar == ref.key
        and uid not in there
        and receipt.block.member == calendars.member.id
        and receipt.block.sprint == scene.sprint.number
        and receipt.block.task in scene.promises
        and scene.is_about(receipt.block.task)
        and scene.promises[receipt.block.task].task.is_owed
        and receipt.block.interval.start >= scene.sprint.interval.start
    ]
