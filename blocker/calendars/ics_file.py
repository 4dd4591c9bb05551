"""The `ics` provider: a calendar that is a file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from blocker.calendars.base import Fate, Heard, Receipt, Write, unheard
from blocker.calendars.file_writing import (
    only_writer,
    remove_leftover,
    replace_file,
    scratch_path,
    unreachable,
)
from blocker.calendars.owner import Owner
from blocker.calendars.text.calendar_edits import EMPTY, CalendarEdits
from blocker.calendars.text.content_lines import MOST_BYTES, unreadable
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.errors import Unreachable, WrongUse
from blocker.domain.event import Listing, Trouble
from blocker.domain.interval import Interval

MOST_TRIES = 5
"""How often a file that another program changes under our hands is read again."""
CHECKED = timedelta(days=400)
"""`check` looks so far to either side of now."""

State = tuple[int, int, int] | None


class IcsCalendar:
    """One .ics file as a member's calendar.

    A file that does not exist is an empty calendar if it `may_be_missing`.  Only a `writable` one
    can be applied to; it is replaced as a whole, under a lock, its other events byte for byte the
    same.  `now` stamps what is written.
    """

    def __init__(
        self,
        path: Path,
        owner: Owner,
        *,
        now: datetime,
        writable: bool = False,
        may_be_missing: bool = False,
    ) -> None:
        self._path = path
        self._owner = owner
        self._now = now
        self._writable = writable
        self._may_be_missing = may_be_missing

    @property
    def label(self) -> str:
        return self._owner.label

    def events(self, window: Interval) -> Listing:
        """Raises CalendarUnreadable, Unreachable."""
        target = self._target()
        if self._writable and scratch_path(target).exists():
            with only_writer(target, self.label):
                self._clear(target)
        raw, _ = self._read(target)
        if raw is None:
            return Listing(())
        return CalendarText(raw, self._owner).listing(window)

    def apply(self, writes: Sequence[Write], heard: Heard = unheard) -> list[Receipt]:
        """Raises WrongUse, CalendarUnreadable and Unreachable; the file is then as it was."""
        if not self._writable:
            raise WrongUse(f"{self.label} is only read; blocks are written to the blocks calendar")
        if not writes:
            return []
        target = self._target()
        try:
            if target.parent != target:
                target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise unreachable(self.label, "written", problem) from problem
        with only_writer(target, self.label):
            self._clear(target)
            for _ in range(MOST_TRIES):
                receipts = self._try(target, writes)
                if receipts is not None:
                    heard(receipts)
                    return receipts
        raise Unreachable(
            f"{self.label} is changed by another program all the time; close that and run again"
        )

    def cannot_be_written(self) -> str | None:
        place = self._target()
        while not place.exists():
            place = place.parent
        if os.access(place, os.W_OK):
            return None
        return f"{self.label} cannot be written; give yourself the right to {place}"

    def warnings(self) -> list[str]:
        return []

    def _try(self, target: Path, writes: Sequence[Write]) -> list[Receipt] | None:
        """Carry the writes out, or None when the file changed since it was read."""
        raw, state = self._read(target)
        edits = CalendarEdits(EMPTY if raw is None else raw, self._owner, self._now)
        receipts = [edits.carry_out(write) for write in writes]
        if all(receipt.fate is not Fate.DONE for receipt in receipts):
            return receipts
        content = edits.content()
        if content == raw:
            return receipts
        try:
            if raw is not None and not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "read-only")
            if _state(target) != state:
                return None
            replace_file(target, content)
        except OSError as problem:
            raise unreachable(self.label, "written", problem) from problem
        return receipts

    def _target(self) -> Path:
        """The file itself, behind any links to it."""
        try:
            return Path(os.path.realpath(self._path))
        except (OSError, ValueError) as problem:
            raise unreadable(self.label, f"is no file: {problem}", "correct its name") from None

    def _clear(self, target: Path) -> None:
        try:
            remove_leftover(target)
        except OSError as problem:
            raise unreachable(self.label, "written", problem) from problem

    def _read(self, target: Path) -> tuple[bytes | None, State]:
        """The file's bytes and state, or None for both when it may be missing and is."""
        try:
            state = _state(target)
        except OSError as problem:
            raise unreachable(self.label, "read", problem) from problem
        if state is None and self._may_be_missing and not target.exists():
            return None, None
        return read_file(target, self.label), state


def _state(path: Path) -> State:
    """What changes when a file does: when it was written, its size and its inode."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_file(path: Path, label: str) -> bytes:
    """The bytes of a calendar file.

    Raises CalendarUnreadable when there is no such file or it is none, Unreachable when the disk
    fails.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise unreadable(label, "is a folder, not a calendar file", "name an .ics file in it")
        if not stat.S_ISREG(found.st_mode):
            raise unreadable(label, "is a device, not a calendar file", "name an .ics file")
        if found.st_size > MOST_BYTES:
            limit = MOST_BYTES // 1_000_000
            raise unreadable(label, f"is larger than {limit} MB", "export fewer years")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise unreadable(
            label, "there is no such file", "correct its name or export the calendar"
        ) from None
    except PermissionError:
        raise unreadable(label, "may not be read", "give yourself the right to read it") from None
    except ValueError as problem:
        raise unreadable(label, f"is no file: {problem}", "correct its name") from None
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            raise unreadable(
                label, "there is no such file", "correct its name or export the calendar"
            ) from None
        raise unreachable(label, "read", problem) from problem


@dataclass(frozen=True, slots=True)
class CalendarCheck:
    """What one calendar file holds.

    `entries` counts its events as written, a series as one for each of its parts; `instances` those
    that touch `window`, `busy` the ones of them that take time.
    """

    entries: int
    instances: int
    busy: int
    window: Interval
    troubles: tuple[Trouble, ...]


def check(
    path: Path,
    *,
    now: datetime,
    zone: ZoneInfo,
    label: str | None = None,
    addresses: frozenset[str] = frozenset(),
) -> CalendarCheck:
    """Read the whole of a calendar file, with every event that cannot be understood.

    Raises CalendarUnreadable, Unreachable.
    """
    owner = Owner(label or str(path), zone, addresses)
    calendar = CalendarText(read_file(path, owner.label), owner)
    moment = now.astimezone(UTC)
    window = Interval(moment - CHECKED, moment + CHECKED)
    listing = calendar.listing(window, only_near=False)
    return CalendarCheck(
        entries=len(calendar.outline.events),
        instances=len(listing.events),
        busy=sum(event.is_busy for event in listing.events),
        window=window,
        troubles=listing.troubles,
    )
