"""A terminal to show results in: as wide as it is, plain when piped, or drawn as a picture."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from io import StringIO, TextIOBase
from typing import TextIO, cast

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from blocker.domain.member import Member

_PIPED = 10_000
"""Columns of output that no terminal shows: enough that nothing is wrapped."""


def console(width: int | None = None) -> Console:
    """stdout for people: as wide as the terminal; piped output is plain and never wrapped."""
    probe = Console(highlight=False, markup=False, emoji=False)
    if probe.is_terminal or width:
        return Console(highlight=False, markup=False, emoji=False, width=width)
    return Console(
        highlight=False, markup=False, emoji=False, width=_PIPED, color_system=None,
        no_color=True, file=cast(TextIO, _Trimmed(sys.stdout)),
    )  # fmt: skip


class _Trimmed(TextIOBase):
    """Passes text on without blanks at the ends of lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in typeshed
        return self._stream.encoding

    def write(self, text: str) -> int:
        self._stream.write("\n".join(line.rstrip() for line in text.split("\n")))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


class _Utf8(StringIO):
    encoding = "utf-8"


def as_svg(show: Callable[[Console], None], title: str) -> str:
    """What a terminal of 110 columns would show, as a picture."""
    out = Console(
        highlight=False, markup=False, emoji=False, width=110, record=True, file=_Utf8(),
        force_terminal=True, color_system="truecolor", legacy_windows=False,
    )  # fmt: skip
    show(out)
    return out.export_svg(title=title, unique_id="blocker")


def hanging(sign: str, text: Text, style: str = "") -> Table:
    """A paragraph behind a sign, its further lines below its first."""
    row = Table.grid()
    row.add_column(no_wrap=True)
    row.add_column()
    row.add_row(Text(sign, style), text)
    return row


def member_head(member: Member) -> Text:
    """A member's name, and the zone of all times below it."""
    return Text(plain(member.name), "bold").append(f"  {member.zone.key}", "not bold dim")


def show_lines(lines: Iterable[str], out: Console) -> None:
    """Plain lines; in a terminal broken between words, further lines as far in as the first."""
    for line in lines:
        text = line.lstrip()
        out.print(Padding(Text(text), (0, 0, 0, len(line) - len(text)), expand=False))


def glyphs_of(out: Console) -> tuple[str, str, str]:
    """What a strip shows for a block, for busy and for free time, where the output can."""
    return ("█", "░", "·") if out.encoding.lower().startswith("utf") else ("#", ":", ".")


def plain(text: str) -> str:
    """Without what a terminal would obey: control and formatting characters."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
