"""What there is to say of a sign-in with Google, for `login` and `doctor`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from blocker.calendars.access import Access
from blocker.calendars.google.accounts import SIGNED_IN, Place, ServiceAccount
from blocker.calendars.google.errors import LOGIN, SCOPES, Refusal, SignInNeeded
from blocker.calendars.google.service import Session
from blocker.calendars.google.sign_in import RENEWAL
from blocker.calendars.google.wire import NoAnswer
from blocker.calendars.secrets import read_secret
from blocker.calendars.text.plain_text import one_line
from blocker.domain.errors import Unreachable

_TESTING = timedelta(days=7)
"""So long lasts a sign-in while its client is in Testing (Google's guide to OAuth)."""


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """`facts` is one line of account, rights and age; `warnings` say what to do."""

    facts: str
    warnings: tuple[str, ...] = ()


def sign_in_facts(access: Access, options: Mapping[str, str]) -> SignInFacts:
    """What is kept of the sign-in that a calendar's options lead to; asks nobody.

    Raises Unreachable when there is none, or none that can be read.
    """
    try:
        return _facts(access, options)
    except SignInNeeded as problem:
        raise Unreachable(str(problem)) from None


def _facts(access: Access, options: Mapping[str, str]) -> SignInFacts:
    if file := options.get("service_account"):
        return _service_facts(Path(file))
    kept = Place(options, access.secrets).load()
    if kept is None:
        raise SignInNeeded(f"nobody has signed in with Google here; {LOGIN}")
    account = one_line(str(kept.get("account") or "")) or "an account of unknown name"
    scopes = [str(one) for one in kept.get("scopes") or ()]
    parts = [f"signed in as {account}", f"rights: {_short(scopes)}"]
    warnings = []
    if began := _moment(kept.get(SIGNED_IN)):
        days = max((access.now - began).days, 0)
        parts.append(f"since {began:%Y-%m-%d} ({days} {'day' if days == 1 else 'days'})")
    if expiry := _moment(kept.get("expiry")):
        parts.append(f"token until {expiry:%Y-%m-%d %H:%M} UTC, then renewed by itself")
    if ends := _moment(kept.get(RENEWAL)):
        warnings.append(_ending(ends, access.now))
    elif began and not ends and access.now - began < _TESTING:
        parts.append("while its client is in Testing it ends after seven days")
    lacking = [one for one in SCOPES if one not in scopes and not _is_whole(scopes)]
    if lacking and scopes:
        warnings.append(f"the right {_short(lacking)} was not ticked; {LOGIN} and tick every box")
    return SignInFacts("; ".join(parts), tuple(warnings))


def _ending(ends: datetime, now: datetime) -> str:
    when = f"{'ended' if ends <= now else 'ends'} on {ends:%Y-%m-%d %H:%M} UTC"
    return (
        f"the sign-in {when}, for its client is in Testing; publish it in the Google console, or "
        f"make it Internal, and {LOGIN}"
    )


def _service_facts(file: Path) -> SignInFacts:
    text = read_secret(file)
    if text is None:
        raise SignInNeeded(f"there is no service account file {file}; correct the config")
    try:
        info = json.loads(text)
        name, number = one_line(str(info["client_email"])), one_line(str(info["client_id"]))
    except (ValueError, KeyError, TypeError):
        raise SignInNeeded(f"{file} is no key of a service account") from None
    facts = (
        f"service account {name}; allow its client ID {number} in the Google Admin console "
        f"(domain-wide delegation) the rights {' and '.join(SCOPES)}"
    )
    return SignInFacts(facts, tuple(ServiceAccount(file, None).warnings()))


def _short(scopes: list[str]) -> str:
    return ", ".join(one.rpartition("/")[2] for one in scopes) or "unknown"


def _is_whole(scopes: list[str]) -> bool:
    return "https://www.googleapis.com/auth/calendar" in scopes


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def account_name(access: Access, options: Mapping[str, str]) -> str | None:
    """The address of whoever has signed in, as Google knows it; None where it does not say.

    It is the title of their main calendar, which needs no further right.
    """
    session = Session(options.get("endpoint"), access.secrets)
    account = session.account(options, "primary", None)
    try:
        answer = session.call(
            account,
            lambda service: service.events().list(
                calendarId="primary", maxResults=1, fields="summary"
            ),
            session.patience(),
        )
    except (Refusal, NoAnswer, SignInNeeded):
        return None
    found = one_line(str(answer.get("summary", "")))
    return found.lower() if "@" in found and " " not in found else None
