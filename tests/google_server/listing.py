"""What a calendar showed at some version, and what changed between two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.google_server.calendars import Calendar
from tests.google_server.moments import instant, read_stamp
from tests.google_server.recurrence import FARTHEST, Window, instances

Event = dict[str, Any]


@dataclass
class Question:
    """Which events are asked for."""

    zone: ZoneInfo
    window: Window = (None, None)
    single: bool = False
    deleted: bool = False
    kinds: list[str] = field(default_factory=list)
    private: list[tuple[str, ...]] = field(default_factory=list)
    shared: list[tuple[str, ...]] = field(default_factory=list)
    uid: str | None = None
    words: list[str] = field(default_factory=list)
    updated_min: datetime | None = None
    order: str | None = None

    def began(self, event: Event) -> datetime:
        """When an instance would begin by the rules of its series."""
        return instant(event.get("originalStartTime") or event["start"], self.zone)

    def touches(self, event: Event) -> bool:
        """timeMin bounds the end, timeMax the start, both exclusive."""
        since, until = self.window
        starts = instant(event["start"], self.zone)
        ends = instant(event["end"], self.zone)
        return (since is None or ends > since) and (until is None or starts < until)

    def wants(self, event: Event) -> bool:
        properties = event.get("extendedProperties", {})
        text = " ".join(str(event.get(k, "")) for k in ("summary", "description", "location"))
        stamp = event.get("updated")
        return (
            (not self.kinds or event.get("eventType") in self.kinds)
            and (self.uid is None or event.get("iCalUID") == self.uid)
            and all(properties.get("private", {}).get(k) == v for k, v in self.private)
            and all(properties.get("shared", {}).get(k) == v for k, v in self.shared)
            and all(word in text.casefold() for word in self.words)
            and (
                self.updated_min is None
                or stamp is None
                or read_stamp(stamp, self.zone) >= self.updated_min
            )
        )


def visible(calendar: Calendar, version: int | None, question: Question) -> list[Event]:
    """The events of a listing, in a stable order."""
    found = [event for _, event in versioned(calendar, version, question)]
    if question.order == "startTime":
        found.sort(key=lambda e: (instant(e["start"], question.zone), e["id"]))
    elif question.order == "updated":
        found.sort(key=lambda e: (e["updated"], e["id"]))
    return found


def versioned(
    calendar: Calendar, version: int | None, question: Question
) -> list[tuple[int, Event]]:
    """The same, each with the version of its last change."""
    held = calendar.at(version)
    overrides = {event_id for event_id, (_, e) in held.items() if e.get("recurringEventId")}
    deleted = question.deleted or question.updated_min is not None
    found: list[tuple[int, Event]] = []
    for changed, event in held.values():
        cancelled = event["status"] == "cancelled"
        if event.get("recurrence"):
            found += _of_series(changed, event, overrides, question, deleted)
        elif event.get("recurringEventId") and cancelled:
            # a hole in a series shows while the series itself does, unless it is expanded
            if (deleted or not question.single) and question.touches(event):
                found.append((changed, event))
        elif (deleted or not cancelled) and question.touches(event):
            found.append((changed, event))
    return [(changed, event) for changed, event in found if question.wants(event)]


def _of_series(
    changed: int, master: Event, overrides: set[str], question: Question, deleted: bool
) -> list[tuple[int, Event]]:
    if master["status"] == "cancelled" and not deleted:
        return []
    if question.single:
        made = instances(master, question.window, question.zone)
        return [(changed, e) for e in made if e["id"] not in overrides]
    since, until = question.window
    window = (since, until or (since + FARTHEST if since else None))
    bounded = since is not None or until is not None
    if bounded and not instances(master, window, question.zone):
        return []
    return [(changed, master)]


def changes(calendar: Calendar, since: int, version: int, question: Question) -> list[Event]:
    """What an incremental listing gives: all that changed, cancelled what is no longer there."""
    question.deleted = False
    before = {event["id"]: event for _, event in versioned(calendar, since, question)}
    now = {event["id"]: (v, event) for v, event in versioned(calendar, version, question)}
    held = calendar.at(version)
    found = {event_id: event for event_id, (v, event) in now.items() if v > since}
    for event_id, event in before.items():
        if event_id not in now:
            _, stands = held.get(event_id, (0, event | {"status": "cancelled"}))
            found[event_id] = stands
    for event_id, (v, event) in held.items():
        # deleted, maybe never seen: it is named all the same
        single = not (question.single and event.get("recurrence"))
        if v > since and event["status"] == "cancelled" and single:
            found.setdefault(event_id, event)
    return list(found.values())
