"""Faults 14 to 22 and 41 on CalDAV: a real server behind one that misbehaves as told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import pytest

from blocker.calendars.base import Fate, Put, Remove
from blocker.calendars.caldav.calendar import CaldavCalendar
from blocker.calendars.caldav.resource import name_for
from blocker.calendars.text.event_text import calendar_text
from blocker.domain.block import TimeBlock
from blocker.domain.errors import Unreachable
from blocker.domain.event import Event
from tests.calendars.test_caldav import opened
from tests.calendars.texts import NOW, SPRINT, block, calendar, event
from tests.dav_servers import DavServer, radicale
from tests.odd_server import Asked, OddServer, Reply, in_front_of, odd_server

__all__ = ["radicale"]  # a fixture

MOVED = block(start="06T1400", end="06T1530")
Change = Callable[[Asked, Reply], Reply | None]


@dataclass
class World:
    """A calendar on a real server, and the same seen through a server that may misbehave."""

    real: DavServer
    odd: OddServer
    url: str

    def opened(self, **options) -> CaldavCalendar:
        return opened(self.real, self.url.replace(self.real.root, self.odd.root), **options)

    def misbehave(self, change: Change, before: Callable[[Asked], Asked] | None = None) -> None:
        """From now on answers go through `change`; the server has then done what was asked.

        Requests go through `before` first.
        """
        honest = in_front_of(self.real)
        self.odd.answer = lambda asked: change(asked, honest(before(asked) if before else asked))

    def misbehave_once(self, method: str, change: Change) -> None:
        left = [method]

        def once(asked: Asked, reply: Reply) -> Reply | None:
            if left and asked.method == left[0]:
                left.pop()
                return change(asked, reply)
            return reply

        self.misbehave(once)

    def refuse(self, method: str, status: int, body: bytes = b"") -> None:
        """Without passing it on."""
        honest = in_front_of(self.real)
        self.odd.answer = lambda asked: (
            Reply(status, body) if asked.method == method else honest(asked)
        )

    def put(self, name: str, text: bytes) -> None:
        """A person's program writes."""
        place = urljoin(self.url, name)
        self.real.request("PUT", place, text, **{"Content-Type": "text/calendar"})

    def standing(self) -> list[Event]:
        """What the real server holds."""
        return list(opened(self.real, self.url).events(SPRINT).events)

    def one(self) -> Event:
        (found,) = self.standing()
        return found


@pytest.fixture
def world(radicale: DavServer) -> Iterator[World]:
    with odd_server(in_front_of(radicale)) as odd:
        yield World(radicale, odd, radicale.new_calendar())


def text_of(*blocks: TimeBlock) -> bytes:
    return calendar_text(blocks, now=NOW)


def no_words(_asked: Asked, _reply: Reply) -> None:
    """The reply is lost."""


class TestLostReplies:
    def test_fault_14_a_lost_reply_to_a_new_block_leaves_exactly_one(self, world: World) -> None:
        world.misbehave_once("PUT", no_words)
        calendar = world.opened()
        calendar.events(SPRINT)
        (receipt,) = calendar.apply([Put(block())])
        assert receipt.fate is Fate.ALREADY and receipt.event is not None
        assert world.one().revision == receipt.event.revision

    def test_fault_14_lost_replies_to_a_move_and_a_removal(self, world: World) -> None:
        world.put(name_for(block().uid), text_of(block()))
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        world.misbehave_once("PUT", no_words)
        (moved,) = calendar.apply([Put(MOVED, before.revision)])
        assert moved.fate is Fate.ALREADY and world.one().interval == MOVED.interval
        world.misbehave_once("DELETE", no_words)
        (gone,) = calendar.apply([Remove(MOVED.uid, world.one().revision)])
        assert gone.fate is Fate.ALREADY and world.standing() == []

    def test_fault_14_what_was_stored_before_the_line_broke_is_found_by_the_next_run(
        self, world: World
    ) -> None:
        world.misbehave(no_words)
        with pytest.raises(Unreachable, match="dav cannot be reached; run again later"):
            world.opened().apply([Put(block())])
        world.misbehave(lambda asked, reply: reply if asked.method != "PUT" else None)
        with pytest.raises(Unreachable):
            world.opened().apply([Put(block())])
        world.misbehave(lambda _asked, reply: reply)
        (receipt,) = world.opened().apply([Put(block())])
        assert receipt.fate is Fate.ALREADY and world.one() == receipt.event

    def test_fault_14_what_was_answered_is_known_when_a_later_write_fails(
        self, world: World
    ) -> None:
        heard = []
        calendar = world.opened()
        calendar.events(SPRINT)
        world.misbehave(lambda asked, reply: None if b"T-3" in asked.body else reply)
        blocks = [block(f"T-{n}", f"0{n + 4}T0900", f"0{n + 4}T1000") for n in (1, 2, 3, 4)]
        with pytest.raises(Unreachable):
            calendar.apply([Put(one) for one in blocks], heard.extend)
        assert [receipt.fate for receipt in heard] == [Fate.DONE, Fate.DONE]
        assert len(world.standing()) == 3  # the third was stored, its reply lost
        world.misbehave(lambda _asked, reply: reply)
        fates = [one.fate for one in world.opened().apply([Put(one) for one in blocks])]
        assert fates == [Fate.ALREADY] * 3 + [Fate.DONE]


class TestAnotherAddress:
    """Servers say 409, 412 or 403 where a UID stands at another address."""

    @pytest.mark.parametrize("status", [409, 412, 403])
    @pytest.mark.parametrize("is_read_before", [True, False])
    def test_fault_15_a_block_at_another_address_is_found(
        self, world: World, status: int, is_read_before: bool
    ) -> None:
        calendar = world.opened()
        if is_read_before:
            calendar.events(SPRINT)
        world.put("imported-by-hand.ics", text_of(block()))
        world.misbehave(
            lambda asked, reply: replace(reply, status=status) if reply.status == 409 else reply
        )
        assert calendar.apply([Put(block())])[0].fate is Fate.ALREADY
        assert calendar.apply([Put(MOVED)])[0].fate is Fate.CHANGED
        (receipt,) = calendar.apply([Put(MOVED, world.one().revision)])
        assert receipt.fate is Fate.DONE and world.one() == receipt.event

    def test_a_server_that_cannot_look_for_a_uid_is_looked_through(self, world: World) -> None:
        world.put("imported-by-hand.ics", text_of(block()))
        honest = in_front_of(world.real)
        world.odd.answer = lambda asked: (
            Reply(403) if b"prop-filter" in asked.body else honest(asked)
        )
        assert world.opened().apply([Put(block())])[0].fate is Fate.ALREADY

    @pytest.mark.parametrize("status", [403, 409])
    def test_fault_16_a_refusal_that_has_another_reason_is_said_and_not_repeated(
        self, world: World, status: int
    ) -> None:
        world.refuse("PUT", status)
        with pytest.raises(Unreachable, match=rf"dav .*\({status}\); "):
            world.opened().apply([Put(block())])
        assert world.odd.methods().count("PUT") == 1
        world.put(name_for(block().uid), text_of(block()))
        with pytest.raises(Unreachable, match=rf"\({status}\)"):
            world.opened().apply([Put(MOVED, world.one().revision)])


class TestPeople:
    """Faults 18 and 27: what a person did between reading and writing wins."""

    def test_fault_18_a_person_s_move_wins_and_is_shown(self, world: World) -> None:
        world.put(name_for(block().uid), text_of(block()))
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        theirs = block(start="07T0900", end="07T1030")
        world.put(name_for(block().uid), text_of(theirs))
        writes = [Put(MOVED, before.revision), Remove(MOVED.uid, before.revision)]
        receipts = calendar.apply(writes)
        assert [receipt.fate for receipt in receipts] == [Fate.CHANGED, Fate.CHANGED]
        assert receipts[0].event == receipts[1].event == world.one()
        assert world.one().interval == theirs.interval

    def test_what_a_person_added_to_a_block_stays_when_it_is_moved(self, world: World) -> None:
        alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT5M\r\nEND:VALARM"
        added = b"LOCATION:At home\r\n" + alarm + b"\r\nEND:VEVENT"
        world.put(name_for(block().uid), text_of(block()).replace(b"END:VEVENT", added))
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        (moved,) = calendar.apply([Put(MOVED, before.revision)])
        assert moved.fate is Fate.DONE and moved.event is not None
        assert world.one().interval == MOVED.interval and world.one() == moved.event
        place = urljoin(world.url, name_for(block().uid))
        text = world.real.request("GET", place).content
        assert b"LOCATION:At home\r\n" in text and text.count(b"TRIGGER:-PT5M") == 1

    def test_fault_27_a_person_s_deletion_wins(self, world: World) -> None:
        place = name_for(block().uid)
        world.put(place, text_of(block()))
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        world.real.request("DELETE", urljoin(world.url, place))
        writes = [Put(MOVED, before.revision), Remove(MOVED.uid, before.revision)]
        receipts = calendar.apply(writes)
        assert [receipt.fate for receipt in receipts] == [Fate.CHANGED, Fate.ALREADY]
        assert world.standing() == []

    def test_a_block_that_is_read_and_right_may_be_gone_by_now(self, world: World) -> None:
        place = name_for(block().uid)
        world.put(place, text_of(block()))
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        world.real.request("DELETE", urljoin(world.url, place))
        assert calendar.apply([Put(block(), before.revision)])[0].fate is Fate.CHANGED

    def test_what_nobody_can_read_in_our_place_is_not_written_over(self, world: World) -> None:
        place = name_for(block().uid)
        world.misbehave(
            lambda asked, reply: (
                Reply(200, b"BEGIN:VCALENDAR\r\n", {"ETag": '"1"'})
                if asked.method == "GET" and asked.path.endswith(place)
                else reply
            )
        )
        (receipt,) = world.opened().apply([Put(block())])
        assert receipt.fate is Fate.CHANGED and world.standing() == []


def _without_tags(_asked: Asked, reply: Reply) -> Reply:
    headers = {k: v for k, v in reply.headers.items() if k.lower() != "etag"}
    body = re.sub(rb"<getetag>.*?</getetag>", b"", reply.body)
    return replace(reply, headers=headers, body=body)


def _tags_missing_after_put(asked: Asked, reply: Reply) -> Reply:
    if asked.method != "PUT":
        return reply
    headers = {k: v for k, v in reply.headers.items() if k.lower() != "etag"}
    return replace(reply, headers=headers)


def _weak_tags(asked: Asked, reply: Reply) -> Reply:
    if asked.headers.get("if-match"):
        return Reply(412)  # weak ones never match
    headers = {k: f"W/{v}" if k.lower() == "etag" else v for k, v in reply.headers.items()}
    return replace(reply, headers=headers, body=reply.body.replace(b"<getetag>", b"<getetag>W/"))


def _resorted(text: str) -> str:
    """The same event: sorted otherwise, in UTC, without what goes without saying."""
    text = re.sub(r"\r?\n[ \t]", "", text)
    text = re.sub(r"DTSTART;TZID=Europe/Paris:20270105T100000", "DTSTART:20270105T090000Z", text)
    text = re.sub(r"DTEND;TZID=Europe/Paris:20270105T113000", "DURATION:PT1H30M", text)
    text = re.sub(r"STATUS:CONFIRMED\r?\n|TRANSP:OPAQUE\r?\n", "", text)

    def turned(found: re.Match[str]) -> str:
        lines = found[1].splitlines()[::-1]
        return "\r\n".join(["BEGIN:VEVENT", *lines, "X-SERVER:1", "CLASS:PUBLIC", "END:VEVENT"])

    return re.sub(r"BEGIN:VEVENT\r?\n(.*?)END:VEVENT", turned, text, flags=re.DOTALL)


def _rewritten(how: Callable[[str], str], *, is_tagged: bool = False) -> Change:
    def change(asked: Asked, reply: Reply) -> Reply:
        if asked.method == "PUT":
            return reply if is_tagged else _tags_missing_after_put(asked, reply)
        if asked.method in ("GET", "REPORT") and reply.status < 300:
            return replace(reply, body=how(reply.body.decode()).encode())
        return reply

    return change


def _with_uids_of_its_own(asked: Asked) -> Asked:
    """Keeps other UIDs than it is given."""
    if asked.method != "PUT":
        return asked
    return replace(asked, body=re.sub(rb"UID:\S+", b"UID:4711-of-the-server", asked.body))


class TestFault21:
    """Servers that say little of ETags, or keep other words than they were given."""

    @pytest.mark.parametrize(
        "change",
        [
            _tags_missing_after_put,
            _weak_tags,
            _without_tags,
            _rewritten(_resorted),
            _rewritten(_resorted, is_tagged=True),
        ],
        ids=["no tag after PUT", "weak", "none", "resorted", "resorted, tagged"],
    )
    def test_fault_21_a_block_is_recognised_and_never_seems_moved(
        self, world: World, change: Change
    ) -> None:
        world.misbehave(change)
        self.check(world)

    def test_fault_21_a_block_whose_uid_was_rewritten_is_ours_by_address_and_mark(
        self, world: World
    ) -> None:
        world.misbehave(_tags_missing_after_put, before=_with_uids_of_its_own)
        self.check(world)

    def check(self, world: World) -> None:
        """Written, read, written again, moved and removed through the misbehaving server."""
        calendar = world.opened()
        calendar.events(SPRINT)
        (written,) = calendar.apply([Put(block())])
        assert written.fate is Fate.DONE and written.event is not None
        (found,) = world.opened().events(SPRINT).events
        assert (found.uid, found.interval) == (block().uid, block().interval)
        assert found.revision == written.event.revision and found.mark == written.event.mark
        again = world.opened()
        again.events(SPRINT)
        assert again.apply([Put(block(), found.revision)])[0].fate is Fate.ALREADY
        (moved,) = again.apply([Put(MOVED, found.revision)])
        assert moved.fate is Fate.DONE and world.one().interval == MOVED.interval
        (gone,) = again.apply([Remove(MOVED.uid, moved.event.revision if moved.event else None)])
        assert gone.fate is Fate.DONE and world.standing() == []

    def test_fault_21_seconds_that_a_server_cuts_off_move_nothing(self, world: World) -> None:
        seconds = replace(
            block(),
            interval=type(block().interval)(
                block().interval.start.replace(microsecond=250_000),
                block().interval.end.replace(microsecond=250_000),
            ),
        )
        calendar = world.opened()
        assert calendar.apply([Put(seconds)])[0].fate is Fate.DONE
        assert calendar.apply([Put(seconds)])[0].fate is Fate.ALREADY

    def test_fault_21_a_person_s_change_shows_all_the_same(self, world: World) -> None:
        world.opened().apply([Put(block())])
        before = world.one().revision
        text = text_of(block())
        for old, new in (
            (b"SUMMARY:", b"SUMMARY:Not now: "),
            (b"TRANSP:OPAQUE", b"TRANSP:TRANSPARENT"),
            (b"END:VEVENT", b"LOCATION:At home\r\nEND:VEVENT"),
            (b"END:VEVENT", b"RRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT"),
        ):
            world.put(name_for(block().uid), text.replace(old, new))
            assert world.standing()[0].revision != before
        world.put(name_for(block().uid), text)
        assert world.one().revision == before


class TestFault22And4:
    """What is no calendar is never a free one."""

    @pytest.mark.parametrize(
        "body",
        [b"<html><body>Sign in</body></html>", b"", b"{}", b"<multistatus xmlns='DAV:'>", b"\xff"],
    )
    @pytest.mark.parametrize("status", [200, 207])
    @pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
    def test_fault_4_another_answer_than_calendars_give(
        self, world: World, method: str, status: int, body: bytes
    ) -> None:
        world.refuse(method, status, body)
        with pytest.raises(Unreachable, match=r"^dav answers with .*; correct the address$"):
            world.opened().events(SPRINT)

    def test_a_document_that_grows_when_read_is_refused(self, world: World) -> None:
        bomb = b'<!DOCTYPE a [<!ENTITY b "ha">]><multistatus xmlns="DAV:">&b;</multistatus>'
        world.refuse("REPORT", 207, bomb)
        with pytest.raises(Unreachable, match="something that is not CalDAV"):
            world.opened().events(SPRINT)

    def test_fault_3_a_broken_resource_is_named_and_the_rest_counts(self, world: World) -> None:
        world.put("good.ics", calendar(event("DTSTAMP:20260101T000000Z", uid="good@t")))
        world.put(
            "other.ics",
            calendar(event("DTSTAMP:20260101T000000Z", start="20270106T090000Z", uid="broken@t")),
        )

        def broken(asked: Asked, reply: Reply) -> Reply:
            return replace(reply, body=reply.body.replace(b"DTSTART:20270106", b"DTSTART:2027"))

        def cut(_asked: Asked, reply: Reply) -> Reply:
            pattern = rb"(UID:broken@t.*?)END:VCALENDAR"
            return replace(reply, body=re.sub(pattern, rb"\1", reply.body, flags=re.DOTALL))

        for change in (broken, cut):
            world.misbehave(change)
            listing = world.opened().events(SPRINT)
            assert [one.uid for one in listing.events] == ["good@t"]
            (trouble,) = listing.troubles
            assert trouble.uid == "broken@t" and trouble.line is None

    @pytest.mark.parametrize("odd", [b"\x0b", b"&#11;", b"&#x1B;", b"\xe9", b"\x00"])
    def test_fault_3_letters_that_xml_forbids_cost_no_event(self, world: World, odd: bytes) -> None:
        for uid in ("a@t", "b@t"):
            text = calendar(event("DTSTAMP:20260101T000000Z", "SUMMARY:Meeting", uid=uid))
            world.put(f"{uid[0]}.ics", text)
        world.misbehave(
            lambda _asked, reply: replace(reply, body=reply.body.replace(b"Meet", b"Me" + odd, 1))
        )
        listing = world.opened().events(SPRINT)
        assert len(listing.events) == 2 and listing.troubles == ()

    def test_fault_3_a_resource_whose_address_is_none_is_named(self, world: World) -> None:
        world.put("good.ics", calendar(event("DTSTAMP:20260101T000000Z", uid="good@t")))
        world.put("odd.ics", calendar(event("DTSTAMP:20260101T000000Z", uid="odd@t")))
        world.misbehave(
            lambda _asked, reply: replace(
                reply, body=re.sub(rb"<href>[^<]*odd.ics", b"<href>http://[x/odd.ics", reply.body)
            )
        )
        listing = world.opened().events(SPRINT)
        assert [one.uid for one in listing.events] == ["good@t"]
        (trouble,) = listing.troubles
        assert trouble.uid == "odd@t"
        assert str(trouble).endswith("cannot be read: what the server calls its address is none")

    @pytest.mark.parametrize("place", ["http://[x/", "http://h:abc/", "//h:99999/ana/", "x://h:-1"])
    def test_a_home_that_is_no_address_is_said(self, world: World, place: str) -> None:
        home = rb"(<C:calendar-home-set>\s*<href>)[^<]*"
        world.misbehave(
            lambda _asked, reply: replace(
                reply, body=re.sub(home, rb"\1" + place.encode(), reply.body)
            )
        )
        world.url = world.real.root + "/"
        with pytest.raises(Unreachable, match=r"^dav says that its calendars are at .* no address"):
            world.opened().events(SPRINT)

    def test_what_a_server_says_after_a_write_may_be_no_address_and_no_tag(
        self, world: World
    ) -> None:
        for odd in ({"Location": "http://[x/"}, {"ETag": '"\u00e9"'}, {"ETag": '"a b"'}):
            world.misbehave(
                lambda asked, reply, odd=odd: (
                    replace(reply, headers={**reply.headers, **odd})
                    if asked.method == "PUT"
                    else reply
                )
            )
            (receipt,) = world.opened().apply([Put(block())])
            assert receipt.fate in (Fate.DONE, Fate.ALREADY)
            assert world.one().interval == block().interval

    def test_a_tag_that_no_header_carries_guards_nothing(self, world: World) -> None:
        world.put(name_for(block().uid), text_of(block()))
        odd = "<getetag>\u2019".encode()
        world.misbehave(
            lambda _asked, reply: replace(reply, body=reply.body.replace(b"<getetag>", odd))
        )
        calendar = world.opened()
        (before,) = calendar.events(SPRINT).events
        assert calendar.apply([Put(MOVED, before.revision)])[0].fate is Fate.DONE
        assert world.one().interval == MOVED.interval

    @pytest.mark.parametrize(("status", "is_said"), [(507, True), (403, True), (404, False)])
    def test_a_resource_that_is_not_given_is_said_unless_it_is_gone(
        self, world: World, status: int, is_said: bool
    ) -> None:
        world.put("good.ics", calendar(event("DTSTAMP:20260101T000000Z")))
        lacking = (
            f"<response><href>/x/lost.ics</href><status>HTTP/1.1 {status} No</status></response>"
        )
        world.misbehave(
            lambda _asked, reply: replace(
                reply,
                body=reply.body.replace(b"</multistatus>", lacking.encode() + b"</multistatus>"),
            )
        )
        listing = world.opened().events(SPRINT)
        assert len(listing.events) == 1
        said = [str(trouble) for trouble in listing.troubles]
        expected = (
            f"dav: the event at lost.ics cannot be read: the server does not give it ({status})"
        )
        assert said == ([expected] if is_said else [])

    def test_a_server_that_gives_a_few_events_at_a_time_is_asked_for_less(
        self, world: World
    ) -> None:
        for day in range(4, 18):
            text = calendar(
                event("DTSTAMP:20260101T000000Z", uid=f"d{day}@t", start=f"202701{day:02}T090000Z")
            )
            world.put(f"{day}.ics", text)

        def few(asked: Asked, reply: Reply) -> Reply:
            responses = re.findall(rb"<response>.*?</response>", reply.body, re.DOTALL)
            if asked.method != "REPORT" or len(responses) <= 6:
                return reply
            own = (
                f"<response><href>{asked.path}</href><status>HTTP/1.1 507 Full</status></response>"
            )
            body = reply.body.replace(b"".join(responses[6:]), own.encode())
            return replace(reply, body=body)

        def none(asked: Asked, reply: Reply) -> Reply:
            count = reply.body.count(b"<response>")
            words = b'<error xmlns="DAV:"><number-of-matches-within-limits/></error>'
            return Reply(403, words) if asked.method == "REPORT" and count > 6 else reply

        for change in (few, none):
            world.misbehave(change)
            world.odd.asked.clear()
            assert len(world.opened().events(SPRINT).events) == 14
            assert world.odd.methods().count("REPORT") > 1

    def test_a_server_that_gives_no_events_along_is_asked_for_each(self, world: World) -> None:
        world.put("good.ics", calendar(event("DTSTAMP:20260101T000000Z")))
        pattern = rb"<C:calendar-data>.*?</C:calendar-data>"
        world.misbehave(
            lambda _asked, reply: replace(
                reply, body=re.sub(pattern, b"", reply.body, flags=re.DOTALL)
            )
        )
        assert len(world.opened().events(SPRINT).events) == 1


class TestFault19And41:
    """Passwords and rights: what to do is said, and nothing is half booked."""

    def test_fault_19_a_wrong_password(self, radicale: DavServer) -> None:
        wrong = replace(radicale, password="Tr0ub4dor")
        with pytest.raises(Unreachable) as caught:
            opened(wrong, radicale.new_calendar()).events(SPRINT)
        message = str(caught.value)
        assert message.startswith("dav refuses the password of ana, from $DAV_PASSWORD; correct it")
        assert "Tr0ub4dor" not in message and "\n" not in message

    def test_fault_19_a_calendar_that_may_only_be_read_is_not_half_booked(
        self, world: World
    ) -> None:
        rights = rb"<privilege><(all|write\S*|D:write\S*) */></privilege>"
        world.misbehave(lambda _asked, reply: replace(reply, body=re.sub(rights, b"", reply.body)))
        calendar = world.opened()
        calendar.events(SPRINT)
        assert "may only be read with this account" in (calendar.cannot_be_written() or "")
        with pytest.raises(Unreachable, match="ask its owner for the right to change it"):
            calendar.apply([Put(block())])
        assert "PUT" not in world.odd.methods()
        assert world.opened(writable=False).events(SPRINT).events == ()

    def test_fault_20_a_calendar_that_is_gone_is_not_an_empty_one(self, world: World) -> None:
        calendar = world.opened()
        calendar.events(SPRINT)
        world.real.request("DELETE", world.url)
        for again in (calendar, world.opened()):
            with pytest.raises(Unreachable, match="there is no calendar at this address"):
                again.events(SPRINT)
        with pytest.raises(Unreachable, match=r"dav"):
            calendar.apply([Put(block())])
