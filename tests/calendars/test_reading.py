"""Reading events: fields, series and their exceptions (fault 7), days and zones (fault 32)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.event import Answer, BlockMark
from blocker.domain.interval import Interval
from tests.calendars.texts import ANA, PARIS, SPRINT, calendar, event, read, starts

WEEKLY = event("RRULE:FREQ=WEEKLY", "SUMMARY:Weekly", uid="w@t", start="20260601T090000Z")
DAILY = event("DTSTART;TZID=Europe/Paris:20270104T090000", "RRULE:FREQ=DAILY;COUNT=5", uid="d@t")


class TestFields:
    def test_all_that_an_event_says(self) -> None:
        text = event(
            "SUMMARY:Launch\\, final",
            "DESCRIPTION:One\\nTwo",
            "CATEGORIES:Work block,Q1\\, leads",
            "ORGANIZER;CN=Bo:MAILTO:Bo@Northwind.Example",
            "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@northwind.example",
            "ATTENDEE:mailto:ana@northwind.example",
            "X-BLOCKER-TASK:T-014",
            "X-BLOCKER-SPRINT:S27",
            "X-BLOCKER-PART:2/3",
        )
        (found,) = read(calendar(text)).events
        assert (found.title, found.description) == ("Launch, final", "One\nTwo")
        assert found.categories == ("Work block", "Q1, leads")
        assert found.organizer == "bo@northwind.example" and found.others_invited
        assert found.answer is Answer.UNANSWERED and found.is_uncertain
        assert found.mark == BlockMark("T-014", "S27", 2, 3)
        assert (found.calendar, found.uid, found.instance) == ("ana.ics", "e1@test", "")

    def test_the_owners_own_meeting(self) -> None:
        text = event(
            "ORGANIZER:mailto:ANA@northwind.example",
            "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana@northwind.example",
            "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room@northwind.example",
        )
        (found,) = read(calendar(text)).events
        assert found.is_own and found.answer is None and not found.others_invited

    def test_titles_bring_no_control_characters(self) -> None:
        (found,) = read(calendar(event("SUMMARY:a\\nb\x1b[31m\u202ec\x00"))).events
        assert found.title == "a b[31mc"

    def test_an_alarm_s_properties_are_not_the_event_s(self) -> None:
        alarm = "BEGIN:VALARM\nUID:alarm\nDURATION:PT9H\nDESCRIPTION:x\nEND:VALARM"
        text = event("SUMMARY:Real").replace("UID:e1@test", alarm + "\nUID:e1@test")
        (found,) = read(calendar(text)).events
        assert (found.uid, found.title, found.description) == ("e1@test", "Real", "")

    def test_other_components_are_ignored(self) -> None:
        others = [
            f"BEGIN:{kind}\nUID:x\nDTSTART:20270105T090000Z\nDTEND:20270105T100000Z\nEND:{kind}"
            for kind in ("VTODO", "VJOURNAL", "VFREEBUSY", "X-THING")
        ]
        assert read(calendar(*others)).events == ()

    def test_events_without_uid_stay_apart(self) -> None:
        other = event(uid="", start="20270106T090000Z")
        assert len({e.uid for e in read(calendar(event(uid=""), other)).events}) == 2

    def test_the_revision_changes_with_the_event_and_not_with_its_neighbours(self) -> None:
        def revision(*parts: str) -> str:
            return next(e.revision for e in read(calendar(*parts)).events if e.uid == "e1@test")

        assert revision(event()) == revision(WEEKLY, event())
        assert revision(event()) != revision(event("SUMMARY:x"))


class TestDays:
    def test_all_day_events_cover_the_owner_s_day(self) -> None:
        text = event("DTSTART;VALUE=DATE:20270105", "DTEND;VALUE=DATE:20270107")
        (found,) = read(calendar(text)).events
        assert found.all_day and not found.free_by_rule
        assert found.interval == Interval(
            datetime(2027, 1, 5, tzinfo=PARIS), datetime(2027, 1, 7, tzinfo=PARIS)
        )

    @pytest.mark.parametrize("lines", [[], ["DTEND;VALUE=DATE:20270105"], ["DURATION:P1D"]])
    def test_a_day_without_a_usable_end_is_one_day(self, lines: list[str]) -> None:
        text = event("DTSTART;VALUE=DATE:20270105", *lines).replace("DURATION:PT1H\n", "")
        (found,) = read(calendar(text)).events
        assert found.interval.length == timedelta(days=1)

    def test_days_can_be_free_by_rule(self) -> None:
        owner = replace(ANA, all_day_is_free=True)
        text = calendar(event("DTSTART;VALUE=DATE:20270105"), WEEKLY)
        busy = [e.is_busy for e in read(text, owner=owner).events]
        assert busy == [True, False, True]

    def test_floating_times_and_days_follow_the_owner(self) -> None:
        """Fault 32: whoever travels takes them along."""
        text = calendar(
            event("DTSTART:20270105T090000", uid="f@t"), event("DTSTART:20270106", uid="d@t")
        )
        for zone, hour in ((PARIS, 8), (ZoneInfo("America/New_York"), 14)):
            floating, day = read(text, owner=replace(ANA, home=zone)).events
            assert floating.interval.start.hour == hour
            assert day.interval.start == datetime(2027, 1, 6, tzinfo=zone)

    @pytest.mark.parametrize(
        ("zone", "day"), [("America/Santiago", "20240908"), ("Asia/Beirut", "20240331")]
    )
    def test_days_without_midnight_exist(self, zone: str, day: str) -> None:
        """Fault 30."""
        window = Interval(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
        owner = replace(ANA, home=ZoneInfo(zone))
        (found,) = read(
            calendar(event(f"DTSTART:{day}").replace("DURATION:PT1H\n", "")), window, owner
        ).events
        assert found.interval.length == timedelta(hours=23)

    def test_clock_changes_keep_real_minutes(self) -> None:
        """Fault 29: a night over the change, and a time that the change skips."""
        window = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
        night = event("DTSTART;TZID=Europe/Paris:20270327T230000",
                      "DTEND;TZID=Europe/Paris:20270328T060000", uid="n@t")  # fmt: skip
        skipped = event("DTSTART;TZID=Europe/Paris:20270328T023000", uid="s@t")
        first, second = read(calendar(night, skipped), window).events
        assert first.interval.length == timedelta(hours=6)
        assert second.interval.start == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)

    def test_zero_length_events_are_not_given(self) -> None:
        listing = read(calendar(event("DTEND:20270105T090000Z")))
        assert listing.events == () and listing.troubles == ()


class TestFault7Series:
    def test_a_weekly_series(self) -> None:
        found = read(calendar(WEEKLY)).events
        assert [e.instance for e in found] == ["20270104T090000Z", "20270111T090000Z"]

    @pytest.mark.parametrize(
        ("exception", "left"),
        [
            ("EXDATE;TZID=Europe/Paris:20270105T090000", ["0104", "0106", "0107", "0108"]),
            ("EXDATE:20270105T080000Z", ["0104", "0106", "0107", "0108"]),
            ("EXDATE;TZID=America/New_York:20270105T030000", ["0104", "0106", "0107", "0108"]),
            ("EXDATE;VALUE=DATE:20270105", ["0104", "0106", "0107", "0108"]),
            ("EXDATE:20270105T090000", ["0104", "0106", "0107", "0108"]),
            ("EXDATE;TZID=Europe/Paris:20270105T090000,20270106T090000", ["0104", "0107", "0108"]),
            ("EXRULE:FREQ=DAILY;INTERVAL=2", ["0105", "0107"]),
            ("RDATE;TZID=Europe/Paris:20270112T090000",
             ["0104", "0105", "0106", "0107", "0108", "0112"]),
            ("RDATE;VALUE=PERIOD:20270112T080000Z/PT3H",
             ["0104", "0105", "0106", "0107", "0108", "0112"]),
        ],
    )  # fmt: skip
    def test_exceptions_and_additions(self, exception: str, left: list[str]) -> None:
        text = DAILY.replace("END:VEVENT", f"{exception}\nEND:VEVENT")
        assert [start[:4] for start in starts(read(calendar(text)))] == left

    def test_a_moved_a_cancelled_and_a_declined_instance(self) -> None:
        moved = event("RECURRENCE-ID:20270105T080000Z", uid="d@t", start="20270105T150000Z")
        cancelled = event("RECURRENCE-ID;TZID=Europe/Paris:20270106T090000", "STATUS:CANCELLED",
                          uid="d@t", start="20270106T080000Z")  # fmt: skip
        listing = read(calendar(moved, DAILY, cancelled))
        assert starts(listing) == ["0104T0800", "0105T1500", "0106T0800", "0107T0800", "0108T0800"]
        assert [e.is_busy for e in listing.events] == [True, True, False, True, True]
        assert listing.events[1].instance == "20270105T080000Z"

    def test_an_instance_moved_into_the_window_from_far_away(self) -> None:
        moved = event("RECURRENCE-ID:20261228T090000Z", uid="w@t", start="20270106T150000Z")
        assert starts(read(calendar(WEEKLY, moved))) == ["0104T0900", "0106T1500", "0111T0900"]

    def test_an_instance_without_its_series_counts(self) -> None:
        alone = event("RECURRENCE-ID:20270105T080000Z", uid="gone@t", start="20270105T150000Z")
        (found,) = read(calendar(alone)).events
        assert found.instance == "20270105T080000Z" and found.interval.start.hour == 15

    def test_this_and_future(self) -> None:
        later = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270106T080000Z", "SUMMARY:New",
                      "DTEND:20270106T120000Z", uid="d@t", start="20270106T100000Z")  # fmt: skip
        found = read(calendar(DAILY, later)).events
        assert [f"{e.interval.start:%d%H}" for e in found] == [
            "0408",
            "0508",
            "0610",
            "0710",
            "0810",
        ]
        assert [e.title for e in found] == ["", "", "New", "New", "New"]
        assert found[-1].interval.length == timedelta(hours=2)

    @pytest.mark.parametrize(
        ("until", "count"),
        [
            ("20270106", 3),  # the whole of that day
            ("20270106T080000Z", 3),
            ("20270106T075959Z", 2),
            ("20270106T090000", 3),  # without zone: the series' own
        ],
    )
    def test_until(self, until: str, count: int) -> None:
        assert len(read(calendar(DAILY.replace("COUNT=5", f"UNTIL={until}"))).events) == count

    def test_until_of_days(self) -> None:
        text = event("DTSTART:20270104", "RRULE:FREQ=DAILY;UNTIL=20270106T000000Z")
        assert len(read(calendar(text.replace("DURATION:PT1H\n", ""))).events) == 3

    def test_a_series_that_ended_before_it_began_was_deleted(self) -> None:
        text = event("RRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z")
        assert read(calendar(text)).events == ()

    def test_the_same_uid_twice_in_two_states_is_the_newer(self) -> None:
        old, new = event("SEQUENCE:1"), event("SEQUENCE:2", start="20270305T090000Z")
        assert read(calendar(new, old)).events == ()

    def test_the_same_uid_for_two_events_is_two_events(self) -> None:
        found = read(calendar(event(), event(start="20270106T090000Z"), event())).events
        assert [e.instance for e in found] == ["", "20270106T090000Z"]

    def test_an_instance_has_the_same_name_in_every_calendar(self) -> None:
        other = WEEKLY.replace(
            "DTSTART:20260601T090000Z", "DTSTART;TZID=Asia/Tokyo:20260601T180000"
        )
        names = [[e.instance for e in read(calendar(text)).events] for text in (WEEKLY, other)]
        assert names[0] == names[1]

    def test_order_does_not_matter(self) -> None:
        moved = event("RECURRENCE-ID:20270105T080000Z", uid="d@t", start="20270105T150000Z")
        parts = [WEEKLY, moved, DAILY, event()]
        forward, back = read(calendar(*parts)), read(calendar(*reversed(parts)))
        assert starts(forward) == starts(back)


RULES = [
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=3;COUNT=40",
    "FREQ=DAILY;BYHOUR=9,15;BYMINUTE=0,30;COUNT=100",
    "FREQ=HOURLY;INTERVAL=5;BYDAY=MO,TU",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kathmandu"])
def test_series_agree_with_another_expansion(rule: str, zone: str) -> None:
    window = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC))
    raw = calendar(event(f"DTSTART;TZID={zone}:20261230T090000", f"RRULE:{rule}"))
    whole = icalendar.Calendar.from_ical(raw)
    other = recurring_ical_events.of(whole).between(window.start, window.end)
    mine = CalendarText(raw, ANA).listing(window).events
    assert [e.interval.start for e in mine] == sorted(
        e["DTSTART"].dt.astimezone(UTC) for e in other
    )


def test_two_weeks_touch_only_what_lies_in_them() -> None:
    days = [event(uid=f"{n}@t", start=f"202701{n:02d}T120000Z") for n in range(1, 29)]
    assert all(SPRINT.overlaps(e.interval) for e in read(calendar(*days)).events)
    assert len(read(calendar(*days)).events) == 14


class TestMixedSeries:
    def test_a_damaged_instance_costs_only_itself(self) -> None:
        bad = event("RECURRENCE-ID:20270105T080000Z", "DTSTART;TZID=Middle/Earth:20270105T150000",
                    uid="d@t")  # fmt: skip
        listing = read(calendar(DAILY, bad))
        assert starts(listing) == ["0104T0800", "0106T0800", "0107T0800", "0108T0800"]
        (trouble,) = listing.troubles
        assert trouble.span is not None and trouble.span.start.day == 5

    def test_a_time_names_a_day_and_a_date_names_a_time(self) -> None:
        days = event("DTSTART:20270104", "RRULE:FREQ=DAILY;COUNT=3", "DURATION:P1D", uid="a@t")
        moved = event("RECURRENCE-ID:20270104T230000Z", "STATUS:CANCELLED", uid="a@t")
        found = read(calendar(days, moved)).events
        assert [e.is_busy for e in found if e.interval.start.day in (4, 5)] == [False, True]
        assert len(found) == 3
        cancelled = event("RECURRENCE-ID;VALUE=DATE:20270105", "STATUS:CANCELLED", uid="d@t")
        assert len([e for e in read(calendar(DAILY, cancelled)).events if e.is_busy]) == 4

    def test_a_lost_exception_elsewhere_is_no_trouble_here(self) -> None:
        over = event("EXDATE:soon", "RRULE:FREQ=DAILY;COUNT=3", start="20200101T090000Z")
        assert read(calendar(over)).troubles == ()
        assert len(read(calendar(DAILY.replace("END:", "EXDATE:soon\nEND:"))).troubles) == 1

    def test_an_endless_event_that_is_free_is_nobodys_trouble(self) -> None:
        text = event("TRANSP:TRANSPARENT", "DTEND:21270105T080000Z")
        assert read(calendar(text)).troubles == ()
