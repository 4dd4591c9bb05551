"""Whatever a CalDAV server says is understood, or said not to be; nothing else comes of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from blocker.domain.errors import Unreachable
from tests.calendars.test_caldav import opened
from tests.calendars.texts import SPRINT, calendar, event
from tests.dav_servers import DavServer
from tests.odd_server import always, odd_server

PLACES = ["/ana/work/", "/ana/work/a.ics", "http://[x/", "http://h:abc/", "//h:99999", "", "%zz"]
TEXTS = st.one_of(
    st.sampled_from(
        [*PLACES, "HTTP/1.1 200 OK", "HTTP/1.1 999 ?", "HTTP/1.1 \u0664\u0660\u0664 x"]
    ),
    st.sampled_from(
        [calendar(event()).decode(), "BEGIN:VCALENDAR", "&#0;", "\x0b", "<", '"\u2019']
    ),
    st.text(max_size=20).map(escape),
)
NAMES = [
    "d:response", "d:href", "d:status", "d:propstat", "d:prop", "d:getetag", "c:calendar-data",
    "d:resourcetype", "d:collection", "c:calendar", "d:displayname", "d:current-user-principal",
    "c:calendar-home-set", "d:current-user-privilege-set", "d:privilege", "d:multistatus",
]  # fmt: skip


def _inside(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


PARTS = st.recursive(
    TEXTS,
    lambda parts: st.builds(_inside, st.sampled_from(NAMES), st.lists(parts).map("".join)),
    max_leaves=12,
)


@st.composite
def answers(draw: st.DrawFn) -> str:
    """A multistatus of resources that are nearly right, with odd things in between."""

    def some(name: str, *more: str) -> str:
        return _inside(name, draw(TEXTS) + "".join(more)) if draw(st.booleans()) else ""

    def response() -> str:
        kind = draw(st.sampled_from(["<c:calendar/>", "<d:collection/>", ""]))
        home = some("c:calendar-home-set", some("d:href"))
        principal = some("d:current-user-principal", some("d:href"))
        data = some("d:getetag") + some("c:calendar-data") + draw(PARTS)
        prop = _inside("d:prop", f"<d:resourcetype>{kind}</d:resourcetype>{home}{principal}{data}")
        place = _inside("d:href", draw(st.sampled_from(PLACES)))
        return _inside("d:response", place + _inside("d:propstat", prop + some("d:status")))

    inside = "".join(response() for _ in range(draw(st.integers(0, 3)))) + draw(PARTS)
    spaces = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f"<d:multistatus {spaces}>{inside}</d:multistatus>"


BODIES = st.one_of(answers(), st.text(max_size=30))
NOBODY = DavServer("odd", 0, "/ana/")


@given(body=BODIES)
@settings(max_examples=80, deadline=None)
def test_fault_22_whatever_a_server_says_is_a_listing_or_unreachable(body: str) -> None:
    with odd_server(always(207, body)) as server:
        at = replace(NOBODY, port=server.port)
        for path in ("/ana/work/", "/"):
            with contextlib.suppress(Unreachable):
                listing = opened(at, at.root + path).events(SPRINT)
                assert listing.events == () or "BEGIN:VEVENT" in body
