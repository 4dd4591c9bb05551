"""One calendar and everything it ever held; what people do to it by hand."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.google_server.clock import Clock, etag
from tests.google_server.moments import When, by_hand
from tests.google_server.recurrence import instance_of

Event = dict[str, Any]
ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")


@dataclass
class Calendar:
    """A calendar; `history` keeps every state of every event: id to [version, event], oldest first.

    The methods without an account are a person's hand: they ask for no role and check nothing.
    """

    id: str
    owner: str
    summary: str
    time_zone: str
    primary: bool
    clock: Clock
    acl: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[tuple[int, Event]]] = field(default_factory=dict)
    oldest_sync: int = 0  # sync tokens from before this version have expired

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def role(self, account: str | None) -> str:
        if account == self.owner:
            return "owner"
        return self.acl.get(account or "", self.acl.get("*", "none"))

    def share(self, account: str, role: str) -> None:
        """Give an account ("*": everybody) a role; "none" takes it away."""
        assert role in ROLES, role
        self.acl[account] = role

    # What it holds

    def at(self, version: int | None = None) -> dict[str, tuple[int, Event]]:
        """Every event as it was after that change, cancelled ones too, with its own version."""
        now = {}
        for event_id, states in list(self.history.items()):
            past = [one for one in states if version is None or one[0] <= version]
            if past:
                now[event_id] = past[-1]
        return now

    def stored(self, event_id: str) -> Event | None:
        states = self.history.get(event_id)
        return states[-1][1] if states else None

    def find(self, event_id: str) -> Event | None:
        """The event, or the instance of a series, as it is now; a copy."""
        event = self.stored(event_id)
        if event is None:
            base, _, original = event_id.rpartition("_")
            master = self.stored(base) if base else None
            event = instance_of(master, original, self.zone) if master else None
        return deepcopy(event)

    def events(self) -> list[Event]:
        """Everything that stands: no cancelled ones, series as they are stored."""
        return [deepcopy(e) for _, e in self.at().values() if e["status"] != "cancelled"]

    def cancelled(self) -> list[Event]:
        return [deepcopy(e) for _, e in self.at().values() if e["status"] == "cancelled"]

    def event(self, event_id: str) -> Event:
        """Raises KeyError."""
        event = self.find(event_id)
        if event is None:
            raise KeyError(event_id)
        return event

    # What is done to it

    def cancel(self, event: Event) -> None:
        """Deleted; with a series go the instances that were changed by themselves."""
        self.save({**event, "status": "cancelled"})
        for one in self.events():
            if one.get("recurringEventId") == event["id"]:
                self.save({**one, "status": "cancelled"})

    def save(self, event: Event) -> Event:
        """Store a new state under a new version; gives it with its etag."""
        version = self.clock.tick()
        event = {**deepcopy(event), "etag": etag(version), "updated": self.clock.stamp(version)}
        event.setdefault("created", event["updated"])
        self.history.setdefault(event["id"], []).append((version, event))
        return event

    def filled(self, event: Event, creator: str) -> Event:
        """With all that Google adds to a new event."""
        event_id = event.get("id") or f"g{self.clock.version + 1:025d}"
        own: Event = {"email": self.id, "self": True}
        if not self.primary:
            own["displayName"] = self.summary
        guests = [self._guest(one) for one in event.get("attendees") or []]
        by = {"email": creator, **({"self": True} if creator == self.id else {})}
        return {
            "kind": "calendar#event",
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={event_id}",
            "creator": by,
            "organizer": own,
            "iCalUID": f"{event_id}@google.com",
            "sequence": 0,
            "reminders": {"useDefault": True},
            "eventType": "default",
            **{key: value for key, value in event.items() if value is not None},
            "id": event_id,
            **({"attendees": guests} if guests else {}),
        }

    def _guest(self, attendee: Event) -> Event:
        own = {"self": True} if attendee["email"].lower() == self.id else {}
        return {"responseStatus": "needsAction", **attendee, **own}

    def put(
        self,
        summary: str,
        start: str | date | datetime | When,
        end: str | date | datetime | When,
        **fields: Any,
    ) -> Event:
        """A person makes an event: '2027-01-05 10:00' is by the calendar's clock."""
        event = {
            "summary": summary,
            "start": by_hand(start, self.zone),
            "end": by_hand(end, self.zone),
            **fields,
        }
        return deepcopy(self.save(self.filled(event, creator=self.owner)))

    def change(self, event_id: str, **fields: Any) -> Event:
        """A person changes some fields; None takes a field away.  Raises KeyError."""
        event = {**self.event(event_id), **fields}
        event["sequence"] = event.get("sequence", 0) + 1
        return deepcopy(self.save({k: v for k, v in event.items() if v is not None}))

    def move(
        self,
        event_id: str,
        start: str | date | datetime | When,
        end: str | date | datetime | When,
    ) -> Event:
        """A person moves or shortens an event, or one instance.  Raises KeyError."""
        when = {"start": by_hand(start, self.zone), "end": by_hand(end, self.zone)}
        return self.change(event_id, **when)

    def delete(self, event_id: str) -> None:
        """A person deletes an event, or one instance.  Raises KeyError."""
        self.cancel(self.event(event_id))

    def restore(self, event_id: str) -> None:
        """A person takes an event out of the bin.  Raises KeyError."""
        self.save({**self.event(event_id), "status": "confirmed"})

    def expire_sync_tokens(self) -> None:
        """Every token given out so far gets 410 from now on."""
        self.oldest_sync = self.clock.tick()
