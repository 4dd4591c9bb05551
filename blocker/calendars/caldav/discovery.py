"""CalDAV discovery: from what a team wrote to the one calendar it means (RFC 6764, RFC 4791).

An address may be a calendar's own, a home's, a principal's, or just a server's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from blocker.calendars.caldav.xml import (
    CAL,
    DAV,
    NO_ADDRESS,
    Found,
    facts_asked,
    multistatus,
    on_server,
    path_of,
)
from blocker.calendars.web.client import Answer, Origin, Web, origin_of
from blocker.calendars.web.refusals import refusal
from blocker.domain.errors import Unreachable

_NOT_HERE = (400, 403, 404, 405, 409, 410, 501)
"""Answers of a place that is no CalDAV resource, while another one of its server may be."""
_WRITE = ("all", "write", "write-content", "bind")


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar on a server.  `may_be_written` is None where the server does not say."""

    url: str
    name: str
    may_be_written: bool | None = None

    @property
    def last_part(self) -> str:
        return unquote(urlsplit(self.url).path).rstrip("/").rpartition("/")[2]


@dataclass
class Account:
    """The calendars behind one address and sign-in, looked for once a run.

    Several calendars of a team share it, each with a `Web` of its own.
    """

    _known: list[Collection] | None = None
    _failure: str | None = None
    _trusted: set[Origin] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def calendars(self, web: Web) -> list[Collection]:
        """Raises Unreachable; for each calendar of a failing account, but waited for once."""
        with self._lock:
            if self._failure is not None:
                raise Unreachable(web.label + self._failure)
            if self._known is None:
                try:
                    self._known = _look(web)
                except Unreachable as problem:
                    self._failure = str(problem).removeprefix(web.label)
                    raise
                self._trusted = set(web.trusted)
            web.trusted |= self._trusted
            return self._known


def find_calendar(web: Web, account: Account, name: str | None) -> Collection:
    """The calendar that is meant: by its name in the account, or the only one there is.

    Raises Unreachable, naming those that there are.
    """
    known = account.calendars(web)
    if not known:
        raise Unreachable(
            f"{web.label}: there are no calendars at this address; write that of a calendar, or of"
            " the account"
        )
    if name is None:
        if len(known) == 1:
            return known[0]
        raise Unreachable(
            f"{web.label} holds several calendars; write which beside it: calendar: {_names(known)}"
        )
    wanted = name.strip().casefold()
    by_part = [one for one in known if one.last_part.casefold() == wanted]
    found = by_part or [one for one in known if one.name.casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise Unreachable(
            f"{web.label}: several calendars are called so; write one of"
            f" {', '.join(one.last_part for one in found)}"
        )
    raise Unreachable(f"{web.label}: there is no such calendar; there are {_names(known)}")


def _names(known: Iterable[Collection]) -> str:
    return ", ".join(sorted(one.name or one.last_part for one in known)[:20])


def _look(web: Web) -> list[Collection]:
    """The calendars that an address leads to."""
    start = _facts(web, web.home, missing_is_fine=True)
    # Only for a server's bare address: in place of a calendar that is gone none other is taken.
    is_bare = urlsplit(web.home).path in ("", "/")
    if is_bare and (start is None or not _leads_on(start)):
        known = urljoin(web.home, "/.well-known/caldav")
        start = _facts(web, known, missing_is_fine=True) or start
    if start is None and not is_bare and _knows_no_facts(web):
        return [Collection(web.home if web.home.endswith("/") else web.home + "/", "")]
    if start is None:
        start = _facts(web, web.home, missing_is_fine=False)
    if start is None:
        return []
    if _is_calendar(start):
        return [_collection(start)]
    if here := _inside(web, start.href):
        return here
    return [one for home in _homes(web, start) for one in _inside(web, home)]


def _knows_no_facts(web: Web) -> bool:
    """A server too small for discovery; whether it is a calendar shows when events are asked."""
    return _propfind(web, web.home, "0", missing_is_fine=True).status in (405, 501)


def _leads_on(found: Found) -> bool:
    return bool(
        found.hrefs(f"{CAL}calendar-home-set") or found.hrefs(f"{DAV}current-user-principal")
    ) or found.has(f"{DAV}resourcetype", f"{DAV}collection")


def _homes(web: Web, start: Found) -> list[str]:
    """The addresses of the homes that a resource, or its principal, names."""
    homes = start.hrefs(f"{CAL}calendar-home-set")
    for principal in [] if homes else start.hrefs(f"{DAV}current-user-principal")[:1]:
        found = _facts(web, trusted_address(web, principal), missing_is_fine=False)
        homes = found.hrefs(f"{CAL}calendar-home-set") if found else []
    return [trusted_address(web, home) for home in homes]


def trusted_address(web: Web, url: str) -> str:
    """An address that the signed-in server gave, which may be of another server of the same house.

    Passwords go there too: large providers keep calendars on numbered servers.  Raises Unreachable
    for a server of strangers, and for what is no address.
    """
    try:
        there = origin_of(url)
    except ValueError:
        raise Unreachable(
            f"{web.label} says that its calendars are at something that is no address; write that"
            " of a calendar"
        ) from None
    if there in web.trusted:
        return url
    home = origin_of(web.home)
    if there[1] == home[1] and there[0::2] in (("http", 80), ("https", 443)):
        return on_server(
            web.home, url
        )  # a server behind another one, which gets its own name wrong
    house = home[1].partition(".")[2]
    # of icloud.com, not of co.uk
    is_house = house.count(".") >= 2 or len(house.partition(".")[0]) > 3
    is_sibling = "." in house and is_house and there[1].endswith("." + house)
    is_encrypted = home[0] == there[0] == "https"
    if (is_sibling and is_encrypted) or web.guard.is_allowed(*there[1:]):
        web.trusted.add(there)
        return url
    raise Unreachable(
        f"{web.label} keeps its calendars on another server, {there[1]}; if you trust it, write"
        " its address in the config"
    )


def _inside(web: Web, url: str) -> list[Collection]:
    """The calendars for events in a collection."""
    url = url if url.endswith("/") else url + "/"
    answer = _propfind(web, url, "1", missing_is_fine=True)
    if answer.status in _NOT_HERE:
        return []
    return [_collection(one) for one in _read(web, answer) if _is_calendar(one)]


def _facts(web: Web, url: str, *, missing_is_fine: bool) -> Found | None:
    """What one resource says of itself.  Raises Unreachable, unless it may be missing."""
    answer = _propfind(web, url, "0", missing_is_fine=missing_is_fine)
    if missing_is_fine and answer.status != 207:
        return None
    found = _read(web, answer)
    here = [one for one in found if path_of(one.href) == path_of(answer.url)] or found
    if here and here[0].status == 200:
        return here[0]
    if missing_is_fine or not here:
        return None
    raise refusal(web.label, here[0].status, "PROPFIND", web.sign_in, {})


def _propfind(web: Web, url: str, depth: str, *, missing_is_fine: bool) -> Answer:
    return web.ask(
        "PROPFIND",
        url,
        body=facts_asked(),
        headers={"Depth": depth, "Content-Type": "application/xml; charset=utf-8"},
        understood=_NOT_HERE if missing_is_fine else (),
    )


def _read(web: Web, answer: Answer) -> list[Found]:
    found = multistatus(answer, web.label)
    return [one for one in found if one.status != NO_ADDRESS]


def _is_calendar(found: Found) -> bool:
    """A calendar that holds events, or does not say what it holds."""
    kinds = f"{CAL}supported-calendar-component-set"
    parts = found.properties.get(kinds)
    names = set() if parts is None else {one.get("name", "").upper() for one in parts}
    is_calendar = found.status == 200 and found.has(f"{DAV}resourcetype", f"{CAL}calendar")
    return is_calendar and (not names or "VEVENT" in names)


def _collection(found: Found) -> Collection:
    name = f"{DAV}current-user-privilege-set"
    says_so = found.has(name, f"{DAV}privilege")
    may = any(found.has(name, DAV + one) for one in _WRITE) if says_so else None
    url = found.href if found.href.endswith("/") else found.href + "/"
    return Collection(url, found.text(f"{DAV}displayname"), may)
