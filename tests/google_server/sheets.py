"""The Sheets API, as far as tables are read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.google_server.exchange import Request, Response

if TYPE_CHECKING:
    from tests.google_server.state import State

JOBS: dict[str, Callable[[State, Request], Response]] = {}


def create(self) -> None: ...
