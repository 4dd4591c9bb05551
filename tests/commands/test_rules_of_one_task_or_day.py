"""Rules that hold for one task or one day alone, from files and the store to calendars."""

from datetime import date, timedelta

import click
import pytest

from blocker.cli.main import group
from blocker.commands import planning
from blocker.scheduling.planner import plan
from tests.team import CONFIG, meeting

PER_DAY = CONFIG.replace("  name: Small Team\n", "  name: Small Team\n  blocks: {per_day: 2h}\n")


def raise_limit(team, member: str, day: date, hours: int) -> None:
    with team.open().store() as store, store.transaction():
        store.raise_day_limit(member, day, timedelta(hours=hours))


def test_a_day_limit_raised_once_lets_a_task_in_that_had_no_room(team):
    team.write("config.yaml", PER_DAY)
    rows = "T-1,Landing page,ana,4h,1,2027-01-05,2027-01-05,,,", "T-2,Blog post,ben,1h,,,,,,"
    assert not team.booked(*rows).fits
    raise_limit(team, "ana", date(2027, 1, 5), 4)
    booking = team.booked()
    assert booking.fits
    assert all(one.start.day == 5 for one in team.standing().values())
    again = team.booked()
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}
    report = team.audited()
    assert report.ok
    assert not [finding for one in report.members for finding in one.findings]


def test_a_day_limit_raised_for_one_is_not_raised_for_others(team):
    team.write("config.yaml", PER_DAY)
    raise_limit(team, "ben", date(2027, 1, 5), 4)
    assert not team.booked("T-1,Landing page,ana,4h,1,2027-01-05,2027-01-05,,,").fits


LENGTHS = "id,title,owner,estimate,shortest,longest\n"


def lengths(team, member: str = "ana") -> list[float]:
    """The minutes of the member's blocks."""
    return sorted(one.minutes for one in team.standing(member).values())


def book_lengths(team, *rows: str, **more):
    file = team.write("tasks.csv", LENGTHS + "".join(f"{row}\n" for row in rows))
    return team.booked(file=file, **more)


def test_a_task_is_booked_in_blocks_of_its_own_lengths(team):
    booking = book_lengths(team, "T-1,Film,ana,3h,3h,3h", "T-2,Mails,ben,1h30,,30m")
    assert booking.fits
    assert lengths(team) == [180]
    assert lengths(team, "ben") == [30, 30, 30]
    report = team.audited()
    assert report.ok
    assert not [finding for one in report.members for finding in one.findings]
    again = team.booked()
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}


def test_the_list_of_tasks_has_lengths_as_they_were_written(team):
    file = team.write("tasks.csv", LENGTHS + "T-1,Film,ana,2h,50m,\nT-2,Mails,ben,1h,,45m\n")
    assert team.run("import", str(file), "--sprint", "S27").code == 0
    listed = team.run("task", "list", "--sprint", "S27", "--format", "json").json["tasks"]
    assert [(one["shortest_minutes"], one["longest_minutes"]) for one in listed] == [
        (50, None),
        (None, 45),
    ]


def test_lengths_off_the_step_are_said_and_counted_in_whole_steps(team):
    booking = book_lengths(team, "T-1,Film,ana,2h,50m,1h10")
    assert lengths(team) == [60, 60]
    assert any("T-1 shortest 50m counts as 1h; T-1 longest 1h10 counts" in x for x in booking.notes)


def test_lengths_raised_later_move_what_stands_and_an_empty_cell_changes_nothing(team):
    book_lengths(team, "T-1,Film,ana,3h,,1h")
    assert lengths(team) == [60, 60, 60]
    book_lengths(team, "T-1,Film,ana,3h,,")
    assert lengths(team) == [60, 60, 60]
    book_lengths(team, "T-1,Film,ana,3h,1h30,3h")
    assert min(lengths(team)) >= 90
    assert sum(lengths(team)) == 180
    book_lengths(team, "T-1,Film,ana,3h,30m,30m")
    assert lengths(team) == [30] * 6


def test_a_short_remainder_beside_what_a_person_made_stays(team):
    team.booked("T-1,Film,ana,2h,,,,,,")
    team.edit(
        "ana", "DTEND;TZID=Europe/Paris:20270104T110000", "DTEND;TZID=Europe/Paris:20270104T104500"
    )
    team.booked()
    assert lengths(team) == [15, 105]
    again = team.booked()
    assert {change.kind for one in again.members for change in one.changes} == {"keep"}


def test_blocks_that_break_their_lengths_and_have_no_other_place_stay(team):
    file = team.write("tasks.csv", f"{LENGTHS.strip()},due\nT-1,Film,ana,2h,,1h,2027-01-04\n")
    team.booked(file=file)
    before = team.standing()
    assert [one.minutes for one in before.values()] == [60, 60]
    rests = (meeting("4 10:00", "4 10:15"), meeting("4 11:15", "4 12:00"))
    team.calendar("ana", *rests, meeting("4 13:00", "4 17:00"))
    book_lengths(team, "T-1,Film,ana,2h,2h,2h")
    assert team.standing() == before
    team.calendar("ana", *rests)
    book_lengths(team, "T-1,Film,ana,2h,2h,2h")
    assert lengths(team) == [120]


def test_the_planner_tries_as_hard_as_it_is_told(team, monkeypatch):
    tried = []

    def noting(problem, *, effort, workers):
        tried.append(str(effort))
        return plan(problem, effort=effort, workers=workers)

    monkeypatch.setattr(planning, "plan", noting)
    file = str(team.folder / team.tasks("T-1,Film,ana,2h,1,,,,,"))
    for words in ([], ["--effort", "quick"], ["--effort", "thorough"]):
        group.main(team.arguments("book", file, *words), standalone_mode=False)
    assert tried == ["normal", "quick", "thorough"]
    with pytest.raises(click.UsageError, match="quick"):
        group.main(team.arguments("book", "--effort", "huge"), standalone_mode=False)
