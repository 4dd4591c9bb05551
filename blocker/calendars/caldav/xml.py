"""CalDAV's XML: what is asked, and what a multistatus answers (RFC 4918, RFC 4791)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from blocker.calendars.text.values import utc_text
from blocker.calendars.web.client import Answer
from blocker.domain.errors import Unreachable
from blocker.domain.interval import Interval

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"

_SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_NEVER_IN_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    "|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_FACTS = (
    "d:resourcetype",
    "d:displayname",
    "d:current-user-principal",
    "d:current-user-privilege-set",
    "c:calendar-home-set",
    "c:supported-calendar-component-set",
)
_AROUND = timedelta(days=2)
"""Servers place floating and all-day events in zones of their own; we look for ourselves."""


NO_ADDRESS = -1
"""In place of a status: the server calls the resource something that is no address."""


@dataclass(frozen=True, slots=True)
class Found:
    """One resource in a multistatus: its address, what is wrong with it, and its properties.

    `href` is whole, with scheme and host.  `status` is 200 where its properties were given, and
    NO_ADDRESS where the server's own words for the address mean none.
    """

    href: str
    status: int
    properties: dict[str, Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A property's text, '' when there is none."""
        found = self.properties.get(name)
        return "" if found is None else (found.text or "").strip()

    def has(self, name: str, child: str) -> bool:
        """A property holds an element of this name, at any depth."""
        found = self.properties.get(name)
        return found is not None and next(found.iter(child), None) is not None

    def hrefs(self, name: str) -> list[str]:
        """The addresses that a property holds, whole; what is no address stays as it is."""
        found = self.properties.get(name)
        texts = () if found is None else (one.text or "" for one in found.iter(f"{DAV}href"))
        return [_joined(self.href, text.strip()) for text in texts if text.strip()]


def _joined(url: str, href: str) -> str:
    try:
        return urljoin(url, href)
    except ValueError:
        return href


def facts_asked() -> bytes:
    """A PROPFIND's body: what a resource is, and where the calendars are."""
    names = "".join(f"<{name}/>" for name in _FACTS)
    return _document("d:propfind", f"<d:prop>{names}</d:prop>")


def window_asked(window: Interval) -> bytes:
    """A REPORT's body: everything in a window, and a little around it."""
    wide = window.widen(_AROUND)
    span = f'<c:time-range start="{utc_text(wide.start)}" end="{utc_text(wide.end)}"/>'
    return _query(span)


def uid_asked(uid: str) -> bytes:
    """A REPORT's body: the events of one UID."""
    match = f'<c:text-match collation="i;octet">{escape(uid)}</c:text-match>'
    return _query(f'<c:prop-filter name="UID">{match}</c:prop-filter>')


def everything_asked() -> bytes:
    """A REPORT's body: all events."""
    return _query("")


def _query(narrowed: str) -> bytes:
    events = f'<c:comp-filter name="VEVENT">{narrowed}</c:comp-filter>'
    return _document(
        "c:calendar-query",
        "<d:prop><d:getetag/><c:calendar-data/></d:prop>"
        f'<c:filter><c:comp-filter name="VCALENDAR">{events}</c:comp-filter></c:filter>',
    )


def _document(name: str, inside: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f"{head}<{name} {_SPACES}>{inside}</{name}>".encode()


def multistatus(answer: Answer, label: str) -> list[Found]:
    """The resources that an answer speaks of; `label` is who gave it.

    Raises Unreachable for an answer that no CalDAV server gives.
    """
    if answer.status == 207 and not answer.body.strip():
        raise Unreachable(f"{label} answers with nothing; correct the address")
    root = _parsed(answer.body) if answer.status == 207 else None
    if root is None or root.tag != f"{DAV}multistatus":
        raise Unreachable(f"{label} answers with something that is not CalDAV; correct the address")
    responses = root.iter(f"{DAV}response")
    return [found for response in responses for found in _read(response, answer.url)]


def _parsed(body: bytes) -> Element | None:
    """A document's root, None for what is none.

    The letters of one odd event must not cost the others.
    """
    try:
        try:
            return fromstring(body, forbid_dtd=True)
        except ParseError:
            text = _NEVER_IN_XML.sub("", body.decode("utf-8", "replace"))
            return fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None


def _read(response: Element, url: str) -> Iterator[Found]:
    whole = response.find(f"{DAV}status")
    properties: dict[str, Element] = {}
    statuses = []
    for part in response.findall(f"{DAV}propstat"):
        statuses.append(status := _status(part.find(f"{DAV}status")))
        if 200 <= status < 300:
            properties |= {one.tag: one for one in part.iterfind(f"{DAV}prop/*")}
    # A property that is not there is no fault; a resource of which nothing could be read is.
    status = 200 if whole is None else _status(whole)
    faults = [one for one in statuses if not (200 <= one < 300 or one == 404)]
    if whole is None and not properties and faults:
        status = faults[0]
    for one in response.findall(f"{DAV}href"):
        text = one.text or ""
        try:
            yield Found(on_server(url, text), status, properties)
        except ValueError:
            yield Found(on_server(url, quote(text, safe="")), NO_ADDRESS, properties)


def _status(element: Element | None) -> int:
    """The number in 'HTTP/1.1 404 Not Found'; 200 where nothing is said."""
    found = re.search(r"\s(\d{3})(?:\s|$)", (element.text or "") if element is not None else "")
    return int(found[1]) if found else 200


def on_server(url: str, href: str) -> str:
    """The whole address of what a server calls `href`, on the server that was asked.

    Servers behind others get their own names wrong, and none speaks for another one here.
    Raises ValueError for what is no address.
    """
    asked, found = urlsplit(url), urlsplit(urljoin(url, href.strip()))
    return found._replace(scheme=asked.scheme, netloc=asked.netloc, fragment="").geturl()


def path_of(url: str) -> str:
    """What tells one resource of a server from another, however its address is spelled."""
    return unquote(urlsplit(url).path).rstrip("/")


def by_path(found: Iterable[Found]) -> dict[str, Found]:
    """Resources by their paths."""
    return {path_of(one.href): one for one in found}
