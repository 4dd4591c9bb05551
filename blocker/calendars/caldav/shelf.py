"""CalDAV shelves: the resources of one calendar on a server, read and written one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from blocker.calendars.caldav.resource import Resource, name_for
from blocker.calendars.caldav.xml import (
    CAL,
    DAV,
    NO_ADDRESS,
    Found,
    by_path,
    everything_asked,
    multistatus,
    on_server,
    path_of,
    uid_asked,
    window_asked,
)
from blocker.calendars.owner import Owner
from blocker.calendars.text.plain_text import one_line
from blocker.calendars.web.client import Answer, Web
from blocker.calendars.web.refusals import refusal
from blocker.domain.errors import CalendarUnreadable, Unreachable
from blocker.domain.event import Trouble
from blocker.domain.interval import Interval

MOST_FETCHED = 1000
"""Events that are asked for one by one where a server does not give them together."""

_GONE = (404, 410)
_NO_SUCH_QUESTION = (400, 403, 404, 405, 409, 412, 415, 422, 500, 501)
_SHORTEST = timedelta(days=1)
_UID = re.compile(rb"^UID[^:\r\n]*:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_HEADER_TEXT = re.compile(r"[\x20-\x7e\x80-\xff]+")
_NO_ROOM = 507
_TOO_MANY = b"number-of-matches-within-limits"
"""How a server says that a question has too many answers (RFC 4791, 7.8)."""
_XML = {"Depth": "1", "Content-Type": "application/xml; charset=utf-8"}
_TEXT = {"Content-Type": "text/calendar; charset=utf-8"}


@dataclass
class Shelf:
    """A calendar's collection at `url`, which ends in a slash.

    Every method raises Unreachable.
    """

    web: Web
    url: str
    owner: Owner

    def place_for(self, uid: str) -> str:
        """The address under which an event of ours is put."""
        return urljoin(self.url, name_for(uid))

    def in_window(self, window: Interval) -> tuple[list[Resource], list[Trouble]]:
        """Everything that may touch the window; what cannot be read of it is a trouble."""
        resources: list[Resource] = []
        troubles: list[Trouble] = []
        alone = 0
        for path, found in self._found_in(window).items():
            if path == path_of(self.url) or found.status in _GONE:
                continue
            try:
                if found.status == NO_ADDRESS:
                    raise _NotGiven("what the server calls its address is none")
                if found.status != 200:
                    raise _NotGiven(f"the server does not give it ({found.status})")
                resource = self._given(found)
                if resource is None and (alone := alone + 1) > MOST_FETCHED:
                    raise _NotGiven("the server gives its events one by one, and has too many")
                if (resource := resource or self.at(found.href)) is not None:
                    resources.append(resource)
            except CalendarUnreadable as problem:
                troubles.append(self._trouble(found, problem.mistakes[0].message))
            except _NotGiven as problem:
                troubles.append(self._trouble(found, str(problem)))
        return resources, troubles

    def _found_in(self, window: Interval) -> dict[str, Found]:
        """What a server has for a window, which it may only give in smaller pieces."""
        answer = self._ask_report(window_asked(window), understood=(403, _NO_ROOM))
        is_too_much = answer.status == _NO_ROOM or _TOO_MANY in answer.body
        if answer.status == 403 and not is_too_much:
            raise refusal(self.web.label, 403, "REPORT", self.web.sign_in, answer.headers)
        if not is_too_much:
            found = by_path(multistatus(answer, self.web.label))
            own = found.get(path_of(self.url))
            if own is None or own.status == 200:
                return found
            if own.status != _NO_ROOM:
                raise refusal(self.web.label, own.status, "REPORT", self.web.sign_in, {})
        if window.length <= _SHORTEST:
            raise Unreachable(
                f"{self.web.label} gives only a part of its events; run again later, or share a"
                " smaller calendar"
            )
        middle = window.start + window.length / 2
        return {
            **self._found_in(Interval(window.start, middle)),
            **self._found_in(Interval(middle, window.end)),
        }

    def _trouble(self, found: Found, message: str) -> Trouble:
        """What is wrong with a whole resource."""
        name = one_line(path_of(found.href).rpartition("/")[2])
        uid = _UID.search(found.text(f"{CAL}calendar-data").encode())
        return Trouble(
            self.owner.label,
            f"the event at {name} cannot be read: {message}",
            one_line(uid[1].decode("utf-8", "replace")) if uid else None,
        )

    def _given(self, found: Found) -> Resource | None:
        """What an answer holds of a resource, None without its text.  Raises CalendarUnreadable."""
        data = found.text(f"{CAL}calendar-data")
        if not data:
            return None
        text = re.sub(r"\r\n?|\n", "\r\n", data) + "\r\n"
        etag = _strong(found.text(f"{DAV}getetag"))
        return Resource(found.href, etag, text.encode(), self.owner)

    def with_uid(self, uid: str) -> Resource | None:
        """The event of a UID, wherever it stands."""
        answer = self._ask_report(uid_asked(uid), understood=_NO_SUCH_QUESTION)
        if answer.status != 207:
            answer = self._ask_report(everything_asked())
        return next((one for one in self._readable(answer) if uid in one.uids), None)

    def _readable(self, answer: Answer) -> Iterator[Resource]:
        for found in multistatus(answer, self.web.label):
            if found.status == 200 and path_of(found.href) != path_of(self.url):
                try:
                    resource = self._given(found) or self.at(found.href)
                except CalendarUnreadable:
                    continue
                if resource is not None:
                    yield resource

    def at(self, href: str) -> Resource | None:
        """What stands at an address.  Raises CalendarUnreadable."""
        # packed, some servers give another ETag, which then guards nothing
        plain = {"Accept-Encoding": "identity"}
        answer = self.web.ask("GET", href, headers=plain, understood=_GONE)
        if answer.status in _GONE:
            return None
        if answer.body.lstrip().startswith(b"<"):
            raise Unreachable(f"{self.web.label} answers with a web page; run again later")
        return Resource(href, _strong(answer.headers.get("ETag", "")), answer.body, self.owner)

    def put(self, resource: Resource, content: bytes) -> Answer:
        """Let this text stand in place of what was seen there, and only of that.

        The answer may be that something else stands there (412), is missing (404), or that the
        server will not have it (403, 409).
        """
        guard = {"If-None-Match": "*"} if not resource.uids else _unchanged(resource)
        return self.web.ask(
            "PUT",
            resource.href,
            body=content,
            headers={**_TEXT, **guard},
            understood=(403, 404, 409, 412),
            may_repeat=bool(guard),
        )

    def delete(self, resource: Resource) -> Answer:
        """Take away what was seen, and only that.  404 and 412 are answers too."""
        return self.web.ask(
            "DELETE",
            resource.href,
            headers=_unchanged(resource),
            understood=(*_GONE, 412),
            may_repeat=True,
        )

    def _ask_report(self, body: bytes, understood: Collection[int] = ()) -> Answer:
        return self.web.ask("REPORT", self.url, body=body, headers=_XML, understood=understood)

    def kept_at(self, resource: Resource, answer: Answer, content: bytes) -> Resource | None:
        """What stands after a PUT: as sent where the server says so, else as it reads now.

        A server that changes a text gives no strong ETag with its answer (RFC 4791, 5.3.4).
        Raises CalendarUnreadable.
        """
        try:
            href = on_server(resource.href, answer.headers.get("Location") or "")
        except ValueError:
            href = resource.href
        etag = _strong(answer.headers.get("ETag", ""))
        if etag is None:
            return self.at(href) or self.at(resource.href)
        return Resource(href, etag, content, self.owner)


class _NotGiven(Exception):
    """A server lists a resource and does not give it."""


def _unchanged(resource: Resource) -> Mapping[str, str]:
    return {"If-Match": resource.etag} if resource.etag else {}


def _strong(etag: str) -> str | None:
    """An ETag that can guard a write; weak ones never match (RFC 9110, 13.1.1).

    Nor do those with letters that no header carries.
    """
    is_weak = etag.startswith(("W/", "w/"))
    return etag if _HEADER_TEXT.fullmatch(etag) and not is_weak else None
