"""Google's words and ours: pure translation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from blocker.calendars.google.blocks import Looks, new_event
from blocker.calendars.google.events import read_item, slim, uid_of
from blocker.calendars.google.ids import event_id, generation_of, looks_ours, next_generation
from blocker.calendars.owner import Owner
from blocker.calendars.text.event_text import stands_as
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.event import Answer, Event, Trouble
from tests.calendars.texts import ANA, SPRINT, block, calendar, event

ADDRESS = "ana@northwind.example"
PLAIN: dict[str, Any] = {
    "id": "abc01",
    "iCalUID": "e1@test",
    "etag": '"1"',
    "status": "confirmed",
    "summary": "Stand-up",
    "start": {"dateTime": "2027-01-05T10:00:00+01:00", "timeZone": "Europe/Paris"},
    "end": {"dateTime": "2027-01-05T11:00:00+01:00", "timeZone": "Europe/Paris"},
}


def read(owner: Owner = ANA, **more: Any) -> Event:
    found = read_item({**PLAIN, **more}, ADDRESS, owner)
    assert isinstance(found, Event), found
    return found


@pytest.mark.parametrize(
    ("fields", "is_busy"),
    [
        ({}, True),
        ({"transparency": "opaque"}, True),
        ({"transparency": "transparent"}, False),
        ({"eventType": "workingLocation"}, False),
        ({"eventType": "birthday"}, False),
        ({"eventType": "outOfOffice"}, True),
        ({"eventType": "focusTime"}, True),
        ({"eventType": "fromGmail"}, True),
        ({"status": "tentative"}, True),
        ({"attendees": [{"email": "x@y.z", "self": True, "responseStatus": "declined"}]}, False),
        ({"attendees": [{"email": "x@y.z", "responseStatus": "declined"}]}, True),
    ],
)
def test_fault_08_what_is_busy_at_google(fields: dict[str, Any], is_busy: bool):
    assert read(**fields).is_busy is is_busy


def test_all_day_events_cover_the_owners_own_day():
    days = {"start": {"date": "2027-01-05"}, "end": {"date": "2027-01-06"}}
    found = read(Owner("a", ZoneInfo("America/New_York")), **days)
    assert found.all_day and found.interval.start == datetime(2027, 1, 5, 5, tzinfo=UTC)
    free = read(Owner("a", ZoneInfo("UTC"), all_day_is_free=True), **days)
    assert not free.is_busy


@pytest.mark.parametrize(
    "fields",
    [
        {"start": {"date": "2027-13-05"}},
        {"start": {}},
        {"start": None},
        {"end": {"date": "2027-01-06"}},
        {"end": {"dateTime": "2027-01-04T11:00:00Z"}},
        {"start": {"dateTime": "2027-01-05T10:00:00", "timeZone": "Mars/Olympus"}},
        {"recurringEventId": "abc"},
        {"attendees": "nobody"},
    ],
)
def test_fault_05_what_cannot_be_understood_is_named_and_never_free(fields: dict[str, Any]):
    found = read_item({**PLAIN, **fields}, ADDRESS, ANA)
    assert isinstance(found, Trouble) and found.uid == "e1@test"


def test_what_takes_no_time_is_no_event():
    assert read_item({**PLAIN, "end": PLAIN["start"]}, ADDRESS, ANA) is None
    assert read_item({"id": "abc", "status": "cancelled"}, ADDRESS, ANA) is None


def test_the_same_meeting_is_equal_by_uid_and_instance_in_a_file_and_at_google():
    series = event("RRULE:FREQ=DAILY;COUNT=2", "SUMMARY:Stand-up")
    days = event("DTSTART;VALUE=DATE:20270106", "RRULE:FREQ=DAILY;COUNT=2", uid="d@t")
    in_file = CalendarText(calendar(series, days), ANA).listing(SPRINT).events
    at_google = [
        read(
            recurringEventId="abc01",
            originalStartTime={"dateTime": "2027-01-05T10:00:00+01:00"},
        ),
        read(
            iCalUID="d@t",
            recurringEventId="abc01",
            originalStartTime={"date": "2027-01-06"},
            start={"date": "2027-01-06"},
            end={"date": "2027-01-07"},
        ),
    ]
    names = {(one.uid, one.instance) for one in in_file}
    assert {(one.uid, one.instance) for one in at_google} <= names


def test_rooms_are_nobody_and_a_cut_list_of_guests_is_somebody():
    me = {"email": "ana@northwind.example", "self": True, "responseStatus": "accepted"}
    room = {"email": "room@resource.calendar.google.com", "resource": True}
    assert not read(attendees=[me, room]).others_invited
    assert read(attendees=[me], attendeesOmitted=True).others_invited


def test_who_organises_need_not_answer():
    mine = {"organizer": {"email": "ana@northwind.example", "self": True}}
    guest = {"email": "ana@northwind.example", "self": True, "responseStatus": "needsAction"}
    found = read(**mine, attendees=[guest])
    assert found.is_own and found.answer is None


def test_what_google_calls_self_is_whose_calendar_it_is():
    ben = {"email": "ben@northwind.example", "self": True}
    his = {
        **PLAIN,
        "organizer": ben,
        "attendees": [
            {**ben, "responseStatus": "declined"},
            {"email": ADDRESS, "responseStatus": "tentative"},
        ],
    }
    for address, is_own in (
        ("ben@northwind.example", False),
        (ADDRESS.upper(), True),
        ("x1@group.calendar.google.com", True),
    ):
        found = read_item(his, address, ANA)
        assert isinstance(found, Event) and found.is_own is is_own
    alone = read_item({**PLAIN, "organizer": ben}, ben["email"], Owner("a", ANA.home))
    assert isinstance(alone, Event) and alone.is_own
    at_bens = read_item(his, "ben@northwind.example", ANA)
    assert isinstance(at_bens, Event)
    assert at_bens.answer is Answer.TENTATIVE and at_bens.is_busy and at_bens.others_invited


def test_fault_37_titles_hold_no_control_characters():
    assert read(summary="Ads\r\nBEGIN:VALARM\x00\u202e").title == "Ads BEGIN:VALARM"


@pytest.mark.parametrize("zone", ["Europe/Paris", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"])
def test_a_block_is_read_back_as_the_block_it_is(zone: str):
    meant = block(part=2, parts=3, zone=ZoneInfo(zone), title="Café & <mails>")
    body = new_event(meant, Looks())
    found = read_item({"id": event_id(meant.uid, 0), "etag": '"1"', **body}, ADDRESS, ANA)
    assert isinstance(found, Event) and found.uid == meant.uid and stands_as(found, meant)


def test_ids_have_generations_and_know_their_uid():
    uid = block().uid
    first, later = event_id(uid, 0), event_id(uid, 12)
    assert (generation_of(uid, first), generation_of(uid, later)) == (0, 12)
    assert generation_of("other@blocker", later) is None and looks_ours(later)
    assert next_generation(uid, [first, later, "abc"]) == 13
    assert set(event_id("Ünusual UID", 3)) <= set("0123456789abcdefghijklmnopqrstuv")


def test_of_other_peoples_meetings_no_words_but_the_title_are_kept():
    item = {**PLAIN, "description": "private", "location": "there"}
    assert "private" not in str(slim(item)) and "there" not in str(slim(item))


def test_a_copy_of_a_block_has_a_uid_of_its_own():
    private = {"private": {"blockerUid": block().uid, "blockerTask": "T-014"}}
    ours = {**PLAIN, "id": event_id(block().uid, 1), "extendedProperties": private}
    assert uid_of(ours) == block().uid
    assert uid_of({**ours, "id": "copy0"}) == "e1@test"
    instance = {**ours, "id": f"{ours['id']}_20270105T090000Z", "recurringEventId": ours["id"]}
    assert uid_of(instance) == block().uid
