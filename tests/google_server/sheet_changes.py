"""spreadsheets.batchUpdate: tabs come and go; how cells look is taken and forgotten."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.google_server.exchange import Refusal, Request, bad
from tests.google_server.sheets_state import Spreadsheet, Tab

if TYPE_CHECKING:
    from tests.google_server.state import State

LOOKS = {"repeatCell", "autoResizeDimensions", "updateDimensionProperties", "updateBorders"}


def sheet_properties(sheet: Spreadsheet, tab: Tab) -> dict[str, Any]:
    return {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "index": next(k for k, one in enumerate(sheet.tabs) if one is tab),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": tab.rows, "columnCount": tab.columns},
    }


def batch_update(state: State, request: Request, sheet: Spreadsheet) -> dict[str, Any]:
    """All requests or none.  Raises Refusal."""
    trial = deepcopy(sheet)
    replies = []
    for index, one in enumerate(request.json.get("requests", [])):
        if len(one) != 1:
            raise bad(f"Invalid requests[{index}]: exactly one kind of request must be set.")
        ((kind, what),) = one.items()
        replies.append(_carry_out(state, request, trial, index, kind, what))
    sheet.tabs = trial.tabs
    return {"spreadsheetId": sheet.id, "replies": replies}


def _carry_out(
    state: State, request: Request, sheet: Spreadsheet, index: int, kind: str, what: dict[str, Any]
) -> dict[str, Any]:
    if kind == "addSheet":
        tab = _new_tab(sheet, index, what.get("properties") or {})
        return {"addSheet": {"properties": sheet_properties(sheet, tab)}}
    if kind == "deleteSheet":
        tab = _by_id(sheet, index, kind, what.get("sheetId", 0))
        sheet.tabs = [one for one in sheet.tabs if one is not tab]
    elif kind == "appendDimension":
        tab = _by_id(sheet, index, kind, what.get("sheetId", 0))
        name = "rows" if what.get("dimension") == "ROWS" else "columns"
        setattr(tab, name, getattr(tab, name) + what["length"])
    elif kind == "updateSheetProperties":
        properties = what["properties"]
        tab = _by_id(sheet, index, kind, properties.get("sheetId", 0))
        tab.title = properties.get("title", tab.title)
        _resize(tab, properties.get("gridProperties") or {})
    elif kind not in LOOKS:
        state.violate(request, f"this server does not know how to {kind}")
        raise Refusal(501, "notImplemented", "Not Implemented")
    return {}


def _new_tab(sheet: Spreadsheet, index: int, properties: dict[str, Any]) -> Tab:
    title = properties.get("title") or f"Sheet{len(sheet.tabs) + 1}"
    if any(tab.title.casefold() == title.casefold() for tab in sheet.tabs):
        taken = f'A sheet with the name "{title}" already exists. Please enter another name.'
        raise bad(f"Invalid requests[{index}].addSheet: {taken}")
    ids = {tab.sheet_id for tab in sheet.tabs}
    tab = Tab(title, properties.get("sheetId", max(ids, default=-1) + 1))
    if tab.sheet_id in ids:
        raise bad(f"Invalid requests[{index}].addSheet: the id {tab.sheet_id} is taken.")
    _resize(tab, properties.get("gridProperties") or {})
    sheet.tabs.insert(properties.get("index", len(sheet.tabs)), tab)
    return tab


def _resize(tab: Tab, grid: dict[str, Any]) -> None:
    tab.rows = grid.get("rowCount", tab.rows)
    tab.columns = grid.get("columnCount", tab.columns)


def _by_id(sheet: Spreadsheet, index: int, kind: str, sheet_id: int) -> Tab:
    for tab in sheet.tabs:
        if tab.sheet_id == sheet_id:
            return tab
    raise bad(f"Invalid requests[{index}].{kind}: No grid with id: {sheet_id}")
