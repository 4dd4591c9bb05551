"""The Google provider against a server that behaves as Google's documents say."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blocker.calendars.access import Access
from blocker.calendars.base import Calendar, Fate, Put, Remove
from blocker.calendars.google.errors import SCOPES
from blocker.calendars.text.event_text import stands_as
from blocker.commands.at_once import at_once
from blocker.domain.errors import Unreachable
from blocker.domain.event import Answer
from blocker.domain.interval import Interval
from tests.calendars.contract import CalendarContract
from tests.calendars.google_worlds import ANA, BEN, World, our_events, put_ics
from tests.calendars.texts import NOW, SPRINT, block

TWELVE = [
    Put(block(part=k, parts=12, start=f"{k + 4:02d}T0900", end=f"{k + 4:02d}T1000"))
    for k in range(1, 13)
]


class TestGoogle(CalendarContract):
    @pytest.fixture(autouse=True)
    def _world(self, world: World) -> None:
        self.world = world

    def open(self, content: bytes | None = None, *, writable: bool = True) -> Calendar:
        if content is not None:
            put_ics(self.world.google, content)
        return self.world.open(writable=writable)


def test_twelve_blocks_cost_one_read_one_batch_and_one_read_of_changes(world: World):
    calendar = world.open()
    calendar.events(SPRINT)
    receipts = calendar.apply(TWELVE)
    found = calendar.events(SPRINT).events
    assert {one.fate for one in receipts} == {Fate.DONE}
    assert sorted(e.uid for e in found) == sorted(one.event.uid for one in receipts if one.event)
    assert world.google.names() == ["calendar.events.list", "batch", "calendar.events.list"]
    first, last = world.google.asked("calendar.events.list")
    assert first.first("syncToken") is None and last.first("syncToken")


def test_the_next_run_reads_only_what_changed(world: World):
    world.google.calendar(ANA).put("Stand-up", "2027-01-05 10:00", "2027-01-05 10:30")
    world.open().events(SPRINT)
    world.another_run()
    world.google.forget()
    moved = world.google.calendar(ANA).put("Late", "2027-01-06 10:00", "2027-01-06 10:30")
    titles = [event.title for event in world.open().events(SPRINT).events]
    assert titles == ["Stand-up", "Late"]
    world.google.calendar(ANA).delete(moved["id"])
    assert [event.title for event in world.open().events(SPRINT).events] == ["Stand-up"]
    assert [bool(one.first("syncToken")) for one in world.google.requests] == [True, True]


def test_another_account_or_a_wider_window_is_read_in_full(world: World):
    world.google.account(BEN)
    world.google.calendar(ANA).share(BEN, "reader")
    world.open().events(SPRINT)
    world.another_run()
    world.sign_in(BEN)
    world.google.forget()
    world.open().events(SPRINT)
    world.open().events(SPRINT.widen(SPRINT.length * 20))
    assert [one.first("syncToken") for one in world.google.requests] == [None, None]


def test_accounts_and_windows_that_take_turns_read_what_changed_alone(world: World):
    world.google.account(BEN)
    world.google.calendar(ANA).share(BEN, "reader")
    near, far = SPRINT, SPRINT.widen(SPRINT.length * 20)
    later = Interval(SPRINT.end, SPRINT.end + SPRINT.length * 15)
    for _ in range(2):
        world.google.forget()
        for account in (ANA, BEN):
            world.sign_in(account)
            first, *others = (world.open(writable=False) for _ in range(4))
            first.events(near)
            for calendar, window in zip(others, (far, near, later), strict=True):
                calendar.events(window)
            first.events(near)  # it knows less than the others by now
            world.another_run()
    assert all(one.first("syncToken") for one in world.google.requests)
    assert len(world.google.requests) == 10


def test_a_copy_that_is_garbled_is_as_good_as_none(world: World):
    world.google.calendar(ANA).put("Stand-up", "2027-01-05 10:00", "2027-01-05 10:30")
    world.open().events(SPRINT)
    ((key, copy),) = world.access.copies.take_changed().items()
    assert copy is not None
    world.access = Access(NOW)
    world.access.copies.add({key: type(copy)(copy.body[:-9], copy.tag, copy.read_at)})
    assert len(world.open().events(SPRINT).events) == 1


def test_what_a_block_is_at_google(world: World):
    options = world.options(colour="3", visibility="private")
    world.open(options=options).apply([Put(block(part=2, parts=3))])
    (event,) = our_events(world.google)
    assert event["start"] == {
        "dateTime": "2027-01-05T10:00:00+01:00",
        "timeZone": "Europe/Paris",
    }
    assert event["extendedProperties"]["private"] == {
        "blockerUid": block(part=2).uid,
        "blockerTask": "T-014",
        "blockerSprint": "S27",
        "blockerPart": "2/3",
        "blockerCategories": "Work block\nQ1-leads",
    }
    assert event["reminders"] == {"useDefault": False, "overrides": []}
    assert (event["colorId"], event["visibility"]) == ("3", "private")
    assert (event["status"], event["transparency"]) == ("confirmed", "opaque")
    (insert,) = world.google.asked("calendar.events.insert")
    assert insert.first("sendUpdates") == "none" and "attendees" not in event


def test_what_a_person_gave_a_block_stays_when_it_moves_and_what_is_ours_does_not(world: World):
    calendar = world.open(options=world.options(colour="3"))
    calendar.apply([Put(block())])
    (event,) = our_events(world.google)
    theirs = {
        "colorId": "7",
        "location": "Room 4",
        "attendees": [{"email": BEN, "responseStatus": "accepted"}],
        "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
    }
    day = {"start": {"date": "2027-01-05"}, "end": {"date": "2027-01-06"}}
    world.google.calendar(ANA).change(event["id"], **theirs, **day, summary="Mine")
    (read,) = calendar.events(SPRINT).events
    moved = replace(block(start="06T1400", end="06T1530"), categories=(), description="")
    (receipt,) = calendar.apply([Put(moved, read.revision)])
    assert receipt.fate is Fate.DONE and receipt.event
    assert stands_as(receipt.event, moved) and calendar.events(SPRINT).events == (receipt.event,)
    (now,) = our_events(world.google)
    assert {key: now[key] for key in theirs} == theirs
    assert now["summary"] == event["summary"]
    assert "blockerCategories" not in now["extendedProperties"]["private"]


def test_focus_time_declines_as_the_config_says(world: World):
    options = world.options(focus_time="true", auto_decline="new", decline_message="At work")
    calendar = world.open(options=options)
    calendar.apply([Put(block())])
    (event,) = our_events(world.google)
    assert event["eventType"] == "focusTime"
    assert event["focusTimeProperties"] == {
        "autoDeclineMode": "declineOnlyNewConflictingInvitations",
        "chatStatus": "doNotDisturb",
        "declineMessage": "At work",
    }
    moved = block(start="06T1400", end="06T1530")
    (found,) = calendar.events(SPRINT).events
    assert calendar.apply([Put(moved, found.revision)])[0].fate is Fate.DONE


def test_an_account_that_has_no_focus_time_is_told_what_to_do(world: World):
    world.google.account("cleo@gmail.example", workspace=False)
    world.sign_in("cleo@gmail.example")
    calendar = world.open("cleo@gmail.example", options=world.options(focus_time="true"))
    with pytest.raises(Unreachable, match=r"Workspace account .* leave focus_time out"):
        calendar.apply([Put(block())])
    second = world.open("team@group.calendar.google.com", options=world.options(focus_time="true"))
    world.google.create_calendar("team@group.calendar.google.com", "cleo@gmail.example")
    assert "main calendar" in (second.cannot_be_written() or "")


def test_a_block_where_the_clock_shows_an_hour_twice_stands_at_its_instant(world: World):
    night = Interval(
        datetime(2027, 10, 31, 1, 0, tzinfo=UTC), datetime(2027, 10, 31, 2, tzinfo=UTC)
    )
    calendar = world.open()
    calendar.apply([Put(replace(block(), interval=night))])
    assert [event.interval for event in calendar.events(night).events] == [night]


def test_a_persons_copy_of_a_block_is_no_second_block(world: World):
    calendar = world.open()
    calendar.apply([Put(block())])
    (event,) = our_events(world.google)
    copied = {key: event[key] for key in ("summary", "extendedProperties")}
    world.google.calendar(ANA).put(
        copied["summary"],
        "2027-01-07 10:00",
        "2027-01-07 11:00",
        extendedProperties=copied["extendedProperties"],
    )
    ours, copy = calendar.events(SPRINT).events
    assert ours.uid == block().uid and copy.uid.endswith("@google.com")
    assert copy.mark == ours.mark
    assert calendar.apply([Remove(ours.uid, ours.revision)])[0].fate is Fate.DONE
    assert [one.uid for one in calendar.events(SPRINT).events] == [copy.uid]


def test_where_free_busy_alone_is_shared_that_is_read_and_the_box_to_tick_is_said(world: World):
    google = world.google
    for number, listing in enumerate(("stripped", "403", "404")):
        google.knobs.free_busy_listing = listing
        email = f"p{number}@northwind.example"
        google.account(email).share(ANA, "freeBusyReader")
        google.calendar(email).put("Secret", "2027-01-05 10:00", "2027-01-05 10:30")
        found = world.open(email, writable=False).events(SPRINT)
        assert [(one.title, f"{one.interval.start:%H:%M}") for one in found.events] == [
            ("busy", "09:00")
        ]
        assert "See all event details" in (found.unverifiable or "")
        assert ANA in (found.unverifiable or "")


def test_busy_times_of_many_calendars_are_asked_for_in_one_query(world: World):
    google = world.google
    emails = [f"p{number}@northwind.example" for number in range(8)]
    for email in emails:
        google.account(email).share(ANA, "freeBusyReader")
    calendars = [world.open(email, writable=False) for email in emails]
    assert all(calendar.events(SPRINT).unverifiable for calendar in calendars)
    assert len(google.asked("calendar.freebusy.query")) == 1
    google.calendar(emails[3]).put("New", "2027-01-05 10:00", "2027-01-05 10:30")
    assert len(calendars[3].events(SPRINT).events) == 1


def test_busy_times_of_more_than_fifty_calendars_are_asked_for_fifty_at_a_time(world: World):
    emails = [f"p{number:02d}@northwind.example" for number in range(60)]
    for email in emails:
        world.google.account(email).share(ANA, "freeBusyReader")
        world.google.calendar(email).put("Secret", "2027-01-05 10:00", "2027-01-05 10:30")
    calendars = [world.open(email, writable=False) for email in emails]
    for _ in range(2):
        assert all(len(calendar.events(SPRINT).events) == 1 for calendar in calendars)
    asked = world.google.asked("calendar.freebusy.query")
    assert [len(one.json["items"]) for one in asked] == [50, 10, 50, 10]


def test_a_service_account_acts_for_each_person(world: World):
    world.google.account(BEN)
    key = world.google.service_account(world.folder / "robot.json", delegated=list(SCOPES))
    options = {"endpoint": world.google.endpoint, "service_account": str(key)}
    for email in (ANA, BEN):
        world.open(email, options=options, owner=email).apply([Put(block())])
    asked = world.google.asked("calendar.events.insert")
    assert [one.account for one in asked] == [ANA, BEN]
    world.google.forget()
    world.google.calendar(BEN).share(ANA, "reader")
    world.open(BEN, options=options, owner=ANA, writable=False).events(SPRINT)
    assert [one.account for one in world.google.asked("calendar.events.list")] == [ANA]
    key.chmod(0o644)
    (warning,) = world.open(options=options).warnings()
    assert "chmod 600" in warning


def test_a_service_account_without_the_domains_leave_says_where_to_give_it(world: World):
    key = world.google.service_account(world.folder / "robot.json", delegated=[])
    options = {"endpoint": world.google.endpoint, "service_account": str(key)}
    with pytest.raises(Unreachable, match=r"Domain-wide delegation.*auth/calendar\.events"):
        world.open(options=options).events(SPRINT)


def test_who_may_not_write_is_told_before_and_after(world: World):
    world.google.account(BEN).share(ANA, "reader")
    calendar = world.open(BEN, owner=BEN)
    said = calendar.cannot_be_written() or ""
    assert "Make changes to events" in said and ANA in said
    with pytest.raises(Unreachable, match="Make changes to events"):
        calendar.apply([Put(block())])
    assert world.open().cannot_be_written() is None


def test_blocks_in_a_second_calendar_are_warned_of(world: World):
    second = world.open("x1@group.calendar.google.com")
    (warning,) = second.warnings()
    assert "do not make their owner busy to colleagues" in warning
    assert world.open().warnings() == []


def test_invitations_are_read_as_the_owner_answered(world: World):
    ana = world.google.calendar(ANA)
    for number, answer in enumerate(("accepted", "declined", "tentative", "needsAction")):
        ana.put(
            answer,
            f"2027-01-05 {10 + number}:00",
            f"2027-01-05 {10 + number}:30",
            organizer={"email": BEN},
            attendees=[
                {"email": ANA, "self": True, "responseStatus": answer},
                {"email": BEN, "responseStatus": "accepted", "organizer": True},
            ],
        )
    found = world.open().events(SPRINT).events
    assert [event.answer for event in found] == [
        Answer.ACCEPTED,
        Answer.DECLINED,
        Answer.TENTATIVE,
        Answer.UNANSWERED,
    ]
    assert [event.is_busy for event in found] == [True, False, True, True]
    assert all(event.organizer == BEN and event.others_invited for event in found)


def test_a_colleagues_own_meeting_in_ones_busy_list_is_not_ones_own(world: World):
    world.google.account(BEN).share(ANA, "reader")
    world.google.calendar(BEN).put("Ben alone", "2027-01-05 10:00", "2027-01-05 10:30")
    (found,) = world.open(BEN, writable=False).events(SPRINT).events
    assert (found.is_own, found.organizer) == (False, BEN)
    (his,) = world.open(BEN, writable=False, owner=BEN).events(SPRINT).events
    assert his.is_own


def test_many_calendars_are_read_side_by_side_with_one_sign_in(world: World):
    emails = [f"p{number:02d}@northwind.example" for number in range(50)]
    for email in emails:
        world.google.account(email).share(ANA, "reader")
        world.google.calendar(email).put(email, "2027-01-05 10:00", "2027-01-05 10:30")
    world.google.expire_access_tokens()
    together = threading.Barrier(8)  # eight readings wait for one another
    world.google.faults.before(
        "calendar.events.list", lambda _: together.wait(60), skip=16, times=8
    )
    calendars = [world.open(email, writable=False) for email in emails]
    jobs = [lambda say, one=one: one.events(SPRINT).events for one in calendars]
    found = at_once(jobs, lambda number, word: None)
    assert [event.title for (event,) in found] == emails
    assert world.google.most_at_once >= 8
    assert len(world.google.asked("oauth.token")) == 1
