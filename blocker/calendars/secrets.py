"""Secrets: tokens and passwords, in the system's keyring, else in files for their owner alone."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from blocker.calendars.file_writing import unreachable
from blocker.domain.errors import Unreachable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "blocker"
_LEAST_PRIORITY = 1
"""What keyring recommends; below lie backends that refuse, forget, or write plain text."""


class Secrets:
    """Secrets of this user by name, such as `google ana@x.example`; never shown to anybody.

    `folder` is that of the user's own settings, used where the system has no keyring; None where
    there is none either.  Safe to use from several threads and processes.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = None if folder is None else folder / "secrets"

    def get(self, name: str) -> str | None:
        """The secret, None when there is none.  Raises Unreachable for a file that fails."""
        keyring = _keyring()
        if keyring is not None:
            # a keyring that stays locked is as good as none: the file may still know
            with contextlib.suppress(Exception):
                if (found := keyring.get_password(_SERVICE, name)) is not None:
                    return found
        return None if self._folder is None else read_secret(self._path(name))

    def set(self, name: str, secret: str) -> str:
        """Keep a secret in place of what was kept under this name; says where it lies.

        Raises Unreachable when there is no place for it.
        """
        keyring = _keyring()
        if keyring is not None:
            # systems limit what they take, each with errors of its own: the file takes all
            with contextlib.suppress(Exception):
                keyring.set_password(_SERVICE, name, secret)
                self._delete_file(name)
                return "the keyring"
        if self._folder is None:
            raise Unreachable("there is no place for secrets here: no keyring, no settings folder")
        path = self._path(name)
        write_secret(path, secret)
        return str(path)

    def delete(self, name: str) -> bool:
        """Forget a secret; says whether there was one.  Raises Unreachable."""
        was_there = False
        keyring = _keyring()
        if keyring is not None:
            with contextlib.suppress(Exception):
                keyring.delete_password(_SERVICE, name)
                was_there = True
        return self._delete_file(name) or was_there

    def _delete_file(self, name: str) -> bool:
        return False if self._folder is None else delete_secret(self._path(name))

    def _path(self, name: str) -> Path:
        """A file name that every system takes, and that people recognise."""
        assert self._folder is not None
        readable = re.sub(r"[^A-Za-z0-9@._-]+", "-", name)[:80].strip(".-")
        return self._folder / f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _keyring() -> KeyringBackend | None:
    """The system's keyring, None where there is none that keeps anything safely."""
    try:
        import keyring

        found = keyring.get_keyring()
        return found if found.priority >= _LEAST_PRIORITY else None
    except Exception:  # backends fail to load in ways of their own
        return None


def read_secret(path: Path) -> str | None:
    """The text of a secret file, None when there is none.  Raises Unreachable."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise Unreachable(f"{path} is no text; delete it and sign in again") from None
    except OSError as problem:
        raise unreachable(str(path), "read", problem) from None


def write_secret(path: Path, secret: str) -> None:
    """Let the file hold this and be its owner's alone, whatever the umask; all of it or nothing.

    Raises Unreachable.
    """
    scratch = path.with_name(f".{path.name[:60]}.{secrets.token_hex(8)}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as problem:
        raise unreachable(str(path), "written", problem) from None
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)


def delete_secret(path: Path) -> bool:
    """Remove a secret file; says whether there was one.  Raises Unreachable."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise unreachable(str(path), "removed", problem) from None
    return True
