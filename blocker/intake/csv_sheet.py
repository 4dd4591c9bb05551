"""CSV into a table, in whatever encoding and with whatever separator it was saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from blocker.domain.errors import WrongInput
from blocker.intake.columns import recognised
from blocker.intake.plain_text import decode
from blocker.intake.problems import Mistakes, one_mistake, shown
from blocker.intake.sheet import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Sheet

_SEPARATORS = (",", ";", "\t")


def read_csv(data: bytes, path: Path, columns: Mapping[str, str], mistakes: Mistakes) -> Sheet:
    """The table of a CSV file; its separator is the one whose header is understood best.

    Adds a mistake for each row with more cells than the header.  Raises WrongInput in one line
    when the file is empty or no table.
    """
    text, encoding = decode(data, path)
    first_line, separator = 1, None
    start = text.lstrip("\ufeff")
    if start[:4].casefold() == "sep=" and start[5:6] in ("\r", "\n"):  # Excel's own hint
        separator, first_line = start[4], 2
        start = start[5:].removeprefix("\r").removeprefix("\n")
    if separator is None:
        separator = _separator(start, columns, path)
    rows = list(_rows(start, separator, first_line, path))
    if not rows:
        raise one_mistake(path, "is empty", "the first row names the columns: title,owner,estimate")
    header, *others = rows
    names = header.cells
    width = len(names)
    for number, row in enumerate(others):
        extra = [cell for cell in row.cells[width:] if cell]
        if extra:
            others[number] = replace(row, is_whole=False)
            mistakes.add(
                row.line,
                "",
                f"has {len(row.cells)} cells and the header {width}: {shown(extra[0])} is over",
                f"put text that holds {_SPOKEN.get(separator, separator)} in double quotes",
            )
    notes = (
        ("read as Windows text (cp1252), since it is not UTF-8",) if encoding == "cp1252" else ()
    )
    return Sheet(names, header.line, tuple(others), notes)


_WHICH = "is it the right file?"
_SPOKEN = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


def _separator(text: str, columns: Mapping[str, str], path: Path) -> str:
    def merit(separator: str) -> tuple[int, int]:
        try:
            header = next(_rows(text, separator, 1, path), None)
        except WrongInput:
            return 0, 0
        names = header.cells if header else ()
        return recognised(names, columns), len(names)

    return max(_SEPARATORS, key=merit)


def _rows(text: str, separator: str, first_line: int, path: Path) -> Iterator[Row]:
    """Rows that hold anything, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, count = first_line, 0
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                if not count and len(cells) > MOST_COLUMNS:
                    raise one_mistake(path, f"has more than {MOST_COLUMNS} columns", _WHICH, line)
                if max(map(len, stripped)) > LONGEST_CELL:
                    raise one_mistake(path, "a cell is far too long", "is a quote missing?", line)
                count += 1
                if count > MOST_ROWS + 1:  # the header is one
                    raise one_mistake(path, f"has more than {MOST_ROWS:,} rows", "split it")
                yield Row(line, stripped)
            line = first_line + reader.line_num
    except csv.Error as error:
        if "field larger" in str(error):
            raise one_mistake(path, "a cell is far too long", "is a quote missing?", line) from None
        if "end of data" in str(error):
            raise one_mistake(
                path,
                "a double quote opens here and is never closed",
                'close it, or write it as ""',
                line,
            ) from None
        raise one_mistake(
            path,
            "text stands right after a closing double quote",
            'write a quote inside quoted text as ""',
            line,
        ) from None
