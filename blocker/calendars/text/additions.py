"""Additions: what a person or their program put into a block of ours, and no rewriting takes away.

A place, a colour, an alarm, a note.  Whatever says when the block is, what it stands for, whether
it is busy, or who takes part, is ours to say anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from blocker.calendars.text.outline import Component

_OURS = re.compile(
    rb"(?:BEGIN|END|UID|DTSTAMP|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID"
    rb"|SUMMARY|DESCRIPTION|CATEGORIES|STATUS|TRANSP|SEQUENCE|LAST-MODIFIED"
    rb"|ORGANIZER|ATTENDEE|REQUEST-STATUS|X-ALT-DESC|X-BLOCKER-[A-Z0-9-]*|X-MICROSOFT-[A-Z0-9-]*)"
    rb"[ \t]*[;:]",
    re.IGNORECASE,
)
_LINE = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")
"""A content line with its folds."""
_NAMED = re.compile(rb"[A-Za-z0-9-]+[ \t]*[;:]")


def additions(component: Component, data: bytes) -> bytes:
    """The lines and parts, such as alarms, of a block of ours that are not ours, as they stand.

    Nothing of an event that is damaged, since it cannot be told what belongs to what.
    """
    if component.damage:
        return b""
    return b"".join(
        text for text in _foreign(component, data) if _is_utf8(text) and text.endswith(b"\n")
    )


def _foreign(component: Component, data: bytes) -> Iterator[bytes]:
    for _, piece in component.pieces(data):
        for line in _LINE.findall(piece):
            if _NAMED.match(line) and not _OURS.match(line):
                yield line
    for start, end in component.children:
        yield data[start:end]


def _is_utf8(text: bytes) -> bool:
    """What is not would make all of the event be read as Windows-1252."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
