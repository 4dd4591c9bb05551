"""Refusals: what a server's status means, and what people can do; the one place that says so."""

from __future__ import annotations

from collections.abc import Mapping

from blocker.calendars.web.failures import Passing
from blocker.calendars.web.sign_in import APP_PASSWORD, SignIn
from blocker.domain.errors import Unreachable

_WRITING = ("PUT", "DELETE")


def refusal(
    label: str, status: int, method: str, sign_in: SignIn | None, headers: Mapping[str, str]
) -> Unreachable:
    """The error for a status that is no success and will not be one in a moment.

    Those of 500 and above are Passing: the server could not, and nobody refused.
    """
    if status == 401:
        return Unreachable(f"{label} {_unknown(sign_in, headers)} (401)")
    if status == 403:
        what = "be written" if method in _WRITING else "be read"
        who = "with this account" if sign_in else "without signing in"
        return Unreachable(
            f"{label} may not {what} {who} (403); ask its owner to share it so that it may"
        )
    if status in (404, 410):
        return Unreachable(f"{label}: there is no calendar at this address ({status}); correct it")
    if status == 507:
        return Passing(f"{label}: the server's storage is full (507); make room there")
    if status in (405, 501):
        kind = Passing if status == 501 else Unreachable
        return kind(
            f"{label} does not understand what is asked of a calendar ({status}); correct the"
            " address"
        )
    if status >= 500:
        return Passing(f"{label} has a problem of its own ({status}); run again later")
    return Unreachable(
        f"{label} refuses what is asked of a calendar ({status}); correct the address, or ask"
        " whoever runs the server"
    )


def _unknown(sign_in: SignIn | None, headers: Mapping[str, str]) -> str:
    """Why nobody is signed in, and what to do."""
    offered = headers.get("WWW-Authenticate", "").strip().lower()
    if sign_in is None:
        return "asks for a sign-in; write `username: ...` and `password_env: NAME` beside it"
    if offered.startswith("digest") and "basic" not in offered:
        return "wants a Digest sign-in, which is not supported; let the server take Basic"
    return f"refuses {sign_in.source}; correct it ({APP_PASSWORD})"
