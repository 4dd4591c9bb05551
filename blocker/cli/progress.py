"""Says on stderr what is going on, when it takes longer than half a second and somebody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status

_PATIENCE_SECONDS = 0.5


class Progress:
    """One line that changes; nothing at all when stderr is no terminal."""

    def __init__(self) -> None:
        self._words = "starting"
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        if sys.stderr.isatty():
            self._timer = threading.Timer(_PATIENCE_SECONDS, self._appear)
            self._timer.daemon = True
            self._timer.start()

    def say(self, words: str) -> None:
        """What is being done right now."""
        with self._lock:
            self._words = words
            if self._status is not None:
                self._status.update(words)

    def stop(self) -> None:
        """Clear the line; what follows is for the person to read."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._status is not None:
                self._status.stop()
                self._status = None

    def _appear(self) -> None:
        from rich.console import Console

        with self._lock:
            if self._timer is None:
                return
            self._status = Console(stderr=True, highlight=False, markup=False).status(self._words)
            self._status.start()


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress while a job runs."""
    shown = Progress()
    shown.start()
    try:
        yield shown
    finally:
        shown.stop()
