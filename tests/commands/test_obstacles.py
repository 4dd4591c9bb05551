"""What keeps out a task that nothing competes with: the limit is named, and it is the right one."""

from datetime import date, timedelta

import pytest

from blocker.domain.plan import ObstacleKind
from tests.team import CONFIG

COLUMNS = "id,title,owner,estimate,shortest,longest,due,not_before\n"
ALONE = "T-1,Film,ana,{}\n"
TIME_OFF = '    time_off: ["2027-01-04..2027-01-17"]\n    email: ana@'
HOLIDAY = "    hours_between: [{from: 2027-01-04, to: 2027-01-17, hours: {}}]\n    email: ana@"
STRAIGHT = CONFIG.replace("09:00-12:00 13:00-17:00", "09:00-17:00")


def ruled(rules, config=STRAIGHT):
    return config.replace("sprints:", f"  blocks: {{{rules}}}\nsprints:")


CASES = {
    "longer than any day allows": (
        ruled("per_day: 4h"),
        "5h,5h,6h,,",
        ObstacleKind.DAY_LIMIT,
        "its shortest block is 5h, and at most 4h a day may be booked",
    ),
    "longer than any free stretch": (
        CONFIG,
        "5h,5h,6h,W1 Mon,",
        ObstacleKind.STRETCH,
        "its shortest block is 5h, and the longest free stretch "
        "between Mon 4 Jan 08:00 and Mon 4 Jan 24:00 is 4h",
    ),
    "no room beside the break": (
        ruled('breaks: [{between: "12:00-14:00", keep: 1h}]'),
        "6h,6h,6h,,",
        ObstacleKind.BREAK,
        "its shortest block is 6h, which leaves no room for the break that each day has to have",
    ),
    "cannot be cut": (
        CONFIG,
        "4h,2h30,3h,,",
        ObstacleKind.LENGTHS,
        "4h cannot be cut into blocks of 2h30 to 3h",
    ),
    "a weekend": (
        CONFIG,
        "1h,,,2027-01-10,2027-01-09",
        ObstacleKind.NO_HOURS,
        "there are no working hours between Sat 9 Jan 00:00 and Sun 10 Jan 24:00",
    ),
    "away": (
        CONFIG.replace("    email: ana@", TIME_OFF),
        "1h,,,,",
        ObstacleKind.NO_FREE_TIME,
        "meetings or time off take all working hours between Mon 4 Jan 08:00 and Sun 17 Jan 24:00",
    ),
    "no hours at all": (
        CONFIG.replace("    email: ana@", HOLIDAY),
        "1h,,,,",
        ObstacleKind.NO_HOURS,
        "there are no working hours between Mon 4 Jan 08:00 and Sun 17 Jan 24:00",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_limit_is_named_in_book_and_why(team, name):
    config, cells, kind, words = CASES[name]
    team.write("config.yaml", config)
    team.write("tasks.csv", COLUMNS + ALONE.format(cells))
    booking = team.booked(file=team.folder / "tasks.csv")
    (lack,) = booking.members[0].unbooked
    assert lack.obstacle is not None and lack.obstacle.kind is kind
    said = f"T-1 “Film”: {cells.split(',')[0]} of {cells.split(',')[0]} not booked: {words}"
    assert f"  x {said}\n" in team.run("book", "--dry-run").out
    assert f"\n{said}\n" in team.run("why", "T-1").out


def test_a_task_that_lacks_room_beside_others_only_has_no_such_limit(team):
    team.write("config.yaml", ruled("per_day: 4h, reserve: 10%, rest: 0m"))
    rows = ("T-1,Film,ana,3h,1,W1 Mon,,,,", "T-2,Blog,ana,2h,2,W1 Mon,,,,")
    (lack,) = team.booked(*rows).members[0].unbooked
    assert lack.obstacle is None
    assert lack.competing == ("T-1",)
    assert "4h can be booked (limits: 4h a day, 10% of each week kept free)" in (
        team.run("why", "T-2").out
    )


def test_a_day_raised_once_is_the_limit_that_is_named(team):
    team.write("config.yaml", ruled("per_day: 2h"))
    team.booked("T-9,Report,ana,2h,1,,,,,", "T-8,Mail,ana,1h,2,W1 Mon,,,,")
    with team.open().store() as store, store.transaction():
        store.raise_day_limit("ana", date(2027, 1, 6), timedelta(hours=3))
    team.write("tasks.csv", COLUMNS + ALONE.format("5h,5h,5h,,"))
    lacks = team.booked(file=team.folder / "tasks.csv").members[0].unbooked
    assert [lack.task for lack in lacks] == ["T-1"]
    assert "at most 3h a day may be booked" in team.run("why", "T-1").out
