"""Edits: blocks put into and taken out of a calendar file's bytes, all else kept as it is.

That goes for what people added to a block, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blocker.calendars.base import Fate, Put, Receipt, Remove, Write
from blocker.calendars.owner import Owner
from blocker.calendars.text.additions import additions
from blocker.calendars.text.content_lines import ContentLine, content_lines, unreadable
from blocker.calendars.text.event_reading import stamp_of
from blocker.calendars.text.event_text import (
    PRODUCT,
    event_lines,
    folded,
    stands_as,
    zone_lines,
)
from blocker.calendars.text.icalendar_text import CalendarText, revision_of
from blocker.calendars.text.outline import Component
from blocker.domain.block import TimeBlock
from blocker.domain.event import Event
from blocker.domain.interval import Interval

EMPTY = folded(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "END:VCALENDAR"])
"""A calendar without events."""


@dataclass(slots=True)
class _Standing:
    """What stands under one UID: the file's components, later a block of ours, or nothing."""

    components: list[Component]
    event: Event | None
    revision: str | None
    sequence: int
    modified: datetime | None
    is_ours: bool
    block: TimeBlock | None = None
    text: bytes | None = None
    is_changed: bool = False


class CalendarEdits:
    """Writes worked out against one state of a calendar file.

    Raises CalendarUnreadable when the bytes are no calendar, or one that cannot be written back.
    """

    def __init__(self, raw: bytes, owner: Owner, now: datetime) -> None:
        self._calendar = CalendarText(raw, owner)
        if self._calendar.source.is_recoded:
            raise unreadable(
                owner.label,
                "is UTF-16 and cannot be written",
                "save it as UTF-8 or name a new file",
            )
        self._raw = raw
        self._owner = owner
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._newline = self._calendar.source.newline
        self._standing: dict[str, _Standing] = {}
        self._groups = self._calendar.groups()

    def carry_out(self, write: Write) -> Receipt:
        """Decide one write against the file and the writes before it, and take it down."""
        standing = self._find(write.uid)
        if isinstance(write, Remove):
            return self._remove(write, standing)
        return self._put(write, standing)

    def _remove(self, write: Remove, standing: _Standing) -> Receipt:
        if standing.revision is None:
            return Receipt(write, Fate.ALREADY, None)
        if not standing.is_ours or write.expected != standing.revision:
            return Receipt(write, Fate.CHANGED, standing.event)
        standing.event = standing.revision = standing.block = standing.text = None
        standing.components = []
        standing.is_changed = True
        return Receipt(write, Fate.DONE, None)

    def _put(self, write: Put, standing: _Standing) -> Receipt:
        event, block = standing.event, write.block
        if event and len(standing.components) <= 1 and stands_as(event, block):
            return Receipt(write, Fate.ALREADY, event)
        if write.expected != standing.revision or not standing.is_ours:
            return Receipt(write, Fate.CHANGED, event)
        standing.sequence += 1
        modified = self._now
        if standing.modified and standing.modified >= modified:
            modified = standing.modified + timedelta(seconds=1)
        *lines, end = event_lines(block, self._now, standing.sequence, modified)
        added = self._added(standing.components)
        standing.text = folded(lines, self._newline) + added + folded([end], self._newline)
        standing.block, standing.modified, standing.is_changed = block, modified, True
        standing.components = standing.components[:1]
        # as it will be read from the file, whose lone CRs are read as LFs
        seen = standing.text.replace(b"\r", b"\n") if self._newline == b"\r" else standing.text
        standing.revision = revision_of([seen])
        standing.event = self._read_back(seen, block, standing.revision)
        return Receipt(write, Fate.DONE, standing.event)

    def _added(self, components: Sequence[Component]) -> bytes:
        """What people added to the block that stands there."""
        added = additions(components[0], self._calendar.data) if components else b""
        return added.replace(b"\n", b"\r") if self._newline == b"\r" else added

    def _read_back(self, text: bytes, block: TimeBlock, revision: str) -> Event | None:
        zones = b"".join(folded(zone) for zone in zone_lines([block]))
        whole = b"BEGIN:VCALENDAR\r\n" + zones + text + b"END:VCALENDAR\r\n"
        events = CalendarText(whole, self._owner).listing(block.interval).events
        return events[0] if events else None

    def _find(self, uid: str) -> _Standing:
        """What stands under a UID; one that is free, or ours, may be written."""
        if uid not in self._standing:
            group = self._groups.get(uid.encode())
            components = group.components if group else []
            self._standing[uid] = (
                self._examine(components)
                if components
                else _Standing([], None, None, -1, None, is_ours=True)
            )
        return self._standing[uid]

    def _examine(self, components: list[Component]) -> _Standing:
        data = self._calendar.data
        properties = [self._properties(component) for component in components]
        first = properties[0]
        sequences = [one.get("SEQUENCE", "") for one in properties]
        found = self._calendar.of_group(components, self._window(first)).events
        return _Standing(
            components=list(components),
            event=found[0][1] if found else None,
            revision=revision_of(data[one.start : one.end] for one in components),
            sequence=max((int(text) for text in sequences if text.isdecimal()), default=0),
            modified=stamp_of(first.get("LAST-MODIFIED", "")),
            is_ours=all(one.get("X-BLOCKER-TASK", "").strip() for one in properties),
        )

    def _properties(self, component: Component) -> dict[str, str]:
        found: dict[str, str] = {}
        for start, piece in component.pieces(self._calendar.data):
            for line in content_lines(piece, start):
                if isinstance(line, ContentLine):
                    found.setdefault(line.name, line.value)
        return found

    def _window(self, properties: dict[str, str]) -> Interval:
        """A window that holds the event's start, whatever its zone."""
        try:
            day = datetime.strptime(properties["DTSTART"].strip()[:8] + "+0000", "%Y%m%d%z")
            return Interval(day - timedelta(days=2), day + timedelta(days=3))
        except (KeyError, ValueError, OverflowError):
            return Interval(self._now, self._now + timedelta(days=1))

    def content(self) -> bytes:
        """The file's bytes with all writes in it; the same bytes when nothing changed."""
        changed = [one for one in self._standing.values() if one.is_changed]
        cuts: list[tuple[int, int, bytes]] = []
        new: list[bytes] = []
        for standing in changed:
            places = self._groups_places(standing)
            for index, (start, end) in enumerate(places):
                cuts.append((start, end, (standing.text or b"") if index == 0 else b""))
            if not places and standing.text:
                new.append(standing.text)
        blocks = [one.block for one in changed if one.block and one.text]
        cuts += self._insertions(blocks, new)
        pieces: list[bytes] = []
        last = 0
        for start, end, text in sorted(cuts, key=lambda cut: cut[:2]):
            pieces += [self._raw[last:start], text]
            last = end
        return b"".join([*pieces, self._raw[last:]])

    def _groups_places(self, standing: _Standing) -> list[tuple[int, int]]:
        uid = next(uid for uid, one in self._standing.items() if one is standing)
        group = self._groups.get(uid.encode())
        offset = self._calendar.source.raw_offset
        return [(offset(c.start), offset(c.end)) for c in group.components] if group else []

    def _insertions(
        self, blocks: Sequence[TimeBlock], new: Sequence[bytes]
    ) -> list[tuple[int, int, bytes]]:
        """New events before the first calendar's END, missing zones before its first component."""
        offset = self._calendar.source.raw_offset
        head = offset(self._calendar.outline.heads[0])
        tail = offset(self._calendar.outline.tails[0])
        zones = b"".join(
            folded(zone, self._newline) for zone in zone_lines(blocks, self._known_zones())
        )
        if head == tail:
            return [(head, head, zones + b"".join(new))] if zones or new else []
        found = [(head, head, zones)] if zones else []
        return [*found, (tail, tail, b"".join(new))] if new else found

    def _known_zones(self) -> list[str]:
        return [
            self._properties(component).get("TZID", "").strip()
            for component in self._calendar.outline.zones
        ]
