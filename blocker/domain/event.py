"""Events: what stands in a calendar, read into neutral words whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from blocker.domain.interval import Interval


class Answer(StrEnum):
    """What the calendar's owner answered to an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class BlockMark:
    """Our own properties on an event: X-BLOCKER-TASK, -SPRINT and -PART."""

    task: str
    sprint: str | None = None
    part: int | None = None
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One instance of an event as its owner's calendar shows it.

    `instance` tells the instances of one series apart ('' for a single event) and is the same in
    every calendar.  `answer` is the owner's, None when nobody invited them.  `organizer` is a
    lower-case address, None when there is none or it is the owner.  `others_invited` says that the
    event has attendees besides the owner.  `free_by_rule`: the calendar's settings say that this
    kind of event takes no time.  `revision` changes when the event does, `sequence` counts its
    changes as the calendar does (RFC 5545, 3.8.7.4).
    """

    calendar: str
    uid: str
    instance: str
    interval: Interval
    title: str
    all_day: bool = False
    cancelled: bool = False
    tentative: bool = False
    transparent: bool = False
    answer: Answer | None = None
    organizer: str | None = None
    others_invited: bool = False
    free_by_rule: bool = False
    mark: BlockMark | None = None
    description: str = ""
    categories: tuple[str, ...] = ()
    revision: str = ""
    sequence: int = 0

    @property
    def is_declined(self) -> bool:
        return self.answer is Answer.DECLINED

    @property
    def is_busy(self) -> bool:
        """Takes its owner's time (contract, section 3)."""
        return not (self.cancelled or self.transparent or self.is_declined or self.free_by_rule)

    @property
    def is_uncertain(self) -> bool:
        """Busy, yet nobody said yes: tentative, or an invitation without an answer."""
        return self.is_busy and (
            self.tentative or self.answer in (Answer.TENTATIVE, Answer.UNANSWERED)
        )

    @property
    def is_own(self) -> bool:
        """The owner's own event: nobody else organises it."""
        return self.organizer is None


@dataclass(frozen=True, slots=True)
class Trouble:
    """An event, or part of a calendar, that could not be understood.

    `span` is the time it certainly touches where that much could be read, else None: it may touch
    anything.  `message` is one plain sentence without the calendar's name.
    """

    calendar: str
    message: str
    uid: str | None = None
    line: int | None = None
    span: Interval | None = None

    def __str__(self) -> str:
        """Where and what: 'ana.ics:12: the event has no start'."""
        line = "" if self.line is None else f":{self.line}"
        return f"{self.calendar}{line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a calendar holds in a window.

    `unverifiable`: the calendar shows only when its owner is busy, so its events can speak for no
    task; the sentence says what the owner must share, and where.  `warnings` are whole sentences,
    such as the age of a copy that had to do.
    """

    events: tuple[Event, ...]
    troubles: tuple[Trouble, ...] = ()
    unverifiable: str | None = None
    warnings: tuple[str, ...] = ()
