"""Access: what providers need besides an address, the same for all calendars of a run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from blocker.domain.calendar_copy import CalendarCopy

Shared = TypeVar("Shared")


class Copies:
    """Copies of calendars by the calendars' keys; safe to use from several threads."""

    def __init__(self, kept: Mapping[str, CalendarCopy] | None = None) -> None:
        self._kept = dict(kept or {})
        self._changed: set[str] = set()
        self._lock = threading.Lock()

    def add(self, kept: Mapping[str, CalendarCopy]) -> None:
        """Know these too, where nothing newer is known."""
        with self._lock:
            self._kept = {**kept, **self._kept}

    def get(self, key: str) -> CalendarCopy | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: str, copy: CalendarCopy) -> None:
        with self._lock:
            self._kept[key] = copy
            self._changed.add(key)

    def keep_only(self, starts: tuple[str, ...]) -> None:
        """Forget the calendars whose keys begin otherwise: nobody has them any more."""
        with self._lock:
            gone = {key for key in self._kept if not key.startswith(starts)}
            self._changed |= gone
            self._kept = {key: one for key, one in self._kept.items() if key not in gone}

    def take_changed(self) -> dict[str, CalendarCopy | None]:
        """What is new since the last call; None for what is gone."""
        with self._lock:
            changed = {key: self._kept.get(key) for key in sorted(self._changed)}
            self._changed.clear()
            return changed


@dataclass(frozen=True)
class Access:
    """What a provider may use.

    `now` is the run's one moment, in UTC.  `hosts` are those that the config allows although they
    are on this machine or a network of its own (`host` or `host:port`, lower case).  `environment`
    holds the variables that `password_env` and the like name.  `secrets` is the folder of the
    user's own settings, for secrets where the system has no keyring.
    """

    now: datetime
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Path | None = None
    hosts: frozenset[str] = frozenset()
    copies: Copies = field(default_factory=Copies)
    _shared: dict[object, Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def shared(self, key: object, make: Callable[[], Shared]) -> Shared:
        """What several calendars use together, such as a signed-in session; made once a run."""
        with self._lock:
            if key not in self._shared:
                self._shared[key] = make()
            made: Shared = self._shared[key]
            return made
