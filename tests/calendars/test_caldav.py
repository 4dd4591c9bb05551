"""The caldav provider against real servers: the contract, discovery, and what goes wrong."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar
from blocker.calendars.caldav import CaldavCalendar
from blocker.calendars.owner import Owner
from blocker.domain.member import CalendarRef
from tests.calendars.contract import CalendarContract
from tests.calendars.texts import ANA, NOW
from tests.dav_servers import DavServer, radicale, xandikos

__all__ = ["radicale", "xandikos"]  # fixtures


def opened(server: DavServer, url: str, *, writable: bool = True, **options: str) -> Calendar:
    """A calendar of the server as the program opens it, on its own."""
    ref = CalendarRef("caldav", url, "dav", f"caldav {url}", options={**server.options, **options})
    access = Access(NOW, {"DAV_PASSWORD": server.password})
    return CaldavCalendar(ref, Owner("dav", ANA.home, ANA.addresses), access, writable=writable)


class ServerContract(CalendarContract):
    server: DavServer

    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        """Each event of the content becomes a resource, as a server keeps them."""
        url = self.server.new_calendar()
        head = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
        texts = re.findall(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", content or b"", re.DOTALL)
        for number, text in enumerate(texts):
            text = text.replace(b"DTSTART", b"DTSTAMP:20260101T000000Z\r\nDTSTART", 1)
            place = urljoin(url, f"event-{number}.ics")
            whole = head + text + b"END:VCALENDAR\r\n"
            self.server.request("PUT", place, whole, **{"Content-Type": "text/calendar"})
        return opened(self.server, url, writable=writable)


class TestRadicale(ServerContract):
    @pytest.fixture(autouse=True)
    def _server(self, radicale: DavServer) -> None:
        self.server = radicale


class TestXandikos(ServerContract):
    @pytest.fixture(autouse=True)
    def _server(self, xandikos: DavServer) -> None:
        self.server = xandikos
