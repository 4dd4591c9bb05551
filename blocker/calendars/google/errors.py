"""What Google says no with, in our families of errors: the one place that maps them.

Sources: the guide to errors of the Google Calendar API; RFC 6749, 5.2, for tokens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blocker.calendars.google.wire import NoAnswer
from blocker.calendars.text.plain_text import one_line
from blocker.calendars.web.failures import asked_wait
from blocker.domain.errors import Unreachable

_PASSING = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})
_SCOPES = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
_DISABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_ACCESS = frozenset({"forbidden", "requiredAccessLevel", "PERMISSION_DENIED"})
_DAILY = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
LOGIN = "run: blocker login google"
SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.events.freebusy",
)
"""The least that reads colleagues' calendars, writes blocks, and asks who is busy."""
SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"


class SignInNeeded(Exception):
    """There is no sign-in that Google takes; the message is a clause with what to do."""


@dataclass(slots=True)
class Refusal(Exception):
    """An answer that is no.  `reasons` are Google's words for why; `message` is for people.

    `wait_seconds` is how long Google asks to wait.
    """

    status: int
    reasons: frozenset[str]
    message: str
    wait_seconds: float | None = None

    def __str__(self) -> str:
        return f"status {self.status} {', '.join(sorted(self.reasons))}"

    @property
    def is_passing(self) -> bool:
        """Trying again later helps."""
        return (
            self.status in (408, 429)
            or self.status >= 500
            or (self.status == 403 and bool(self.reasons & _PASSING))
        )

    @property
    def is_about_access(self) -> bool:
        """This account sees less of the calendar than was asked, or nothing at all."""
        is_told = bool(self.reasons) and self.reasons <= _ACCESS
        return self.status == 404 or (self.status == 403 and is_told)


def refusal(status: int, headers: dict[str, str], content: bytes) -> Refusal:
    """What an answer of status 300 or more says."""
    reasons, message = _said(content)
    return Refusal(status, reasons, message, asked_wait(headers))


def _said(content: bytes) -> tuple[frozenset[str], str]:
    """Google's reasons and words; both empty where it is not Google that speaks."""
    try:
        error = json.loads(content)["error"]
        if isinstance(error, str):
            return frozenset([error]), ""
        inner = [*error.get("errors", ()), *error.get("details", ())]
        reasons = [one.get("reason") for one in inner] + [error.get("status")]
        return frozenset(filter(None, reasons)), one_line(str(error.get("message", "")))[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return frozenset(), ""


def unreachable(
    problem: Refusal | NoAnswer | SignInNeeded,
    label: str,
    account: str,
    doing: str,
    what: str = "calendar",
) -> Unreachable:
    """The sentence for what went wrong with a calendar or a sheet.

    `doing` is "read" or "written", `what` "calendar" or "sheet".
    """
    return Unreachable(f"{label} cannot be {doing}: {_clause(problem, account, doing, what)}")


def _clause(problem: Refusal | NoAnswer | SignInNeeded, account: str, doing: str, what: str) -> str:
    if isinstance(problem, NoAnswer):
        return f"Google does not answer: {problem}; check the network and run again"
    if isinstance(problem, SignInNeeded):
        return str(problem)
    if problem.is_passing:
        return _passing(problem)
    if problem.status == 401:
        return f"Google does not take the sign-in any more; {LOGIN}"
    if problem.reasons & _SCOPES:
        again = LOGIN if what == "calendar" else f"{LOGIN} --sheets"
        return f"the sign-in lacks a right that was not ticked; {again} and tick every box"
    if problem.reasons & _DISABLED:
        return (
            f"the Google {what.title()}{'s' if what == 'sheet' else ''} API is not switched on for "
            "the project of the sign-in; switch it on in the Google console under APIs and services"
        )
    if 300 <= problem.status < 400:
        return "the answer sends us elsewhere, where we do not follow; check the endpoint"
    return _about_one(problem, account, doing, what)


def _about_one(problem: Refusal, account: str, doing: str, what: str) -> str:
    """Permanent refusals that have to do with one calendar or sheet."""
    if problem.status == 404:
        return (
            f"there is no such {what}, or it is not shared with {account}; correct its address, "
            f"or let its owner share it with {account}"
        )
    if problem.is_about_access and doing == "written":
        return may_not_write(account, what)
    if problem.is_about_access:
        return f"{account} may not see it; let its owner share it with {account}"
    if problem.reasons & _DAILY:
        return (
            "the project of the sign-in has asked Google as often as it may today; run again "
            "tomorrow, or raise its quota in the Google console"
        )
    said = f" and says “{problem.message}”" if problem.message else ""
    remedy = "ask your Google admin" if problem.status == 403 else "correct the config"
    return f"Google refuses what was asked (status {problem.status}){said}; {remedy}"


def may_not_write(account: str, what: str = "calendar") -> str:
    """What to do where an account may only read."""
    if what != "calendar":
        return f"{account} may not change it; let its owner share it with {account} as an Editor"
    return (
        f"{account} may not change it; let its owner share it with {account} to “Make changes to "
        "events”, or name another calendar for blocks"
    )


def _passing(problem: Refusal) -> str:
    seconds = problem.wait_seconds
    if problem.status in (403, 429):
        when = f"in {int(seconds) + 1} seconds" if seconds else "in some minutes"
        return f"Google takes no more requests for now; run again {when}"
    return f"Google has trouble of its own (status {problem.status}); run again in some minutes"


def refused_token(said: Mapping[str, Any], *, is_service: bool) -> SignInNeeded:
    """Why Google gives no token; a service account needs its domain's admin, not a sign-in."""
    error = str(said.get("error", ""))
    if is_service and error == "unauthorized_client":
        return SignInNeeded(
            "the service account may not act for this person; in the Google Admin console, under "
            "Security, API controls, Domain-wide delegation, allow its client ID the scopes "
            + " and ".join(SCOPES)
        )
    if is_service:
        why = one_line(str(said.get("error_description", "") or error))[:120]
        return SignInNeeded(
            f"Google does not take the service account (“{why}”); check that its key is still "
            "valid and that the person has an account in the domain"
        )
    if error == "invalid_client":
        return SignInNeeded(
            "Google does not know the client of the sign-in any more; download its file anew from "
            "the Google console and run: blocker login google --client FILE"
        )
    if error == "invalid_scope":
        return SignInNeeded(f"the sign-in lacks a right; {LOGIN} and tick every box")
    return SignInNeeded(
        "the sign-in with Google has ended (revoked, unused for long, or seven days old while the "
        f"client is in Testing); {LOGIN}; nothing is lost"
    )
