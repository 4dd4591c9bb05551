"""Everything the server knows: accounts, calendars, sheets, tokens; as JSON and back."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tests.google_server.calendars import Calendar
from tests.google_server.clock import Clock
from tests.google_server.exchange import Request
from tests.google_server.sheets_state import Spreadsheet


@dataclass
class Knobs:
    """How the server behaves where Google may do one thing or another.

    free_busy_listing: events.list where only free/busy is shared: "stripped" to times (as Google
    does today), "403" or "404".  sync_keeps_window: an incremental listing holds to the timeMin and
    timeMax of the first.  largest_page: however much maxResults asks for.  empty_pages: the first
    page holds nothing, only a token.  batch_reversed: parts are done and answered last first.
    """

    free_busy_listing: str = "stripped"
    sync_keeps_window: bool = True
    largest_page: int = 2500
    empty_pages: bool = False
    batch_reversed: bool = False
    most_in_batch: int = 1000  # the guide to batches of the Calendar API
    # signing in
    signs_in: str | None = None  # who sits at the browser; default: login_hint or first account
    denies: bool = False
    unticked: list[str] = field(default_factory=list)  # scopes not granted
    testing: bool = False  # the consent screen is in Testing: sign-ins last seven days


@dataclass
class Grant:
    """What stands behind a code or a token."""

    account: str
    scopes: list[str]
    client: str
    alive: bool = True
    challenge: str = ""  # of a code: PKCE S256
    redirect: str = ""
    offline: bool = False


@dataclass
class ServiceAccount:
    """A key that may ask for tokens; `delegated` scopes in the name of `domain`'s accounts."""

    email: str
    public_key: str  # PEM
    delegated: list[str] = field(default_factory=list)


@dataclass
class State:
    clock: Clock = field(default_factory=Clock)
    knobs: Knobs = field(default_factory=Knobs)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    sheets: dict[str, Spreadsheet] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)
    services: dict[str, ServiceAccount] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def violate(self, request: Request, what: str) -> None:
        """The request breaks a rule that a client must keep: the test is to fail."""
        self.violations.append(f"{request.method} {request.readable_path} ({request.name}): {what}")

    def is_workspace(self, account: str) -> bool:
        return bool(self.accounts.get(account, {}).get("workspace"))

    def as_json(self) -> dict[str, Any]:
        """All of it but the lock."""
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "lock"}
        calendars = {
            key: {
                one.name: getattr(calendar, one.name)
                for one in fields(calendar)
                if one.name != "clock"
            }
            for key, calendar in self.calendars.items()
        }
        return json.loads(json.dumps(kept | {"calendars": calendars}, default=asdict))

    def load(self, kept: dict[str, Any]) -> None:
        """Become the state that `as_json` gave."""
        self.clock.version = kept["clock"]["version"]
        self.knobs = Knobs(**kept["knobs"])
        self.accounts = kept["accounts"]
        self.calendars = {
            key: Calendar(**one, clock=self.clock) for key, one in kept["calendars"].items()
        }
        self.sheets = {key: Spreadsheet.from_json(one) for key, one in kept["sheets"].items()}
        for name in ("codes", "access", "refresh"):
            setattr(self, name, {key: Grant(**one) for key, one in kept[name].items()})
        self.services = {key: ServiceAccount(**one) for key, one in kept["services"].items()}
        self.violations = kept["violations"]
