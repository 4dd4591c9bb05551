"""The cells of an online spreadsheet into a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from blocker.intake.cells import cell_name, cell_text
from blocker.intake.problems import Wrong, one_mistake
from blocker.intake.sheet import LONGEST_CELL, MOST_ROWS, Row, Sheet

_SHOWN_AS_DATE = re.compile(r"\d+[-/. ]\d+[-/. ]\d+|\d.*[^\W\d_]{3}|[^\W\d_]{3}.*\d{4}")
_SHOWN_AS_TIME = re.compile(r"\d{1,4}:\d{2}(:\d{2}(\.\d+)?)?")
_ERROR = re.compile(r"#(REF!|N/A|NAME\?|DIV/0!|VALUE!|NUM!|NULL!|ERROR!)")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (a wall clock's, as spreadsheets count days)
_SECOND = timedelta(seconds=1)


def grid_sheet(
    name: str, values: Sequence[Sequence[Any]], shown: Sequence[Sequence[Any]], locale: str | None
) -> Sheet:
    """The table in a grid of cells, its first row that holds anything being the header.

    `values` are the stored values (dates as numbers of days), `shown` the same cells as people see
    them, both by rows from the first.  Raises WrongInput in one line when the grid is empty or too
    large; `name` is how the message calls it.
    """
    rows: list[Row] = []
    broken: dict[tuple[int, int], Wrong] = {}
    for number, cells in enumerate(values, start=1):
        seen = shown[number - 1] if number <= len(shown) else ()
        texts = []
        for position, value in enumerate(cells):
            looks = str(seen[position]) if position < len(seen) else ""
            if isinstance(value, str) and _ERROR.fullmatch(value.strip()):
                broken[number, position] = Wrong(
                    f"its formula gives {value.strip()}", "mend it, or write the value itself"
                )
                value = ""
            texts.append(_text(value, looks.strip(), locale))
        if any(texts):
            rows.append(Row(number, tuple(texts)))
    if not rows:
        remedy = "its first row names the columns: title, owner, estimate"
        raise one_mistake(name, "is empty", remedy)
    if len(rows) > MOST_ROWS + 1:
        raise one_mistake(name, f"has more than {MOST_ROWS:,} rows", "split it")
    header, *below = rows
    return Sheet(header.cells, header.line, tuple(below), (), cell_name, broken)


def _text(value: Any, looks: str, locale: str | None) -> str:
    """A stored number that people see as a date or a time is one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if _SHOWN_AS_TIME.fullmatch(looks):
            return cell_text(timedelta(days=value), locale)
        if _SHOWN_AS_DATE.search(looks) and 30_000 <= value < 90_000:  # 1982 to 2146
            seconds = round(value * 86_400)
            return cell_text(_DAY_ZERO + seconds * _SECOND, locale)
        if looks.endswith("%"):
            return looks
    return cell_text("" if value is None else value, locale).strip()[:LONGEST_CELL]
