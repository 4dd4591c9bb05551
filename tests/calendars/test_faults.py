"""Faults 1 to 9: calendars as bad as they come (each named after its fault)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from blocker.calendars.ics_file import check
from blocker.calendars.text import expansion
from blocker.calendars.text.icalendar_text import STEPS_PER_FILE, CalendarText
from blocker.domain.errors import CalendarUnreadable
from tests.calendars.texts import ANA, NOW, PARIS, SPRINT, calendar, event, read, starts

GOOD = event(uid="good@t", start="20270105T140000Z")


class TestFault1EndlessRules:
    """Bounded work, and the event is named."""

    @pytest.mark.parametrize(
        "rule",
        [
            "FREQ=SECONDLY",
            "FREQ=MINUTELY",
            "FREQ=MINUTELY;COUNT=1000000000",
            "FREQ=MINUTELY;INTERVAL=7;BYSECOND=1,2,3,4,5,6,7,8,9",
            "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))
            + ";BYMINUTE=" + ",".join(map(str, range(60))),
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31",
            "FREQ=HOURLY;COUNT=1000000000;BYDAY=MO",
        ],
    )  # fmt: skip
    def test_the_event_is_named_and_the_rest_counts(self, rule: str) -> None:
        bad = event(f"RRULE:{rule}", uid="bad@t", start="19700101T000000Z")
        listing = read(calendar(bad, GOOD))
        assert [trouble.uid for trouble in listing.troubles] == ["bad@t"]
        assert [found.uid for found in listing.events] == ["good@t"]

    def test_the_steps_of_a_file_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        spent = 0
        spend = expansion.Budget.spend

        def counted(self: expansion.Budget, steps: int) -> None:
            nonlocal spent
            spent += steps
            spend(self, steps)

        monkeypatch.setattr(expansion.Budget, "spend", counted)
        rule = "RRULE:FREQ=HOURLY;COUNT=1000000000;BYDAY=MO"
        bad = [event(rule, uid=f"{n}@t", start="19700101T000000Z") for n in range(60)]
        listing = read(calendar(*bad, GOOD))
        assert len(listing.troubles) == 60
        assert spent < 1.2 * STEPS_PER_FILE

    def test_a_large_count_of_an_ordinary_rule_is_no_fault(self) -> None:
        bad = event("RRULE:FREQ=HOURLY;COUNT=1000000000", start="19700101T000000Z")
        listing = read(calendar(bad))
        assert not listing.troubles and len(listing.events) == 14 * 24


class TestFault2RulesThatLibrariesMisread:
    def test_plain_and_numbered_weekdays_together(self) -> None:
        rule = event("RRULE:FREQ=MONTHLY;BYDAY=MO,2TU", start="20261201T090000Z")
        assert starts(read(calendar(rule))) == ["0104T0900", "0111T0900", "0112T0900"]

    @pytest.mark.parametrize(
        "rule", ["FREQ=FORTNIGHTLY", ";", "FREQ=WEEKLY;UNTL=20271231", "FREQ=WEEKLY;BYDAY=XX",
                 "FREQ=WEEKLY;INTERVAL=0", "RSCALE=HEBREW;FREQ=YEARLY", "W1 MO #0"]
    )  # fmt: skip
    def test_what_is_not_understood_is_named_and_its_first_instance_is_busy(
        self, rule: str
    ) -> None:
        listing = read(calendar(event(f"RRULE:{rule}", uid="bad@t")))
        assert [trouble.uid for trouble in listing.troubles] == ["bad@t"]
        assert listing.troubles[0].line == 8 and listing.troubles[0].span is None
        assert starts(listing) == ["0105T0900"]

    def test_an_empty_rule_is_none(self) -> None:
        listing = read(calendar(event("RRULE:")))
        assert starts(listing) == ["0105T0900"] and not listing.troubles

    def test_two_starts_are_named(self) -> None:
        listing = read(calendar(event("DTSTART:20270105T090000Z", "DTSTART:20270106T090000Z")))
        assert listing.events == ()
        assert "two different starts" in listing.troubles[0].message

    def test_a_rule_without_its_colon_is_named(self) -> None:
        listing = read(calendar(event("RRULE FREQ=WEEKLY", uid="bad@t")))
        assert "line without a value" in listing.troubles[0].message


class TestFault3OneBrokenEvent:
    @pytest.mark.parametrize(
        "bad",
        [
            event(uid="bad@t", start=""),
            event(uid="bad@t", start="tomorrow"),
            event(uid="bad@t", start="20270230T090000Z"),
            event("DURATION:soon", uid="bad@t"),
            event("DURATION:-PT1H", uid="bad@t"),
            "BEGIN:VEVENT\nUID:bad@t\nDTSTART:20270105T090000Z\nDTEND:20270105T100000Z",
            event("BEGIN:VALARM", "TRIGGER:-PT5M", uid="bad@t"),
        ],
    )
    def test_the_rest_counts_and_it_is_named(self, bad: str) -> None:
        listing = read(calendar(GOOD, bad, event(uid="last@t", start="20270106T090000Z")))
        assert [found.uid for found in listing.events] == ["good@t", "last@t"]
        assert [trouble.uid for trouble in listing.troubles] == ["bad@t"]
        assert listing.troubles[0].line is not None and listing.troubles[0].line > 8

    def test_one_that_lies_elsewhere_is_not_named_unless_all_is_checked(
        self, tmp_path: Path
    ) -> None:
        bad = event("DTEND:20250105T080000Z", uid="bad@t", start="20250105T090000Z")
        raw = calendar(GOOD, bad)
        assert read(raw).troubles == ()
        path = tmp_path / "a.ics"
        path.write_bytes(raw)
        found = check(path, now=NOW, zone=PARIS)
        assert (found.entries, found.instances, found.busy) == (2, 1, 1)
        assert [trouble.uid for trouble in found.troubles] == ["bad@t"]


class TestFault4FilesThatAreNoCalendars:
    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (b"", "is empty"),
            (b" \r\n\r\n", "is empty"),
            (b"\x00" * 500, "is empty"),
            (b"<!DOCTYPE html><html>Sign in</html>", "is a web page"),
            (gzip.compress(calendar(GOOD), mtime=0), r"compressed \(gzip\); unpack it"),
            (b"PK\x03\x04....", "ZIP archive"),
            (calendar(GOOD)[:-20], "breaks off before END:VCALENDAR"),
            (calendar(GOOD)[:60], "breaks off before END:VCALENDAR"),
            (calendar(GOOD).decode().encode("utf-16")[:-9], "UTF-16 text that breaks off"),
            (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "address card"),
            (b"hello", "does not begin with BEGIN:VCALENDAR"),
            (b'{"items": []}', "is JSON"),
            (bytes(range(256)) * 9, "does not begin with BEGIN:VCALENDAR"),
        ],
    )
    def test_they_are_refused_in_one_line(self, raw: bytes, message: str) -> None:
        with pytest.raises(CalendarUnreadable, match=message) as caught:
            read(raw)
        assert len(str(caught.value).splitlines()) == 1
        assert str(caught.value).startswith("ana.ics:")

    @pytest.mark.parametrize(
        "raw",
        [
            b"\xef\xbb\xbf" + calendar(GOOD),
            calendar(GOOD).decode().encode("utf-16"),
            calendar(GOOD).decode().encode("utf-16-le"),
            calendar(GOOD, end="\r"),
            calendar(GOOD, end="\n"),
            calendar(GOOD, end="\r\r\n"),
            b"\r\n\r\n" + calendar(GOOD, end="\r\n\r\n"),
            calendar(GOOD).replace(b"VERSION:2.0\r\nPRODID:-//test//EN\r\n", b""),
            calendar(GOOD).lower(),
            calendar(GOOD).replace(b"BEGIN:VEVENT", b"BEG\r\n IN:VEV\r\n ENT"),
            calendar(GOOD).replace(b"DTSTART", b"DTST\r\n ART"),
            calendar(GOOD) + b"\r\n\r\n" + calendar(),
            calendar() + calendar(GOOD),
        ],
    )
    def test_odd_spellings_are_read(self, raw: bytes) -> None:
        listing = read(raw)
        assert starts(listing) == ["0105T1400"] and not listing.troubles

    def test_text_that_is_not_utf_8_is_read_as_windows_does(self) -> None:
        raw = calendar(event("SUMMARY:Café")).decode().encode("cp1252")
        assert read(raw).events[0].title == "Café"

    def test_a_missing_file_a_folder_and_a_device(self, tmp_path: Path) -> None:
        for path in (tmp_path / "no.ics", tmp_path, Path("/dev/zero"), tmp_path / ("x" * 300)):
            with pytest.raises(CalendarUnreadable) as caught:
                check(path, now=NOW, zone=PARIS)
            assert len(str(caught.value).splitlines()) == 1


class TestFault5ImpossibleTimes:
    @pytest.mark.parametrize(
        ("lines", "message", "span"),
        [
            (["DTEND:20270105T080000Z"], "ends before it begins", ("05T0800", "05T0900")),
            (["DURATION:-PT1H"], "is negative", ("05T0900", "05T0901")),
            (["DTSTART;VALUE=DATE:20270105", "DTEND:20270105T100000Z"],
             "begins with a date and ends with a time", ("04T2300", "05T1000")),
            (["DTEND;VALUE=DATE:20270106"],
             "begins with a time and ends with a date", ("05T0900", "05T2300")),
            (["DTEND:21270105T080000Z"], "lasts 100 years", None),
        ],
    )  # fmt: skip
    def test_they_are_named_with_what_can_be_read(
        self, lines: list[str], message: str, span: tuple[str, str] | None
    ) -> None:
        listing = read(calendar(event(*lines, uid="bad@t")))
        assert listing.events == ()
        (trouble,) = listing.troubles
        assert message in trouble.message
        found = trouble.span and tuple(
            f"{end:%dT%H%M}" for end in (trouble.span.start, trouble.span.end)
        )
        assert found == span

    def test_the_year_9999_and_the_year_1(self) -> None:
        for start in ("99991231T235959Z", "00010101T000000Z", "99991231", "00010101"):
            text = calendar(event("RRULE:FREQ=YEARLY", uid="far@t", start=start))
            listing = CalendarText(text, ANA).listing(SPRINT, only_near=False)
            assert len(listing.events) + len(listing.troubles) <= 1


class TestFault6UnknownZones:
    @pytest.mark.parametrize(
        "zone",
        [
            "Europe/Paris",
            "europe/paris",
            "W. Europe Standard Time",
            "Romance Standard Time",
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            '"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"',
            "(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna",
            "/freeassociation.sourceforge.net/Europe/Paris",
            "/freeassociation.sourceforge.net/Tzfile/Europe/Paris",
            "/mozilla.org/20050126_1/Europe/Berlin",
            "UTC+01:00",
        ],
    )
    def test_names_that_clients_write_are_known(self, zone: str) -> None:
        quoted = zone if zone.startswith('"') else f'"{zone}"'
        text = event(f"DTSTART;TZID={quoted}:20270105T090000")
        listing = read(calendar(text))
        assert starts(listing) == ["0105T0800"] and not listing.troubles

    def test_american_display_names(self) -> None:
        name = '"(UTC-05:00) Eastern Time (US & Canada)"'
        assert starts(read(calendar(event(f"DTSTART;TZID={name}:20270105T090000")))) == [
            "0105T1400"
        ]

    def test_a_zone_that_the_file_defines_is_used(self) -> None:
        zone = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0600
TZOFFSETTO:+0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0500
TZOFFSETTO:+0600
END:DAYLIGHT
END:VTIMEZONE"""
        text = event("DTSTART;TZID=Customized Time Zone:20270105T090000")
        assert starts(read(calendar(zone, text))) == ["0105T0400"]

    def test_the_rest_is_named_and_not_silently_local(self) -> None:
        listing = read(calendar(event("DTSTART;TZID=Middle/Earth:20270105T090000", uid="bad@t")))
        assert listing.events == ()
        (trouble,) = listing.troubles
        assert "“Middle/Earth”" in trouble.message and trouble.uid == "bad@t"
        assert trouble.span is not None

    def test_a_series_in_an_unknown_zone_may_touch_anything(self) -> None:
        bad = event("DTSTART;TZID=Middle/Earth:20250105T090000", "RRULE:FREQ=WEEKLY", uid="bad@t")
        listing = read(calendar(bad))
        assert listing.events == () and [t.span for t in listing.troubles] == [None]


class TestFault8WhatIsBusy:
    @pytest.mark.parametrize(
        ("lines", "busy"),
        [
            ([], True),
            (["STATUS:CANCELLED"], False),
            (["STATUS:TENTATIVE"], True),
            (["TRANSP:TRANSPARENT"], False),
            (["transp:transparent"], False),
            (["X-MICROSOFT-CDO-BUSYSTATUS:FREE"], False),
            (["X-MICROSOFT-CDO-BUSYSTATUS:OOF"], True),
            (["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"], False),
            (["ATTENDEE;PARTSTAT=DECLINED:mailto:ANA@northwind.example"], False),
            (["ATTENDEE;PARTSTAT=DECLINED;EMAIL=ana@northwind.example:/aCcount/1"], False),
            (["ATTENDEE;PARTSTAT=DECLINED:mailto:bo@northwind.example"], True),
            (["ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana@northwind.example"], True),
            (["ATTENDEE;PARTSTAT=TENTATIVE:mailto:ana@northwind.example"], True),
        ],
    )
    def test_the_rule_of_the_contract(self, lines: list[str], busy: bool) -> None:
        (found,) = read(calendar(event(*lines))).events
        assert found.is_busy is busy


class TestFault9HugeInput:
    def test_a_folded_line_of_10_mb(self) -> None:
        text = b"\r\n ".join([b"DESCRIPTION:" + b"x" * 60, *[b"x" * 74] * 140_000])
        raw = calendar(event("SUMMARY:a", "X-HERE:1")).replace(b"X-HERE:1", text)
        assert len(raw) > 10_000_000
        (found,) = read(raw).events
        assert len(found.description) <= 20_000

    def test_200_000_exdates_are_not_all_parsed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from blocker.calendars.text import event_times

        parsed = 0
        parse = event_times.parse_moment

        def counted(text: str) -> object:
            nonlocal parsed
            parsed += 1
            return parse(text)

        monkeypatch.setattr(event_times, "parse_moment", counted)
        days = ",".join(f"{1000 + n // 336:04d}{n // 28 % 12 + 1:02d}{n % 28 + 1:02d}T090000Z"
                        for n in range(400_000))  # fmt: skip
        listing = read(
            calendar(event(f"EXDATE:{days}", "RRULE:FREQ=DAILY", start="20200101T090000Z"))
        )
        assert len(listing.events) == 0  # each day of the window is among them
        assert parsed < 400

    def test_5000_nested_components_are_refused(self) -> None:
        for kind in ("VALARM", "VEVENT", "VCALENDAR", "X-THING"):
            raw = calendar(event().replace("END:VEVENT", f"BEGIN:{kind}\n" * 5000))
            with pytest.raises(CalendarUnreadable, match="nests components more than 50 deep"):
                read(raw)
            whole = calendar(f"BEGIN:{kind}\n" * 5000 + f"END:{kind}\n" * 5000)
            with pytest.raises(CalendarUnreadable, match="nests components more than 50 deep"):
                read(whole)
