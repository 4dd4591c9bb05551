"""Who there is, what they have, how they are signed in, and what was asked of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.google_server import key_files, oauth
from tests.google_server.calendars import Calendar
from tests.google_server.cell_values import entered
from tests.google_server.exchange import Request
from tests.google_server.faults import Faults
from tests.google_server.sheets_state import Spreadsheet, Tab
from tests.google_server.state import Grant, Knobs, ServiceAccount, State

ALL_SCOPES = [
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/spreadsheets",
]


class World:
    """Everything of the server that needs no network."""

    def __init__(self) -> None:
        self.state = State()
        self.faults = Faults()
        self.requests: list[Request] = []  # whole HTTP requests; a batch's calls are its `parts`
        self.most_at_once = 0  # the most requests that were under way at the same time

    @property
    def endpoint(self) -> str:
        """Where it listens: http://127.0.0.1:PORT."""
        raise NotImplementedError

    @property
    def knobs(self) -> Knobs:
        return self.state.knobs

    @property
    def violations(self) -> list[str]:
        return self.state.violations

    # Who there is, and what they have

    def account(
        self, email: str, *, workspace: bool = True, time_zone: str = "Europe/Paris"
    ) -> Calendar:
        """A person with a primary calendar; gives that."""
        self.state.accounts[email] = {"workspace": workspace}
        return self.create_calendar(email, email, email, time_zone)

    def create_calendar(
        self, calendar_id: str, owner: str, summary: str = "", time_zone: str = "Europe/Paris"
    ) -> Calendar:
        """A calendar; with the owner's address as its id it is the primary one."""
        calendar = Calendar(
            calendar_id.lower(),
            owner,
            summary or calendar_id,
            time_zone,
            calendar_id == owner,
            self.state.clock,
        )
        self.state.calendars[calendar.id] = calendar
        return calendar

    def calendar(self, calendar_id: str) -> Calendar:
        """Raises KeyError."""
        return self.state.calendars[calendar_id.lower()]

    def remove_calendar(self, calendar_id: str) -> None:
        """Gone, as if it had never been."""
        del self.state.calendars[calendar_id.lower()]

    def spreadsheet(
        self, sheet_id: str, owner: str, tabs: dict[str, list[list[Any]]], locale: str = "en_US"
    ) -> Spreadsheet:
        """Tabs of rows; a date, time, length or number becomes a cell of its kind, None none."""
        sheet = Spreadsheet(sheet_id, owner, "Tasks of the team", locale)
        for number, (title, rows) in enumerate(tabs.items()):
            tab = Tab(title, number)
            sheet.tabs.append(tab)
            for row, line in enumerate(rows):
                for column, value in enumerate(line):
                    tab.set(row, column, entered(value, locale))
        self.state.sheets[sheet_id] = sheet
        return sheet

    # Signing in without a browser

    def access_token(self, account: str, scopes: list[str] | None = None) -> str:
        grant = Grant(account, scopes or ALL_SCOPES, oauth.CLIENT_ID)
        word = f"ya29.{account}.{len(self.state.access)}"
        self.state.access[word] = grant
        return word

    def token_file(self, path: Path, account: str, scopes: list[str] | None = None) -> Path:
        """A finished sign-in, as google-auth keeps it (authorized user)."""
        access = self.access_token(account, scopes)
        refresh = f"1//{account}.{len(self.state.refresh)}"
        self.state.refresh[refresh] = Grant(account, scopes or ALL_SCOPES, oauth.CLIENT_ID)
        return key_files.token_file(
            path, self.endpoint, access, refresh, scopes or ALL_SCOPES, account
        )

    def client_secrets(self, path: Path) -> Path:
        """The file for `login`: a desktop program's OAuth client."""
        return key_files.client_secrets(path, self.endpoint)

    def service_account(
        self,
        path: Path,
        email: str = "robot@blocker.iam.gserviceaccount.com",
        delegated: list[str] | None = None,
    ) -> Path:
        """A service account's key file; `delegated`: scopes it has domain-wide (default: all)."""
        public = key_files.service_account(path, self.endpoint, email)
        scopes = ALL_SCOPES if delegated is None else delegated
        self.state.services[email] = ServiceAccount(email, public, scopes)
        return path

    def expire_access_tokens(self) -> None:
        """Every access token given out so far gets 401."""
        for grant in self.state.access.values():
            grant.alive = False

    def end_sign_ins(self) -> None:
        """Every sign-in ends: 401 on access tokens, invalid_grant on refreshing."""
        self.expire_access_tokens()
        for grant in self.state.refresh.values():
            grant.alive = False

    # What was asked

    def asked(self, name: str = "") -> list[Request]:
        """Every call of that name, parts of batches too, in order; all calls without a name."""
        calls = [one for whole in self.requests for one in (whole, *whole.parts)]
        return [one for one in calls if name in ("", one.name)]

    def names(self) -> list[str]:
        """What was asked for, request by request, without signing in."""
        return [one.name for one in self.requests if not one.name.startswith("oauth.")]

    def forget(self) -> None:
        """An empty log."""
        self.requests.clear()
