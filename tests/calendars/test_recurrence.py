"""Rules against dateutil, and the pre-filter against reading everything."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from blocker.calendars.text.expansion import Budget, TooMuchWork, expand
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.calendars.text.recurrence import parse_rule
from blocker.calendars.text.values import NotUnderstood
from tests.calendars.texts import ANA, SPRINT, calendar, event

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
START = datetime(2024, 2, 29, 9, 30)


def listed(key: str, values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[str]:
    """A BY-part, or nothing."""
    some = st.lists(values, min_size=1, max_size=most, unique=True)
    return st.one_of(
        st.just(""), some.map(lambda found: f";{key}=" + ",".join(str(one) for one in found))
    )


NUMBERED = st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(DAYS)).map(
    lambda pair: f"{pair[0]}{pair[1]}"
)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that dateutil reads as RFC 5545 does."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    text = f"FREQ={frequency};INTERVAL={draw(st.integers(1, 5))}"
    text += draw(listed("BYMONTH", st.integers(1, 12)))
    weekdays: st.SearchStrategy[object] = st.sampled_from(DAYS)
    if frequency in ("YEARLY", "MONTHLY") and draw(st.booleans()):
        weekdays = NUMBERED
    text += draw(listed("BYDAY", weekdays))
    if frequency != "WEEKLY":
        text += draw(listed("BYMONTHDAY", st.sampled_from([*range(1, 32), -1, -2, -31])))
    text += draw(listed("BYHOUR", st.integers(0, 23), 2))
    if "BYDAY" in text:
        text += draw(listed("BYSETPOS", st.sampled_from([1, 2, -1]), 2))
    return text + draw(st.sampled_from(["", ";WKST=SU", ";COUNT=7", ";COUNT=90"]))


@given(rule=rules(), offset=st.integers(-30, 900), days=st.integers(1, 400))
def test_rules_give_what_dateutil_gives(rule: str, offset: int, days: int) -> None:
    low = START + timedelta(days=offset)
    high = low + timedelta(days=days)
    try:
        parsed = parse_rule(rule)
    except NotUnderstood:
        return  # it names no day that exists
    theirs = [
        wall
        for wall in islice(rrulestr(rule + f";UNTIL={high:%Y%m%dT%H%M%S}"
                                    if "COUNT" not in rule else rule, dtstart=START), 5000)
        if low <= wall <= high
    ]  # fmt: skip
    assert list(expand(parsed, START, low, high, Budget(10**6))) == theirs


def test_numbered_and_plain_weekdays_are_a_union() -> None:
    """What dateutil gets wrong."""
    rule = parse_rule("FREQ=MONTHLY;BYDAY=MO,2TU")
    found = expand(rule, START, START, START + timedelta(days=20), Budget(1000))
    assert [wall.day for wall in found] == [4, 11, 12, 18]


def test_work_is_bounded() -> None:
    rule = parse_rule("FREQ=SECONDLY")
    with pytest.raises(TooMuchWork):
        list(expand(rule, START, START, START + timedelta(days=9), Budget(5000)))


def test_a_far_window_costs_no_more_than_a_near_one() -> None:
    costs = []
    for years in (1, 900):
        budget = Budget(10_000)
        low = START + timedelta(days=365 * years)
        list(expand(parse_rule("FREQ=DAILY"), START, low, low + timedelta(days=14), budget))
        costs.append(10_000 - budget.steps)
    assert max(costs) - min(costs) <= 2


EVENTS = st.builds(
    lambda day, hours, extra, uid: event(
        extra, f"DURATION:PT{hours}H", uid=f"{uid}@t",
        start=f"{(SPRINT.start + timedelta(days=day)):%Y%m%dT%H%M%S}Z",
    ),
    day=st.integers(-40, 40),
    hours=st.integers(1, 60),
    extra=st.sampled_from([
        "SUMMARY:x", "SUMMARY:x", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;UNTIL=20270105T000000Z",
        "RRULE:FREQ=DAILY;UNTIL=20270103", "RDATE:20270108T090000Z", "SEQUENCE:3",
        "RECURRENCE-ID:20270106T000000Z", "STATUS:CANCELLED",
    ]),
    uid=st.integers(1, 6),
)  # fmt: skip


@given(parts=st.lists(EVENTS, max_size=8))
def test_what_the_prefilter_leaves_out_does_not_matter(parts: list[str]) -> None:
    text = CalendarText(calendar(*parts), ANA)
    assert text.listing(SPRINT).events == text.listing(SPRINT, only_near=False).events
