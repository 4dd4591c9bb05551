"""Content lines: an iCalendar file's bytes as text that can be pointed into (RFC 5545, 3.1)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from blocker.domain.errors import CalendarUnreadable, Mistake

MOST_BYTES = 200_000_000
"""A calendar file larger than this is refused rather than read."""

_FOLDED_STRUCTURE = re.compile(rb"\n(?:[A-Za-z]{1,5}|(?:(?i:BEGIN|END):[^\r\n]*))\r*\n[ \t]")
_FOLD = re.compile(rb"\r*\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';\s*([^=:;"]+)=((?:"[^"]*"|[^",:;]*)(?:,(?:"[^"]*"|[^",:;]*))*)')
_UNREADABLE_STARTS = (
    (b"\x1f\x8b", "is compressed (gzip)", "unpack it and name the .ics inside"),
    (b"PK\x03\x04", "is a ZIP archive", "unpack it and name the .ics inside"),
    (b"%PDF", "is a PDF, not a calendar", "export the calendar as .ics"),
    (b"<", "is a web page, not a calendar", "sign in, download the .ics file and name that one"),
    (b"{", "is JSON, not an iCalendar file", "export the calendar as .ics"),
    (b"[", "is JSON, not an iCalendar file", "export the calendar as .ics"),
)


def unreadable(
    label: str, message: str, remedy: str, line: int | None = None
) -> CalendarUnreadable:
    """The one-line error for a file that is not a calendar."""
    return CalendarUnreadable([Mistake(label, line, "", message, remedy)])


@dataclass(frozen=True, slots=True)
class Source:
    """A calendar file's bytes, ready to be searched.

    `raw` is the file as it lies on the disk.  `data` is ASCII-compatible, its lines end in LF or
    CRLF, it begins with a line end, and no BEGIN, END or its value is folded.  `shift` and `folds`
    say how an offset of `data` is found in `raw`; `is_recoded` that this cannot be done.
    """

    raw: bytes
    data: bytes
    shift: int = 0
    folds: tuple[tuple[int, int], ...] = ()
    is_recoded: bool = False

    def raw_offset(self, offset: int) -> int:
        """Where in `raw` an offset of `data` lies."""
        index = bisect_right(self.folds, (offset, len(self.raw))) - 1
        removed = self.folds[index][1] if index >= 0 else 0
        return offset + removed + self.shift

    def line_starts(self) -> list[int]:
        """The offset in `data` at which each line begins, folded lines of the structure aside."""
        return [match.end() for match in re.finditer(b"\n", self.data)]

    def line_at(self, offset: int, starts: list[int]) -> int:
        """The number, from 1, of the file's line at an offset of `data`."""
        folded = bisect_right(self.folds, (offset, len(self.raw)))
        return max(1, bisect_right(starts, offset) + folded)

    @property
    def newline(self) -> bytes:
        """The line end that the file uses."""
        head = self.raw[:4096]
        if b"\r\n" in head:
            return b"\r\n"
        return b"\n" if b"\n" in head or b"\r" not in head else b"\r"


def open_source(raw: bytes, label: str) -> Source:
    """The searchable form of a file's bytes.

    UTF-8 with or without byte order mark, UTF-16, and line ends of CRLF, LF or a lone CR are read.
    Raises CalendarUnreadable for what is no calendar at all.
    """
    if len(raw) > MOST_BYTES:
        limit = MOST_BYTES // 1_000_000
        raise unreadable(label, f"is larger than {limit} MB", "export fewer years")
    text, recoded = _as_utf8(raw, label)
    shift = 3 if not recoded and text.startswith(b"\xef\xbb\xbf") else 0
    data = text[shift:]
    lead = len(data) - len(data.lstrip(b"\r\n\t \x00"))
    data, shift = data[lead:], shift + lead
    _check_start(data, label)
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    data = b"\n" + data
    plain, folds = _unfold_structure(data)
    return Source(raw, plain, shift - 1, folds, recoded)


def _as_utf8(raw: bytes, label: str) -> tuple[bytes, bool]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif raw.startswith(b"B\x00E\x00"):
        encoding = "utf-16-le"
    elif raw.startswith(b"\x00B\x00E"):
        encoding = "utf-16-be"
    else:
        return raw, False
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise unreadable(
            label, "is UTF-16 text that breaks off or is damaged", "download it again"
        ) from None
    return text.lstrip("\ufeff").encode("utf-8", "replace"), True


def _check_start(data: bytes, label: str) -> None:
    if not data.strip(b"\x00"):
        raise unreadable(label, "is empty", "export the calendar again")
    for start, what, remedy in _UNREADABLE_STARTS:
        if data.startswith(start):
            raise unreadable(label, what, remedy)
    head = _FOLD.sub(b"", data[:200])
    if not re.match(rb"(?i)BEGIN[ \t]*:[ \t]*VCALENDAR\b", head):
        if re.match(rb"(?i)BEGIN:VCARD", head):
            raise unreadable(label, "is an address card, not a calendar", "export an .ics file")
        raise unreadable(
            label,
            "is not a calendar: it does not begin with BEGIN:VCALENDAR",
            "export the calendar as .ics",
            1,
        )


def _unfold_structure(data: bytes) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """`data` with its folded BEGIN and END lines unfolded, and what was removed where."""
    if not _FOLDED_STRUCTURE.search(data):
        return data, ()
    pieces: list[bytes] = []
    folds: list[tuple[int, int]] = []
    last = length = removed = 0
    for line in re.finditer(rb"\n[^\n]*(?:\n[ \t][^\n]*)+", data):
        joined = _FOLD.sub(b"", line[0])
        if not re.match(rb"\n(?i:BEGIN|END):", joined):
            continue
        pieces += [data[last : line.start()], joined]
        length += line.start() - last + len(joined)
        removed += len(line[0]) - len(joined)
        folds.append((length, removed))
        last = line.end()
    return b"".join([*pieces, data[last:]]), tuple(folds)


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property of a component: upper-case name, parameters by upper-case name, raw value.

    `offset` is where it begins in the source's data.
    """

    name: str
    parameters: dict[str, str]
    value: str
    offset: int

    @property
    def text(self) -> str:
        """The value as TEXT, escapes resolved."""
        return unescape(self.value)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is no property; `text` is its beginning."""

    text: str
    offset: int


def content_lines(data: bytes, offset: int) -> Iterator[ContentLine | BrokenLine]:
    """The unfolded properties of a piece of a file that starts at `offset`, without blank lines.

    Bytes that are not UTF-8 are read as Windows-1252.
    """
    try:
        text = data.decode("utf-8")
        width = None if text.isascii() else "utf-8"
    except UnicodeDecodeError:
        text, width = data.decode("cp1252", "replace"), None
    position = 0
    pending: list[str] = []
    start = 0
    for physical in text.split("\n"):
        line = physical.rstrip("\r")
        if line[:1] in (" ", "\t") and pending:
            pending.append(line[1:])
        elif line.strip():
            if pending:
                yield _parse("".join(pending), offset + start)
            pending, start = [line], position
        position += (len(physical.encode(width)) if width else len(physical)) + 1
    if pending:
        yield _parse("".join(pending), offset + start)


def _parse(line: str, offset: int) -> ContentLine | BrokenLine:
    name = _NAME.match(line)
    if not name:
        return BrokenLine(line[:60], offset)
    position = name.end()
    while line.startswith(" ", position):  # written by some as "DTSTART : ..."
        position += 1
    parameters: dict[str, str] = {}
    while line.startswith(";", position):
        found = _PARAMETER.match(line, position)
        if not found:
            colon = line.find(":", position)  # a damaged parameter: the value is still there
            if colon < 0:
                return BrokenLine(line[:60], offset)
            position = colon
            break
        parameters[found[1].strip().upper()] = found[2].replace('"', "")
        position = found.end()
    if not line.startswith(":", position):
        return BrokenLine(line[:60], offset)
    return ContentLine(name[0].upper(), parameters, line[position + 1 :], offset)


_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def unescape(value: str) -> str:
    r"""A TEXT value as people see it (RFC 5545, 3.3.11).

    >>> unescape(r"Mails\, ads\nand more")
    'Mails, ads\nand more'
    """
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def split_list(value: str) -> list[str]:
    """The parts of a comma-separated TEXT list, escapes resolved, empty ones left out."""
    parts = re.findall(r"(?:\\.|[^\\,])+", value, re.DOTALL)
    return [part for raw in parts if (part := unescape(raw).strip())]
