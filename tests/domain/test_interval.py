"""The interval algebra against sets of minutes, which cannot be wrong."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.domain.interval import (
    Interval,
    clip,
    duration_text,
    intersect,
    merge,
    subtract,
    total,
)

START = datetime(2027, 3, 28, tzinfo=UTC)
ZONES = [timezone(timedelta(minutes=offset)) for offset in (-570, -300, 0, 60, 345, 765)]


def at(minute: int, zone=UTC) -> datetime:
    return (START + timedelta(minutes=minute)).astimezone(zone)


@st.composite
def intervals(draw):
    start = draw(st.integers(0, 60))
    length = draw(st.integers(1, 20))
    zone = draw(st.sampled_from(ZONES))
    return Interval(at(start, zone), at(start + length, zone))


spans = st.lists(intervals(), max_size=8)


def minutes(found) -> set[int]:
    return {
        int((one.start - START) / timedelta(minutes=1)) + k
        for one in found
        for k in range(one.minutes)
    }


def is_tidy(found) -> bool:
    return all(a.end < b.start for a, b in pairwise(found))


@given(spans)
def test_merge_keeps_the_time_and_leaves_disjoint_sorted_spans(some):
    assert minutes(merge(some)) == minutes(some)
    assert is_tidy(merge(some))


@given(spans)
def test_order_does_not_matter(some):
    assert merge(some) == merge(some[::-1])


@given(spans, spans)
def test_intersect_is_the_shared_time(left, right):
    assert minutes(intersect(left, right)) == minutes(left) & minutes(right)
    assert intersect(left, right) == intersect(right, left)


@given(spans, spans)
def test_subtract_is_the_rest(left, right):
    assert minutes(subtract(left, right)) == minutes(left) - minutes(right)
    assert is_tidy(subtract(left, right))


@given(spans, spans)
def test_what_is_subtracted_and_what_is_shared_make_the_whole(left, right):
    assert total(subtract(left, right)) + total(intersect(left, right)) == total(left)


@given(spans, intervals())
def test_clip_keeps_spans_apart(some, window):
    assert minutes(clip(some, window)) == minutes(some) & minutes([window])
    assert len(clip(some, window)) == sum(one.overlaps(window) for one in some)


@given(intervals(), intervals())
def test_overlap_means_a_shared_minute(one, other):
    assert one.overlaps(other) == bool(minutes([one]) & minutes([other]))
    assert one.overlaps(other) == (one.meet(other) is not None)


def test_touching_spans_do_not_overlap():
    assert not Interval(at(0), at(10)).overlaps(Interval(at(10), at(20)))


@given(intervals(), st.sampled_from(ZONES))
def test_the_zone_an_instant_was_written_in_does_not_matter(one, zone):
    same = Interval(one.start.astimezone(zone), one.end.astimezone(zone))
    assert same == one
    assert hash(same) == hash(one)


@pytest.mark.parametrize("length", [0, -1])
def test_an_empty_or_reversed_interval_is_refused(length):
    with pytest.raises(ValueError, match="starts before it ends"):
        Interval(at(5), at(5 + length))


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Interval(datetime(2027, 1, 1), datetime(2027, 1, 2))


@pytest.mark.parametrize(
    ("minutes_", "text"), [(0, "0m"), (45, "45m"), (60, "1h"), (65, "1h05"), (2400, "40h")]
)
def test_lengths_as_people_write_them(minutes_, text):
    assert duration_text(timedelta(minutes=minutes_)) == text
