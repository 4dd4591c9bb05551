"""Google Sheets: tabs read as grids of cells, and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocker.calendars.access import Access
from blocker.calendars.google.errors import SHEETS_SCOPE, Refusal, SignInNeeded, unreachable
from blocker.calendars.google.patience import Patience
from blocker.calendars.google.service import open_session
from blocker.calendars.google.wire import NoAnswer
from blocker.domain.errors import Unreachable

Cells = Sequence[Sequence[Any]]
_PROBLEMS = (Refusal, NoAnswer, SignInNeeded)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of one spreadsheet; `name` is how messages call it."""

    spreadsheet: str
    title: str
    name: str
    locale: str | None

    def range(self, cells: str = "") -> str:
        """In A1 notation, the whole tab by default."""
        quoted = "'" + self.title.replace("'", "''") + "'"
        return f"{quoted}!{cells}" if cells else quoted


@dataclass(frozen=True, slots=True)
class Grid:
    """A tab's cells by rows: their values, and as people see them."""

    tab: Tab
    values: Cells
    shown: Cells


class Sheets:
    """Spreadsheets as whoever is signed in sees them.  All methods raise Unreachable."""

    def __init__(self, access: Access, options: Mapping[str, str]) -> None:
        self._session = open_session(access, options.get("endpoint"))
        # a service account reads as itself: sheets are shared with its own address
        self._account = self._session.account(options, "", None, (SHEETS_SCOPE,))

    def read(self, spreadsheet: str, title: str | None, gid: int | None, name: str) -> Grid:
        """The tab of that title, else of that number, else the first."""
        patience = self._session.patience()
        tab = self._tab(self._tabs(spreadsheet, name, patience), title, gid, name)

        def cells(how: str) -> Cells:
            answer = self._values(
                "get",
                tab,
                patience,
                range=tab.range(),
                valueRenderOption=how,
                dateTimeRenderOption="SERIAL_NUMBER",
            )
            found: Cells = answer.get("values", [])
            return found

        return Grid(tab, cells("UNFORMATTED_VALUE"), cells("FORMATTED_VALUE"))

    def fill(self, tab: Tab, cells: Mapping[str, str]) -> None:
        """Write texts into single cells, by their names, such as `A5`; never read as formulas."""
        data = [{"range": tab.range(cell), "values": [[text]]} for cell, text in cells.items()]
        body = {"valueInputOption": "RAW", "data": data}
        self._values("batchUpdate", tab, self._session.patience(), body=body)

    def replace(
        self,
        spreadsheet: str,
        title: str,
        name: str,
        rows: Cells,
        may_replace: Callable[[Cells], bool],
    ) -> None:
        """Let a tab hold these rows and nothing else; it is made where it is not there.

        `may_replace` is asked with what it holds now.  Raises Unreachable when the answer is no.
        """
        patience = self._session.patience()
        found = self._tabs(spreadsheet, name, patience)
        tab = next((one for one in found.values() if one.title == title), None)
        if tab is None:
            tab = Tab(spreadsheet, title, name, None)
            self._add(tab, patience)
        else:
            held = self._values("get", tab, patience, range=tab.range()).get("values", [])
            if not may_replace(held):
                raise Unreachable(f"{name} holds something else; name a tab that may be written")
            self._values("clear", tab, patience, range=tab.range(), body={})
        self._values(
            "update",
            tab,
            patience,
            range=tab.range("A1"),
            valueInputOption="RAW",
            body={"values": [list(row) for row in rows]},
        )

    def _values(self, verb: str, tab: Tab, patience: Patience, **given: Any) -> dict[str, Any]:
        """One method of the API's `spreadsheets.values`."""

        def make(service: Any) -> Any:
            values = service.spreadsheets().values()
            return getattr(values, verb)(spreadsheetId=tab.spreadsheet, **given)

        return self._ask(make, tab.name, "read" if verb == "get" else "written", patience)

    def _add(self, tab: Tab, patience: Patience) -> None:
        body = {"requests": [{"addSheet": {"properties": {"title": tab.title}}}]}
        self._ask(
            lambda service: service.spreadsheets().batchUpdate(
                spreadsheetId=tab.spreadsheet, body=body
            ),
            tab.name,
            "written",
            patience,
        )

    def _tabs(self, spreadsheet: str, name: str, patience: Patience) -> dict[int, Tab]:
        """All tabs by their numbers, in the order in which people see them."""
        answer = self._ask(
            lambda service: service.spreadsheets().get(
                spreadsheetId=spreadsheet,
                fields="properties(locale),sheets(properties(sheetId,title))",
            ),
            name,
            "read",
            patience,
        )
        locale = answer.get("properties", {}).get("locale")
        properties = [one.get("properties", {}) for one in answer.get("sheets", [])]
        return {
            one.get("sheetId", 0): Tab(spreadsheet, one.get("title", ""), name, locale)
            for one in properties
        }

    def _tab(self, tabs: Mapping[int, Tab], title: str | None, gid: int | None, name: str) -> Tab:
        by_title = {one.title: one for one in tabs.values()}
        folded = {one.title.casefold(): one for one in tabs.values()}
        if title is not None:
            found = by_title.get(title) or folded.get(title.casefold())
        else:
            found = tabs.get(gid) if gid is not None else next(iter(tabs.values()), None)
        if found is None:
            known = ", ".join(by_title) or "none"
            raise Unreachable(f"{name}: there is no such tab; its tabs are: {known}")
        return found

    def _ask(
        self,
        make: Callable[[Any], Any],
        name: str,
        doing: str,
        patience: Patience,
    ) -> dict[str, Any]:
        try:
            return self._session.call(self._account, make, patience, "sheets")
        except _PROBLEMS as problem:
            raise self._unreachable(problem, name, doing) from None

    def _unreachable(
        self, problem: Refusal | NoAnswer | SignInNeeded, name: str, doing: str
    ) -> Unreachable:
        try:
            who = self._account.name
        except (SignInNeeded, Unreachable):
            who = "the account that is signed in"
        return unreachable(problem, name, who, doing, "sheet")
