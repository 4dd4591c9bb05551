"""Signing in with Google: OAuth for an installed program, with PKCE and state.

Sources: RFC 8252, RFC 7636, and Google's guide to OAuth for desktop programs.  By hand, for
google-auth-oauthlib refuses a server on loopback and a right left unticked unless the environment
says otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from blocker.calendars.google_accounts import SIGNED_IN, TOKEN_URI, Place, safe_address
from blocker.calendars.google_errors import LOGIN, SCOPES, SignInNeeded
from blocker.calendars.google_listener import Listener, WrongState
from blocker.calendars.google_wire import NoAnswer, Wire
from blocker.calendars.plain_text import one_line
from blocker.domain.errors import Mistake, Unreachable, WrongInput, WrongUse

AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
RENEWAL = "refresh_ends"
"""Our own key in a kept sign-in: when it ends by itself, where Google says so."""
_EVERYTHING = "https://www.googleapis.com/auth/calendar"
_ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client that a person made in the Google console."""

    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str


def read_client(path: Path) -> Client:
    """The file that Google's console gives for a desktop program.  Raises WrongInput."""
    remedy = "download it from the Google console: Clients, a client of type Desktop app, JSON"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["installed"]
        return Client(
            str(told["client_id"]),
            str(told.get("client_secret", "")),
            safe_address(str(told.get("auth_uri") or AUTH_URI)),
            safe_address(str(told.get("token_uri") or TOKEN_URI)),
        )
    except FileNotFoundError:
        raise WrongInput([Mistake(str(path), None, "", "there is no such file", remedy)]) from None
    except OSError as problem:
        why = f"it cannot be read: {problem.strerror}"
        raise WrongInput([Mistake(str(path), None, "", why, remedy)]) from None
    except (ValueError, KeyError, TypeError, AttributeError, SignInNeeded):
        why = "this is no OAuth client of an installed program"
        raise WrongInput([Mistake(str(path), None, "", why, remedy)]) from None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that was kept.  `lacking` are rights that were not ticked."""

    kept: dict[str, Any]
    where: str
    lacking: tuple[str, ...]


def sign_in(
    client: Client,
    place: Place,
    show: Callable[[str], None],
    *,
    now: datetime,
    scopes: Sequence[str] = SCOPES,
    hint: str | None = None,
    seconds: float = 300.0,
) -> SignedIn:
    """Let a person say yes in their browser, and keep what Google gives for it.

    `show` is given the address to open.  Raises Unreachable, which says what to do.
    """
    verifier = secrets.token_urlsafe(64)
    answer, home = _consent(client, verifier, scopes, hint, show, seconds)
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": home,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "code_verifier": verifier,
    }
    given = _tokens(client, form)
    granted = str(given.get("scope") or answer.get("scope", "")).split()
    lacking = tuple(one for one in scopes if not {one, _EVERYTHING} & set(granted))
    if SCOPES[0] in lacking:
        raise Unreachable(
            "the right to see and change events was not ticked, and without it nothing can be "
            f"done; {LOGIN} and tick every box"
        )
    kept = _kept(client, given, granted, now)
    return SignedIn(kept, place.save(kept), lacking)


def _consent(
    client: Client,
    verifier: str,
    scopes: Sequence[str],
    hint: str | None,
    show: Callable[[str], None],
    seconds: float,
) -> tuple[dict[str, str], str]:
    """What the browser brings back, with a code in it, and where to.  Raises Unreachable."""
    state = secrets.token_urlsafe(32)
    listener = Listener(state)
    show(_address(client, listener.address, state, verifier, scopes, hint))
    try:
        answer = listener.wait(seconds)
    except WrongState:
        raise Unreachable(
            f"an answer came that does not belong to this sign-in; nothing was kept; {LOGIN}"
        ) from None
    finally:
        listener.close()
    if answer is None:
        raise Unreachable(f"no answer came from the browser in {int(seconds)} seconds; {LOGIN}")
    if "code" not in answer:
        why = one_line(answer.get("error", "no code"))[:80]
        raise Unreachable(f"Google gave no right to the calendar ({why}); {LOGIN} and allow it")
    return answer, listener.address


def _address(
    client: Client, home: str, state: str, verifier: str, scopes: Sequence[str], hint: str | None
) -> str:
    """The page on which a person says yes."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "client_id": client.client_id,
        "redirect_uri": home,
        "response_type": "code",
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
        **({"login_hint": hint} if hint else {}),
    }
    return f"{client.auth_uri}?{urlencode(query)}"


def _tokens(client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """What Google gives for a code.  Raises Unreachable."""
    try:
        status, given = _post(client.token_uri, form)
    except NoAnswer as problem:
        raise Unreachable(f"Google does not answer: {problem}; {LOGIN}") from None
    if status != 200 or not given.get("access_token") or not given.get("refresh_token"):
        why = one_line(str(given.get("error_description") or given.get("error") or status))[:120]
        raise Unreachable(f"Google does not complete the sign-in ({why}); {LOGIN}")
    return given


def _post(address: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Raises NoAnswer."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    deadline = time.monotonic() + _ANSWER_SECONDS
    answer = Wire().ask("POST", address, headers, urlencode(form), deadline)
    try:
        given = json.loads(answer.data or b"{}")
    except ValueError:
        given = {}
    return answer.status, given if isinstance(given, dict) else {}


def _kept(
    client: Client, given: Mapping[str, Any], granted: list[str], now: datetime
) -> dict[str, Any]:
    """A sign-in in the form that Google's own libraries keep, and what we add."""
    kept = {
        "type": "authorized_user",
        "token": given["access_token"],
        "refresh_token": given["refresh_token"],
        "token_uri": client.token_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "scopes": granted,
        "expiry": _later(now, given.get("expires_in", 0)),
        SIGNED_IN: _later(now, 0),
    }
    if given.get("refresh_token_expires_in"):
        kept[RENEWAL] = _later(now, given["refresh_token_expires_in"])
    return kept


def _later(now: datetime, seconds: Any) -> str:
    try:
        moment = now + timedelta(seconds=int(seconds))
    except (ValueError, TypeError, OverflowError):
        moment = now
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def sign_out(place: Place) -> str | None:
    """Take the right back at Google and forget the sign-in here; says where it is left there.

    Raises WrongUse when nobody was signed in, Unreachable when it cannot be removed here.
    """
    problem = None
    try:
        kept = place.load()
        if kept is None:
            raise WrongUse("nobody is signed in with Google here")
        address = urljoin(safe_address(kept.get("token_uri") or TOKEN_URI), "/revoke")
        token = kept.get("refresh_token") or kept.get("token") or ""
        status, given = _post(address, {"token": token})
        if status != 200 and given.get("error") != "invalid_token":
            problem = f"Google answers with status {status}"
    except NoAnswer as failed:
        problem = f"Google does not answer: {failed}"
    except SignInNeeded as failed:
        problem = str(failed)
    place.forget()
    if problem is None:
        return None
    return (
        f"the sign-in is forgotten here, but not taken back at Google ({problem}); take it back at "
        "https://myaccount.google.com/permissions"
    )
