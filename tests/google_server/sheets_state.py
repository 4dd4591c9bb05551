"""Spreadsheets: tabs of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Scalar = str | float | int | bool


@dataclass
class Cell:
    """A cell: its value (dates and times as serial numbers), how it looks, and its formula.

    `kind` is "text", "number", "boolean", "date", "dateTime", "time" or "duration".
    """

    value: Scalar
    shown: str
    kind: str = "text"
    formula: str | None = None


@dataclass
class Tab:
    """`cells` are kept by "row,column", counted from 0."""

    title: str
    sheet_id: int
    rows: int = 1000
    columns: int = 26
    cells: dict[str, Cell] = field(default_factory=dict)

    def get(self, row: int, column: int) -> Cell | None:
        return self.cells.get(f"{row},{column}")

    def set(self, row: int, column: int, cell: Cell | None) -> None:
        if cell is None or cell.value == "":
            self.cells.pop(f"{row},{column}", None)
        else:
            self.cells[f"{row},{column}"] = cell

    def used(self) -> tuple[int, int]:
        """How many rows and columns hold something, counted from the top left."""
        places = [tuple(map(int, key.split(","))) for key in self.cells]
        return (
            max((row + 1 for row, _ in places), default=0),
            max((column + 1 for _, column in places), default=0),
        )


@dataclass
class Spreadsheet:
    id: str
    owner: str
    title: str
    locale: str = "en_US"
    time_zone: str = "Europe/Paris"
    acl: dict[str, str] = field(default_factory=dict)  # account to "reader" or "writer"
    tabs: list[Tab] = field(default_factory=list)
    office: bool = False  # an .xlsx in Drive: Google opens it, the API refuses it

    def role(self, account: str | None) -> str:
        if account == self.owner:
            return "writer"
        return self.acl.get(account or "", self.acl.get("*", "none"))

    def share(self, account: str, role: str) -> None:
        self.acl[account] = role

    def tab(self, title: str) -> Tab:
        """Raises KeyError.  Case does not matter, as in the sheet itself."""
        for tab in self.tabs:
            if tab.title.casefold() == title.casefold():
                return tab
        raise KeyError(title)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Spreadsheet:
        tabs = [
            Tab(**{**tab, "cells": {k: Cell(**c) for k, c in tab["cells"].items()}})
            for tab in kept["tabs"]
        ]
        return cls(**{**kept, "tabs": tabs})
