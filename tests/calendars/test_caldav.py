"""The caldav provider against real servers: the contract, discovery, and what goes wrong."""

from __future__ import annotations

import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

import pytest

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar, Put
from blocker.calendars.caldav.calendar import CaldavCalendar
from blocker.calendars.caldav.discovery import trusted_address
from blocker.calendars.caldav.xml import on_server
from blocker.calendars.owner import Owner
from blocker.calendars.registry import open_calendar
from blocker.calendars.web.addresses import Guard
from blocker.calendars.web.client import Limits, Web
from blocker.domain.errors import Unreachable
from blocker.domain.member import CalendarRef
from tests.calendars.contract import CalendarContract
from tests.calendars.test_providers import member
from tests.calendars.texts import ANA, NOW, SPRINT, block
from tests.dav_servers import DavServer, radicale, radicale_in, xandikos, xandikos_in
from tests.odd_server import Asked, Reply, always, in_front_of, odd_server

__all__ = ["radicale", "xandikos"]  # fixtures


QUICK = Limits(sleep=lambda _seconds: None)
"""Waits between tries are left out."""


def opened(
    server: DavServer, url: str, *, writable: bool = True, access: Access | None = None, **options
) -> CaldavCalendar:
    """A calendar of the server as the program opens it, on its own."""
    ref = CalendarRef("caldav", url, "dav", f"caldav {url}", options={**server.options, **options})
    access = access or Access(NOW, {"DAV_PASSWORD": server.password})
    owner = Owner("dav", ANA.home, ANA.addresses)
    return CaldavCalendar(ref, owner, access, writable=writable, limits=QUICK)


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


class TestDiscovery:
    """From what people write to the calendar they mean."""

    @pytest.fixture(params=["radicale", "xandikos"])
    def server(self, request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[DavServer]:
        """A server of its own, so that it holds just these calendars."""
        start = {"radicale": radicale_in, "xandikos": xandikos_in}[request.param]
        with start(tmp_path_factory.mktemp("own")) as server:
            yield server

    def test_every_address_of_an_account_leads_to_its_calendars(self, server: DavServer) -> None:
        url = server.new_calendar("Team work")
        starts = [server.root, server.root + "/", server.url(""), f"{server.root}/ana/"]
        for start in starts:
            opened(server, start, calendar="team WORK").apply([Put(block())])
            by_part = opened(server, start, calendar=url.rstrip("/").rpartition("/")[2])
            assert len(by_part.events(SPRINT).events) == 1
        for own in (url, url.rstrip("/")):
            (found,) = opened(server, own).events(SPRINT).events
            assert found.interval == block().interval

    def test_which_of_several_is_asked_and_a_wrong_name_is_answered_with_the_right_ones(
        self, server: DavServer
    ) -> None:
        server.new_calendar("Team work")
        server.new_calendar("Private")
        with pytest.raises(Unreachable, match=r"calendar: .*Private, Team work"):
            opened(server, server.root).events(SPRINT)
        with pytest.raises(Unreachable, match=r"there is no such calendar; there are .*Private"):
            opened(server, server.root, calendar="Wrok").events(SPRINT)
        server.new_calendar("Private")
        with pytest.raises(Unreachable, match="several calendars are called so"):
            opened(server, server.root, calendar="private").events(SPRINT)

    def test_in_place_of_a_calendar_that_is_gone_none_other_is_taken(
        self, server: DavServer
    ) -> None:
        gone = server.new_calendar()
        server.new_calendar()
        server.request("DELETE", gone)
        with pytest.raises(Unreachable, match=r"^dav: there is no calendar at this address \(404"):
            opened(server, gone).events(SPRINT)


def test_an_account_is_looked_through_once_for_all_its_calendars(radicale: DavServer) -> None:
    for name in ("One", "Two"):
        radicale.new_calendar(name)
    with odd_server(in_front_of(radicale)) as server:
        access = Access(NOW, {"DAV_PASSWORD": radicale.password})
        calendars = [
            opened(radicale, server.root, access=access, calendar=name) for name in ("One", "Two")
        ]
        threads = [threading.Thread(target=one.events, args=(SPRINT,)) for one in calendars]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        looked, read = server.methods().count("PROPFIND"), server.methods().count("REPORT")
        assert looked <= 5 and read == 2
        server.answer = always(401)
        access = Access(NOW, {"DAV_PASSWORD": radicale.password})
        server.asked.clear()
        for name in ("One", "Two"):
            with pytest.raises(Unreachable, match="refuses the password of ana"):
                opened(radicale, server.root, access=access, calendar=name).events(SPRINT)
        assert len(server.asked) == 1


def test_a_home_on_a_server_of_strangers_is_not_followed(radicale: DavServer) -> None:
    with odd_server(always(500)) as stranger:

        def elsewhere(asked: Asked) -> Reply:
            reply = in_front_of(radicale)(asked)
            body = reply.body.replace(b"<href>/ana/", f"<href>{stranger.root}/ana/".encode())
            return replace(reply, body=body)

        words = "keeps its calendars on another server"
        with odd_server(elsewhere) as server, pytest.raises(Unreachable, match=words):
            opened(radicale, server.root).events(SPRINT)
        assert stranger.asked == []


def test_a_token_signs_in(radicale: DavServer) -> None:
    url = radicale.new_calendar()
    basic = in_front_of(radicale)

    def bearer(asked: Asked) -> Reply:
        if asked.headers.get("authorization") != "Bearer t0ken":
            return Reply(401)
        known = b64encode(f"ana:{radicale.password}".encode()).decode()
        return basic(replace(asked, headers={**asked.headers, "authorization": f"Basic {known}"}))

    with odd_server(bearer) as server:
        access = Access(NOW, {"TOKEN": "t0ken"})
        there = url.replace(radicale.root, server.root)
        ref = CalendarRef("caldav", there, "dav", "caldav", options={"token_env": "TOKEN"})
        calendar = open_calendar(ref, member(), access, writable=True)
        calendar.apply([Put(block())])
        assert len(calendar.events(SPRINT).events) == 1
        assert calendar.cannot_be_written() is None and calendar.warnings() == []


@pytest.mark.parametrize(
    ("home", "other", "is_trusted"),
    [
        ("https://caldav.icloud.com/", "https://p34-caldav.icloud.com/7/calendars/", True),
        ("https://caldav.icloud.com/", "http://p34-caldav.icloud.com/7/calendars/", False),
        ("https://caldav.icloud.com/", "https://icloud.com.evil.example/", False),
        ("https://calendar.co.uk/", "https://evil.co.uk/", False),
        ("http://dav.northwind.example/", "http://other.northwind.example/", False),
    ],
)
def test_an_account_may_live_on_other_servers_of_its_house_alone(
    home: str, other: str, is_trusted: bool
) -> None:
    web = Web(Guard("dav"), home)
    if is_trusted:
        assert trusted_address(web, other) == other
        assert len(web.trusted) == 2
    else:
        with pytest.raises(Unreachable, match="keeps its calendars on another server"):
            trusted_address(web, other)
        assert len(web.trusted) == 1


def test_a_server_that_gets_its_own_name_wrong_is_asked_where_it_is() -> None:
    web = Web(Guard("dav"), "https://cloud.example/dav/")
    address = trusted_address(web, "http://cloud.example/dav/home/")
    assert address == "https://cloud.example/dav/home/"
    assert on_server("https://cloud.example/dav/", "http://inner:8080/dav/a%20b.ics") == (
        "https://cloud.example/dav/a%20b.ics"
    )


def test_a_server_too_small_for_discovery_serves_at_its_whole_address(
    radicale: DavServer,
) -> None:
    honest = in_front_of(radicale)
    url = radicale.new_calendar()
    with odd_server(lambda a: Reply(501) if a.method == "PROPFIND" else honest(a)) as server:
        calendar = opened(radicale, url.replace(radicale.root, server.root).rstrip("/"))
        calendar.apply([Put(block())])
        assert len(calendar.events(SPRINT).events) == 1
        with pytest.raises(Unreachable, match=r"does not understand .* \(501\)"):
            opened(radicale, server.root).events(SPRINT)
