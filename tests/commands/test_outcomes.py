"""`outcome add/list/close`: the few results of a quarter, and the hours that serve each (M12)."""

from datetime import UTC, datetime, timedelta

import pytest

from blocker.commands.outcome_hours import list_outcomes
from blocker.commands.quarter import add_outcome, close_outcome
from blocker.domain.closing import ClosedTask, Closing, Fate
from blocker.domain.errors import Refused, WrongUse
from blocker.domain.outcome import Quarter
from blocker.domain.sprint import SprintState
from tests.team import meeting

HOUR = timedelta(hours=1)
NONE = timedelta()
ROWS = (
    "T-1,Landing page,ana,2h,1,W1 Mon,,,leads,",
    "T-2,Blog post,ana,3h,3,W1 Tue,,,leads,",
    "T-3,Budget,ben,2h,2,W1 Tue,,,brand,",
    "T-4,Recap,ben,1h,3,W1 Wed,,,,",
)


def agreed(team, *names, **more):
    for name in names:
        add_outcome(team.open(), name, f"The {name}", **more)


def hours(found):
    """(committed, standing, stood) in hours, by outcome."""
    return {
        line.hours.outcome: tuple(
            span / HOUR for span in (line.hours.committed, line.hours.on_calendar, line.hours.stood)
        )
        for line in found.lines
    }


def test_an_outcome_is_of_the_present_quarter_in_the_teams_zone_unless_another_is_named(team):
    team.now = "2026-12-31T23:30+00:00"  # past midnight in Paris
    assert add_outcome(team.open(), "leads", "400 leads").outcome.quarter == Quarter(2027, 1)
    named = add_outcome(team.open(), "brand", "Known in Spain", "2027q2", "Ben Carter")
    assert (str(named.outcome.quarter), named.outcome.owner) == ("2027-Q2", "ben")


def test_added_again_it_is_brought_up_to_date_and_says_so(team):
    team.run("outcome", "add", "leads", "400 leads", "--owner", "ana")
    ran = team.run("--as", "ben", "outcome", "add", "LEADS", "500 leads", "--quarter", "2027-Q2")
    assert ran.code == 0
    assert ran.out.splitlines()[:3] == [
        "leads “500 leads” was known and is brought up to date:",
        "  title 400 leads -> 500 leads",
        "  quarter 2027-Q1 -> 2027-Q2",
    ]
    with team.open().store(rehearse=True) as store:
        assert store.outcomes()["leads"].owner == "ana"
        assert [(one.who, one.what) for one in store.logged()] == [
            (None, "added outcome leads"),
            ("ben", "changed outcome leads"),
        ]
    again = team.run("outcome", "add", "leads", "500 leads", "--format", "json").json
    assert (again["added"], again["changes"], again["quarter"]) == (False, [], "2027-Q2")


def test_three_to_seven_are_asked_for_kindly(team):
    few = "three to seven tell a team what its tasks are for"
    agreed(team, "a", "b")
    assert few in add_outcome(team.open(), "b", "The b").notes[0]
    agreed(team, "c", "d", "e", "f")
    assert add_outcome(team.open(), "g", "The g").notes == ()
    (note,) = add_outcome(team.open(), "h", "The h").notes
    assert note == (
        "2027-Q1 has 8 open outcomes; three to seven are what a team can keep in mind: close what "
        "can wait with: blocker outcome close ID"
    )
    assert close_outcome(team.open(), "h").notes == ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("le ads", "X"), "'le ads' cannot be an outcome's id"),
        (("leads", " "), "TITLE: is empty; write what will be true at the quarter's end"),
        (("leads", "X", "spring"), "--quarter: 'spring' is no quarter; write it like 2027-Q1"),
        (("leads", "X", None, "Zoe"), "--owner: nobody is called 'Zoe'; the members are ana, ben"),
    ],
)
def test_wrong_words_change_nothing(team, words, message):
    with pytest.raises(WrongUse) as wrong:
        add_outcome(team.open(), *words)
    assert str(wrong.value).startswith(message)
    with team.open().store(rehearse=True) as store:
        assert store.outcomes() == {}


def test_a_closed_outcome_names_what_still_serves_it_and_may_be_opened_again(team):
    agreed(team, "leads")
    team.run("import", team.tasks(*ROWS), "--sprint", "S27")
    ran = team.run("outcome", "close", "Leads")
    assert ran.out.splitlines()[:2] == [
        "leads “The leads” is closed.",
        "2 open tasks still name it: T-1 and T-2.",
    ]
    with pytest.raises(Refused, match="leads “The leads” was closed Mon 4 Jan already"):
        close_outcome(team.open(), "leads")
    with pytest.raises(WrongUse, match="there is no outcome 'leeds'; did you mean leads"):
        close_outcome(team.open(), "leeds")
    agreed(team, "leads")
    with team.open().store(rehearse=True) as store:
        assert store.outcomes()["leads"].closed_at is None


def test_an_import_says_which_outcome_is_not_known_and_which_is_near(team):
    rows = (ROWS[0].replace("leads", "Leeds"), ROWS[1].replace("leads", "old"), ROWS[2])
    assert team.run("import", team.tasks(*rows), "--sprint", "S27").out.count("!") == 0
    agreed(team, "leads", "old", "brand")
    close_outcome(team.open(), "old")
    ran = team.run("import", "tasks.csv", "--sprint", "S27")
    assert (ran.code, ran.out.splitlines()[:2]) == (
        0,
        [
            '! outcome "Leeds" of T-1 is not known; did you mean leads?',
            '! outcome "old" of T-2 is closed; the open ones: blocker outcome list',
        ],
    )
    added = team.run("task", "add", "X", "--owner", "ana", "--estimate", "1h", "--outcome", "bran")
    assert added.out.startswith('! outcome "bran" of x is not known; did you mean brand?\n')


def test_hours_are_those_of_the_calendars_as_they_are_now(team):
    agreed(team, "leads", "trials")
    team.booked(*ROWS, now="2027-01-04T08:00")
    team.calendar("ben", meeting("4 09:00", "4 10:00"))  # on the block of T-3
    found = list_outcomes(team.open("2027-01-04T10:00"))
    assert [one.name for one in found.live] == ["S27"]
    assert hours(found) == {"leads": (5, 5, 1), "trials": (0, 0, 0), "brand": (2, 1, 0)}
    assert [line.hours.outcome for line in found.lines if line.known is None] == ["brand"]


def test_done_tasks_stay_committed_and_what_is_past_of_them_stood(team):
    team.booked(*ROWS)
    ran = team.run("done", "T-1", now="2027-01-04T11:00")
    assert ran.code == 0, ran.err
    found = list_outcomes(team.open("2027-01-04T12:00"))
    assert hours(found)["leads"] == (5, 5, 2)


def closing(number, *tasks):
    at = datetime(2027, 1, 18, tzinfo=UTC)
    whole = sum((one.estimate for one in tasks), NONE)
    return Closing("small", number, f"S{number}", at, "ben", True, whole, whole, whole, tasks)


def test_closed_sprints_count_as_they_were_recorded_and_nothing_counts_twice(team):
    agreed(team, "leads")
    team.now = "2027-01-19T08:00"
    team.booked("T-2,Blog post,ana,3h,3,W1 Tue,,,leads,", sprint="S28")
    done = ClosedTask(
        "T-1", "Landing page", "ana", "leads", 2 * HOUR, 2 * HOUR, 2 * HOUR, Fate.DONE, True, False
    )
    carried = ClosedTask(
        "T-2", "Blog post", "ana", "leads", 5 * HOUR, 5 * HOUR, 2 * HOUR, Fate.CARRIED, True, False,
        3 * HOUR, 28,
    )  # fmt: skip
    dropped = ClosedTask(
        "T-3", "Budget", "ben", "brand", 4 * HOUR, 1 * HOUR, 1 * HOUR, Fate.DROPPED, True, False
    )
    with team.open().store() as store, store.transaction():
        store.close(closing(27, done, carried, dropped))
        store.close(closing(26, done))  # of the quarter before
        store.set_sprint_state(27, SprintState.CLOSED)
    found = list_outcomes(team.open())
    assert ([one.name for one in found.live], [one.name for one in found.recorded]) == (
        ["S28"],
        ["S27"],
    )
    assert hours(found) == {"leads": (7, 7, 4), "brand": (0, 0, 1)}
    before = list_outcomes(team.open(), "2026-Q4")
    assert hours(before) == {"leads": (2, 2, 2)}
    assert hours(list_outcomes(team.open(), everything=True))["leads"] == (9, 9, 6)


def test_as_it_is_shown(team):
    agreed(team, "leads", owner="ana")
    agreed(team, "trials", "old")
    close_outcome(team.open(), "old")
    team.booked(*ROWS)
    ran = team.run("outcome", "list")
    assert ran.code == 0
    assert [" ".join(line.split()) for line in ran.out.splitlines()] == [
        "2027-Q1: S27 as the calendars are now",
        "outcome title owner committed standing stood",
        "leads The leads Ana Ruiz 5h 5h 0m",
        "trials The trials nobody 0m 0m 0m no hours, no open task serves it",
        "brand 2h 2h 0m only tasks name it",
        "! brand: agree on it with blocker outcome add ID TITLE, or change the tasks",
        "! 2027-Q1 has 2 open outcomes; three to seven tell a team what its tasks are for: "
        "blocker outcome add ID TITLE --quarter 2027-Q1",
    ]
    everything = team.run("outcome", "list", "--all", "--format", "json").json
    assert [(one["outcome"], one["known"]) for one in everything["outcomes"]] == [
        ("leads", True), ("old", True), ("trials", True), ("brand", False),
    ]  # fmt: skip
    assert everything["outcomes"][0]["on_calendar_minutes"] == 300


def test_a_calendar_that_cannot_be_read_is_said(team):
    agreed(team, "leads")
    team.booked(*ROWS)
    team.write("ana.ics", "no calendar")
    found = list_outcomes(team.open())
    assert any(
        note.startswith("not all calendars of Ana Ruiz could be read") for note in found.notes
    )
