"""Whatever an accepted sprint allows, its sums add up, and no hour that was worked disappears.

Ana has T-1 (6h, all Monday but its last hour after the breaks) and T-2 (2h), Ben has T-3 (1h): 9h.
By Monday 14:00 four hours have stood: three of Ana's T-1, and Ben's report.
"""

from datetime import timedelta

import pytest

from blocker.commands.accept import Asked, accept
from blocker.commands.away import away, time_away
from blocker.commands.close import close, preview
from blocker.commands.done import done, reopen
from blocker.commands.missed import missed
from blocker.commands.more import more
from blocker.commands.outcome_hours import list_outcomes
from blocker.commands.pull import pull
from blocker.commands.reassign import reassign
from blocker.commands.swap import swap
from blocker.commands.task_changes import drop_task, edit_task
from blocker.domain.closing import Decision, Fate, Whither
from blocker.domain.errors import Refused
from blocker.domain.finding import Code
from tests.team import Team

HOUR = timedelta(hours=1)
NOON = "2027-01-04T14:00"
END = "2027-01-15T17:00"
ROWS = (
    "T-1,Landing page,ana,6h,1,,,,leads,",
    "T-2,Blog post,ana,2h,3,,,T-1,brand,",
    "T-3,Report,ben,1h,2,,,,leads,",
    "T-4,Newsletter,ana,1h30,2,W1 Wed,,,leads,S28",
    "T-5,Logo wall,ana,30m,4,,,,brand,backlog",
)


@pytest.fixture
def team(team) -> Team:
    team.booked(*ROWS)
    accept(team.open(asker="ben"), Asked())
    return team


def by(team: Team, who: str = "ben"):
    return team.open(NOON, who)


def carried_by_time_away(team: Team):
    workspace = by(team)
    away(workspace, "ana", time_away(workspace, "ana", "5..17 Jan"), "sick", carry=True)


WAYS = {
    # what is done, hours by then: promised, kept, stood for leads, stood for brand
    "nothing": (lambda team: None, (9, 9, 4, 0)),
    "more": (lambda team: more(by(team), "T-1", HOUR, "it grew"), (9, 9, 4, 0)),
    "lowered": (lambda team: edit_task(by(team), "T-1", {"estimate": "5h"}), (8, 8, 4, 0)),
    "done": (lambda team: done(by(team), "T-1"), (9, 9, 4, 0)),
    "reassign": (lambda team: reassign(by(team), "T-1", "ben", "sick"), (9, 9, 4, 0)),
    "swap": (lambda team: swap(by(team), ["T-1"], "T-4", "press date"), (6, 6, 4, 0)),
    "carry": (
        lambda team: edit_task(by(team), "T-1", {"sprint": "next"}, "the client waits"),
        (6, 6, 4, 0),
    ),
    "backlog": (
        lambda team: edit_task(by(team), "T-1", {"sprint": "backlog"}, "the client waits"),
        (6, 6, 4, 0),
    ),
    "away": (carried_by_time_away, (4, 4, 4, 0)),
    "drop": (lambda team: drop_task(by(team), "T-1", "cancelled"), (3, 3, 4, 0)),
    "pull": (lambda team: pull(by(team, "ana"), "T-5"), (9, 9, 4, 0)),
    "missed": (lambda team: missed(by(team), "T-3"), (9, 9, 3, 0)),
}  # fmt: skip


@pytest.fixture(params=WAYS)
def went(request, team):
    """A team that took one of the ways in, and the hours that are to be found then."""
    way, hours = WAYS[request.param]
    way(team)
    return team, hours


def in_hours(*times: timedelta) -> tuple[float, ...]:
    return tuple(time / HOUR for time in times)


def audited(team: Team, now: str = NOON) -> tuple[float, ...]:
    members = team.audited(now, sprint_word="S27").members
    promised = sum((one.promised for one in members), 0 * HOUR)
    return in_hours(promised, sum((one.kept for one in members), 0 * HOUR))


def stood(team: Team, now: str = NOON) -> tuple[float, ...]:
    lines = {one.hours.outcome: one.hours for one in list_outcomes(team.open(now)).lines}
    return in_hours(lines["leads"].stood, lines["brand"].stood)


def test_what_is_promised_kept_and_worked_is_told_by_all(went):
    team, hours = went
    assert (*audited(team), *stood(team)) == hours
    report = team.audited(NOON, sprint_word="S27")
    per_outcome = {one.outcome: one.stood / HOUR for one in report.outcomes}
    assert (per_outcome.get("leads", 0), per_outcome.get("brand", 0)) == hours[2:]
    findings = [one for member in report.members for one in member.findings]
    unplanned = [one.span for one in findings if one.code is Code.UNPLANNED]
    assert all(span.start >= team.open(NOON).now for span in unplanned)


def test_the_closing_says_what_the_audit_said(went):
    """Also of each outcome: what it tells of a sprint does not change when the sprint is closed."""
    team, _ = went
    promised, kept = audited(team, END)
    worked = stood(team, END)
    decisions = {one.task.id: Decision(Whither.DONE) for one in preview(team.open(END)).unfinished}
    closing = close(team.open(END, "ben"), "S27", decisions)
    still = closing.promised - closing.taken_out
    assert (still / HOUR, closing.standing / HOUR) == (promised, kept)
    assert closing.stood / HOUR == sum(worked)
    assert stood(team, END) == worked
    assert len({one.id for one in closing.tasks}) == len(closing.tasks)


def test_committed_hours_are_in_one_sprint_each(team):
    def leads(team):
        (line,) = [
            one.hours
            for one in list_outcomes(team.open(NOON)).lines
            if one.hours.outcome == "leads"
        ]
        return line.committed / HOUR

    assert leads(team) == 8.5
    edit_task(by(team), "T-1", {"sprint": "next"}, "the client waits")
    with team.open().store(rehearse=True) as store:
        assert store.tasks()["T-1"].task.estimate == 3 * HOUR
        (record,) = store.amendments(27)
    assert (record.stood, record.minutes, record.to) == (3 * HOUR, -3 * HOUR, 28)
    assert leads(team) == 8.5


def test_what_is_all_past_cannot_be_carried(team):
    with pytest.raises(Refused, match="all of T-3's 1h are past; if it is finished: blocker done"):
        edit_task(by(team), "T-3", {"sprint": "next"}, "the client waits")


def test_a_task_that_goes_to_and_fro_is_counted_once(team):
    reassign(by(team), "T-1", "ben", "sick")
    reassign(by(team), "T-1", "ana", "well again")
    assert (*audited(team), *stood(team)) == (9, 9, 4, 0)
    assert team.booked(now=NOON, sprint="S27").fits


def test_what_is_done_by_somebody_who_left_the_team_is_recorded_as_done(team):
    done(by(team), "T-1")
    text = (team.folder / "config.yaml").read_text()
    start = text.index("  - id: ana")
    team.write("config.yaml", text[:start] + text[text.index("  - id: ben") :])
    decisions = {
        "T-2": Decision(Whither.DROP),
        "T-3": Decision(Whither.DONE),
    }
    closing = close(team.open(END, "ben"), "S27", decisions)
    kept = {one.id: (one.fate, one.remaining, one.to) for one in closing.tasks}
    assert kept["T-1"] == (Fate.DONE, 0 * HOUR, None)
    assert closing.standing == 7 * HOUR


def test_undone_and_done_again(team):
    done(by(team), "T-1")
    reopen(by(team), "T-1")
    assert (*audited(team), *stood(team)) == (9, 9, 4, 0)
