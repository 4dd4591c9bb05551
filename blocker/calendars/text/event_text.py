"""Event text: blocks written as iCalendar (contract, section 4; RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from blocker.calendars.text.plain_text import many_lines, one_line
from blocker.calendars.text.timezones import is_utc, timezone_lines
from blocker.calendars.text.values import utc_text
from blocker.domain.block import TimeBlock
from blocker.domain.event import BlockMark, Event

PRODUCT = "-//blocker//time blocks//EN"
_OCTETS = 75


def escape(text: str) -> str:
    r"""A TEXT value (RFC 5545, 3.3.11).

    >>> escape("Mails, ads\nand; more")
    'Mails\\, ads\\nand\\; more'
    """
    for letter, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(letter, escaped)
    return text


def fold(line: str) -> list[bytes]:
    """A content line as physical lines of at most 75 octets, no character cut in two."""
    data = line.encode("utf-8")
    if len(data) <= _OCTETS:
        return [data]
    pieces: list[bytes] = []
    position, room = 0, _OCTETS
    while position < len(data):
        end = min(position + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append((b" " if pieces else b"") + data[position:end])
        position, room = end, _OCTETS - 1
    return pieces


def folded(lines: Iterable[str], newline: bytes = b"\r\n") -> bytes:
    """Content lines as bytes, each ended."""
    return b"".join(piece + newline for line in lines for piece in fold(line))


def event_lines(block: TimeBlock, now: datetime, sequence: int, modified: datetime) -> list[str]:
    """The VEVENT of a block as unfolded lines; `now` becomes DTSTAMP."""
    title = block_title(block)
    description = many_lines(block.description)
    categories = [escape(one_line(category)) for category in block.categories]
    return [
        "BEGIN:VEVENT",
        f"UID:{block.uid}",
        f"DTSTAMP:{utc_text(now)}",
        _moment("DTSTART", block.interval.start, block.zone),
        _moment("DTEND", block.interval.end, block.zone),
        f"SUMMARY:{escape(title)}",
        *([f"DESCRIPTION:{escape(description)}"] if description else []),
        *([f"CATEGORIES:{','.join(filter(None, categories))}"] if any(categories) else []),
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        f"SEQUENCE:{sequence}",
        f"LAST-MODIFIED:{utc_text(modified)}",
        f"X-BLOCKER-TASK:{escape(one_line(block.task))}",
        f"X-BLOCKER-SPRINT:{escape(one_line(block.sprint_name))}",
        f"X-BLOCKER-PART:{block.part}/{block.parts}",
        "END:VEVENT",
    ]


def block_title(block: TimeBlock) -> str:
    """The SUMMARY; a title of which nothing may be written is the task's id."""
    return one_line(block.title) or one_line(block.task)


def _moment(name: str, moment: datetime, zone: ZoneInfo) -> str:
    """DTSTART or DTEND in the zone; in UTC where the wall time would be read as another instant."""
    wall = moment.astimezone(zone)
    if is_utc(zone) or wall.fold:
        return f"{name}:{utc_text(moment)}"
    return f"{name};TZID={zone.key}:{wall:%Y%m%dT%H%M%S}"


def stands_as(event: Event, block: TimeBlock) -> bool:
    """An event found in a calendar is this block, in the same words and time."""
    mark = BlockMark(
        one_line(block.task), one_line(block.sprint_name) or None, block.part, block.parts
    )
    whole_seconds = timedelta(seconds=1)
    return (
        event.mark == mark
        and event.is_busy
        and not (event.all_day or event.tentative or event.instance)
        and abs(event.interval.start - block.interval.start) < whole_seconds
        and abs(event.interval.end - block.interval.end) < whole_seconds
        and event.title == block_title(block)
        and event.description == many_lines(block.description)
        and event.categories == tuple(filter(None, map(one_line, block.categories)))
    )


def zone_lines(blocks: Iterable[TimeBlock], known: Iterable[str] = ()) -> list[tuple[str, ...]]:
    """The VTIMEZONEs that the blocks need, each from the year of its earliest block, by name."""
    first: dict[str, tuple[int, ZoneInfo]] = {}
    left_out = set(known)
    for block in blocks:
        key, year = block.zone.key, block.interval.start.year
        if not is_utc(block.zone) and key not in left_out:
            first[key] = (min(year, first.get(key, (year,))[0]), block.zone)
    return [timezone_lines(zone, year) for _, (year, zone) in sorted(first.items())]


def calendar_text(
    blocks: Sequence[TimeBlock],
    *,
    now: datetime,
    name: str | None = None,
    sequences: Mapping[str, int] | None = None,
) -> bytes:
    """A whole calendar file of blocks for people to import, sorted by start.

    `name` is how programs show the calendar, `sequences` the SEQUENCE of each UID (default 0).
    """
    known = sequences or {}
    now = now.astimezone(UTC)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if name:
        lines.append(f"X-WR-CALNAME:{escape(one_line(name))}")
    for zone in zone_lines(blocks):
        lines += zone
    for block in sorted(blocks, key=lambda block: (block.interval, block.uid)):
        lines += event_lines(block, now, known.get(block.uid, 0), now)
    return folded([*lines, "END:VCALENDAR"])
