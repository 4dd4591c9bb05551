"""The ics provider on a disk: what is kept, who may write, and what a crash leaves."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from blocker.calendars import file_writing, ics_file
from blocker.calendars.base import Fate, Put, Remove
from blocker.calendars.ics_file import IcsCalendar
from blocker.domain.errors import CalendarUnreadable, Unreachable
from tests.calendars.texts import ANA, NOW, SPRINT, block, calendar, event

OTHERS = (
    "BEGIN:VTIMEZONE\nTZID:Odd\nX-ODD:1\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
    "TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE",
    event("SUMMARY:Caf\u00e9 with a long name that\n  is folded oddly", "x-lower:1"),
    event("BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM", uid="b@t"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ana.ics"


def opened(path: Path) -> IcsCalendar:
    return IcsCalendar(path, ANA, now=NOW, writable=True, may_be_missing=True)


class TestKeeping:
    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_all_else_is_kept_byte_for_byte(self, path: Path, end: str, mark: bytes) -> None:
        before = mark + calendar(*OTHERS, end=end)
        path.write_bytes(before)
        opened(path).apply([Put(block()), Put(block(task="T-020", start="06T0900", end="06T1000"))])
        written = path.read_bytes()
        found = [e for e in opened(path).events(SPRINT).events if e.mark]
        assert len(found) == 2 and written.count(b"BEGIN:VTIMEZONE") == 2
        assert b"\r\n" in written or end != "\r\n"
        assert end == "\r\n" or b"\r\n" not in written
        moved = block(start="07T0900", end="07T1030")
        opened(path).apply([Put(moved, found[0].revision), Remove(found[1].uid, found[1].revision)])
        (left,) = [e for e in opened(path).events(SPRINT).events if e.mark]
        opened(path).apply([Remove(left.uid, left.revision)])
        zone_at = path.read_bytes().index(b"BEGIN:VTIMEZONE")
        zone_end = path.read_bytes().index(b"END:VTIMEZONE") + len("END:VTIMEZONE" + end)
        rest = path.read_bytes()[:zone_at] + path.read_bytes()[zone_end:]
        assert rest == before

    def test_nothing_is_written_when_nothing_changes(self, path: Path) -> None:
        opened(path).apply([Put(block())])
        os.utime(path, ns=(1, 1))
        opened(path).apply([Put(block()), Remove("x@blocker")])
        opened(path).apply([])
        assert path.stat().st_mtime_ns == 1

    def test_a_zone_that_is_defined_already_is_not_added(self, path: Path) -> None:
        opened(path).apply([Put(block())])
        opened(path).apply([Put(block(task="T-020", start="06T0900", end="06T1000"))])
        assert path.read_bytes().count(b"TZID:Europe/Paris") == 1

    def test_modes_and_links_are_kept_and_the_folder_stays_clean(self, tmp_path: Path) -> None:
        target, link = tmp_path / "real" / "a.ics", tmp_path / "cal" / "link.ics"
        for file in (target, link):
            file.parent.mkdir()
        target.write_bytes(calendar(event()))
        target.chmod(0o640)
        link.symlink_to(target)
        assert opened(link).apply([Put(block())])[0].fate is Fate.DONE
        assert link.is_symlink() and stat.S_IMODE(target.stat().st_mode) == 0o640
        assert [p.name for p in target.parent.iterdir()] == ["a.ics"]
        assert [p.name for p in link.parent.iterdir()] == ["link.ics"]

    def test_a_new_file_honours_the_umask(self, path: Path) -> None:
        old = os.umask(0o027)
        try:
            opened(path).apply([Put(block())])
        finally:
            os.umask(old)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    @pytest.mark.parametrize("raw", [b"", b"<html>", calendar(event())[:-9]])
    def test_a_damaged_file_is_left_as_it_is(self, path: Path, raw: bytes) -> None:
        path.write_bytes(raw)
        with pytest.raises(CalendarUnreadable):
            opened(path).apply([Put(block())])
        assert path.read_bytes() == raw

    def test_utf_16_is_read_but_not_written(self, path: Path) -> None:
        path.write_bytes(calendar(event()).decode().encode("utf-16"))
        assert len(opened(path).events(SPRINT).events) == 1
        with pytest.raises(CalendarUnreadable, match="UTF-16 and cannot be written"):
            opened(path).apply([Put(block())])

    def test_a_series_made_of_our_block_is_replaced_as_one(self, path: Path) -> None:
        opened(path).apply([Put(block())])
        raw = path.read_bytes().replace(b"STATUS:", b"RRULE:FREQ=DAILY;COUNT=2\r\nSTATUS:")
        path.write_bytes(raw)
        found = opened(path).events(SPRINT).events
        assert len(found) == 2 and len({e.revision for e in found}) == 1
        (receipt,) = opened(path).apply([Put(block(), found[0].revision)])
        assert receipt.fate is Fate.DONE
        assert len(opened(path).events(SPRINT).events) == 1


class TestFailures:
    """Fault 25: a full or failing disk is said in one sentence, and the old file stands."""

    @pytest.mark.parametrize(
        ("call", "code", "message"),
        [
            ("write", errno.ENOSPC, "no space left on the disk; free some"),
            ("fsync", errno.EIO, "the disk reports an error; check the disk"),
            ("replace", errno.EACCES, "you may not do that here"),
        ],
    )
    def test_the_old_file_stands(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, message: str
    ) -> None:
        path.write_bytes(calendar(event()))
        before = path.read_bytes()

        def fail(*_: object, **__: object) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, call, fail)
        with pytest.raises(Unreachable, match=f"ana.ics cannot be written: .*{message}"):
            opened(path).apply([Put(block())])
        monkeypatch.undo()
        assert path.read_bytes() == before
        assert [p.name for p in path.parent.iterdir()] == ["ana.ics"]

    def test_a_failing_disk_on_reading(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path.write_bytes(calendar(event()))

        def fail(_: Path) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(Path, "read_bytes", fail)
        with pytest.raises(Unreachable, match="cannot be read: the disk reports an error"):
            opened(path).events(SPRINT)

    def test_a_calendar_that_is_being_written_is_waited_for_and_then_named(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(file_writing, "LOCK_SECONDS", 0.0)
        with (
            file_writing.only_writer(path, "ana.ics"),
            pytest.raises(Unreachable, match="being written by another run"),
        ):
            opened(path).apply([Put(block())])


class TestTwoAtOnce:
    """Faults 26 and 27."""

    def test_what_a_person_writes_while_we_work_is_kept(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path.write_bytes(calendar(event()))
        edits = ics_file.CalendarEdits
        interruptions = [calendar(event(), event(uid="new@t", start="20270106T090000Z"))]

        def interrupted(*arguments: object) -> object:
            if interruptions:
                path.write_bytes(interruptions.pop())
            return edits(*arguments)  # type: ignore[arg-type]  # passed on

        monkeypatch.setattr(ics_file, "CalendarEdits", interrupted)
        opened(path).apply([Put(block())])
        assert len(opened(path).events(SPRINT).events) == 3

    def test_a_file_that_never_rests_is_given_up(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        states = iter(range(100))
        monkeypatch.setattr(ics_file, "_state", lambda _: (next(states), 0, 0))
        path.write_bytes(calendar(event()))
        with pytest.raises(Unreachable, match="changed by another program all the time"):
            opened(path).apply([Put(block())])

    def test_two_processes_lose_no_block_and_write_none_twice(self, path: Path) -> None:
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=put_many, args=(str(path), n)) for n in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0]
        uids = [e.uid for e in opened(path).events(SPRINT).events]
        assert len(uids) == len(set(uids)) == 15


def put_many(path: str, first: int) -> None:
    """Ten blocks one by one, of which the other process puts five too."""
    for number in range(first * 5, first * 5 + 10):
        start, end = (
            f"{4 + number // 8:02d}T{8 + number % 8:02d}00",
            f"{4 + number // 8:02d}T{8 + number % 8:02d}30",
        )
        opened(Path(path)).apply([Put(block(task=f"T-{number}", start=start, end=end))])


CHILD = """
import os, signal, sys
from pathlib import Path
from blocker.calendars.base import Put
from tests.calendars.texts import ANA, NOW, block
from blocker.calendars.ics_file import IcsCalendar

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_halfway(handle, view, real=os.write):
    real(handle, bytes(view[: len(view) // 2]))
    die()

call = sys.argv[2]
if call == "half":
    os.write = die_halfway
elif call == "after":
    real = os.replace
    os.replace = lambda *names: (real(*names), die())
elif call != "none":
    setattr(os, call, die)
calendar = IcsCalendar(Path(sys.argv[1]), ANA, now=NOW, writable=True, may_be_missing=True)
calendar.apply([Put(block()), Put(block(task="T-020", start="06T0900", end="06T1000"))])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("call", ["open", "write", "half", "fsync", "replace", "after"])
@pytest.mark.parametrize("is_new", [True, False])
def test_fault_23_after_a_kill_the_next_run_leaves_each_block_once(
    path: Path, call: str, is_new: bool
) -> None:
    if not is_new:
        path.write_bytes(calendar(event()))

    def run(how: str) -> int:
        command = [sys.executable, "-c", CHILD, str(path), how]
        root = Path(__file__).parents[2]
        return subprocess.run(command, cwd=root, check=False, capture_output=True).returncode

    assert run(call) == -signal.SIGKILL
    if path.exists():
        opened(path).events(SPRINT)  # whole, before or after
    assert run("none") == 0
    uids = [e.uid for e in opened(path).events(SPRINT).events]
    assert len(uids) == len(set(uids)) == (2 if is_new else 3)
    assert [p.name for p in path.parent.iterdir()] == ["ana.ics"]


def test_reading_too_clears_what_a_killed_writer_left(path: Path) -> None:
    path.write_bytes(calendar(event()))
    file_writing.scratch_path(path).write_bytes(b"half")
    opened(path).events(SPRINT)
    assert [p.name for p in path.parent.iterdir()] == ["ana.ics"]


def test_what_another_machine_is_just_writing_is_no_leftover(path, monkeypatch) -> None:
    """Two machines share the folder, not the lock: neither takes the other's scratch file away."""
    mine = file_writing.scratch_path(path)
    monkeypatch.setattr("platform.node", lambda: "the-other-machine")
    theirs = file_writing.scratch_path(path)
    assert mine != theirs
    monkeypatch.undo()
    theirs.write_bytes(b"half")
    file_writing.replace_file(path, calendar(event()))
    assert theirs.read_bytes() == b"half"
    assert path.read_bytes() == calendar(event())
