"""Secrets where the system has no keyring: files for their owner alone."""

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked, PasswordDeleteError

from blocker.calendars.secrets import Secrets


@pytest.fixture(autouse=True)
def _no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def test_a_secret_is_kept_replaced_and_forgotten(tmp_path: Path):
    kept = Secrets(tmp_path)
    assert kept.get("caldav ana@dav.example") is None
    kept.set("caldav ana@dav.example", "one")
    kept.set("caldav ana@dav.example", "twö")
    kept.set("caldav ANA@dav.example", "another")
    assert Secrets(tmp_path).get("caldav ana@dav.example") == "twö"
    assert kept.delete("caldav ana@dav.example") and not kept.delete("caldav ana@dav.example")
    assert kept.get("caldav ana@dav.example") is None
    assert kept.get("caldav ANA@dav.example") == "another"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")
def test_fault_41_secrets_are_their_owners_alone_whatever_the_umask(tmp_path: Path):
    before = os.umask(0)
    try:
        where = Secrets(tmp_path / "settings").set("google ../../x", "secret")
    finally:
        os.umask(before)
    path = Path(where)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent == tmp_path / "settings" / "secrets"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_threads_that_keep_the_same_secret_leave_one_of_theirs(tmp_path: Path):
    kept = Secrets(tmp_path)
    texts = [str(k) * 5000 for k in range(8)]
    threads = [threading.Thread(target=kept.set, args=("google x", text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.get("google x") in texts


class Ring(KeyringBackend):
    """A keyring that lasts as long as the test; a locked one refuses everything."""

    priority = 5  # type: ignore[assignment]  # a property in keyring

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _check(self) -> None:
        if self.is_locked:
            raise KeyringLocked


def test_a_keyring_is_used_where_there_is_one_and_a_file_where_it_refuses(tmp_path: Path):
    ring = Ring()
    keyring.set_keyring(ring)
    kept = Secrets(tmp_path)
    ring.is_locked = True
    file = Path(kept.set("google", "in the file"))
    assert kept.get("google") == "in the file"
    ring.is_locked = False
    assert kept.set("google", "in the ring") == "the keyring"
    assert not file.exists() and ring.held == {("blocker", "google"): "in the ring"}
    assert kept.get("google") == "in the ring"
    assert kept.delete("google") and not kept.delete("google") and kept.get("google") is None
