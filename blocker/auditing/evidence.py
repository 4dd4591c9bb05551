"""What the calendars prove: which events speak for a task, and how many minutes of each count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from blocker.auditing.matching import Ambiguous, Match, Unplanned, speech_of
from blocker.domain.event import Event, Trouble
from blocker.domain.finding import MatchedBy
from blocker.domain.interval import Interval, intersect, subtract, total
from blocker.domain.member import Member
from blocker.domain.task import Task

LOOK_AROUND = timedelta(days=35)
"""Events with our property are looked for this far before and after the sprint."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A task with the times it means: `window` is not_before..due inside `sprint`, None if empty.

    `not_before` and `due` are instants cut to the sprint.  In `missed` spans a block stood and the
    work did not happen: they do not count.
    """

    task: Task
    sprint: Interval
    sprint_name: str
    not_before: datetime
    due: datetime
    missed: tuple[Interval, ...] = ()

    @property
    def window(self) -> Interval | None:
        if self.not_before >= self.due:
            return None
        return Interval(self.not_before, self.due)


@dataclass(frozen=True, slots=True)
class CalendarsRead:
    """All that was read of one member's calendars, the calendar of blocks first.

    `unreadable` are whole calendars that are not calendars: (label, what is wrong); `unverifiable`
    those that show only when their owner is busy: (label, what to share, and where); `unreachable`
    a sentence for each that did not answer.
    """

    member: Member
    events: tuple[Event, ...]
    troubles: tuple[Trouble, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    unverifiable: tuple[tuple[str, str], ...] = ()
    unreachable: tuple[str, ...] = ()

    @property
    def is_seen(self) -> bool:
        """Every calendar could be read, so what was not found is not there."""
        return not (self.unreadable or self.unverifiable or self.unreachable)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An event that speaks for a task of the sprint.

    `counted` are the spans that count; `clashes` other certain busy events on it, `off` time off on
    it, `contests` tentative or unanswered invitations on it, `doubles` the ids of tasks whose
    blocks overlap it.
    """

    event: Event
    promise: Promise
    by: MatchedBy
    counted: tuple[Interval, ...] = ()
    clashes: tuple[Event, ...] = ()
    off: tuple[Interval, ...] = ()
    contests: tuple[Event, ...] = ()
    doubles: tuple[str, ...] = ()

    @property
    def task(self) -> str:
        return self.promise.task.id

    @property
    def is_timed_and_busy(self) -> bool:
        return self.event.is_busy and not self.event.all_day

    @property
    def minutes(self) -> timedelta:
        return total(self.counted)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one member's calendars say about the tasks of one sprint.

    `copies` are further events of a task at the very time of one of `spoken`.
    """

    member: Member
    spoken: tuple[Spoken, ...]
    ambiguous: tuple[tuple[Event, Ambiguous], ...] = ()
    unplanned: tuple[tuple[Event, Unplanned], ...] = ()
    silent: tuple[Event, ...] = ()
    copies: tuple[Event, ...] = ()
    by_task: Mapping[str, tuple[Spoken, ...]] = field(default_factory=dict)

    def counted(self, task: str) -> timedelta:
        """The time that counts for a task."""
        return sum((one.minutes for one in self.by_task.get(task, ())), timedelta())

    def stood(self, task: str, now: datetime) -> timedelta:
        """What of that lies before now; of a block that runs, its past part."""
        pieces = [piece for one in self.by_task.get(task, ()) for piece in one.counted]
        past = (min(piece.end, now) - piece.start for piece in pieces if piece.start < now)
        return sum(past, timedelta())


def gather(
    read: CalendarsRead, promises: Sequence[Promise], sprint: Interval, sprint_name: str
) -> Evidence:
    """Match every event of a member's calendars against the member's tasks of one sprint."""
    tasks = [promise.task for promise in promises]
    by_id = {promise.task.id: promise for promise in promises}
    spoken: list[Spoken] = []
    ambiguous: list[tuple[Event, Ambiguous]] = []
    unplanned: list[tuple[Event, Unplanned]] = []
    silent: list[Event] = []
    events = distinct(read.events)
    for event in events:
        if not _is_about(event, sprint, sprint_name):
            silent.append(event)
            continue
        speech = speech_of(event, tasks)
        match speech:
            case Match():
                spoken.append(Spoken(event, by_id[speech.task], speech.by))
            case Ambiguous():
                ambiguous.append((event, speech))
            case Unplanned():
                unplanned.append((event, speech))
            case None:
                silent.append(event)
    once = _once_each(spoken)
    kept = {id(one) for one in once}
    copies = tuple(one.event for one in spoken if id(one) not in kept)
    others = [event for event, _ in ambiguous] + [event for event, _ in unplanned] + silent
    weighed = _weigh(once, [event for event in others if event.is_busy], read.member.time_off)
    by_task: dict[str, tuple[Spoken, ...]] = {}
    for one in weighed:
        by_task[one.task] = (*by_task.get(one.task, ()), one)
    return Evidence(
        read.member,
        tuple(weighed),
        tuple(ambiguous),
        tuple(unplanned),
        tuple(silent),
        copies,
        by_task,
    )


def distinct(events: Iterable[Event]) -> list[Event]:
    """Each UID and instance once: the first that is a block or busy, else the first."""
    chosen: dict[tuple[str, str], Event] = {}
    for event in events:
        key = (event.uid, event.instance)
        known = chosen.get(key)
        if known is None or (not _weighs(known) and _weighs(event)):
            chosen[key] = event
    return sorted(chosen.values(), key=lambda one: (one.interval, one.uid, one.instance))


def _weighs(event: Event) -> bool:
    return event.mark is not None or event.is_busy


def _is_about(event: Event, sprint: Interval, sprint_name: str) -> bool:
    """Whether an event can speak in this sprint: it touches it or carries its property."""
    if event.mark is not None and event.mark.sprint == sprint_name:
        return event.interval.overlaps(sprint.widen(LOOK_AROUND))
    return event.interval.overlaps(sprint)


def _once_each(spoken: Iterable[Spoken]) -> list[Spoken]:
    """The same task at the same time is one event: the best proof of it is kept."""
    order = list(MatchedBy)
    chosen: dict[tuple[str, Interval], Spoken] = {}
    for one in spoken:
        key = (one.task, one.event.interval)
        known = chosen.get(key)
        if known is None or _worth(one, order) > _worth(known, order):
            chosen[key] = one
    return sorted(chosen.values(), key=lambda one: (one.event.interval, one.event.uid))


def _worth(one: Spoken, order: list[MatchedBy]) -> tuple[bool, bool, int]:
    return (one.is_timed_and_busy, not one.event.is_uncertain, -order.index(one.by))


def _weigh(
    spoken: Sequence[Spoken], others: Sequence[Event], time_off: Sequence[Interval]
) -> list[Spoken]:
    """Each event with what of it counts and what lies on it."""
    seen: dict[str, list[Interval]] = {}
    weighed = []
    busy = [one for one in spoken if one.event.is_busy]
    for one in spoken:
        own = one.event.interval
        on_it = [event for event in others if event.interval.overlaps(own)]
        clashes = [event for event in on_it if not event.is_uncertain]
        off = [span for span in time_off if span.overlaps(own)]
        doubles = [
            other for other in busy if other.task != one.task and other.event.interval.overlaps(own)
        ]
        counted: tuple[Interval, ...] = ()
        window = one.promise.window
        if one.is_timed_and_busy and window is not None:
            lost = [event.interval for event in clashes] + off
            lost += [other.event.interval for other in doubles] + seen.get(one.task, [])
            lost += one.promise.missed
            counted = subtract(intersect([own], [window]), lost)
            seen.setdefault(one.task, []).append(own)
        weighed.append(
            Spoken(
                one.event,
                one.promise,
                one.by,
                counted,
                tuple(clashes),
                tuple(off),
                tuple(event for event in on_it if event.is_uncertain),
                tuple(sorted({other.task for other in doubles})),
            )
        )
    return weighed


def finished_at(pieces: Iterable[Interval], estimate: timedelta) -> datetime | None:
    """The instant at which counted time reaches the estimate, None when it never does."""
    left = estimate
    for piece in sorted(pieces):
        if piece.length >= left:
            return piece.start + left
        left -= piece.length
    return None
