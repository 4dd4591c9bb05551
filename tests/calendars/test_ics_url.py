"""Subscribed feeds: conditional reading, and the last good copy where a feed fails."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import timedelta

import pytest

from blocker.calendars.access import Access, Copies
from blocker.calendars.base import Put
from blocker.calendars.ics_url import OLDEST_COPY, UrlCalendar
from blocker.calendars.owner import Owner
from blocker.calendars.registry import open_calendar
from blocker.calendars.web.client import Limits
from blocker.domain.errors import Unreachable, WrongUse
from blocker.domain.event import Listing
from blocker.domain.member import CalendarRef
from tests.calendars.test_providers import member
from tests.calendars.texts import ANA, NOW, SPRINT, block, calendar, event
from tests.odd_server import Answer, Asked, OddServer, Reply, always, odd_server

GOOD = calendar(event(), event("SUMMARY:Weekly", "RRULE:FREQ=WEEKLY;COUNT=2", uid="w@t"))
SECRET_PATH = "/private-8d41c0/basic.ics"


class Feed:
    """A feed on a server, read at chosen moments by runs that share the copies."""

    def __init__(self, server: OddServer) -> None:
        self.server = server
        self.copies = Copies()
        self.slept: list[float] = []

    def opened(self, days_later: float = 0, **options: str) -> UrlCalendar:
        hosts = frozenset({"127.0.0.1"})
        now = NOW + timedelta(days=days_later)
        access = Access(now, {"FEED": "open sesame"}, hosts=hosts, copies=self.copies)
        address = self.server.root + SECRET_PATH
        ref = CalendarRef("url", address, "feed", f"url {address}", options=options)
        limits = Limits(sleep=self.slept.append)
        return UrlCalendar(ref, Owner("feed", ANA.home, ANA.addresses), access, limits=limits)

    def read(self, days_later: float = 0, **options: str) -> Listing:
        return self.opened(days_later, **options).events(SPRINT)


def with_tag(body: bytes, **headers: str) -> Answer:
    """A server that honours what it is told of the copy."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(asked: Asked) -> Reply:
        told = asked.headers.get("if-none-match"), asked.headers.get("if-modified-since")
        known = named.get("ETag"), named.get("Last-Modified")
        is_known = any(a and a == b for a, b in zip(told, known, strict=True))
        return Reply(304) if is_known else Reply(200, body, named)

    return answer


@pytest.mark.parametrize(
    "tags", [{"ETag": 'W/"1"'}, {"Last_Modified": "Mon, 04 Jan 2027 08:00:00 GMT"}, {}]
)
def test_a_feed_that_did_not_change_is_sent_once(tags: dict[str, str]) -> None:
    with odd_server(with_tag(GOOD, **tags)) as server:
        feed = Feed(server)
        first, second = feed.read(), feed.read(days_later=20)
        assert len(first.events) == 3 and first == second and first.warnings == ()
        # found unchanged after 20 days: from then on its age counts
        server.answer = always(503)
        assert feed.read(days_later=21).warnings == (
            "feed could not be read (has a problem of its own (503); run again later); its copy of"
            " Sun 17 Jan 09:00 is used, 1 day old",
        )


def test_a_changed_feed_takes_the_place_of_its_copy() -> None:
    with odd_server(with_tag(GOOD, ETag='"1"')) as server:
        feed = Feed(server)
        feed.read()
        server.answer = with_tag(calendar(event()), ETag='"2"')
        assert len(feed.read().events) == 1
        server.answer = always(500)
        assert len(feed.read().events) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (always(503), "has a problem of its own (503)"),
        (always(429), "gets too many requests (429)"),
        (always(520), "has a problem of its own (520)"),
        (always(200, "<html>Sign in</html>"), "is a web page, not a calendar"),
        (always(200, b""), "is empty"),
        (always(200, GOOD[:-20]), "breaks off before END:VCALENDAR"),
        (lambda _: None, "cannot be reached"),
    ],
)
def test_fault_4_a_feed_that_fails_is_its_copy_of_some_age_and_never_free(
    broken: Answer, why: str
) -> None:
    with odd_server(with_tag(GOOD, ETag='"1"')) as server:
        feed = Feed(server)
        before = feed.read()
        server.answer = broken
        after = feed.read(days_later=2)
        assert after.events == before.events
        (warning,) = after.warnings
        assert warning.startswith("feed could not be read (") and why in warning
        assert warning.endswith("its copy of Mon 28 Dec 09:00 is used, 2 days old")
        assert SECRET_PATH not in warning
        with pytest.raises(Unreachable, match="its last copy, of Mon 28 Dec 09:00, is too old"):
            feed.read(days_later=OLDEST_COPY.days + 1)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (always(401), "feed asks for a sign-in"),
        (always(403), "feed may not be read without signing in (403)"),
        (always(404), "feed: there is no calendar at this address (404); correct it"),
        (always(410), "feed: there is no calendar at this address (410); correct it"),
        (
            always(302, Location="http://169.254.1.1/x"),
            "feed sends us where we do not go: 169.254.1.1",
        ),
        (always(302, Location="file:///x"), "feed sends us to no address of the web"),
        (always(302, Location="/again"), "from address to address without end"),
    ],
)
def test_fault_20_a_copy_never_hides_that_people_must_act(refused: Answer, words: str) -> None:
    with odd_server(with_tag(GOOD, ETag='"1"')) as server:
        feed = Feed(server)
        feed.read()
        with pytest.raises(Unreachable, match="the environment variable NONE is not set"):
            feed.read(token_env="NONE")
        server.answer = refused
        with pytest.raises(Unreachable) as caught:
            feed.read()
        assert words in str(caught.value) and SECRET_PATH not in str(caught.value)
        assert "copy" not in str(caught.value)


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "", "BEGIN:VCALENDAR", "{}"])
def test_fault_4_what_is_no_calendar_is_an_error_where_there_is_no_copy(body: str) -> None:
    with odd_server(always(200, body)) as server:
        with pytest.raises(Unreachable) as caught:
            Feed(server).read()
        message = str(caught.value)
        assert message.startswith("feed ") and "correct the address" in message
        assert SECRET_PATH not in message and "\n" not in message


@pytest.mark.parametrize(
    "broken",
    [
        None,
        lambda _: None,
        always(404),
        always(302, Location=SECRET_PATH),
        always(302, Location=f"http://[x{SECRET_PATH}"),
        always(302, Location=f"http://127.0.0.1:1{SECRET_PATH}"),
        always(200, GOOD, Content_Encoding="gzip"),
    ],
)
def test_fault_41_the_path_stands_in_no_error_nor_what_lies_behind_it(
    broken: Answer | None,
) -> None:
    """A report of a defect holds the errors that came before it, too."""
    with odd_server(broken or always()) as server:
        feed = Feed(server).opened()
        if broken is not None:
            with pytest.raises(Unreachable) as caught:
                feed.events(SPRINT)
    if broken is None:  # nobody is there any more
        with pytest.raises(Unreachable) as caught:
            feed.events(SPRINT)
    report = "".join(traceback.format_exception(caught.value))
    assert "feed" in report and SECRET_PATH.strip("/") not in report


def test_fault_20_a_feed_suddenly_empty_is_said_until_it_is_old_news() -> None:
    with odd_server(with_tag(GOOD, ETag='"1"')) as server:
        feed = Feed(server)
        feed.read()
        server.answer = with_tag(calendar(), ETag='"2"')
        for days in (1, 2):
            listing = feed.read(days_later=days)
            assert listing.events == ()
            (warning,) = listing.warnings
            assert "is suddenly empty; its copy of Mon 28 Dec 09:00 holds 2 events" in warning
        feed.read(days_later=OLDEST_COPY.days + 1)
        assert feed.read(days_later=OLDEST_COPY.days + 2).warnings == ()


def test_a_copy_that_cannot_be_read_is_no_copy() -> None:
    with odd_server(with_tag(GOOD, ETag='"1"')) as server:
        feed = Feed(server)
        feed.read()
        key = next(iter(feed.copies.take_changed()))
        kept = feed.copies.get(key)
        assert kept is not None
        for damaged in (replace(kept, body=b"x"), replace(kept, tag="[]"), replace(kept, tag="{")):
            feed.copies.keep(key, damaged)
            assert len(feed.read().events) == 3
            assert "if-none-match" not in server.asked[-1].headers


def test_a_feed_behind_a_password() -> None:
    def answer(asked: Asked) -> Reply:
        is_known = asked.headers.get("authorization") == "Basic YW5hOm9wZW4gc2VzYW1l"
        return Reply(200, GOOD) if is_known else Reply(401)

    with odd_server(answer) as server:
        feed = Feed(server)
        assert len(feed.read(username="ana", password_env="FEED").events) == 3
        with pytest.raises(Unreachable, match="the environment variable NONE is not set"):
            Feed(server).read(username="ana", password_env="NONE")


def test_a_feed_is_only_read() -> None:
    with odd_server(always()) as server:
        feed = Feed(server).opened()
        with pytest.raises(WrongUse, match="only read"):
            feed.apply([Put(block())])
        assert "only read" in (feed.cannot_be_written() or "") and server.asked == []


def test_fault_39_a_feed_on_this_machine_is_opened_only_where_the_config_allows_it() -> None:
    with odd_server(always(200, GOOD)) as server:
        ref = CalendarRef("url", server.root + "/x.ics", "http://127.0.0.1/…", "url x")
        with pytest.raises(Unreachable, match=r"network: \{allow: \[127.0.0.1:\d+\]\}"):
            open_calendar(ref, member(), Access(NOW), writable=False).events(SPRINT)
        assert server.asked == []
        access = Access(NOW, hosts=frozenset({f"127.0.0.1:{server.port}"}))
        listing = open_calendar(ref, member(), access, writable=False).events(SPRINT)
        assert len(listing.events) == 3
