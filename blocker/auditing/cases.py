"""What the audit's rules look at: a member's calendars, and one task that is owed its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from blocker.auditing.evidence import CalendarsRead, Evidence, Promise, Spoken
from blocker.auditing.waivers import Waived
from blocker.domain.commitment import PromisedTask
from blocker.domain.event import Event
from blocker.domain.finding import Code, Finding, Left, Severity
from blocker.domain.hours import span_text
from blocker.domain.interval import Interval
from blocker.domain.member import Member


def event_key(event: Event) -> str:
    """What tells an event apart, without a word of its title."""
    return f"{event.uid} {event.instance}".rstrip()


@dataclass(frozen=True, slots=True)
class MemberCase:
    """One member's calendars held against the member's tasks.

    `ready` gives for each task of anyone's the instant it has all its time, None for never.
    `names_meetings`: titles of the member's meetings may be shown to whoever asks.  `day_limits`
    are those raised once, for single local days.  `promised` is what the member promised when the
    sprint was accepted and is still held to, by task; `waived` what was accepted as it was; `left`
    the member's part of tasks that left or changed hands, by task.
    """

    read: CalendarsRead
    evidence: Evidence
    sprint: Interval
    sprint_name: str
    ready: Mapping[str, datetime | None]
    outcomes_exist: bool
    names_meetings: bool
    day_limits: Mapping[date, timedelta]
    promised: Mapping[str, PromisedTask] = field(default_factory=dict)
    waived: Waived = field(default_factory=Waived)
    left: Mapping[str, Left] = field(default_factory=dict)

    @property
    def member(self) -> Member:
        return self.read.member

    def when(self, span: Interval) -> str:
        return span_text(span, self.member.zone)

    def meeting(self, event: Event) -> str:
        """Someone's meeting in a message: its time, and its title where that may be shown."""
        title = f" “{event.title}”" if self.names_meetings and event.title else ""
        if event.all_day:
            return f"an all-day event{title}"
        return f"a meeting{title}, {self.when(event.interval)}"


@dataclass(frozen=True, slots=True)
class TaskCase:
    """One task that is owed its time, and what speaks for it."""

    about: MemberCase
    promise: Promise
    spoken: tuple[Spoken, ...]

    @property
    def counted(self) -> timedelta:
        return self.about.evidence.counted(self.promise.task.id)

    @property
    def is_short(self) -> bool:
        return self.counted < self.promise.task.estimate

    @property
    def name(self) -> str:
        return self.promise.task.named

    @property
    def at_work(self) -> list[Spoken]:
        """The timed, busy blocks that touch the sprint."""
        return [
            one
            for one in self.spoken
            if one.is_timed_and_busy and one.event.interval.overlaps(self.promise.sprint)
        ]

    @property
    def as_far_as_seen(self) -> str:
        """What limits a sentence about something that is not there."""
        return "" if self.about.read.is_seen else ", as far as the calendars could be read"

    def find(
        self,
        code: Code,
        severity: Severity,
        message: str,
        span: Interval | None,
        *events: Event | str,
    ) -> Finding:
        known = tuple(one if isinstance(one, str) else event_key(one) for one in events)
        return Finding(code, severity, message, self.promise.task.id, span, known)

    def proves_nothing(self, code: Code, one: Spoken, why: str) -> Finding:
        """An event that does not count: an error only where its minutes are lacking."""
        severity = Severity.ERROR if self.is_short else Severity.INFO
        where = self.about.when(one.event.interval)
        message = f"{self.name}: {where} {why}"
        return self.find(code, severity, message, one.event.interval, one.event)
