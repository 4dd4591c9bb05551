"""A bar on stderr, when a job takes longer than half a second and somebody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE_SECONDS = 0.5


class Progress:
    """What is being done and how much of it; nothing at all when stderr is no terminal."""

    def __init__(self) -> None:
        self._words = "starting"
        self._share = 0.0
        self._bar: Bar | None = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        if sys.stderr.isatty():
            self._timer = threading.Timer(_PATIENCE_SECONDS, self._appear)
            self._timer.daemon = True
            self._timer.start()

    def say(self, words: str, share: float) -> None:
        """What is being done right now, and the share of the job, 0 to 1, that is behind us."""
        with self._lock:
            self._words, self._share = words, share
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], description=words, completed=share)

    def stop(self) -> None:
        """Clear the bar; what follows is for the person to read."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        words = TextColumn("{task.description}", markup=False)
        with self._lock:
            if self._timer is None:
                return
            self._bar = Bar(
                BarColumn(20), TimeElapsedColumn(), words,
                console=Console(stderr=True, highlight=False), transient=True,
            )  # fmt: skip
            shown = self._bar.add_task(self._words, total=1.0)
            self._bar.update(shown, completed=self._share)
            self._bar.start()


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress while a job runs."""
    shown = Progress()
    shown.start()
    try:
        yield shown
    finally:
        shown.stop()
