"""A second pair of eyes: what we wrote, read by a library that is not ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from blocker.domain.block import TimeBlock


def check_reads_back(content: bytes, blocks: Iterable[TimeBlock]) -> None:
    """Raises AssertionError unless `icalendar` sees each block at its instants.

    A file for other programs is checked before it leaves; a difference is a defect of ours.
    """
    from icalendar import Calendar

    seen = {
        str(event["UID"]): (
            event.decoded("DTSTART").astimezone(UTC),
            event.decoded("DTEND").astimezone(UTC),
        )
        for event in Calendar.from_ical(content).walk("VEVENT")
    }
    meant = {block.uid: (block.interval.start, block.interval.end) for block in blocks}
    if seen != meant:
        raise AssertionError("the exported calendar does not read back as it was meant")
