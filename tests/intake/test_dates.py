"""Dates as tools and locales write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.moment import DateMoment, parse_moment, resolve
from blocker.domain.sprint import SprintCalendar
from blocker.intake.dates import parse_date
from blocker.intake.problems import Wrong

LOCALES = (
    "fr_FR",
    "de_DE",
    "en_US",
    "en_GB",
    "es_ES",
    "it_IT",
    "pt_BR",
    "nl_NL",
    "sv_SE",
    "pl_PL",
    "ja_JP",
)


@pytest.mark.parametrize(
    ("text", "locale", "wanted"),
    [
        ("2027-01-14", None, "2027-01-14"),
        ("2027-01-14 12:00", None, "2027-01-14 12:00"),
        ("2027-01-14T12:00:00", None, "2027-01-14 12:00"),
        ("2027-01-14 24:00", None, "2027-01-14 24:00"),
        ("14/01/2027", "fr_FR", "2027-01-14"),
        ("01/14/2027", "en_US", "2027-01-14"),
        ("1/14/27", "en_US", "2027-01-14"),
        ("14.01.2027 12:00", "de_DE", "2027-01-14 12:00"),
        ("14. Januar 2027", "de_DE", "2027-01-14"),
        ("14 janv. 2027", "fr_FR", "2027-01-14"),
        ("14 de enero de 2027", "es_ES", "2027-01-14"),
        ("14/Jan/27 4:02 PM", None, "2027-01-14 16:02"),
        ("14/Jan/27 12:00 AM", "en_US", "2027-01-14 00:00"),
        ("Jan 14, 2027", None, "2027-01-14"),
        ("2027/01/14", "fr_FR", "2027-01-14"),
        ("14/01/2027 15h30", "fr_FR", "2027-01-14 15:30"),
        ("W2 Wed", None, "W2 Wed"),
        ("w2 wednesday", None, "W2 Wed"),
        ("W1 Fri 12:00", None, "W1 Fri 12:00"),
        ("W1 mer.", "fr_FR", "W1 Wed"),
        ("W1 mercredi 9:30", "fr_FR", "W1 Wed 09:30"),
        ("W1 Mittwoch", "de_DE", "W1 Wed"),
        ("W1 Wed", "de_DE", "W1 Wed"),
    ],
)
def test_accepted(text: str, locale: str | None, wanted: str) -> None:
    assert str(parse_date(text, locale=locale)) == wanted


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("", None),
        ("tomorrow", None),
        ("2027-02-30", None),
        ("2027-13-01", None),
        ("14/01/2027", None),
        ("14/01/2027", "en_US"),
        ("01/14/2027", "fr_FR"),
        ("W0 Wed", None),
        ("W2", None),
        ("W2 Foo", None),
        ("W99 Wed", None),
        ("2027-01-14 25:00", None),
        ("2027-01-14 12:60", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2027-01-14T12:00:00+99:00", None),
        ("20270114", None),
        ("46036", None),
        ("\x00", None),
        ("14 Foo 2027", "fr_FR"),
        ("0/0/2027", "fr_FR"),
    ],
)
def test_refused(text: str, locale: str | None) -> None:
    with pytest.raises(Wrong) as caught:
        parse_date(text, locale=locale, zone=ZoneInfo("Europe/Paris"))
    assert caught.value.remedy


@pytest.mark.parametrize("locale", LOCALES)
@given(day=st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_what_a_locale_writes_is_read(locale: str, day: date) -> None:
    for width in ("medium", "long"):
        text = format_date(day, width, locale)
        if locale != "ja_JP":  # writes 年 between the numbers
            assert parse_date(text, locale=locale) == DateMoment(day), text


@given(st.dates(date(1970, 1, 1), date(2200, 12, 31)), st.none() | st.integers(0, 1440))
def test_canonical_spellings_come_back(day: date, minutes: int | None) -> None:
    moment = DateMoment(day, minutes)
    assert parse_date(str(moment)) == parse_moment(str(moment)) == moment


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),
    st.sampled_from(
        [
            "Europe/Paris",
            "America/St_Johns",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Africa/Cairo",
        ]
    ),
)
def test_an_instant_of_another_tool_stays_the_same_instant(wall: datetime, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    instant = wall.replace(second=0, microsecond=0, tzinfo=UTC)
    moment = parse_date(f"{instant:%Y-%m-%dT%H:%M:%S}.000Z", zone=zone)
    sprint = SprintCalendar(date(2026, 1, 5), 14, "S{number}", zone).sprint(1)
    back = resolve(moment, sprint, zone, "end")
    # A wall clock shows the hour before a clock is set back twice; the first of both is meant.
    assert back in (instant, instant - timedelta(hours=1), instant - timedelta(minutes=30))


@given(st.text(max_size=24), st.sampled_from([None, "fr_FR", "en_US"]))
def test_anything_else_is_refused_in_words(text: str, locale: str | None) -> None:
    try:
        parse_date(text, locale=locale, zone=ZoneInfo("Asia/Tokyo"))
    except Wrong as wrong:
        assert "\n" not in wrong.message
