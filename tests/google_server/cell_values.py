"""What a cell holds: from what people type and programs write, and back as the options say."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.google_server.exchange import bad
from tests.google_server.sheets_state import Cell, Scalar

EPOCH = datetime(1899, 12, 30)
DATES = {"en_US": "{0.month}/{0.day}/{0.year}", "en_GB": "{0:%d/%m/%Y}", "fr_FR": "{0:%d/%m/%Y}",
         "es_ES": "{0.day}/{0.month}/{0.year}", "de_DE": "{0:%d.%m.%Y}"}  # fmt: skip
COMMA = ("fr", "de", "es", "it", "nl", "pt", "pl")  # languages that write 1,5


def serial(moment: datetime) -> float | int:
    """Days since 30 December 1899, as spreadsheets count."""
    days = (moment - EPOCH) / timedelta(days=1)
    return int(days) if days == int(days) else days


def entered(value: Any, locale: str) -> Cell | None:
    """A value of Python's as a person's cell: dates, times, lengths and numbers in their own kind.

    A `Cell` is taken as it is; None is an empty cell.
    """
    if value is None or isinstance(value, Cell):
        return value
    if isinstance(value, bool):
        return Cell(value, str(value).upper(), "boolean")
    if isinstance(value, int | float):
        return Cell(value, _number(value, locale), "number")
    if isinstance(value, datetime):
        return Cell(serial(value), f"{_date(value, locale)} {_clock(value.time())}", "dateTime")
    if isinstance(value, date):
        midnight = datetime.combine(value, time())
        return Cell(serial(midnight), _date(value, locale), "date")
    if isinstance(value, time):
        return Cell(serial(datetime.combine(EPOCH, value)), _clock(value), "time")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        shown = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        return Cell(value / timedelta(days=1), shown, "duration")
    return Cell(str(value), str(value))


def _date(day: date, locale: str) -> str:
    return DATES.get(locale, "{0:%Y-%m-%d}").format(day)


def _clock(clock: time) -> str:
    return f"{clock.hour}:{clock:%M:%S}"


def _number(value: float, locale: str) -> str:
    text = f"{value:.10g}"
    return text.replace(".", ",") if locale.startswith(COMMA) else text


def written(value: Any, option: str, locale: str) -> Cell | None:
    """A value of a request.  RAW: as it is; USER_ENTERED: as if typed.  Raises Refusal."""
    if isinstance(value, list | dict):
        raise bad("Invalid values: only text, numbers and booleans belong in cells.")
    if option == "USER_ENTERED" and isinstance(value, str):
        return typed(value, locale)
    return entered(value, locale)


def typed(text: str, locale: str) -> Cell | None:
    """What a sheet makes of keys typed into it."""
    if text.startswith("'"):
        return Cell(text[1:], text[1:])
    if text.startswith(("=", "+")) and len(text) > 1:
        return Cell("#ERROR!", "#ERROR!", formula=text)  # nothing is calculated here
    if text.upper() in ("TRUE", "FALSE"):
        return entered(text.upper() == "TRUE", locale)
    plain = text.replace(",", ".") if locale.startswith(COMMA) else text
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return entered(float(plain) if "." in plain else int(plain), locale)
    for form in ("%Y-%m-%d", "%m/%d/%Y" if locale == "en_US" else "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return entered(datetime.strptime(text, form).date(), locale)
        except ValueError:
            continue
    if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", text):
        hours, minutes, seconds = map(int, f"{text}:0".split(":")[:3])
        return entered(time(hours, minutes, seconds), locale)
    return Cell(text, text)


def rendered(cell: Cell | None, value_option: str, date_option: str) -> Scalar:
    """A cell as valueRenderOption and dateTimeRenderOption ask for it."""
    if cell is None:
        return ""
    if value_option == "FORMATTED_VALUE":
        return cell.shown
    if value_option == "FORMULA" and cell.formula:
        return cell.formula
    timed = cell.kind in ("date", "dateTime", "time", "duration")
    return cell.shown if timed and date_option == "FORMATTED_STRING" else cell.value


def grid_cell(cell: Cell | None) -> dict[str, Any]:
    """CellData of spreadsheets.get with grid data."""
    if cell is None:
        return {}
    name = {"boolean": "boolValue", "text": "stringValue"}.get(cell.kind, "numberValue")
    value = {name: cell.value}
    said: dict[str, Any] = {
        "userEnteredValue": {"formulaValue": cell.formula} if cell.formula else value,
        "effectiveValue": value,
        "formattedValue": cell.shown,
    }
    form = {"date": "DATE", "dateTime": "DATE_TIME", "time": "TIME", "duration": "TIME"}
    if cell.kind in form:
        said["effectiveFormat"] = {"numberFormat": {"type": form[cell.kind]}}
    return said
