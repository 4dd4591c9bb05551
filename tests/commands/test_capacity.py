"""`capacity`: who has how much room, from files to the answer.  Plans nothing, writes nothing."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from blocker.commands.book import Request, book
from blocker.commands.capacity import capacity
from blocker.domain.errors import Refused, WrongInput
from blocker.domain.sprint import SprintState
from blocker.reports.terminal import console
from tests.readme import README
from tests.team import CONFIG, Team, meeting

ROOT = Path(__file__).parents[2]
ONE = "T-1,Landing page,ana,2h,1,,,,leads,"
RULES = CONFIG.replace("sprints:", "  blocks: {rest: 0m}\nsprints:")


def asked(team, *rows, now=None, asker=None, **more):
    if rows:
        more["file"] = team.folder / team.tasks(*rows)
    return capacity(team.open(now, asker), **more)


def of(answer, member="ana"):
    return next(one for one in answer.members if one.member == member)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_json_has_the_week_the_sum_the_team_and_the_outcomes(team):
    team.write("config.yaml", RULES)
    team.calendar("ana", meeting("4 09:00", "4 12:00"), meeting("5 09:15", "5 16:45"))
    rows = [
        ONE,
        "T-2,Blog post,ana,3h,2,W1 Fri,,,,",
        "T-3,Report,ben,1h30,3,,W2 Mon,,leads,",
    ]
    done = team.run("capacity", team.tasks(*rows), "--format", "json")
    assert done.code == 0, done.err
    answer = done.json
    assert list(answer) == ["schema", "now", "sprint", "members", "team", "outcomes", "errors"]
    assert answer["schema"] == "blocker.capacity/1"
    assert answer["sprint"]["name"] == "S27"
    ana, ben = answer["members"]
    one, two = ana["weeks"]
    assert (one["week"], one["start"], one["end"]) == (
        1,
        "2027-01-04T00:00:00+01:00",
        "2027-01-11T00:00:00+01:00",
    )
    # on Tuesday 9:00-9:15 and 16:45-17:00 are free and too short for any block
    assert (one["minutes"]["working"], one["minutes"]["busy"]) == (2100, 570)
    assert (one["minutes"]["free"], one["minutes"]["usable"]) == (1530, 1500)
    assert two["minutes"]["usable"] == 2100
    assert ana["minutes"]["needed"] == 300
    assert one["minutes"]["needed"] >= 180
    assert ana["load_percent"] == 9
    assert ana["room_minutes"] == 3300
    assert ana["over_minutes"] == 0
    assert [week["minutes"]["needed"] for week in ben["weeks"]] == [0, 90]
    assert answer["team"]["minutes"]["needed"] == 390
    assert answer["team"]["room_minutes"] == 3300 + 4110
    assert answer["outcomes"] == [
        {"outcome": "leads", "tasks": 2, "needed_minutes": 210, "room_minutes": 7410},
        {"outcome": None, "tasks": 1, "needed_minutes": 180, "room_minutes": 3300},
    ]
    assert answer["errors"] == []


def test_it_writes_nothing_and_knows_what_was_taken_in(team):
    name = team.tasks(ONE)
    before = files(team.folder)
    assert team.run("capacity", name).code == 0
    assert files(team.folder) == before
    assert team.run("import", name).code == 0
    before = files(team.folder)
    answer = team.run("capacity", "--format", "json").json
    assert answer["members"][0]["minutes"]["needed"] == 120
    assert files(team.folder) == before


def test_a_file_comes_on_top_of_what_was_taken_in(team):
    team.run("import", team.tasks(ONE))
    answer = asked(team, "T-2,Blog post,ana,3h,2,,,,,")
    assert of(answer).needs == {"T-1": 120, "T-2": 180}


ROWS = [
    "T-1,Landing page,ana,5h,1,W1 Thu,,,leads,",
    "T-2,Blog post,ana,3h,2,W2 Tue,,T-1,,",
    "T-3,Report,ben,2h30,3,,,,,",
]


def test_it_says_the_same_as_book_before_and_after(team):
    team.write("config.yaml", RULES.replace("rest: 0m", "rest: 15m, per_day: 4h, reserve: 10%"))
    team.calendar("ana", meeting("4 09:00", "4 12:00"), meeting("6 10:00", "6 16:30"))
    name = team.tasks(*ROWS)
    before = asked(team, *ROWS)
    rehearsed = book(team.open(), Request(file=team.folder / name, dry_run=True))
    booked = team.booked(*ROWS)
    after = asked(team)
    for answer, booking in ((before, rehearsed), (after, booked)):
        for own, shown in zip(answer.members, booking.members, strict=True):
            minutes, said = own.minutes, shown.minutes
            assert (minutes.working, minutes.busy, minutes.free, minutes.usable) == (
                said.working,
                said.busy,
                said.free,
                said.usable,
            )
            assert minutes.needed == said.needed
    assert of(after).weeks == booked.members[0].weeks


def test_what_was_done_before_now_is_no_longer_needed(team):
    team.booked(ONE)
    assert of(asked(team)).minutes.needed == 120
    assert of(asked(team, now="2027-01-04T18:00")).minutes.needed == 0


def test_too_much_is_said_with_who_has_room_and_exit_1(team):
    done = team.run("capacity", team.tasks(ONE, "T-2,Film,ana,90h,2,,,,,"))
    assert done.code == 1
    assert done.out.splitlines()[0] == "S27, 4-17 Jan 2027, not accepted"
    assert "x Ana Ruiz has 27h too much: 92h needed, 65h usable" in done.out
    assert "S27 does not fit: too much for Ana Ruiz." in done.out
    assert "Room is left with Ben Carter (65h)." in done.out
    assert "█████████> 142%" in done.out
    assert "\x1b" not in done.out


AWAY = "    hours_between: [{from: 2027-01-04, to: 2027-01-17, hours: {}}]\n    email: ana@"
OFF = '    time_off: ["2027-01-04..2027-01-17"]\n    email: ana@'
OFF_WEEK = '    time_off: ["2027-01-04..2027-01-10"]\n    email: ana@'


def lines_of(ran):
    return [" ".join(line.split()) for line in ran.out.splitlines()]


@pytest.mark.parametrize(
    ("lines", "row", "words"),
    [
        (AWAY, "0h 0h 0h 0h", "no working time"),
        (OFF, "70h 70h 0h 0h", "no free time"),
    ],
)
def test_who_has_no_time_at_all_is_one_plain_line(team, lines, row, words):
    team.write("config.yaml", CONFIG.replace("    email: ana@", lines))
    done = team.run("capacity", team.tasks("T-9,Report,ben,1h,,,,,,"))
    assert done.code == 0
    assert f"Ana Ruiz {row} 0h {words} 0h" in lines_of(done)
    assert sum("4-10 Jan" in line for line in lines_of(done)) == 2  # Ben's and the team's
    done = team.run("capacity", team.tasks(ONE))
    assert done.code == 1
    assert f"Ana Ruiz {row} 2h {words} -2h" in lines_of(done)
    assert f"x Ana Ruiz has {words} in S27, and 2h needed" in done.out


def test_a_week_off_has_no_bar(team):
    team.write("config.yaml", CONFIG.replace("    email: ana@", OFF_WEEK))
    shown = lines_of(team.run("capacity", team.tasks(ONE)))
    assert "4-10 Jan 35h 35h 0h 0h 0h no free time 0h" in shown


def test_book_says_of_who_does_not_work_just_that(team):
    team.write("config.yaml", CONFIG.replace("    email: ana@", AWAY))
    said = team.run("book", team.tasks("T-9,Report,ben,1h,,,,,,"), "--dry-run").out
    assert "Ana Ruiz  Europe/Paris\n  no working time\n" in said
    said = team.run("book", team.tasks(ONE), "--dry-run").out
    assert "Ana Ruiz  Europe/Paris\n  no working time, and 2h needed\n  x T-1" in said


def test_one_week_too_full_is_too_much_even_where_the_sum_fits(team):
    done = team.run("capacity", team.tasks("T-1,Film,ana,38h,1,W1 Fri,,,,"))
    assert done.code == 1
    assert "too much in 4-10 Jan: 38h needed there" in done.out


def test_what_is_left_out_of_a_book_names_who_has_room(team):
    done = team.run("book", team.tasks(ONE, "T-2,Film,ana,90h,2,,,,,"), "--dry-run")
    assert done.code == 1
    assert "Room is left with Ben Carter (65h)." in done.out
    assert "  load  4-10 Jan " in done.out
    alone = team.run("book", "tasks.csv", "--dry-run", "--for", "ana")
    assert "Room is left" not in alone.out


def test_a_marketer_sees_herself_and_for_picks_others(team):
    assert [one.member for one in asked(team, ONE, asker="ana").members] == ["ana"]
    assert [one.member for one in asked(team, ONE, asker="ben").members] == ["ana", "ben"]
    assert [one.member for one in asked(team, ONE, named=("ben",)).members] == ["ben"]


def test_a_calendar_that_cannot_be_reached_is_said_and_the_others_are_shown(team):
    team.write("config.yaml", CONFIG.replace("{ics: ben.ics}", "{google: primary}"))
    done = team.run("capacity", team.tasks(ONE), "--format", "json")
    assert done.code == 4
    assert [one["member"] for one in done.json["members"]] == ["ana"]
    assert len(done.json["errors"]) == 1
    assert "Ben Carter" in done.err
    assert "cannot be judged whole" in team.run("capacity").out


def test_a_broken_calendar_file_is_named_and_nothing_is_said_besides(team):
    team.write("ben.ics", "not a calendar")
    done = team.run("capacity", team.tasks(ONE))
    assert (done.code, done.out) == (3, "")
    assert "ben.ics" in done.err
    with pytest.raises(WrongInput):
        asked(team, "T-1,,ana,0h,9,,,,,")


def test_an_event_that_cannot_be_understood_is_named(team):
    team.calendar("ana", "DTSTART:garbage\nSUMMARY:Secret")
    done = team.run("capacity", team.tasks(ONE))
    assert done.code == 0
    assert "! Ana Ruiz: " in done.out


def test_an_accepted_sprint_lets_nothing_new_in(team):
    team.booked(ONE)
    with sqlite3.connect(team.folder / ".blocker" / "blocker.db") as store:
        store.execute("INSERT INTO sprints (team, number, state) VALUES ('small', 27, 'accepted')")
    store.close()
    assert asked(team, sprint_word="S27").state is SprintState.ACCEPTED
    with pytest.raises(Refused, match=r"T-2 .* is new"):
        asked(team, "T-2,Blog post,ana,3h,2,,,,,", sprint_word="S27")


def test_a_sprint_that_is_over_has_no_time_left(team):
    team.run("import", team.tasks(ONE))
    done = team.run("capacity", "--sprint", "S27", now="2027-02-01T09:00")
    assert done.code == 1
    assert "S27 is over: it has no time left." in done.out


def test_tasks_of_nobody_are_said(team):
    team.run("import", team.tasks(ONE, "T-2,Report,ben,1h,3,,,,,"))
    team.write("config.yaml", CONFIG[: CONFIG.index("  - id: ben")])
    done = team.run("capacity")
    assert done.code == 1
    assert "T-2 “Report” belongs to ben, who is not in the team" in done.out


def test_no_tasks_is_a_plain_answer(team):
    done = team.run("capacity", "--sprint", "next")
    assert done.code == 0
    assert "S28: no open task needs time." in done.out
    assert "outcome" not in done.out


def test_sums_add_up_across_a_clock_change_and_zones(team):
    config = CONFIG.replace("name: Ben Carter", "name: Ben Carter\n    timezone: America/New_York")
    # clocks change in Paris in the night of 28 March, in New York on 14 March
    config = config.replace("mon-fri: 09:00-12:00 13:00-17:00", "mon-sun: 00:00-24:00")
    team.write("config.yaml", config.replace("2026-01-05", "2027-03-08"))
    answer = asked(team, ONE, "T-2,Film,ben,5h,2,,,,,", sprint_word="2", now="2027-03-01T09:00")
    assert [week.minutes.working for week in of(answer).weeks] == [7 * 1440 - 60, 7 * 1440]
    for own in answer.members:
        hours = own.minutes.working
        assert hours == 14 * 1440 - 60  # the sprint itself is an hour shorter, for everybody
        assert own.minutes.free == hours - own.minutes.busy >= own.minutes.usable
        assert own.minutes.needed == sum(own.needs.values())
    assert sum(minutes.needed for _, minutes in answer.weeks) == answer.minutes.needed == 420


def test_names_cannot_steer_the_terminal_and_lines_fit_80_columns(team, capsys):
    from blocker.reports.about_capacity import show_capacity

    answer = asked(team, "T-1,Landing,ana,2h,1,,,,lea\x1b[31mds,", "T-2,Film,ana,90h,2,,,,,")
    show_capacity(answer, team.open().team, console(80))
    shown = capsys.readouterr().out
    assert "\x1b[31mds" not in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_the_readme_shows_what_the_program_says(tmp_path):
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    shutil.copy(ROOT / "config.example.yaml", tmp_path / "config.yaml")
    team = Team(tmp_path, now="2026-12-22T09:00")
    words = ("fixtures/overfull.csv", "--sprint", "next", "--for", "ana", "--for", "chloe")
    shown = team.run("capacity", *words).out
    assert shown, "nothing was said"
    text = README.read_text(encoding="utf-8").split("### Who has room")[1].split("###")[0]
    lines = shown.splitlines()
    sample = [line[4:] for line in text.splitlines() if line.startswith("    ") and line.strip()]
    assert len(sample) >= 12
    for line in sample[1:]:
        assert line in lines, line
