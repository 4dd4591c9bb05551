"""The Sheets API, as far as tables are read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.google_server.a1 import Range, range_name, read_range
from tests.google_server.cell_values import grid_cell, rendered, written
from tests.google_server.exchange import Refusal, Request, Response, answer, bad
from tests.google_server.sheet_changes import batch_update, sheet_properties
from tests.google_server.sheets_state import Spreadsheet

if TYPE_CHECKING:
    from tests.google_server.state import State

Answer = dict[str, Any]


def opened(state: State, request: Request, *, writing: bool = False) -> Spreadsheet:
    """Raises Refusal: 404 unknown, 403 not shared or only to read, 400 no real spreadsheet."""
    sheet = state.sheets.get(request.params["spreadsheetId"])
    if sheet is None:
        raise Refusal(404, "notFound", "Requested entity was not found.")
    role = sheet.role(request.account)
    if role == "none" or (writing and role != "writer"):
        raise Refusal(403, "forbidden", "The caller does not have permission")
    if sheet.office:
        raise bad("This operation is not supported for this document", reason="failedPrecondition")
    return sheet


def get(state: State, request: Request) -> Response:
    """spreadsheets.get; a mask of fields decides about cells by itself."""
    sheet = opened(state, request)
    ranges = [read_range(sheet, text) for text in request.all("ranges")]
    ranges = ranges or [Range(tab, 0, 0, None, None) for tab in sheet.tabs]
    with_cells = request.flag("includeGridData") or "data" in (request.first("fields") or "")
    sheets = []
    for tab in dict.fromkeys(id(one.tab) for one in ranges):
        own = [one for one in ranges if id(one.tab) == tab]
        said: Answer = {"properties": sheet_properties(sheet, own[0].tab)}
        if with_cells:
            said["data"] = [_grid(one) for one in own]
        sheets.append(said)
    return answer(
        {
            "spreadsheetId": sheet.id,
            "properties": {
                "title": sheet.title,
                "locale": sheet.locale,
                "timeZone": sheet.time_zone,
                "autoRecalc": "ON_CHANGE",
            },
            "sheets": sheets,
            "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{sheet.id}/edit",
        }
    )


def _grid(asked: Range) -> Answer:
    bottom, right = asked.inside()
    used_rows, used_columns = asked.tab.used()
    rows = [
        {
            "values": [
                grid_cell(asked.tab.get(row, column))
                for column in range(asked.left, min(right, used_columns))
            ]
        }
        for row in range(asked.top, min(bottom, used_rows))
    ]
    corner = {"startRow": asked.top, "startColumn": asked.left}
    return {key: value for key, value in corner.items() if value} | {"rowData": rows}


# Values


def _values(asked: Range, request: Request, prefix: str = "") -> Answer:
    """A ValueRange; rows and columns that are empty at the end are left out."""

    def option(name: str, default: str) -> str:
        full = f"response{name[0].upper()}{name[1:]}" if prefix else name
        return request.first(full) or default

    value_option = option("valueRenderOption", "FORMATTED_VALUE")
    date_option = option("dateTimeRenderOption", "SERIAL_NUMBER")
    bottom, right = asked.inside()
    table = [
        [
            rendered(asked.tab.get(row, column), value_option, date_option)
            for column in range(asked.left, min(right, asked.tab.used()[1]))
        ]
        for row in range(asked.top, min(bottom, asked.tab.used()[0]))
    ]
    major = request.first("majorDimension") or "ROWS"
    if major == "COLUMNS":
        table = [list(column) for column in zip(*table, strict=True)]
    for line in table:
        while line and line[-1] == "":
            line.pop()
    while table and not table[-1]:
        table.pop()
    said: Answer = {"range": asked.name(), "majorDimension": major}
    return said | ({"values": table} if table else {})


def values_get(state: State, request: Request) -> Response:
    sheet = opened(state, request)
    return answer(_values(read_range(sheet, request.params["range"]), request))


def values_batch_get(state: State, request: Request) -> Response:
    sheet = opened(state, request)
    found = [_values(read_range(sheet, text), request) for text in request.all("ranges")]
    return answer({"spreadsheetId": sheet.id, "valueRanges": found})


def values_update(state: State, request: Request) -> Response:
    sheet = opened(state, request, writing=True)
    body = request.json
    name = request.params["range"]
    if body.get("range") and read_range(sheet, body["range"]) != read_range(sheet, name):
        raise bad(f"Requested range {name} does not match value range [{body['range']}].")
    said = write(sheet, read_range(sheet, name), body, _input_option(request))
    if request.flag("includeValuesInResponse"):
        said["updatedData"] = _values(read_range(sheet, said["updatedRange"]), request, "response")
    return answer(said)


def values_batch_update(state: State, request: Request) -> Response:
    """All ranges are read before the first is written: all or nothing."""
    sheet = opened(state, request, writing=True)
    body = request.json
    option = _checked_option(body.get("valueInputOption"))
    todo = [(read_range(sheet, one["range"]), one) for one in body.get("data", [])]
    for asked, one in todo:
        _placed(asked, one, option, sheet.locale)
    said = [write(sheet, asked, one, option) for asked, one in todo]
    totals = {
        f"totalUpdated{what}": sum(one.get(f"updated{what}", 0) for one in said)
        for what in ("Rows", "Columns", "Cells")
    }
    sheets = len({one["updatedRange"].rpartition("!")[0] for one in said})
    return answer(
        {"spreadsheetId": sheet.id, **totals, "totalUpdatedSheets": sheets, "responses": said}
    )


def _input_option(request: Request) -> str:
    return _checked_option(request.first("valueInputOption"))


def _checked_option(option: str | None) -> str:
    if option not in ("RAW", "USER_ENTERED"):
        raise bad("'valueInputOption' is required but not specified", "valueInputOption")
    return option


def _placed(asked: Range, body: Answer, option: str, locale: str) -> list[tuple[int, int, Any]]:
    """Which cell gets what.  Raises Refusal for more values than the range has room for."""
    lines = body.get("values", [])
    columns_first = body.get("majorDimension") == "COLUMNS"
    placed = []
    for outer, line in enumerate(lines):
        for inner, value in enumerate(line):
            row, column = (inner, outer) if columns_first else (outer, inner)
            row, column = asked.top + row, asked.left + column
            bottom, right = asked.bottom, asked.right
            beyond = (bottom is not None and row >= bottom) or (
                right is not None and column >= right
            )
            if beyond and not asked.is_one_cell:
                raise bad(f"Requested writing within range [{asked.name()}], but tried outside it")
            if row >= asked.tab.rows or column >= asked.tab.columns:
                limits = f"Max rows: {asked.tab.rows}, max columns: {asked.tab.columns}"
                raise bad(f"Range ({asked.name()}) exceeds grid limits. {limits}")
            if value is not None:
                placed.append((row, column, written(value, option, locale)))
    return placed


def write(sheet: Spreadsheet, asked: Range, body: Answer, option: str) -> Answer:
    """An UpdateValuesResponse."""
    placed = _placed(asked, body, option, sheet.locale)
    said: Answer = {"spreadsheetId": sheet.id, "updatedRange": asked.name()}
    for row, column, cell in placed:
        asked.tab.set(row, column, cell)
    if placed:
        rows = {row for row, _, _ in placed}
        columns = {column for _, column, _ in placed}
        said |= {
            "updatedRange": range_name(
                asked.tab, asked.top, asked.left, max(rows) + 1, max(columns) + 1
            ),
            "updatedRows": len(rows),
            "updatedColumns": len(columns),
            "updatedCells": len(placed),
        }
    return said


def values_append(state: State, request: Request) -> Response:
    """After the last row that holds anything; the grid grows as needed."""
    sheet = opened(state, request, writing=True)
    asked = read_range(sheet, request.params["range"])
    tab = asked.tab
    rows, columns = tab.used()
    body = request.json
    tab.rows = max(tab.rows, rows + len(body.get("values", [])))
    end = Range(tab, rows, asked.left, None, None)
    said: Answer = {
        "spreadsheetId": sheet.id,
        "updates": write(sheet, end, body, _input_option(request)),
    }
    if rows:
        said["tableRange"] = range_name(tab, 0, 0, rows, columns)
    return answer(said)


def values_clear(state: State, request: Request) -> Response:
    sheet = opened(state, request, writing=True)
    asked = read_range(sheet, request.params["range"])
    _clear(asked)
    return answer({"spreadsheetId": sheet.id, "clearedRange": asked.name()})


def values_batch_clear(state: State, request: Request) -> Response:
    sheet = opened(state, request, writing=True)
    ranges = [read_range(sheet, text) for text in request.json.get("ranges", [])]
    for asked in ranges:
        _clear(asked)
    return answer({"spreadsheetId": sheet.id, "clearedRanges": [one.name() for one in ranges]})


def _clear(asked: Range) -> None:
    bottom, right = asked.inside()
    for row in range(asked.top, bottom):
        for column in range(asked.left, right):
            asked.tab.set(row, column, None)


def change(state: State, request: Request) -> Response:
    """spreadsheets.batchUpdate."""
    sheet = opened(state, request, writing=True)
    return answer(batch_update(state, request, sheet))


JOBS: dict[str, Callable[[State, Request], Response]] = {
    "sheets.spreadsheets.get": get,
    "sheets.spreadsheets.batchUpdate": change,
    "sheets.spreadsheets.values.get": values_get,
    "sheets.spreadsheets.values.batchGet": values_batch_get,
    "sheets.spreadsheets.values.update": values_update,
    "sheets.spreadsheets.values.batchUpdate": values_batch_update,
    "sheets.spreadsheets.values.append": values_append,
    "sheets.spreadsheets.values.clear": values_clear,
    "sheets.spreadsheets.values.batchClear": values_batch_clear,
}
