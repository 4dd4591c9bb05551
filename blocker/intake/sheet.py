"""A table of texts, whatever the file: CSV, XLSX or YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from blocker.intake.problems import Wrong, shown

LARGEST = 20_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
LONGEST_CELL = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in the file and its cells, '' for an empty one.

    `line` is a line of the file, in a spreadsheet the number of the row.  `lines` are those of the
    cells where they differ.
    """

    line: int
    cells: tuple[str, ...]
    lines: tuple[int, ...] = ()
    is_whole: bool = True
    """Its cells stand under the right columns; that it is not was said already."""

    def cell(self, position: int | None) -> str:
        """The text of a cell; '' when the column or the cell is not there."""
        if position is None or position >= len(self.cells):
            return ""
        return self.cells[position]

    def line_of(self, position: int | None) -> int:
        if position is None or position >= len(self.lines):
            return self.line
        return self.lines[position]


def _no_name(position: int, line: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header's names, the line it stands on, and the rows that are not empty.

    `cell_name` gives what people call a cell besides its column, such as `D5`; '' for none.
    `broken` are cells, by line and position, whose content cannot be known, and why.
    """

    names: tuple[str, ...]
    line: int
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    cell_name: Callable[[int, int], str] = field(default=_no_name)
    broken: Mapping[tuple[int, int], Wrong] = field(default_factory=dict)

    def place(self, position: int, line: int) -> str:
        """The column as the file calls it; in a spreadsheet with the cell's name."""
        cell = self.cell_name(position, line)
        name = shown(self.names[position])[1:-1]
        return f"{name} ({cell})" if cell else name
