"""Tabs of Google Sheets, as their address in the browser names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from blocker.intake.problems import Wrong, shown

_ADDRESS = re.compile(
    r"https://docs\.google\.com/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)[^#]*(?:#(.*))?"
)
_FORM = "write https://docs.google.com/spreadsheets/d/…#Tasks, the name of the tab at its end"


@dataclass(frozen=True, slots=True)
class GoogleTab:
    """One tab of a spreadsheet: by its `title`, else by its number `gid`, else the first."""

    spreadsheet: str
    title: str | None = None
    gid: int | None = None

    def __str__(self) -> str:
        """As messages name it.

        >>> str(GoogleTab("1AbCdEfGhIjKlMnOp", "Tasks"))
        'docs.google.com/…/1AbCdE…#Tasks'
        """
        tab = self.title or ("" if self.gid is None else f"gid={self.gid}")
        short = self.spreadsheet[:6] + ("…" if len(self.spreadsheet) > 6 else "")
        return f"docs.google.com/…/{short}" + (f"#{tab}" if tab else "")


def parse_tab(text: str) -> GoogleTab:
    """The tab that an address names.  Raises Wrong.

    >>> parse_tab("https://docs.google.com/spreadsheets/d/1AbC/edit?gid=7#gid=7")
    GoogleTab(spreadsheet='1AbC', title=None, gid=7)
    >>> parse_tab("https://docs.google.com/spreadsheets/d/1AbC#Next%20sprint").title
    'Next sprint'
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        raise Wrong(f"{shown(text, 100)} is no Google Sheet", _FORM)
    anchor = unquote(match[2] or "").strip()
    if number := re.fullmatch(r"gid=(\d{1,12})(?:&.*)?", anchor):
        return GoogleTab(match[1], None, int(number[1]))
    return GoogleTab(match[1], anchor or None)
