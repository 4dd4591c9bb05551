"""Signing in with Google: OAuth for an installed program, with PKCE and state.

Sources: RFC 8252, RFC 7636, and Google's guide to OAuth for desktop programs.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from blocker.calendars.google.accounts import SIGNED_IN, TOKEN_URI, Place, safe_address
from blocker.calendars.google.errors import LOGIN, SCOPES, SignInNeeded
from blocker.calendars.google.listener import Listener, WrongState
from blocker.calendars.google.wire import NoAnswer, Wire
from blocker.calendars.text.plain_text import one_line
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

    @property
    def uses_plain_http(self) -> bool:
        """Its server is on this very machine: elsewhere `safe_address` takes https alone."""
        return "http:" in (self.auth_uri[:5], self.token_uri[:5])


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
    with closing(Listener(state := secrets.token_urlsafe(32))) as listener:
        flow = _flow(client, listener.address, scopes)
        address, _ = flow.authorization_url(
            state=state,
            access_type="offline",
            prompt="consent",
            **({"login_hint": hint} if hint else {}),
        )
        show(address)
        answer = _consent(listener, seconds)
    given = _tokens(flow, answer["code"])
    granted = _words(given.get("scope") or answer.get("scope", ""))
    lacking = tuple(one for one in scopes if not {one, _EVERYTHING} & set(granted))
    if SCOPES[0] in lacking:
        raise Unreachable(
            "the right to see and change events was not ticked, and without it nothing can be "
            f"done; {LOGIN} and tick every box"
        )
    kept = _kept(client, given, granted, now)
    return SignedIn(kept, place.save(kept), lacking)


def _flow(client: Client, home: str, scopes: Sequence[str]) -> Flow:
    """The way through Google's pages and back, with PKCE (S256)."""
    flow = Flow.from_client_config(
        {"installed": asdict(client)},
        scopes=list(scopes),
        redirect_uri=home,
        autogenerate_code_verifier=True,
    )
    flow.oauth2session.max_redirects = 0  # the secrets of a sign-in never follow
    flow.oauth2session.trust_env = not client.uses_plain_http  # no proxy stands before this machine
    return flow


def _consent(listener: Listener, seconds: float) -> dict[str, str]:
    """What the browser brings back, with a code in it.  Raises Unreachable."""
    try:
        answer = listener.wait(seconds)
    except WrongState:
        raise Unreachable(
            f"an answer came that does not belong to this sign-in; nothing was kept; {LOGIN}"
        ) from None
    if answer is None:
        raise Unreachable(f"no answer came from the browser in {int(seconds)} seconds; {LOGIN}")
    if "code" not in answer:
        why = one_line(answer.get("error", "no code"))[:80]
        raise Unreachable(f"Google gave no right to the calendar ({why}); {LOGIN} and allow it")
    return answer


def _tokens(flow: Flow, code: str) -> Mapping[str, Any]:
    """What Google gives for a code.  Raises Unreachable."""
    why = ""
    try:
        given: Mapping[str, Any] = flow.fetch_token(
            code=code, include_client_id=True, timeout=_ANSWER_SECONDS
        )
    except Warning as other:  # how oauthlib says that not all rights were ticked
        given = getattr(other, "token", {})
    except OAuth2Error as problem:
        given, why = {}, problem.description or problem.error or ""
    except (requests.RequestException, ValueError):
        raise Unreachable(f"Google does not answer as it should; {LOGIN}") from None
    if not given.get("access_token") or not given.get("refresh_token"):
        why = one_line(str(why))[:120] or "no token came"
        raise Unreachable(f"Google does not complete the sign-in ({why}); {LOGIN}")
    return given


def _words(scope: str | Sequence[str]) -> list[str]:
    """Scopes as a list, however they came."""
    return scope.split() if isinstance(scope, str) else [*scope]


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
