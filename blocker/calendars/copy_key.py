"""Copies of calendars as a store may keep them: encrypted, by a key of the user who read them.

Titles of private meetings stand in them, and a secret address in a calendar's key.  So a store
holds neither: whoever else reads it finds a fingerprint, a time and bytes.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from blocker.calendars.secrets import Secrets
from blocker.domain.calendar_copy import CalendarCopy, EncryptedCopy
from blocker.domain.errors import Unreachable

_NAME = "copies of calendars"


@dataclass(frozen=True, slots=True)
class CopyKey:
    """The key of one user on one machine; `secret` is one of Fernet's."""

    secret: str

    @property
    def reader(self) -> str:
        """A fingerprint: each reader keeps copies of their own."""
        return hashlib.sha256(f"reader {self.secret}".encode()).hexdigest()[:16]

    def encrypted(self, calendar: str, copy: CalendarCopy) -> EncryptedCopy:
        from cryptography.fernet import Fernet

        plain = {"calendar": calendar, "body": b64encode(copy.body).decode(), "tag": copy.tag}
        content = Fernet(self.secret).encrypt(json.dumps(plain).encode())
        return EncryptedCopy(self.name_of(calendar), content, copy.read_at)

    def decrypted(self, kept: Iterable[EncryptedCopy]) -> dict[str, CalendarCopy]:
        """By the calendars' keys.  What cannot be decrypted is no copy."""
        from cryptography.fernet import Fernet, InvalidToken

        lock, found = Fernet(self.secret), {}
        for one in kept:
            try:
                plain = json.loads(lock.decrypt(one.content))
            except InvalidToken:
                continue
            body = b64decode(plain["body"])
            found[plain["calendar"]] = CalendarCopy(body, plain["tag"], one.read_at)
        return found

    def name_of(self, calendar: str) -> str:
        """What stands for a calendar's key, the same each time."""
        return hashlib.sha256(f"{self.secret} {calendar}".encode()).hexdigest()[:32]

    def changes(
        self, changed: Mapping[str, CalendarCopy | None]
    ) -> dict[str, EncryptedCopy | None]:
        """By the names that stand for the calendars' keys; None for what is gone."""
        return {
            self.name_of(calendar): None if copy is None else self.encrypted(calendar, copy)
            for calendar, copy in changed.items()
        }


def find_copy_key(secrets: Secrets, *, make: bool) -> CopyKey | None:
    """This user's key, made when there is none yet; None where no secret can be kept."""
    try:
        if (found := secrets.get(_NAME)) is not None and _is_key(found):
            return CopyKey(found)
        if not make:
            return None
        from cryptography.fernet import Fernet

        fresh = Fernet.generate_key().decode()
        secrets.set(_NAME, fresh)
        return CopyKey(fresh)
    except Unreachable:
        return None


def _is_key(text: str) -> bool:
    from cryptography.fernet import Fernet

    try:
        Fernet(text)
    except ValueError:
        return False
    return True
