"""The example team: it loads, its exports are read, and its tasks fit whenever they are booked."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from blocker.calendars.owner import Owner
from blocker.calendars.text.icalendar_text import CalendarText
from blocker.domain.interval import Interval
from blocker.domain.moment import resolve
from blocker.domain.sprint import Sprint
from blocker.domain.team import Team
from blocker.intake.config import Config, load
from blocker.intake.tasks_file import TaskRow, read_tasks
from blocker.scheduling.planner import plan
from blocker.scheduling.problem import Desk, Problem, Wait, Work

TOP = Path(__file__).parents[2]
FIXTURES = TOP / "fixtures"


@pytest.fixture(scope="module")
def config() -> Config:
    return load(TOP / "config.example.yaml", {})


@pytest.fixture(scope="module")
def calendars(config: Config) -> dict[str, CalendarText]:
    return {
        member.id: CalendarText(
            Path(member.busy[0].address).read_bytes(),
            Owner(member.id, member.zone, frozenset({member.email or ""})),
        )
        for member in config.team.members
    }


def rows_of(config: Config, name: str) -> tuple[TaskRow, ...]:
    path = FIXTURES / name
    return read_tasks(path, team=config.team, columns={}, locale=None, known={}).rows


def problem(
    team: Team, sprint: Sprint, texts: dict[str, CalendarText], rows: tuple[TaskRow, ...]
) -> Problem:
    span = sprint.interval
    desks = []
    for member in team.members:
        events = texts[member.id].listing(span).events
        busy = [event.interval for event in events if event.is_busy] + list(member.time_off)
        kept = tuple(one for one in busy if one.overlaps(span))
        desks.append(Desk(member.id, member.hours, member.rules, kept))
    works = []
    for row in rows:
        if row.sprint is None:
            zone = team.member(row.owner).zone
            start = resolve(row.not_before, sprint, zone, "start") if row.not_before else span.start
            end = resolve(row.due, sprint, zone, "end") if row.due else span.end
            window = Interval(max(start, span.start), min(end, span.end))
            waits = tuple(Wait(after.task, after.lag) for after in row.after or ())
            priority = row.priority or 3
            works.append(Work(row.id, row.owner, priority, row.estimate, True, window, waits))
    return Problem(span, tuple(desks), tuple(works), True, span)


def test_the_team_is_as_the_readme_tells(config: Config) -> None:
    team = config.team
    assert len(team.members) == 7
    assert [member.id for member in team.members if member.is_manager] == ["maya"]
    assert len({member.zone.key for member in team.members}) == 3
    assert (
        team.member("noa").hours.spans(date(2027, 1, 10)) and not team.member("noa").hours.week[4]
    )
    assert config.warnings == ()


def test_forty_tasks_of_two_campaigns(config: Config) -> None:
    rows = rows_of(config, "tasks.csv")
    assert len(rows) == 40
    now = [row for row in rows if row.sprint is None]
    assert {row.campaign for row in now} == {"Aurora launch", "Webinar series"}
    owners = {row.id: row.owner for row in rows}
    assert any(owners[after.task] != row.owner for row in now for after in row.after or ())
    hours = Counter[str]()
    for row in now:
        hours[row.owner] += int(row.estimate / timedelta(minutes=1))
    assert all(12 * 60 <= hours[member] <= 25 * 60 for member in hours if member != "maya")


@pytest.mark.parametrize("number", [*range(23, 30), *range(1, 262, 13)])
def test_all_tasks_fit_whatever_the_sprint(
    config: Config, calendars: dict[str, CalendarText], number: int
) -> None:
    sprint = config.team.sprints.sprint(number)
    asked = problem(config.team, sprint, calendars, rows_of(config, "tasks.csv"))
    assert [one.task for answer in plan(asked, effort="quick") for one in answer.unbooked] == []


@pytest.mark.parametrize("number", [24, 25, 26, 90])
def test_overfull_is_too_much_for_one(
    config: Config, calendars: dict[str, CalendarText], number: int
) -> None:
    sprint = config.team.sprints.sprint(number)
    asked = problem(config.team, sprint, calendars, rows_of(config, "overfull.csv"))
    assert {answer.member for answer in plan(asked, effort="quick") if answer.unbooked} == {"chloe"}


@pytest.mark.parametrize("number", range(1, 262, 13))
def test_every_sprint_has_its_odd_events(
    config: Config, calendars: dict[str, CalendarText], number: int
) -> None:
    span = config.team.sprints.sprint(number).interval
    events = []
    for text in calendars.values():
        listing = text.listing(span)
        assert listing.troubles == ()
        events += listing.events
    assert any(event.cancelled for event in events)
    assert any(event.is_declined for event in events)
    assert any(event.is_uncertain for event in events)
    four_weeks = Interval(span.start, span.end + timedelta(days=20))
    assert any(
        event.all_day and event.is_busy for event in calendars["ana"].listing(four_weeks).events
    )
    year = Interval(span.start, span.start + timedelta(days=366))
    birthdays = [event for event in calendars["ben"].listing(year).events if event.transparent]
    assert birthdays and not birthdays[0].is_busy


def test_no_meeting_is_called_like_a_task(
    config: Config, calendars: dict[str, CalendarText]
) -> None:
    span = config.team.sprints.sprint(27).interval
    titles = {
        event.title.casefold() for text in calendars.values() for event in text.listing(span).events
    }
    for row in rows_of(config, "overfull.csv"):
        words = set(row.title.casefold().split())
        assert not any(
            words <= set(title.split()) or row.id.casefold() in title for title in titles
        )


@pytest.mark.parametrize(
    ("name", "first", "hours"),
    [
        ("asana.csv", "1209000000000101 ana 2026-11-26", 13.75),
        ("trello.csv", "6561f0c2a9b1e40011aa0001 ana 2026-12-03 18:00", 8.75),
        ("jira.csv", "MKT-211 grace 2026-12-11 12:00", 11.75),
        ("planning-cp1252.csv", "rediger-le-communique-de-rentree ana 2027-01-14", 9.25),
        ("planning.xlsx", "EV-1 maya 2027-01-08", 9.25),
    ],
)
def test_exports_of_other_tools(config: Config, name: str, first: str, hours: float) -> None:
    path = FIXTURES / "exports" / name
    beside = path.with_suffix(".yaml")
    if name != "planning.xlsx":
        tasks = yaml.safe_load(beside.read_text(encoding="utf-8"))["tasks"]
    else:
        tasks = {"columns": {}}
    table = read_tasks(
        path, team=config.team, columns=tasks["columns"], locale=tasks.get("locale"), known={}
    )
    row = table.rows[0]
    assert f"{row.id} {row.owner} {row.due}" == first
    assert sum((row.estimate for row in table.rows), timedelta()) == timedelta(hours=hours)


def test_snippets_beside_exports_are_a_configs(config: Config, tmp_path: Path) -> None:
    base = (FIXTURES / "mistakes" / "team.yaml").read_text(encoding="utf-8")
    for snippet in sorted((FIXTURES / "exports").glob("*.yaml")):
        path = tmp_path / "config.yaml"
        path.write_text(base + snippet.read_text(encoding="utf-8"), encoding="utf-8")
        assert load(path, {}).columns
