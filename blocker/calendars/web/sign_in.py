"""Signing in to a web server: with a name and a password, or with a token."""

from __future__ import annotations

import base64
import re
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


_TOKEN = re.compile(r"[\x20-\x7e]+")
"""What a header carries as it is (RFC 9110, 5.5)."""
_PASSWORD = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")
"""What UTF-8 can say, without control characters (RFC 7617, 2)."""


def sign_in_of(ref: CalendarRef, access: Access, member: str | None = None) -> SignIn | None:
    """How a calendar's server is signed in to; None when the config names neither name nor token.

    `member` is the id of whose calendar it is, for messages.  Raises Unreachable when a secret is
    named and is not there, or cannot be sent.
    """
    token_name, username = ref.options.get("token_env"), ref.options.get("username")
    if token_name:
        token = _variable(ref, access, token_name)
        if not _TOKEN.fullmatch(token):
            raise Unreachable(
                f"{ref.label}: {token_name} holds letters that no token has, such as a curly quote;"
                " set it to the token alone"
            )
        return SignIn(f"Bearer {token}", f"the token from ${token_name}")
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
        whose, remedy = password_name, "set it to the password alone"
    else:
        source = "blocker login caldav" + (f" --for {member}" if member else "")
        password = _kept(ref, access, username, source)
        whose, remedy = f"the kept password of {username}", f"run: {source}"
    if not _PASSWORD.fullmatch(password):
        raise Unreachable(
            f"{ref.label}: {whose} holds letters that cannot be sent, such as the end of a line;"
            f" {remedy}"
        )
    encoded = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    return SignIn(f"Basic {encoded}", f"the password of {username}, from {source}")


def _variable(ref: CalendarRef, access: Access, name: str) -> str:
    value = access.environment.get(name, "")
    if not value.strip():
        raise Unreachable(
            f"{ref.label}: the environment variable {name} is not set; set it to the secret"
        )
    return value.strip("\r\n")


def _kept(ref: CalendarRef, access: Access, username: str, login: str) -> str:
    host = urlsplit(ref.address).hostname or ""
    password = _secret(access.secrets, f"caldav {username}@{host}")
    if not password:
        raise Unreachable(
            f"{ref.label}: no password of {username} is known; run: {login}, or name a variable"
            " that holds it: password_env"
        )
    return password


def _secret(folder: Path | None, name: str) -> str | None:
    from blocker.calendars.secrets import Secrets

    return Secrets(folder).get(name)
