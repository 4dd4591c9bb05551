"""Files that several programs may write: one writer at a time, and the whole file or none of it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from blocker.domain.errors import Unreachable

LOCK_SECONDS = 60.0

_REASONS = {
    errno.ENOSPC: ("there is no space left on the disk", "free some and run again"),
    errno.EDQUOT: ("your share of the disk is used up", "free some space and run again"),
    errno.EROFS: ("the disk can only be read", "name a file elsewhere"),
    errno.EACCES: ("you may not do that here", "give yourself the right to write this file"),
    errno.EPERM: ("you may not do that here", "give yourself the right to write this file"),
    errno.EIO: ("the disk reports an error", "check the disk and run again"),
    errno.ENAMETOOLONG: ("its name is too long", "give the file a shorter name"),
}


def unreachable(label: str, doing: str, problem: OSError) -> Unreachable:
    """The plain sentence for a file that cannot be read or written."""
    reason, remedy = _REASONS.get(
        problem.errno or 0,
        (f"the system says “{problem.strerror or problem}”", "check the file and run again"),
    )
    return Unreachable(f"{label} cannot be {doing}: {reason}; {remedy}")


@contextlib.contextmanager
def only_writer(target: Path, label: str) -> Iterator[None]:
    """Hold the lock of a file, whose own folder stays clean.

    The lock lies in the user's part of the machine's temporary folder, so all processes of the
    user share it, whatever config they run with.  Raises Unreachable after a minute of waiting.
    """
    from filelock import FileLock, Timeout

    name = hashlib.sha256(os.fsencode(target)).hexdigest()[:32]
    try:
        lock = FileLock(_lock_folder() / f"{name}.lock", timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout:
        raise Unreachable(
            f"{label} is being written by another run of this program; wait for it and run again"
        ) from None
    except OSError as problem:
        raise unreachable(label, "locked", problem) from problem
    try:
        yield
    finally:
        lock.release()


def _lock_folder_name() -> Path:
    return Path(tempfile.gettempdir()) / f"blocker-locks-{_user()}"


def _user() -> int | str:
    return os.getuid() if hasattr(os, "getuid") else "user"


def _lock_folder() -> Path:
    owner, folder = _user(), _lock_folder_name()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    is_ours = owner == "user" or found.st_uid == owner
    if not stat.S_ISDIR(found.st_mode) or not is_ours:
        raise PermissionError(errno.EPERM, f"{folder} belongs to somebody else")
    return folder


def scratch_path(target: Path) -> Path:
    """Where the next content of a file is written before it takes the file's place.

    Always the same name for those who share the lock, so that what a killed process left behind
    is found and removed; another one for another machine on the same folder, whose half-written
    content is no leftover.
    """
    writers = f"{platform.node()}\0{_lock_folder_name()}\0"
    digest = hashlib.sha256(os.fsencode(writers + target.name)).hexdigest()[:12]
    return target.with_name(f".blocker-{digest}.new")


def remove_leftover(target: Path) -> None:
    """Remove what a killed writer left behind; for the holder of the lock only."""
    scratch_path(target).unlink(missing_ok=True)


def replace_file(target: Path, content: bytes) -> None:
    """Let the file have this content, durably and wholly, or raise OSError and leave it as it was.

    Its mode is kept; a new file gets 0644 less the umask.
    """
    scratch = scratch_path(target)
    remove_leftover(target)
    try:
        _write_new(scratch, content)
        with contextlib.suppress(FileNotFoundError):
            scratch.chmod(stat.S_IMODE(target.stat().st_mode))
        scratch.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write_new(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    # the file is in place by now; some file systems refuse to sync a folder
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
