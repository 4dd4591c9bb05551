"""A1 notation: "Tasks!A1:C", "'My tab'!2:5", "A1" of the first tab, "Tasks" as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.google_server.exchange import bad
from tests.google_server.sheets_state import Spreadsheet, Tab

CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?")


@dataclass(frozen=True)
class Range:
    """Cells of one tab, counted from 0; `bottom` and `right` lie outside, None: to the end."""

    tab: Tab
    top: int
    left: int
    bottom: int | None
    right: int | None

    @property
    def is_one_cell(self) -> bool:
        return (self.bottom, self.right) == (self.top + 1, self.left + 1)

    def inside(self) -> tuple[int, int]:
        """`bottom` and `right` as the grid bounds them."""
        rows, columns = self.tab.rows, self.tab.columns
        return (
            min(rows, rows if self.bottom is None else self.bottom),
            min(columns, columns if self.right is None else self.right),
        )

    def name(self) -> str:
        bottom, right = self.inside()
        return range_name(self.tab, self.top, self.left, bottom, right)


def range_name(tab: Tab, top: int, left: int, bottom: int, right: int) -> str:
    """How Google writes a range; `bottom` and `right` lie outside."""
    title = tab.title
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title):
        title = "'" + title.replace("'", "''") + "'"
    first = f"{letters(left)}{top + 1}"
    last = f"{letters(right - 1)}{bottom}"
    return f"{title}!{first}" if first == last else f"{title}!{first}:{last}"


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_number(text: str) -> int:
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def read_range(sheet: Spreadsheet, text: str) -> Range:
    """Raises Refusal: 400 for what is no range, for unknown tabs, for cells beyond the grid."""
    title, cells = _split(text)
    try:
        tab = sheet.tabs[0] if title is None else sheet.tab(title)
        if title is None and _corners(cells) is None:
            tab, cells = sheet.tab(cells), ""
    except KeyError:
        raise bad(f"Unable to parse range: {text}") from None
    if not cells:
        return Range(tab, 0, 0, None, None)
    corners = _corners(cells)
    if corners is None:
        raise bad(f"Unable to parse range: {text}")
    (left, top), (right, bottom) = corners
    found = Range(
        tab,
        top or 0,
        left or 0,
        None if bottom is None else bottom + 1,
        None if right is None else right + 1,
    )
    if found.top >= tab.rows or found.left >= tab.columns:
        limits = f"Max rows: {tab.rows}, max columns: {tab.columns}"
        raise bad(f"Range ({text}) exceeds grid limits. {limits}")
    return found


def _split(text: str) -> tuple[str | None, str]:
    quoted = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text)
    if quoted:
        return quoted[1].replace("''", "'"), quoted[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


Corner = tuple[int | None, int | None]


def _corners(text: str) -> tuple[Corner, Corner] | None:
    first, colon, last = text.partition(":")
    found = [CORNER.fullmatch(one) for one in (first, last if colon else first)]
    if any(one is None or one[0] == "" for one in found):
        return None
    pair = [
        (column_number(one[1]) if one[1] else None, int(one[2]) - 1 if one[2] else None)
        for one in found
        if one is not None
    ]
    if not colon and None in pair[0]:
        return None  # "A" or "12" alone name no range
    return pair[0], pair[1]
