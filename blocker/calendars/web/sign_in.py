"""Signing in to a web server: with a name and a password, or with a token."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from blocker.calendars.access import Access
from blocker.domain.errors import Unreachable
from blocker.domain.member import CalendarRef

APP_PASSWORD = "iCloud, Fastmail and Nextcloud want an app password, made in their settings"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What goes into the Authorization header, and how people know it.

    `source` says whose it is and where it was found: 'of ana, from $ANA_PASSWORD'.
    """

    header: str = field(repr=False)
    source: str


def sign_in_of(ref: CalendarRef, access: Access) -> SignIn | None:
    """How a calendar's server is signed in to; None when the config names neither name nor token.

    Raises Unreachable when a secret is named and is not there.
    """
    token_name, username = ref.options.get("token_env"), ref.options.get("username")
    if token_name:
        return SignIn(
            f"Bearer {_variable(ref, access, token_name)}", f"the token from ${token_name}"
        )
    password_name = ref.options.get("password_env")
    if not username:
        if password_name:
            raise Unreachable(
                f"{ref.label}: password_env is given without a name; write `username: ...` beside"
                " it"
            )
        return None
    if password_name:
        password, source = _variable(ref, access, password_name), f"${password_name}"
    else:
        password, source = _kept(ref, access, username), "blocker login caldav"
    encoded = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return SignIn(f"Basic {encoded}", f"the password of {username}, from {source}")


def _variable(ref: CalendarRef, access: Access, name: str) -> str:
    value = access.environment.get(name, "")
    if not value.strip():
        raise Unreachable(
            f"{ref.label}: the environment variable {name} is not set; set it to the secret"
        )
    value = value.strip("\r\n")
    if any(ord(letter) < 32 for letter in value):
        raise Unreachable(f"{ref.label}: {name} holds more than one line; set it to the secret")
    return value


def _kept(ref: CalendarRef, access: Access, username: str) -> str:
    host = urlsplit(ref.address).hostname or ""
    password = _secret(access.secrets, f"caldav {username}@{host}")
    if not password:
        raise Unreachable(
            f"{ref.label}: no password of {username} is known; run: blocker login caldav,"
            " or name a variable that holds it: password_env"
        )
    return password


def _secret(folder: Path | None, name: str) -> str | None:
    from blocker.calendars.secrets import Secrets

    return Secrets(folder).get(name)
