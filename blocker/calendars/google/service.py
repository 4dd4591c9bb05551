"""The session with Google's calendars, which all calendars of a run share."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.http import BatchHttpRequest, HttpRequest

from blocker.calendars.access import Access
from blocker.calendars.google.accounts import (
    Account,
    Place,
    ServiceAccount,
    UserAccount,
    subject_for,
)
from blocker.calendars.google.errors import SCOPES, Refusal, refusal
from blocker.calendars.google.patience import Pace, Patience
from blocker.calendars.google.wire import Answer, NoAnswer, Wire

MOST_IN_BATCH = 50
"""What the guide to batches of the Calendar API recommends at most."""
_APIS = {
    "calendar": ("v3", "https://www.googleapis.com", "/calendar/v3/"),
    "sheets": ("v4", "https://sheets.googleapis.com", "/"),
}
"""Each API with the version of its discovery document, where it is, and its path there."""

Json = dict[str, Any]
Make = Callable[[Any], HttpRequest]
"""Makes a request of the service that the discovery document describes."""


class _Door:
    """What the client library asks through: our wire, with the account's token."""

    def __init__(self, wire: Wire, account: Account, deadline: float) -> None:
        self._wire, self._account, self._deadline = wire, account, deadline
        self.authorization = account.authorization(self.ask)

    def ask(
        self,
        url: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_ignored: object,
    ) -> Answer:
        """As google-auth wants to be asked."""
        return self._wire.ask(method, url, headers or {}, body, self._deadline)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_ignored: object,
    ) -> tuple[httplib2.Response, bytes]:
        """As the client library wants to ask; a token that is refused is renewed once."""
        answer = self._signed(uri, method, body, headers)
        if answer.status == 401:
            self.renew()
            answer = self._signed(uri, method, body, headers)
        kept = {**answer.headers, "status": str(answer.status)}
        return httplib2.Response(kept), answer.data

    def renew(self) -> None:
        self.authorization = self._account.authorization(self.ask, self.authorization)

    def _signed(
        self, uri: str, method: str, body: str | bytes | None, headers: Mapping[str, str] | None
    ) -> Answer:
        return self.ask(uri, method, body, {**(headers or {}), "authorization": self.authorization})


class Session:
    """Asks Google for several calendars and accounts, from several threads."""

    def __init__(
        self, endpoint: str | None = None, secrets: Path | None = None, pace: Pace | None = None
    ) -> None:
        self._endpoint = endpoint
        self._secrets = secrets
        self._pace = pace or Pace()
        self._wire = Wire(self._pace.clock)
        self._lock = threading.Lock()
        self._services: dict[str, Any] = {}
        self._accounts: dict[str, Account] = {}

    def account(
        self,
        options: Mapping[str, str],
        address: str,
        email: str | None,
        scopes: Sequence[str] = SCOPES,
    ) -> Account:
        """Who asks for a calendar, by its options.

        `scopes` are what a service account needs; people choose when they sign in.
        """
        if file := options.get("service_account"):
            subject = subject_for(address, email)
            return self._known(
                f"{file} {subject} {scopes}", lambda: ServiceAccount(Path(file), subject, scopes)
            )
        place = Place(options, self._secrets)
        return self._known(place.key, lambda: UserAccount(place))

    def _known(self, key: str, make: Callable[[], Account]) -> Account:
        with self._lock:
            if key not in self._accounts:
                self._accounts[key] = make()
            return self._accounts[key]

    def patience(self) -> Patience:
        """For one piece of work."""
        return Patience(self._pace)

    def call(self, account: Account, make: Make, patience: Patience, api: str = "calendar") -> Json:
        """One request and its answer, tried again while that helps.

        `api` is calendar or sheets.  Raises Refusal, NoAnswer, SignInNeeded.
        """
        request = make(self._built(api))
        while True:
            try:
                door = _Door(self._wire, account, patience.deadline)
                return _whole(_executed(lambda: request.execute(http=door)))  # noqa: B023  (called at once)
            except (Refusal, NoAnswer) as problem:
                patience.wait(problem)

    def batch(
        self,
        account: Account,
        makes: Mapping[str, Make],
        patience: Patience,
        answers: dict[str, Json | Refusal],
    ) -> None:
        """Up to 50 requests in one, each answered by itself into `answers` as soon as it is known.

        Those that were refused for now are sent again.  Raises NoAnswer, SignInNeeded, Refusal
        where the whole fails, or what was refused for now stays so; the other answers are there.
        """
        service = self._built("calendar")
        waiting = {key: make(service) for key, make in makes.items()}
        may_renew, renew = True, False
        while waiting:
            try:
                door = _Door(self._wire, account, patience.deadline)
                if renew:
                    door.renew()
                    may_renew = renew = False
                given = self._send(waiting, door)
            except (Refusal, NoAnswer) as problem:
                patience.wait(problem)
                continue
            held_up: list[Refusal] = []
            for key, answer in given.items():
                if isinstance(answer, Refusal) and answer.status == 401 and may_renew:
                    renew = True
                elif isinstance(answer, Refusal) and answer.is_passing:
                    held_up.append(answer)
                else:
                    answers[key] = answer
                    del waiting[key]
            if held_up:
                patience.wait(max(held_up, key=lambda one: one.wait_seconds or 0.0))

    def _send(self, requests: Mapping[str, HttpRequest], door: _Door) -> dict[str, Json | Refusal]:
        """One batch.  Raises Refusal, NoAnswer."""
        found: dict[str, Json | Refusal] = {}

        def hear(key: str, response: Any, problem: HttpError | None) -> None:
            found[key] = _refused(problem) if problem else response or {}

        _, home, _ = _APIS["calendar"]
        # the client library would send batches to Google whatever the endpoint
        batch = BatchHttpRequest(
            callback=hear, batch_uri=f"{self._endpoint or home}/batch/calendar/v3"
        )
        for key, request in requests.items():
            # parts inherit the batch's, says the guide; the client library sends both
            request.headers["authorization"] = door.authorization
            batch.add(request, request_id=key)
        _executed(lambda: batch.execute(http=door))
        return found

    def _built(self, api: str) -> Any:
        """The service that the bundled discovery document describes; no network."""
        with self._lock:
            if api not in self._services:
                version, home, path = _APIS[api]
                self._services[api] = build_from_document(
                    json.loads(get_static_doc(api, version)),
                    http=_NOBODY,
                    client_options={"api_endpoint": f"{self._endpoint or home}{path}"},
                )
            return self._services[api]


def open_session(access: Access, endpoint: str | None) -> Session:
    """The session with one endpoint, the same for all calendars of a run."""
    return access.shared(("google", endpoint), lambda: Session(endpoint, access.secrets))


for _name in ("googleapiclient", "google"):
    # what they would print of an answer is said in our words, or is nobody's business
    logging.getLogger(_name).addHandler(logging.NullHandler())

_NOBODY = httplib2.Http()
"""Stands for the door until a request goes through one; never asked."""


def _executed(job: Callable[[], Any]) -> Any:
    """What the client library answers.  Raises Refusal, NoAnswer, SignInNeeded."""
    try:
        return job()
    except HttpError as problem:
        raise _refused(problem) from None
    except (BatchError, ValueError, LookupError, RecursionError):
        # such as the page with which a hotel asks for a sign-in
        raise NoAnswer("something else answers in its place", is_final=True) from None


def _whole(answer: Any) -> Json:
    if not isinstance(answer, dict):
        raise NoAnswer("something else answers in its place", is_final=True)
    return answer


def _refused(problem: HttpError) -> Refusal:
    return refusal(int(problem.resp.status), dict(problem.resp), problem.content)
