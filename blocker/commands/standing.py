"""What stands: which blocks stay, which go, and what a person did to them since (section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from blocker.auditing.evidence import Evidence, Promise, Spoken, distinct, gather
from blocker.commands.reading import MemberCalendars
from blocker.domain.block import block_uid
from blocker.domain.event import Event
from blocker.domain.interval import Interval
from blocker.domain.sprint import Sprint, SprintState
from blocker.domain.task import Task
from blocker.domain.team import Team
from blocker.scheduling.problem import Desk
from blocker.scheduling.standing import Candidate, right
from blocker.store.store import StoredReceipt


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


@dataclass(frozen=True, slots=True)
class Scene:
    """What sorting out needs to know besides one member's calendars."""

    team: Team
    sprint: Sprint
    state: SprintState
    now: datetime
    promises: Mapping[str, Promise]
    tasks: Mapping[str, Task]
    receipts: Mapping[tuple[str, str], StoredReceipt]
    ready: Mapping[str, datetime | None]
    tolerated: frozenset[str] = frozenset()
    """Keys of blocks that break a hard rule and stay, since there is no room for them elsewhere."""


def sort_out(scene: Scene, calendars: MemberCalendars) -> Stand:
    """Decide for each of a member's blocks whether it stays (contract, "What stands")."""
    own = [one for one in scene.promises.values() if one.task.owner == calendars.member.id]
    ours = _ours(scene, calendars)
    events = distinct(calendars.read.events)
    stale = [
        event for event in events if key_of(event) in ours and _is_stale(scene, calendars, event)
    ]
    rest = _without(events, stale)
    evidence = _evidence(scene, calendars, rest, own)
    wrong = _wrong(scene, calendars, evidence, ours)
    wrong += [
        event
        for event in evidence.copies
        if key_of(event) in ours and event.interval.start >= scene.now
    ]
    excess = (
        []
        if scene.state is SprintState.ACCEPTED
        else _excess(
            scene, calendars, _evidence(scene, calendars, _without(rest, wrong), own), ours
        )
    )
    leaving = [*stale, *wrong, *excess]
    breakers: dict[str, tuple[str, ...]] = {}
    going = {key_of(event) for event in wrong}
    for one in evidence.spoken:
        is_hit = one.clashes or one.off or one.doubles
        if key_of(one.event) in going and one.minutes and not is_hit:
            breakers[one.task] = (*breakers.get(one.task, ()), key_of(one.event))
    evidence = _evidence(scene, calendars, _without(events, leaving), own)
    twins = {event.interval for event in evidence.copies if key_of(event) not in ours}
    kept = [
        Kept(
            one,
            key_of(one.event) in ours,
            # a person carried a copy elsewhere: moving ours would leave that one behind
            one.event.interval in twins or _is_by_person(scene, calendars, one.event, ours),
        )
        for one in evidence.spoken
        if one.is_timed_and_busy
    ]
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


def key_of(event: Event) -> str:
    """What tells an event apart in all of a member's calendars, and names it to the planner."""
    return f"{event.uid}\x00{event.instance}"


def _without(events: Sequence[Event], leaving: Sequence[Event]) -> list[Event]:
    gone = {key_of(event) for event in leaving}
    return [event for event in events if key_of(event) not in gone]


def _evidence(
    scene: Scene, calendars: MemberCalendars, events: Sequence[Event], own: Sequence[Promise]
) -> Evidence:
    read = replace(calendars.read, events=tuple(events))
    return gather(read, own, scene.sprint.interval, scene.sprint.name)


def _ours(scene: Scene, calendars: MemberCalendars) -> set[str]:
    """Events of the calendar of blocks that this team wrote, here or on another machine."""
    ref = calendars.member.blocks
    if ref is None:
        return set()
    return {
        key_of(event)
        for event in calendars.in_blocks
        if event.mark is not None
        and not event.instance
        and ((ref.key, event.uid) in scene.receipts or event.uid == _derived_uid(scene, event))
    }


def _derived_uid(scene: Scene, event: Event) -> str | None:
    mark = event.mark
    if mark is None or mark.sprint is None or mark.part is None:
        return None
    number = scene.team.sprints.number_named(mark.sprint)
    return None if number is None else block_uid(scene.team.id, number, mark.task, mark.part)


def _is_stale(scene: Scene, calendars: MemberCalendars, event: Event) -> bool:
    """A block still to come of a task that is settled, or no longer of its sprint or owner."""
    mark = event.mark
    task = scene.tasks.get(mark.task) if mark else None
    if mark is None or task is None or event.interval.start < scene.now:
        return False
    if not task.is_owed or task.owner != calendars.member.id:
        return True
    receipt = _receipt(scene, calendars, event)
    number = receipt.block.sprint if receipt else None
    if number is None and mark.sprint is not None:
        number = scene.team.sprints.number_named(mark.sprint)
    return number is not None and task.sprint != number


def _strange(scene: Scene, events: Sequence[Event]) -> list[Event]:
    return [
        event
        for event in events
        if event.mark is not None
        and event.mark.task not in scene.tasks
        and event.is_busy
        and event.interval.overlaps(scene.sprint.interval)
    ]


def _receipt(scene: Scene, calendars: MemberCalendars, event: Event) -> StoredReceipt | None:
    ref = calendars.member.blocks
    return scene.receipts.get((ref.key, event.uid)) if ref else None


def _is_by_person(scene: Scene, calendars: MemberCalendars, event: Event, ours: set[str]) -> bool:
    if key_of(event) not in ours:
        return True
    receipt = _receipt(scene, calendars, event)
    return receipt is not None and receipt.block.interval != event.interval


def _wrong(
    scene: Scene,
    calendars: MemberCalendars,
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Blocks of ours, still to come, that may not stay where they are."""
    to_come = [
        one
        for one in evidence.spoken
        if key_of(one.event) in ours and one.event.interval.start >= scene.now
    ]
    moved = [one for one in to_come if _is_by_person(scene, calendars, one.event, ours)]
    untouched = [one for one in to_come if one not in moved]
    staying = [one for one in evidence.spoken if one not in to_come and one.event.is_busy]
    wrong: list[Spoken] = []
    for one in sorted(moved, key=_rank):
        if _proves_nothing(one) or _is_hit(one, staying):
            wrong.append(one)
        else:
            staying.append(one)
    if scene.state is SprintState.ACCEPTED:
        for one in sorted(untouched, key=_rank):
            if _proves_nothing(one) or _is_hit(one, staying):
                wrong.append(one)
            else:
                staying.append(one)
        return [one.event for one in wrong]
    return [one.event for one in wrong] + _rule_breakers(
        scene, calendars, untouched, staying, evidence, ours
    )


def _rule_breakers(
    scene: Scene,
    calendars: MemberCalendars,
    untouched: Sequence[Spoken],
    staying: Sequence[Spoken],
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Before acceptance a block of ours stays only where it breaks no hard rule now."""
    sound = [one for one in untouched if not _proves_nothing(one, clashes=False)]
    busy = [event.interval for event in evidence.silent if event.is_busy]
    busy += [
        event.interval for event, _ in (*evidence.ambiguous, *evidence.unplanned) if event.is_busy
    ]
    busy += [*calendars.member.time_off]
    busy += [one.event.interval for one in staying if key_of(one.event) not in ours]
    busy += [trouble.span for trouble in calendars.read.troubles if trouble.span is not None]
    desk = Desk(calendars.member.id, calendars.member.hours, calendars.member.rules, tuple(busy))
    candidates = [
        Candidate(key_of(one.event), one.task, one.event.interval, _window(scene, one))
        for one in sorted(sound, key=_rank)
    ]
    stays = scene.tolerated | right(desk, [one.event.interval for one in staying], candidates)
    return [one.event for one in untouched if one not in sound or key_of(one.event) not in stays]


def _window(scene: Scene, one: Spoken) -> Interval | None:
    """Where a standing block may lie: not_before..due, and after predecessors that have their time.

    While a predecessor lacks minutes its followers' standing blocks stay.
    """
    window = one.promise.window
    if window is None:
        return None
    waits = [
        ready + after.lag
        for after in one.promise.task.after
        if (ready := scene.ready.get(after.task)) is not None
    ]
    start = max([window.start, *waits])
    return Interval(start, window.end) if start < window.end else None


def _rank(one: Spoken) -> tuple[int, str, datetime]:
    """Of two that cannot both stay: the higher priority, then the smaller id."""
    return (one.promise.task.priority, one.task, one.event.interval.start)


def _proves_nothing(one: Spoken, *, clashes: bool = True) -> bool:
    """The block itself is in conflict, free, declined, all day, or outside its task's window."""
    window = one.promise.window
    return (
        not one.is_timed_and_busy
        or window is None
        or not window.contains(one.event.interval)
        or (clashes and bool(one.clashes or one.off))
    )


def _is_hit(one: Spoken, staying: Sequence[Spoken]) -> bool:
    return any(
        other.task != one.task and other.event.interval.overlaps(one.event.interval)
        for other in staying
    )


def _excess(
    scene: Scene,
    calendars: MemberCalendars,
    evidence: Evidence,
    ours: set[str],
) -> list[Event]:
    """Whole blocks of ours that a task no longer needs, the latest first."""
    excess = []
    for task, spoken in evidence.by_task.items():
        need = scene.promises[task].task.estimate
        have = evidence.counted(task)
        for one in sorted(spoken, key=lambda one: one.event.interval, reverse=True):
            is_free_to_go = (
                key_of(one.event) in ours
                and one.event.interval.start >= scene.now
                and not _is_by_person(scene, calendars, one.event, ours)
            )
            if is_free_to_go and one.minutes and have - one.minutes >= need:
                have -= one.minutes
                excess.append(one.event)
    return excess


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
        and scene.promises[receipt.block.task].task.is_owed
        and receipt.block.interval.start >= scene.sprint.interval.start
    ]
