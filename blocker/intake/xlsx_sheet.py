"""XLSX into a table: the cells' stored values, written the way a CSV would have them."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

from blocker.intake.cells import cell_name, cell_text
from blocker.intake.problems import Wrong, one_mistake, shown
from blocker.intake.sheet import LONGEST_CELL, MOST_ROWS, Row, Sheet

MOST_UNPACKED = 200_000_000
MOST_COLUMNS = 200


def read_xlsx(data: bytes, path: Path, locale: str | None) -> Sheet:
    """The first visible sheet of a workbook.

    A date cell at 00:00 is a date.  Numbers are written with the locale's decimal sign.
    Formulas whose result is not stored or is an error are `broken`.  Raises WrongInput in one line
    when the file is no workbook or far too large.
    """
    _refuse_bomb(data, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not keep
        try:
            title, others, table = _cells(data)
        except Exception:  # openpyxl fails with a dozen kinds of error on damaged workbooks
            raise one_mistake(
                path, "is not a workbook that can be read", "save it again as .xlsx or as CSV"
            ) from None
    if table is None:
        raise one_mistake(path, f"has more than {MOST_ROWS:,} rows", "split it")
    broken: dict[tuple[int, int], Wrong] = {}
    rows = []
    for number, cells in table:
        for position, cell in enumerate(cells):
            if isinstance(cell, _Error | _Unstored):
                broken[number, position] = _broken(cell)
        rows.append(Row(number, tuple(_text(cell, locale) for cell in cells)))
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        raise one_mistake(
            path, "is empty", "the first row names the columns: title, owner, estimate"
        )
    notes = (f"only the sheet {shown(title)} is read",) if others else ()
    header, *below = rows
    return Sheet(header.cells, header.line, tuple(below), notes, cell_name, broken)


def _refuse_bomb(data: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise one_mistake(
            path, "is a damaged .xlsx file", "save it again, or save it as CSV"
        ) from None
    if unpacked > MOST_UNPACKED:
        raise one_mistake(path, "is far too large when unpacked", "is it the right file?")
    if not any(name.startswith("xl/") for name in names):
        what = "an OpenDocument file" if "content.xml" in names else "a zip archive, not a workbook"
        raise one_mistake(path, f"is {what}", "save the table as .xlsx or as CSV")


Cells = list[tuple[int, list[Any]]]


def _cells(data: bytes) -> tuple[str, bool, Cells | None]:
    """The sheet's title, whether there are others, and its rows; None when there are too many."""
    import openpyxl  # 150 ms, and most tasks are CSV

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheet = (sheets or book.worksheets)[0]
    sheet.reset_dimensions()  # some programs store wrong ones
    table: Cells = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        values = [_Error(cell.value) if cell.data_type == "e" else cell.value for cell in cells]
        if any(value is not None for value in values):
            table.append((number, values))
        if len(table) > MOST_ROWS + 1:
            return sheet.title, False, None
    _mark_unstored(data, sheet.title, table)
    return sheet.title, len(book.worksheets) > 1, table


class _Error(str):
    """An error value such as #REF!."""


class _Unstored:
    """A formula whose result was never stored, so that nobody without a spreadsheet knows it."""


def _mark_unstored(data: bytes, title: str, table: Cells) -> None:
    """Put _Unstored where a formula left no value: an empty cell would say less than it."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f" in archive.read(name) for name in sheets):
            return
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet = book[title]
    sheet.reset_dimensions()
    by_number = dict(table)
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        for column, cell in enumerate(cells):
            values = by_number.get(number)
            if cell.data_type == "f" and values and values[column] is None:
                values[column] = _Unstored()


def _broken(value: _Error | _Unstored) -> Wrong:
    what = "has no stored result" if isinstance(value, _Unstored) else f"gives {value}"
    remedy = "open the file in a spreadsheet and save it, or write the value itself"
    return Wrong(f"its formula {what}", remedy)


def _text(value: Any, locale: str | None) -> str:
    """A cell's value as text; '' for one whose content is not known."""
    if value is None or isinstance(value, _Unstored):
        return ""
    return cell_text(value, locale).strip()[:LONGEST_CELL]
