"""Reading one VEVENT: its times, and what it says of the member (contract, section 3)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from blocker.calendars.text.content_lines import BrokenLine, ContentLine, content_lines, split_list
from blocker.calendars.text.event_times import BadTimes, Clocks, Times, read_times
from blocker.calendars.text.outline import Component
from blocker.calendars.text.plain_text import many_lines, one_line
from blocker.calendars.text.values import shown
from blocker.domain.event import Answer, BlockMark, Event
from blocker.domain.interval import Interval

LONGEST_TEXT = 20_000
"""Characters of a description that are kept."""

_TELLING = re.compile(
    r"(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID|STATUS|TRANSP)\b", re.I
)
_REPEATING = re.compile(r"RRULE|RDATE", re.IGNORECASE)
_ANSWERS = {
    "ACCEPTED": Answer.ACCEPTED,
    "DECLINED": Answer.DECLINED,
    "TENTATIVE": Answer.TENTATIVE,
}
_PART = re.compile(r"(\d{1,5})(?:/(\d{1,5}))?")

Lines = dict[str, list[ContentLine]]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a calendar is read: its label, the owner's addresses and rule for all-day events."""

    label: str
    clocks: Clocks
    addresses: frozenset[str] = frozenset()
    all_day_is_free: bool = False


@dataclass(slots=True)
class Fault:
    """Something of an event that is not understood.

    `is_whole`: nothing of it can be used.  `is_narrow`: it matters only where the event is found,
    since it makes none appear elsewhere.
    """

    message: str
    offset: int
    is_whole: bool = False
    is_narrow: bool = False
    span: Interval | None = None


@dataclass(slots=True)
class Reading:
    """One VEVENT as read; `times` is None when it has none that can be used."""

    uid: str
    offset: int
    sequence: int = 0
    times: Times | None = None
    title: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    cancelled: bool = False
    tentative: bool = False
    transparent: bool = False
    answer: Answer | None = None
    organizer: str | None = None
    others_invited: bool = False
    mark: BlockMark | None = None
    revision: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_doubted(self) -> bool:
        """It has times, but nothing of it can be trusted."""
        return self.times is not None and any(fault.is_whole for fault in self.faults)

    def event(self, reader: Reader, instance: str, interval: Interval) -> Event:
        """One instance of it."""
        all_day = self.times is not None and self.times.start.is_date
        return Event(
            calendar=reader.label,
            uid=self.uid,
            instance=instance,
            interval=interval,
            title=self.title,
            all_day=all_day,
            cancelled=self.cancelled,
            tentative=self.tentative,
            transparent=self.transparent,
            answer=self.answer,
            organizer=self.organizer,
            others_invited=self.others_invited,
            free_by_rule=all_day and reader.all_day_is_free,
            mark=self.mark,
            description=self.description,
            categories=self.categories,
            revision=self.revision,
            sequence=self.sequence,
        )


def read_event(component: Component, data: bytes, reader: Reader) -> Reading:
    """What a VEVENT says; whatever is wrong with it becomes a fault, nothing is raised."""
    lines: Lines = {}
    broken: list[BrokenLine] = []
    for start, piece in component.pieces(data):
        for line in content_lines(piece, start):
            if isinstance(line, BrokenLine):
                broken.append(line)
            else:
                lines.setdefault(line.name, []).append(line)
    reading = Reading(_uid(lines, component, data), component.start)
    reading.faults += [
        Fault(
            f"the event has a line without a value: “{shown(line.text)}”",
            line.offset,
            is_narrow=not _REPEATING.match(line.text),
        )
        for line in broken
        if _TELLING.match(line.text)
    ]
    if component.damage:
        reading.faults.append(
            Fault(f"the event is damaged: {component.damage}", component.start, True)
        )
    _read_face(reading, lines, reader)
    _read_times(reading, lines, reader.clocks)
    return reading


def _uid(lines: Lines, component: Component, data: bytes) -> str:
    uid = one_line(lines["UID"][0].text) if "UID" in lines else ""
    if uid:
        return uid
    return "no-uid-" + hashlib.sha256(component.own(data)).hexdigest()[:16]


def _read_times(reading: Reading, lines: Lines, clocks: Clocks) -> None:
    try:
        times = reading.times = read_times(lines, clocks)
    except BadTimes as problem:
        offset = reading.offset if problem.offset is None else problem.offset
        if not (problem.is_harmless_if_free and _is_free(reading)):
            reading.faults.append(Fault(str(problem), offset, True, span=problem.span))
        return
    reading.faults += [
        Fault(note.message, note.offset, is_narrow=note.is_narrow) for note in times.notes
    ]
    if times.unknown_zone:
        name, offset = times.unknown_zone
        message = f"the event is in a time zone nobody knows: “{shown(name)}”"
        reading.faults.append(Fault(message, offset, True))


def _is_free(reading: Reading) -> bool:
    declined = reading.answer is Answer.DECLINED
    return reading.cancelled or reading.transparent or declined


def _first(lines: Lines, name: str) -> str:
    return lines[name][0].text.strip() if name in lines else ""


def _read_face(reading: Reading, lines: Lines, reader: Reader) -> None:
    sequence = _first(lines, "SEQUENCE")
    reading.sequence = int(sequence) if re.fullmatch(r"\d{1,9}", sequence) else 0
    reading.title = one_line(_first(lines, "SUMMARY")[:LONGEST_TEXT])
    reading.description = many_lines(_first(lines, "DESCRIPTION")[:LONGEST_TEXT])
    reading.categories = tuple(
        one_line(part) for line in lines.get("CATEGORIES", []) for part in split_list(line.value)
    )
    status = _first(lines, "STATUS").upper()
    shown_as = _first(lines, "X-MICROSOFT-CDO-BUSYSTATUS").upper()
    reading.cancelled = status in ("CANCELLED", "CANCELED")
    reading.tentative = status == "TENTATIVE" or shown_as == "TENTATIVE"
    reading.transparent = _first(lines, "TRANSP").upper() == "TRANSPARENT" or shown_as == "FREE"
    reading.mark = _mark(lines)
    _read_people(reading, lines, reader)


def _mark(lines: Lines) -> BlockMark | None:
    task = one_line(_first(lines, "X-BLOCKER-TASK"))
    if not task:
        return None
    part = _PART.fullmatch(_first(lines, "X-BLOCKER-PART"))
    return BlockMark(
        task,
        one_line(_first(lines, "X-BLOCKER-SPRINT")) or None,
        int(part[1]) if part else None,
        int(part[2]) if part and part[2] else None,
    )


def addresses_of(line: ContentLine) -> list[str]:
    """The lower-case addresses that an ATTENDEE or ORGANIZER names; the first is the main one."""
    value = line.value.strip().lower().removeprefix("mailto:").strip()
    other = line.parameters.get("EMAIL", "").strip().lower().removeprefix("mailto:")
    found = [one_line(value)] if "@" in value else []
    if other and other not in found:
        found.append(one_line(other))
    return found or ([one_line(value)] if value else [])


def _read_people(reading: Reading, lines: Lines, reader: Reader) -> None:
    is_organizer = False
    for line in lines.get("ORGANIZER", [])[:1]:
        addresses = addresses_of(line)
        is_organizer = not reader.addresses.isdisjoint(addresses)
        reading.organizer = None if is_organizer or not addresses else addresses[0]
    for line in lines.get("ATTENDEE", []):
        if not reader.addresses.isdisjoint(addresses_of(line)):
            answer = line.parameters.get("PARTSTAT", "").upper()
            known = _ANSWERS.get(answer, Answer.UNANSWERED)
            if not (is_organizer and known is Answer.UNANSWERED):
                reading.answer = known
        elif line.parameters.get("CUTYPE", "").upper() not in ("ROOM", "RESOURCE"):
            reading.others_invited = True


def stamp_of(text: str) -> datetime | None:
    """A UTC stamp such as LAST-MODIFIED's, None when there is none that can be read."""
    found = re.fullmatch(r"(\d{8}T\d{6})Z?", text.strip())
    try:
        return datetime.strptime(found[1] + "+0000", "%Y%m%dT%H%M%S%z") if found else None
    except ValueError:
        return None
