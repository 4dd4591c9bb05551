"""Which event speaks of which task."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocker.auditing.matching import Ambiguous, Match, Unplanned, fold, speech_of
from blocker.domain.event import BlockMark, Event
from blocker.domain.finding import MatchedBy
from blocker.domain.interval import Interval
from blocker.domain.task import Task

SPAN = Interval(datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2027, 1, 4, 10, tzinfo=UTC))


def event(title: str, **more) -> Event:
    return Event("ana.ics", "u", "", SPAN, title, **more)


def task(name: str, title: str = "Something else entirely", **more) -> Task:
    return Task(name, title, "ana", timedelta(hours=1), **more)


def by_id(title: str, *ids: str):
    found = speech_of(event(title), [task(name, f"Quite another thing {name}x") for name in ids])
    return found.task if isinstance(found, Match) else found


@pytest.mark.parametrize(
    ("title", "ids", "found"),
    [
        ("Landing page [T-014]", ["T-014"], "T-014"),
        ("t-014: draft", ["T-014"], "T-014"),
        ("draft (T-014)", ["T-014"], "T-014"),
        ("T-0145", ["T-014"], None),
        ("XT-014", ["T-014"], None),
        ("T-014-b", ["T-014"], None),
        ("_T-014", ["T-014"], None),
        ("T-014é", ["T-014"], None),
        ("T-014.", ["T-014"], "T-014"),
        ("T-1.2 draft", ["T-1", "T-1.2"], "T-1.2"),
        ("T-1 and T-2", ["T-1", "T-2"], Ambiguous(("T-1", "T-2"))),
        ("T-1 and T-1", ["T-1"], "T-1"),
        ("T-1.2 then T-1", ["T-1", "T-1.2"], Ambiguous(("T-1", "T-1.2"))),
        ("call at 12", ["12"], None),
        ("draft [12]", ["12"], "12"),
        ("draft #12", ["12"], "12"),
        ("draft #123", ["12"], None),
        ("2027-01 plan", ["2027-01"], None),
        ("[2027-01] plan", ["2027-01"], "2027-01"),
    ],
)
def test_an_id_speaks_where_it_stands_by_itself(title, ids, found):
    assert by_id(title, *ids) == found


def test_an_id_made_from_the_title_never_speaks():
    made = task("landing-page", "Quite another thing", id_is_made=True)
    assert speech_of(event("landing-page"), [made]) is None


@pytest.mark.parametrize(
    ("title", "wanted", "speaks"),
    [
        ("Write the landing page", "Write the landing page", True),
        ("LANDING page: write the!", "Write the landing page", True),
        ("Write the landing pages", "Write the landing page", False),  # page has four letters
        ("Write the landng page", "Write the landing page", True),
        ("Write the landxxg page", "Write the landing page", False),
        ("Write landing page", "Write the landing page", False),
        ("Résumé für Café", "resume fur cafe", True),
        ("Plan Q2 launch", "Plan Q1 launch", False),
        ("Review budget2027 draft", "Review budget2028 draft", False),
        ("Newsletter", "Newsletter", True),
        ("Newsleter", "Newsletter", False),
        ("Newsletter with Ben", "Newsletter", False),
        ("...", "!!!", False),
    ],
)
def test_a_title_speaks_when_it_has_all_words(title, wanted, speaks):
    found = speech_of(event(title), [task("T-1", wanted)])
    assert found == (Match("T-1", MatchedBy.TITLE) if speaks else None)


def test_the_very_title_beats_all_words_and_all_words_beat_close_ones():
    tasks = [task("T-1", "Write blog post"), task("T-2", "Write blog post draft")]
    assert speech_of(event("Write blog post draft"), tasks) == Match("T-2", MatchedBy.TITLE)
    tasks = [task("T-1", "Check spring banner"), task("T-2", "Check sprint banner")]
    assert speech_of(event("check sprint banner now"), tasks) == Match("T-2", MatchedBy.TITLE)


def test_a_tie_speaks_for_none():
    tasks = [task("T-2", "Write blog post"), task("T-1", "Write blog post")]
    assert speech_of(event("Write blog post"), tasks) == Ambiguous(("T-1", "T-2"))


def test_property_before_id_before_title():
    tasks = [task("T-1", "Landing page"), task("T-2", "Blog post here")]
    marked = event("Blog post here [T-2]", mark=BlockMark("T-1"))
    assert speech_of(marked, tasks) == Match("T-1", MatchedBy.PROPERTY)
    assert speech_of(event("Blog post here [T-1]"), tasks) == Match("T-1", MatchedBy.ID)


def test_our_property_with_a_task_of_somebody_else_is_unplanned():
    assert speech_of(event("x", mark=BlockMark("T-9")), [task("T-1")]) == Unplanned("T-9")


def test_other_peoples_events_say_nothing():
    theirs = event("T-1 Landing page", organizer="boss@x.example")
    assert speech_of(theirs, [task("T-1", "Landing page")]) is None


def test_with_others_invited_a_title_is_a_meeting_but_an_id_still_speaks():
    assert (
        speech_of(event("Landing page", others_invited=True), [task("T-1", "Landing page")]) is None
    )
    found = speech_of(event("[T-1]", others_invited=True), [task("T-1", "Landing page")])
    assert found == Match("T-1", MatchedBy.ID)


@given(st.text(max_size=40))
def test_folding_is_stable_and_leaves_words_only(text):
    words = fold(text)
    assert fold(" ".join(words)) == words
    assert all(word and not any(letter.isspace() for letter in word) for word in words)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_matched(title, wanted):
    speech_of(event(title), [task("T-1", wanted)])
