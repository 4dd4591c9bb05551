"""The pre-filter: which events of a file can touch a window, told from their bytes, unparsed.

What cannot be told for sure is kept; parsing decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from blocker.calendars.text.content_lines import content_lines
from blocker.calendars.text.outline import Component
from blocker.calendars.text.values import date_text, shifted
from blocker.domain.interval import Interval

MARGIN = timedelta(days=2)
"""Allowed for zones: a local date and the UTC date differ by at most one."""

_REPEATS = re.compile(rb"\n(?:RRULE|RDATE|RECURRENCE-ID|DURATION)[:;]", re.IGNORECASE)
_FOLDED_NAME = re.compile(rb"\n[A-Za-z-]{1,20}\r*\n[ \t]")
_START = re.compile(rb"\nDTSTART(?:;[^:\r\n]*)?:(\d{8})", re.IGNORECASE)
_END = re.compile(rb"\nDTEND(?:;[^:\r\n]*)?:(\d{8})", re.IGNORECASE)
_HAS_END = re.compile(rb"\nDTEND\b", re.IGNORECASE)
_UNTIL = re.compile(rb"\nRRULE:[^\r\n]*\bUNTIL=(\d{8})", re.IGNORECASE)
_ENDLESS = re.compile(rb"\n(?:RDATE|RECURRENCE-ID|DURATION)[:;]", re.IGNORECASE)
_UID = re.compile(rb"\nUID(?:;[^:\r\n]*)?:([^\n]*)(\n[ \t])?", re.IGNORECASE)


@dataclass(slots=True)
class Group:
    """The VEVENTs of one UID (or the one without UID), in the file's order."""

    components: list[Component] = field(default_factory=list)
    may_touch: bool = False


def groups(
    components: Sequence[Component], data: bytes, window: Interval | None
) -> dict[bytes, Group]:
    """All events by UID, each group marked if one of its events may touch the window.

    Without a window all may.
    """
    found: dict[bytes, Group] = {}
    first, last = _edges(window) if window else (b"", b"")
    for component in components:
        own = component.own(data)
        group = found.setdefault(_uid(own, component), Group())
        group.components.append(component)
        if not group.may_touch:
            group.may_touch = window is None or _may_touch(own, component, first, last)
    return found


def _edges(window: Interval) -> tuple[bytes, bytes]:
    """The first and last date that can matter, as iCalendar writes them."""
    return tuple(  # type: ignore[return-value]  # of two days, always two
        date_text(day).encode()
        for day in (shifted(window.start.date(), -MARGIN), shifted(window.end.date(), MARGIN))
    )


def _uid(own: bytes, component: Component) -> bytes:
    match = _UID.search(own)
    if match and not match[2] and b"\\" not in match[1]:
        uid = match[1].strip()
        if uid:
            return uid
    for line in content_lines(own, 0):
        if getattr(line, "name", "") == "UID":
            text: str = getattr(line, "text", "").strip()
            return text.encode("utf-8", "replace") or b"\x00%d" % component.start
    return b"\x00%d" % component.start


def _may_touch(own: bytes, component: Component, first: bytes, last: bytes) -> bool:
    if component.damage or _FOLDED_NAME.search(own):
        return True
    start, end = _START.search(own), _END.search(own)
    ends = len(_HAS_END.findall(own))
    if not start or ends > 1 or bool(ends) != bool(end) or (end and end[1] < start[1]):
        return True
    end_day = end[1] if end else start[1]
    if not _REPEATS.search(own):
        return start[1] <= last and end_day >= first
    until = _UNTIL.search(own)
    if not until or start[1] != end_day or _ENDLESS.search(own):
        return True
    if own.upper().count(b"\nRRULE") > 1:
        return True
    return start[1] <= last and max(until[1], start[1]) >= first
