"""Cells of spreadsheets: their names, and their values as a CSV would have them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from blocker.intake.durations import decimal_sign


def cell_text(value: Any, locale: str | None) -> str:
    """A spreadsheet's value as text: a date at 00:00 as a day, a time span as hours and minutes.

    Numbers are written with the locale's decimal sign.

    >>> cell_text(2.5, "fr_FR"), cell_text(datetime(2027, 1, 14), None)
    ('2,5', '2027-01-14')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        plain = format(Decimal(repr(value)), "f") if _is_finite(value) else repr(value)
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return plain.replace(".", decimal_sign(locale))
    if isinstance(value, datetime):
        near = (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
        return f"{near:%Y-%m-%d}" if near.time() == time(0) else f"{near:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value / timedelta(minutes=1))
        sign = "-" if minutes < 0 else ""
        return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    return str(value)


def _is_finite(value: int | float) -> bool:
    return isinstance(value, int) or abs(value) < 1e15


def cell_name(column: int, number: int) -> str:
    """What a spreadsheet calls a cell: column 3 (from 0) of row 5 is D5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{number}"
