"""Outlines: where the components of a calendar file begin and end, before any is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from blocker.calendars.text.content_lines import Source, unreadable

DEEPEST = 50
"""Components left open one inside another; a file with more is refused as damaged."""

_EDGE = re.compile(rb"\n((?:BEGIN|END|(?i:BEGIN|END))):[ \t]*([A-Za-z0-9-]+)[^\n]*")


@dataclass(slots=True)
class Component:
    """One component's place in the source's data, from its BEGIN to past its END line.

    `children` are the spans of components inside it.  `damage` says what is wrong with its frame.
    """

    kind: bytes
    start: int
    end: int = -1
    children: list[tuple[int, int]] = field(default_factory=list)
    damage: str | None = None

    def pieces(self, data: bytes) -> list[tuple[int, bytes]]:
        """Its own lines with their offsets, those of its children and its BEGIN left out."""
        position = (data.find(b"\n", self.start, self.end) + 1) or self.end
        found: list[tuple[int, bytes]] = []
        for start, end in self.children:
            if start > position:
                found.append((position, data[position:start]))
            position = max(position, end)
        if self.end > position:
            found.append((position, data[position : self.end]))
        return found

    def own(self, data: bytes) -> bytes:
        """Its own lines in one piece, after a line end."""
        if not self.children:
            return data[self.start - 1 : self.end]
        return b"\n" + b"".join(text for _, text in self.pieces(data))


@dataclass(slots=True)
class Outline:
    """The components of a file that this program reads."""

    events: list[Component] = field(default_factory=list)
    zones: list[Component] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    """For each VCALENDAR, where its first component begins (or its END line)."""
    tails: list[int] = field(default_factory=list)
    """For each VCALENDAR, where its END line begins."""


def outline(source: Source, label: str) -> Outline:
    """Find every VEVENT and VTIMEZONE.

    An event whose END is missing is damaged, those after it are not.  Raises CalendarUnreadable
    when the file breaks off or its components are nested beyond reason.
    """
    found = Outline()
    stack: list[Component] = []
    data = source.data
    for edge in _EDGE.finditer(data):
        kind = edge[2].upper()
        start, end = edge.start() + 1, min(edge.end() + 1, len(data))
        if edge[1][0] in b"Bb":
            _open(found, stack, Component(kind, start), start)
            if len(stack) > DEEPEST:
                line = source.line_at(start, source.line_starts())
                raise unreadable(
                    label,
                    f"nests components more than {DEEPEST} deep and is damaged",
                    "export the calendar again",
                    line,
                )
        else:
            _close(found, stack, kind, start, end)
    if stack or not found.tails:
        raise unreadable(
            label, "breaks off before END:VCALENDAR", "it is cut short: download it again"
        )
    return found


def _open(found: Outline, stack: list[Component], component: Component, start: int) -> None:
    if component.kind == b"VCALENDAR":
        found.heads.append(-1)
    elif stack and stack[-1].kind == b"VCALENDAR" and found.heads[-1] < 0:
        found.heads[-1] = start
    stack.append(component)


def _close(found: Outline, stack: list[Component], kind: bytes, start: int, end: int) -> None:
    if all(component.kind != kind for component in stack):
        return  # an END of nothing
    while stack[-1].kind != kind:
        unclosed = stack.pop()
        _keep(found, stack, unclosed, start)
        unclosed.damage = f"its END:{unclosed.kind.decode()} is missing"
        if stack[-1].kind == b"VEVENT" and unclosed.kind != b"VEVENT":
            stack[-1].damage = f"END:{unclosed.kind.decode()} is missing inside it"
    component = stack.pop()
    _keep(found, stack, component, end)
    if kind == b"VCALENDAR":
        found.tails.append(start)
        if found.heads[-1] < 0:
            found.heads[-1] = start


def _keep(found: Outline, stack: list[Component], component: Component, end: int) -> None:
    component.end = end
    if stack and stack[-1].kind != b"VCALENDAR":
        stack[-1].children.append((component.start, end))
    if component.kind == b"VEVENT":
        found.events.append(component)
    elif component.kind == b"VTIMEZONE":
        found.zones.append(component)
