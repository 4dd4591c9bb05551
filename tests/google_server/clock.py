"""The server's own time: it moves by a second with every change and knows no other clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_ONE_AT_A_TIME = threading.Lock()
BEGINNING = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class Clock:
    """`version` counts the changes of everything on the server."""

    version: int = 0

    def tick(self) -> int:
        with _ONE_AT_A_TIME:
            self.version += 1
            return self.version

    def stamp(self, version: int) -> str:
        """When that change was made, as `updated` says it."""
        return (BEGINNING + timedelta(seconds=version)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def etag(version: int) -> str:
    """Quotes belong to it."""
    return f'"{3569000000000000 + version * 2000}"'
