"""Accounts at Google: who asks, by which token, and where the token is kept."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2 import credentials, service_account

from blocker.calendars.google.errors import LOGIN, SCOPES, SignInNeeded, refused_token
from blocker.calendars.google.wire import Answer, NoAnswer
from blocker.calendars.secrets import Secrets, delete_secret, read_secret, write_secret
from blocker.calendars.web.addresses import is_this_machine
from blocker.domain.errors import Unreachable

TOKEN_URI = "https://oauth2.googleapis.com/token"
SIGNED_IN = "signed_in"
"""Our own key in a kept sign-in: when it was made."""

Ask = Callable[..., Answer]
"""Sends what google-auth wants to be sent, within the time that is left."""


class Place:
    """Where a sign-in is kept: the file that the config names, else with the user's secrets."""

    def __init__(self, options: Mapping[str, str], secrets: Path | None) -> None:
        named = options.get("token_file")
        self.file = Path(named) if named else None
        self._secrets = Secrets(secrets)
        # a token for one server is never sent to another
        endpoint = options.get("endpoint")
        self._name = f"google {endpoint}" if endpoint else "google"

    @property
    def key(self) -> str:
        return str(self.file) if self.file else self._name

    def load(self) -> dict[str, Any] | None:
        """What is kept, None when nobody has signed in.  Raises SignInNeeded, Unreachable."""
        text = read_secret(self.file) if self.file else self._secrets.get(self._name)
        if text is None:
            return None
        with contextlib.suppress(ValueError):
            found = json.loads(text)
            if isinstance(found, dict):
                return found
        where = self.file or "what was kept of it"
        raise SignInNeeded(f"the sign-in cannot be read ({where}); {LOGIN}")

    def save(self, kept: Mapping[str, Any]) -> str:
        """Keep a sign-in; says where.  Raises Unreachable."""
        text = json.dumps(kept, indent=1)
        if self.file is None:
            return self._secrets.set(self._name, text)
        write_secret(self.file, text)
        return str(self.file)

    def forget(self) -> None:
        """Raises Unreachable."""
        if self.file is None:
            self._secrets.delete(self._name)
        else:
            delete_secret(self.file)


class Account(ABC):
    """Somebody who asks Google; used from several threads, refreshed once for all of them.

    `is_service`: no person who could sign in again.
    """

    is_service = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._credentials: Any = None

    @property
    @abstractmethod
    def name(self) -> str:
        """For messages: an address, or words for whoever is signed in."""

    @property
    @abstractmethod
    def identity(self) -> str:
        """Differs where what can be seen may differ; tells nothing secret."""

    @property
    @abstractmethod
    def file(self) -> Path | None:
        """Where its secret lies, None in the user's own settings."""

    def warnings(self) -> list[str]:
        """Whole sentences."""
        file = self.file
        with contextlib.suppress(OSError):
            if file is not None and os.name == "posix" and file.stat().st_mode & 0o077:
                return [f"{file} can be read by others on this machine; run: chmod 600 {file}"]
        return []

    @abstractmethod
    def _load(self) -> Any:
        """Credentials of google-auth."""

    @abstractmethod
    def _refresh(self, loaded: Any, ask: Ask) -> None: ...

    def authorization(self, ask: Ask, refused: str | None = None) -> str:
        """The header that proves who asks; a new one where the one given was refused.

        Raises SignInNeeded, NoAnswer.
        """
        with self._lock:
            if self._credentials is None:
                self._credentials = self._load()
            held = self._credentials
            if not held.valid or refused == f"Bearer {held.token}":
                self._refresh_or_say(held, ask)
            return f"Bearer {held.token}"

    def _refresh_or_say(self, held: Any, ask: Ask) -> None:
        try:
            self._refresh(held, ask)
        except RefreshError as problem:
            if problem.retryable:
                raise NoAnswer("its sign-in has trouble of its own") from None
            content = problem.args[1] if len(problem.args) > 1 else None
            if not isinstance(content, dict):
                raise NoAnswer("something else answers in its place", is_final=True) from None
            raise refused_token(content, is_service=self.is_service) from None
        except (GoogleAuthError, TypeError, ValueError):
            raise NoAnswer("something else answers in its place", is_final=True) from None


class UserAccount(Account):
    """A person who signed in with `blocker login google`, or whose token file is named."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._kept: dict[str, Any] = {}

    @property
    def name(self) -> str:
        self._read()
        return str(self._kept.get("account") or "") or "the account that is signed in"

    @property
    def identity(self) -> str:
        self._read()
        secret = str(self._kept.get("refresh_token") or self._kept.get("token") or "")
        return self._kept.get("account") or hashlib.sha256(secret.encode()).hexdigest()[:16]

    @property
    def file(self) -> Path | None:
        return self._place.file

    def _read(self) -> None:
        if not self._kept:
            found = self._place.load()
            if found is None:
                where = f" ({self._place.file} is not there)" if self._place.file else ""
                raise SignInNeeded(f"nobody has signed in with Google here{where}; {LOGIN}")
            self._kept = found

    def _load(self) -> Any:
        self._read()
        kept = self._kept
        # not from_authorized_user_info: it takes Google's address for tokens, whatever is kept
        return credentials.Credentials(  # type: ignore[no-untyped-call]  # google-auth has no types
            kept.get("token"),
            refresh_token=kept.get("refresh_token"),
            token_uri=safe_address(kept.get("token_uri") or TOKEN_URI),
            client_id=kept.get("client_id"),
            client_secret=kept.get("client_secret"),
            expiry=_expiry(kept.get("expiry")),
        )

    def _refresh(self, loaded: Any, ask: Ask) -> None:
        if not loaded.refresh_token:
            raise SignInNeeded(f"the sign-in with Google has ended; {LOGIN}")
        began_with = loaded.refresh_token
        loaded.refresh(ask)
        new = {
            "token": loaded.token,
            "refresh_token": loaded.refresh_token,
            "expiry": f"{loaded.expiry.isoformat()}Z" if loaded.expiry else None,
        }
        self._kept |= new
        # the token that we hold is good, kept or not
        with contextlib.suppress(Unreachable, SignInNeeded):
            there = self._place.load()
            # meanwhile somebody may have signed in anew, or out
            if there is not None and there.get("refresh_token") == began_with:
                self._place.save({**there, **new})


class ServiceAccount(Account):
    """A robot of the domain, acting for a person where it may."""

    is_service = True

    def __init__(self, file: Path, subject: str | None, scopes: Sequence[str] = SCOPES) -> None:
        super().__init__()
        self._file = file
        self._scopes = list(scopes)
        self._subject = subject

    @property
    def name(self) -> str:
        return self._subject or "the service account"

    @property
    def identity(self) -> str:
        return f"service {self._subject or self._file.name}"

    def _load(self) -> Any:
        text = read_secret(self._file)
        if text is None:
            raise SignInNeeded(f"there is no service account file {self._file}; correct the config")
        try:
            info = json.loads(text)
            safe_address(info["token_uri"])
            make = service_account.Credentials.from_service_account_info
            return make(  # type: ignore[no-untyped-call]  # google-auth has no types
                info, scopes=self._scopes, subject=self._subject
            )
        except (ValueError, KeyError, TypeError, AttributeError, GoogleAuthError):
            raise SignInNeeded(
                f"{self._file} is no key of a service account; download one as JSON from the "
                "Google console"
            ) from None

    def _refresh(self, loaded: Any, ask: Ask) -> None:
        loaded.refresh(ask)

    @property
    def file(self) -> Path | None:
        return self._file


def subject_for(address: str, email: str | None) -> str | None:
    """For whom a service account acts: the member, else whose main calendar the address is."""
    domain = address.rpartition("@")[2].casefold()
    is_person = "@" in address and not domain.endswith("calendar.google.com")
    return email or (address if is_person else None)


def safe_address(address: str) -> str:
    """An address that secrets may be sent to.  Raises SignInNeeded."""
    parts = urlsplit(address)
    is_here = is_this_machine(parts.hostname or "")
    if parts.scheme == "https" or (parts.scheme == "http" and is_here):
        return address
    raise SignInNeeded(f"the sign-in names an address that is not safe: {address}; {LOGIN}")


def _expiry(text: Any) -> datetime | None:
    """As google-auth wants it: UTC without saying so; None is never, until Google refuses."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
